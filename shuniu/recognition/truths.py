"""Triggers of the recognition slice."""

from __future__ import annotations

STATEMENTS = (
    # What was granted stays; the effective period only shrinks (cancellation, withdrawal), never grows back.
    """
CREATE OR REPLACE FUNCTION shuniu.recognition_only_shrinks() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'recognition.stays' USING ERRCODE = 'check_violation';
  END IF;
  IF (NEW.organisation_id, NEW.union_id, NEW.document_id, NEW.category, NEW.certificate_no, NEW.first_day,
      NEW.last_day, NEW.effect_key, NEW.verify_code)
     IS DISTINCT FROM (OLD.organisation_id, OLD.union_id, OLD.document_id, OLD.category, OLD.certificate_no,
      OLD.first_day, OLD.last_day, OLD.effect_key, OLD.verify_code)
     OR NOT (NEW.effective <@ OLD.effective) THEN
    RAISE EXCEPTION 'recognition.stays' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER recognition_only_shrinks BEFORE UPDATE OR DELETE ON recognition_recognition
  FOR EACH ROW EXECUTE FUNCTION shuniu.recognition_only_shrinks();
ALTER TABLE recognition_recognition ENABLE ALWAYS TRIGGER recognition_only_shrinks;
""",
)
