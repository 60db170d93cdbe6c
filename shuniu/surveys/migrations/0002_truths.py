from django.db import migrations

from shuniu.foundation.truths import AppendOnly
from shuniu.surveys.truths import STATEMENTS


class Migration(migrations.Migration):
    dependencies = [("surveys", "0001_initial"), ("journal", "0002_truths")]
    operations = [
        AppendOnly("surveys_batch"),
        AppendOnly("surveys_ticket"),
        AppendOnly("surveys_result"),
        AppendOnly("surveys_evidence"),
        *(migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in STATEMENTS),
    ]
