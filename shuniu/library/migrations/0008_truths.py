from django.db import migrations

from shuniu.library.truths import ENDINGS


class Migration(migrations.Migration):
    dependencies = [("library", "0007_endings"), ("journal", "0002_truths")]
    operations = [migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in ENDINGS]
