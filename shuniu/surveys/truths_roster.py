"""The roster is counted by the statement: a town of a hundred thousand is not a hundred thousand updates of one row."""

from __future__ import annotations

STATEMENTS = (
    """
CREATE OR REPLACE FUNCTION shuniu.survey_roster() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE of_survey surveys_survey;
BEGIN
  SELECT * INTO of_survey FROM surveys_survey WHERE id = COALESCE(NEW.survey_id, OLD.survey_id) FOR SHARE;
  IF TG_OP = 'UPDATE' THEN
    IF (NEW.survey_id, NEW.name, NEW.workplace) IS DISTINCT FROM (OLD.survey_id, OLD.name, OLD.workplace)
       OR of_survey.state <> 'open' OR NEW.given_on IS NULL OR OLD.given_on IS NOT NULL THEN
      RAISE EXCEPTION 'surveys.roster_fixed' USING ERRCODE = 'check_violation';
    END IF;
  ELSIF of_survey.state <> 'draft' THEN
    RAISE EXCEPTION 'surveys.roster_fixed' USING ERRCODE = 'check_violation';
  END IF;
  RETURN COALESCE(NEW, OLD);
END $$;
CREATE FUNCTION shuniu.survey_roster_count() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE sign integer := CASE TG_OP WHEN 'INSERT' THEN 1 ELSE -1 END;
BEGIN
  UPDATE surveys_tally y SET roster = roster + sign * n
    FROM (SELECT survey_id, count(*)::integer AS n FROM moved GROUP BY 1) m WHERE m.survey_id = y.survey_id;
  RETURN NULL;
END $$;
CREATE TRIGGER survey_roster_more AFTER INSERT ON surveys_entry REFERENCING NEW TABLE AS moved
  FOR EACH STATEMENT EXECUTE FUNCTION shuniu.survey_roster_count();
CREATE TRIGGER survey_roster_less AFTER DELETE ON surveys_entry REFERENCING OLD TABLE AS moved
  FOR EACH STATEMENT EXECUTE FUNCTION shuniu.survey_roster_count();
ALTER TABLE surveys_entry ENABLE ALWAYS TRIGGER survey_roster_more;
ALTER TABLE surveys_entry ENABLE ALWAYS TRIGGER survey_roster_less;
""",
)
