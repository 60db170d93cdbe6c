from django.db import migrations

from shuniu.foundation.truths import AppendOnly
from shuniu.library.truths import QUESTIONS


class Migration(migrations.Migration):
    dependencies = [("library", "0005_papers"), ("journal", "0002_truths")]
    operations = [
        AppendOnly("library_paper"),
        *(migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in QUESTIONS),
    ]
