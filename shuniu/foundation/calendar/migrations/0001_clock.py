"""The product's only clock, before any table that has it as a default."""

import importlib.util

from django.apps import apps
from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    # While an app's first migration is being written anew it is not there, and must not be named.
    run_before = [
        (app, "0001_initial")
        for app in ("accounts", "journal", "files", "notices", "unions")
        if importlib.util.find_spec(f"{apps.get_app_config(app).name}.migrations.0001_initial")
    ]
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
