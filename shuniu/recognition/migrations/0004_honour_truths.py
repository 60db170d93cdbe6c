from django.db import migrations

from shuniu.foundation.truths import AppendOnly
from shuniu.recognition.truths_honour import STATEMENTS


class Migration(migrations.Migration):
    dependencies = [("recognition", "0003_honours"), ("accounts", "0001_initial")]
    operations = [
        AppendOnly("recognition_honourevent"),
        *(migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in STATEMENTS),
    ]
