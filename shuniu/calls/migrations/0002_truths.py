"""What the database itself keeps of a selection, against concurrent requests and raw SQL (architecture §5)."""

from django.db import migrations

from shuniu.calls.truths import APPEND_ONLY, MAY_CHANGE, STATEMENTS
from shuniu.foundation.truths import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("calls", "0001_initial"), ("journal", "0002_truths")]
    operations = [
        *(AppendOnly(table, columns_may_change=MAY_CHANGE.get(table, ())) for table in APPEND_ONLY),
        *(migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in STATEMENTS),
    ]
