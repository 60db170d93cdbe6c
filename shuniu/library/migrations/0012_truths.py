from django.db import migrations

from shuniu.library.truths import IMPACTS


class Migration(migrations.Migration):
    dependencies = [("library", "0011_impact"), ("journal", "0002_truths")]
    operations = [migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in IMPACTS]
