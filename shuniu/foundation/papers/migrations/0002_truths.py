from django.db import migrations

from shuniu.foundation.truths import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("papers", "0001_initial")]
    operations = [AppendOnly("papers_paper")]
