"""The score sheet of a call as its document has it: SQL of the migration that brought sheets of any total."""

from __future__ import annotations

TOTALS = """
-- The plain items of the experts' sheet of a published call add up to the total that the call names.
CREATE OR REPLACE FUNCTION shuniu.call_rubric_totals() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE total integer;
BEGIN
  IF NEW.state = 'published' AND OLD.state <> 'published' THEN
    SELECT coalesce(sum(weight), 0) INTO total FROM calls_rubricitem
      WHERE call_id = NEW.id AND use = 'review' AND kind = 'points';
    IF total <> NEW.points_total THEN
      RAISE EXCEPTION 'calls.rubric_total' USING ERRCODE = 'check_violation';
    END IF;
  END IF;
  RETURN NEW;
END $$;

-- The total, and whether bonus may go above it, stay as they were published.
CREATE OR REPLACE FUNCTION shuniu.call_points_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.published_at IS NOT NULL AND (NEW.points_total, NEW.bonus_above)
     IS DISTINCT FROM (OLD.points_total, OLD.bonus_above) THEN
    RAISE EXCEPTION 'calls.published_stays' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER call_points_stay BEFORE UPDATE OF points_total, bonus_above ON calls_call
  FOR EACH ROW EXECUTE FUNCTION shuniu.call_points_stay();
ALTER TABLE calls_call ENABLE ALWAYS TRIGGER call_points_stay;
"""
