from django.db import migrations

from shuniu.foundation.truths import AppendOnly

FACT_TABLES = (
    "statement", "inspection", "rating", "penalty", "licence", "businessscope", "stafffigures", "specialist",
    "pastproject", "governanceitem", "unionbuilding", "partyrecord",
)  # fmt: skip

# GB 32100-2015: value = place in the alphabet, weight 3^(i-1) mod 31, check = (31 - sum mod 31) mod 31.
CODE = """
CREATE OR REPLACE FUNCTION shuniu.valid_code(code text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
  alphabet constant text := '0123456789ABCDEFGHJKLMNPQRTUWXY';
  total integer := 0;
  weight integer := 1;
BEGIN
  IF code !~ '^[0-9A-HJ-NPQRTUWXY]{18}$' THEN RETURN false; END IF;
  FOR i IN 1..17 LOOP
    total := total + (strpos(alphabet, substr(code, i, 1)) - 1) * weight;
    weight := weight * 3 % 31;
  END LOOP;
  RETURN substr(alphabet, (31 - total % 31) % 31 + 1, 1) = substr(code, 18, 1);
END $$;
-- No organisation stands in the registry under a code that is not one.
ALTER TABLE registry_organisation
  ADD CONSTRAINT organisation_code_valid CHECK (code IS NULL OR shuniu.valid_code(code));
"""

# A correction speaks of the organisation that the corrected row speaks of, or of the one it was merged into.
SAME = """
CREATE OR REPLACE FUNCTION shuniu.fact_same_organisation() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  other bigint;
BEGIN
  IF NEW.supersedes_id IS NULL THEN RETURN NEW; END IF;
  EXECUTE format('SELECT organisation_id FROM %I WHERE id = $1', TG_TABLE_NAME) INTO other USING NEW.supersedes_id;
  IF other <> NEW.organisation_id AND NOT EXISTS (
    SELECT 1 FROM registry_organisation WHERE id = other AND merged_into_id = NEW.organisation_id
  ) THEN
    RAISE EXCEPTION 'a correction in % names a row of another organisation', TG_TABLE_NAME
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
"""

# What was decided stays decided: a claim or a request for correction leaves "pending" once.
DECIDED = """
CREATE OR REPLACE FUNCTION shuniu.registry_decided_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state <> 'pending' AND NEW IS DISTINCT FROM OLD THEN
    RAISE EXCEPTION '% % is decided', TG_TABLE_NAME, OLD.id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER claim_decided_once BEFORE UPDATE ON registry_claim
  FOR EACH ROW EXECUTE FUNCTION shuniu.registry_decided_once();
CREATE TRIGGER correction_decided_once BEFORE UPDATE ON registry_correctionrequest
  FOR EACH ROW EXECUTE FUNCTION shuniu.registry_decided_once();
ALTER TABLE registry_claim ENABLE ALWAYS TRIGGER claim_decided_once;
ALTER TABLE registry_correctionrequest ENABLE ALWAYS TRIGGER correction_decided_once;
"""


def same_organisation(table: str) -> migrations.RunSQL:
    name = f"registry_{table}_same"
    return migrations.RunSQL(
        f"CREATE TRIGGER {name} BEFORE INSERT ON registry_{table}"
        f" FOR EACH ROW EXECUTE FUNCTION shuniu.fact_same_organisation();"
        f" ALTER TABLE registry_{table} ENABLE ALWAYS TRIGGER {name};",
        f"DROP TRIGGER {name} ON registry_{table};",
    )


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_initial"), ("calendar", "0001_clock")]
    operations = [
        migrations.RunSQL(
            CODE,
            "ALTER TABLE registry_organisation DROP CONSTRAINT organisation_code_valid;"
            " DROP FUNCTION shuniu.valid_code(text);",
        ),
        migrations.RunSQL(SAME, "DROP FUNCTION shuniu.fact_same_organisation();"),
        migrations.RunSQL(
            DECIDED,
            "DROP TRIGGER claim_decided_once ON registry_claim;"
            " DROP TRIGGER correction_decided_once ON registry_correctionrequest;"
            " DROP FUNCTION shuniu.registry_decided_once();",
        ),
        AppendOnly("registry_formername"),
        AppendOnly("registry_formercode"),
        *(AppendOnly(f"registry_{table}") for table in FACT_TABLES),
        *(same_organisation(table) for table in FACT_TABLES),
    ]
