"""Triggers of honours."""

from __future__ import annotations

STATEMENTS = (
    # What was honoured stays; the state goes forward only; who confirms is another natural person.
    """
CREATE OR REPLACE FUNCTION shuniu.honour_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'recognition.honour_stays' USING ERRCODE = 'check_violation';
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF NOT (NEW.state = 'proposed' OR (NEW.state = 'in_force' AND NEW.effect_key IS NOT NULL)) THEN
      RAISE EXCEPTION 'recognition.honour_stays' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF to_jsonb(NEW) - ARRAY['state', 'proof_id', 'confirmed_by_id', 'confirmed_at', 'revoked_on']
     IS DISTINCT FROM to_jsonb(OLD) - ARRAY['state', 'proof_id', 'confirmed_by_id', 'confirmed_at', 'revoked_on']
     OR (OLD.proof_id IS NOT NULL AND NEW.proof_id IS DISTINCT FROM OLD.proof_id)
     OR (OLD.confirmed_by_id IS NOT NULL AND (NEW.confirmed_by_id, NEW.confirmed_at)
         IS DISTINCT FROM (OLD.confirmed_by_id, OLD.confirmed_at))
     OR (OLD.state, NEW.state) NOT IN (('proposed', 'proposed'), ('proposed', 'in_force'), ('proposed', 'declined'),
         ('in_force', 'in_force'), ('in_force', 'revoked')) THEN
    RAISE EXCEPTION 'recognition.honour_stays' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.confirmed_by_id IS NOT NULL AND EXISTS (
       SELECT 1 FROM accounts_person a, accounts_person b WHERE a.id = NEW.recorded_by_id
       AND b.id = NEW.confirmed_by_id AND (a.id = b.id OR a.identity = b.identity)) THEN
    RAISE EXCEPTION 'recognition.honour_alone' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER honour_stays BEFORE INSERT OR UPDATE OR DELETE ON recognition_honour
  FOR EACH ROW EXECUTE FUNCTION shuniu.honour_stays();
ALTER TABLE recognition_honour ENABLE ALWAYS TRIGGER honour_stays;
""",
)
