from django.db import migrations

from shuniu.foundation.truths import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("projects", "0001_initial"), ("journal", "0002_truths")]
    operations = [AppendOnly("projects_factsheet")]
