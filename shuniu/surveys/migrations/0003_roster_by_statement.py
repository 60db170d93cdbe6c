from django.db import migrations

from shuniu.surveys.truths_roster import STATEMENTS


class Migration(migrations.Migration):
    dependencies = [("surveys", "0002_truths")]
    operations = [migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in STATEMENTS]
