from django.db import migrations

from shuniu.calls.truths_law import ENDED


class Migration(migrations.Migration):
    dependencies = [("calls", "0006_assignment"), ("library", "0008_truths")]
    operations = [migrations.RunSQL(ENDED, migrations.RunSQL.noop)]
