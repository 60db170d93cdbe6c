"""The product's only clock, before any table that has it as a default."""

from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    run_before = [(app, "0001_initial") for app in ("accounts", "journal", "files", "notices", "unions")]
    operations = [
        migrations.RunSQL(
            [
                "CREATE SCHEMA IF NOT EXISTS shuniu",
                "CREATE OR REPLACE FUNCTION shuniu.now() RETURNS timestamptz LANGUAGE sql VOLATILE PARALLEL SAFE"
                " AS $$select clock_timestamp()$$",
                "CREATE EXTENSION IF NOT EXISTS btree_gist",
            ],
            ["DROP FUNCTION shuniu.now()", "DROP SCHEMA shuniu"],
        ),
    ]
