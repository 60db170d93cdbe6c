from django.db import migrations

from shuniu.foundation.truths import AppendOnly
from shuniu.funds.truths import APPEND_ONLY, STATEMENTS


class Migration(migrations.Migration):
    dependencies = [("funds", "0001_initial"), ("recognition", "0004_honour_truths")]
    operations = [
        *(AppendOnly(table) for table in APPEND_ONLY),
        *(migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in STATEMENTS),
    ]
