from django.db import migrations

from shuniu.foundation.truths import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("library", "0009_own_templates"), ("journal", "0002_truths")]
    operations = [AppendOnly("library_owntemplate")]
