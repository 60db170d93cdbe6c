from django.db import migrations

from shuniu.foundation.truths import AppendOnly

_TABLES = ("mediareport", "exchange")


def _same_organisation(table: str) -> migrations.RunSQL:
    """As of the other facts: a correction speaks of the same organisation."""
    name = f"registry_{table}_same"
    return migrations.RunSQL(
        f"CREATE TRIGGER {name} BEFORE INSERT ON registry_{table}"
        f" FOR EACH ROW EXECUTE FUNCTION shuniu.fact_same_organisation();"
        f" ALTER TABLE registry_{table} ENABLE ALWAYS TRIGGER {name};",
        f"DROP TRIGGER {name} ON registry_{table};",
    )


class Migration(migrations.Migration):
    dependencies = [("registry", "0003_publicity")]
    operations = [
        *(AppendOnly(f"registry_{table}") for table in _TABLES),
        *(_same_organisation(table) for table in _TABLES),
    ]
