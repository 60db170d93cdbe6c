from django.db import migrations

from shuniu.foundation.truths import AppendOnly
from shuniu.library.truths import UPLOADS


class Migration(migrations.Migration):
    dependencies = [("library", "0003_uploads"), ("journal", "0002_truths")]
    operations = [
        AppendOnly("library_release"),
        *(migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in UPLOADS),
    ]
