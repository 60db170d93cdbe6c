from django.db import migrations

from shuniu.foundation.truths import AppendOnly
from shuniu.recognition.truths import STATEMENTS


class Migration(migrations.Migration):
    dependencies = [("recognition", "0001_initial"), ("journal", "0002_truths")]
    operations = [
        AppendOnly("recognition_event"),
        *(migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in STATEMENTS),
    ]
