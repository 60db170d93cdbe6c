"""What the database keeps of recommendations upward."""

from django.db import migrations

_SQL = """
CREATE OR REPLACE FUNCTION shuniu.upward_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR (NEW.honour_id, NEW.level, NEW.title, NEW."to", NEW.reason, NEW.proposed_by_id,
       NEW.proposed_identity, NEW.proposed_at) IS DISTINCT FROM (OLD.honour_id, OLD.level, OLD.title, OLD."to",
       OLD.reason, OLD.proposed_by_id, OLD.proposed_identity, OLD.proposed_at)
     OR (OLD.state, NEW.state) NOT IN (('proposed', 'sent'), ('proposed', 'returned'), ('sent', 'granted'),
       ('sent', 'not_granted')) THEN
    RAISE EXCEPTION 'recognition.upward_stays' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER upward_stays BEFORE UPDATE OR DELETE ON recognition_upward
  FOR EACH ROW EXECUTE FUNCTION shuniu.upward_stays();
ALTER TABLE recognition_upward ENABLE ALWAYS TRIGGER upward_stays;
CREATE TRIGGER upward_no_truncate BEFORE TRUNCATE ON recognition_upward
  FOR EACH STATEMENT EXECUTE FUNCTION shuniu.refuse_change();
ALTER TABLE recognition_upward ENABLE ALWAYS TRIGGER upward_no_truncate;
"""


class Migration(migrations.Migration):
    dependencies = [("recognition", "0005_upward")]
    operations = [migrations.RunSQL(_SQL, migrations.RunSQL.noop)]
