from django.db import migrations

from shuniu.foundation.truths import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]
    operations = [AppendOnly("journal_entry"), AppendOnly("journal_block"), AppendOnly("journal_seal")]
