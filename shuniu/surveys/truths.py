"""Triggers of the surveys slice: what is counted, and that nobody is joined to an answer, are the database's work.

The count: a ticket that is used leaves `Unused`, an answer comes in; at commit both must have happened equally often
(`survey_count`). `Tally`, `Unused` and the shaking of answers are written inside triggers only.

The shaking: every new answer takes all answers that are not settled yet out and puts them back in random order under
new keys, so that the row, its place on the disk and its transaction say nothing of which came when. Of 64 the half is
settled; the other half goes on being shaken, so that later answers never stand alone.
"""

from __future__ import annotations

SHAKEN, KEPT = 64, 32  # answers that wait before some are settled, and how many of them wait on

STATEMENTS = (
    # A survey is settled with its opening: then only the state goes on, draft → open → closed.
    """
CREATE FUNCTION shuniu.survey_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state = 'draft' THEN
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    IF NEW.state = 'closed' THEN RAISE EXCEPTION 'surveys.fixed' USING ERRCODE = 'check_violation'; END IF;
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE'
     OR to_jsonb(NEW) - ARRAY['state', 'closed_at'] IS DISTINCT FROM to_jsonb(OLD) - ARRAY['state', 'closed_at']
     OR NEW.state = 'draft' OR (OLD.state = 'closed' AND NEW.state <> 'closed') THEN
    RAISE EXCEPTION 'surveys.fixed' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER survey_stays BEFORE UPDATE OR DELETE ON surveys_survey
  FOR EACH ROW EXECUTE FUNCTION shuniu.survey_stays();
ALTER TABLE surveys_survey ENABLE ALWAYS TRIGGER survey_stays;
""",
    # The counters belong to the triggers: a statement of the application's own is refused.
    """
CREATE FUNCTION shuniu.survey_inside() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF pg_trigger_depth() < 2 THEN
    RAISE EXCEPTION 'surveys.counted' USING ERRCODE = 'check_violation';
  END IF;
  RETURN COALESCE(NEW, OLD);
END $$;
CREATE FUNCTION shuniu.survey_tally_begins() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO surveys_tally (survey_id, roster, tickets, voided, used, answers) VALUES (NEW.id, 0, 0, 0, 0, 0);
  RETURN NULL;
END $$;
CREATE TRIGGER survey_tally_begins AFTER INSERT ON surveys_survey
  FOR EACH ROW EXECUTE FUNCTION shuniu.survey_tally_begins();
CREATE TRIGGER survey_inside BEFORE INSERT OR UPDATE ON surveys_tally
  FOR EACH ROW EXECUTE FUNCTION shuniu.survey_inside();
CREATE FUNCTION shuniu.survey_tally_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM surveys_survey WHERE id = OLD.survey_id AND state <> 'draft') THEN
    RAISE EXCEPTION 'surveys.counted' USING ERRCODE = 'check_violation';
  END IF;
  RETURN OLD;
END $$;
CREATE TRIGGER survey_tally_stays BEFORE DELETE ON surveys_tally
  FOR EACH ROW EXECUTE FUNCTION shuniu.survey_tally_stays();
ALTER TABLE surveys_tally ENABLE ALWAYS TRIGGER survey_tally_stays;
ALTER TABLE surveys_survey ENABLE ALWAYS TRIGGER survey_tally_begins;
ALTER TABLE surveys_tally ENABLE ALWAYS TRIGGER survey_inside;
CREATE FUNCTION shuniu.survey_count() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE now_it surveys_tally;
BEGIN
  SELECT * INTO now_it FROM surveys_tally WHERE survey_id = NEW.survey_id;
  IF now_it.used <> now_it.answers THEN
    RAISE EXCEPTION 'surveys.count' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER survey_count AFTER UPDATE ON surveys_tally
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.used <> NEW.answers)
  EXECUTE FUNCTION shuniu.survey_count();
ALTER TABLE surveys_tally ENABLE ALWAYS TRIGGER survey_count;
""",
    # The roster: added to and taken from while the survey is prepared; afterwards only the day of handing out.
    """
CREATE FUNCTION shuniu.survey_roster() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE of_survey surveys_survey;
BEGIN
  SELECT * INTO of_survey FROM surveys_survey WHERE id = COALESCE(NEW.survey_id, OLD.survey_id) FOR SHARE;
  IF TG_OP = 'UPDATE' THEN
    IF (NEW.survey_id, NEW.name, NEW.workplace) IS DISTINCT FROM (OLD.survey_id, OLD.name, OLD.workplace)
       OR of_survey.state <> 'open' OR NEW.given_on IS NULL OR OLD.given_on IS NOT NULL THEN
      RAISE EXCEPTION 'surveys.roster_fixed' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF of_survey.state <> 'draft' THEN
    RAISE EXCEPTION 'surveys.roster_fixed' USING ERRCODE = 'check_violation';
  END IF;
  UPDATE surveys_tally SET roster = roster + (CASE TG_OP WHEN 'INSERT' THEN 1 ELSE -1 END)
    WHERE survey_id = of_survey.id;
  RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER survey_roster BEFORE INSERT OR UPDATE OR DELETE ON surveys_entry
  FOR EACH ROW EXECUTE FUNCTION shuniu.survey_roster();
ALTER TABLE surveys_entry ENABLE ALWAYS TRIGGER survey_roster;
""",
    # A batch voids what is unused, then its tickets come; each waits in Unused.
    """
CREATE FUNCTION shuniu.survey_batch() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE n integer;
BEGIN
  PERFORM 1 FROM surveys_survey WHERE id = NEW.survey_id AND state = 'open' FOR SHARE;
  IF NOT FOUND THEN RAISE EXCEPTION 'surveys.not_open' USING ERRCODE = 'check_violation'; END IF;
  PERFORM 1 FROM surveys_tally WHERE survey_id = NEW.survey_id FOR UPDATE;
  DELETE FROM surveys_unused u USING surveys_ticket t WHERE t.digest = u.ticket_id AND t.survey_id = NEW.survey_id;
  GET DIAGNOSTICS n = ROW_COUNT;
  IF n <> NEW.voided THEN RAISE EXCEPTION 'surveys.counted' USING ERRCODE = 'check_violation'; END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER survey_batch AFTER INSERT ON surveys_batch FOR EACH ROW EXECUTE FUNCTION shuniu.survey_batch();
ALTER TABLE surveys_batch ENABLE ALWAYS TRIGGER survey_batch;
CREATE FUNCTION shuniu.survey_tickets() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM made t JOIN surveys_batch b ON b.id = t.batch_id WHERE b.survey_id <> t.survey_id) THEN
    RAISE EXCEPTION 'surveys.counted' USING ERRCODE = 'check_violation';
  END IF;
  INSERT INTO surveys_unused (ticket_id) SELECT digest FROM made;
  UPDATE surveys_tally y SET tickets = tickets + n
    FROM (SELECT survey_id, count(*) AS n FROM made GROUP BY 1) m WHERE m.survey_id = y.survey_id;
  RETURN NULL;
END $$;
CREATE TRIGGER survey_tickets AFTER INSERT ON surveys_ticket REFERENCING NEW TABLE AS made
  FOR EACH STATEMENT EXECUTE FUNCTION shuniu.survey_tickets();
ALTER TABLE surveys_ticket ENABLE ALWAYS TRIGGER survey_tickets;
CREATE TRIGGER survey_inside BEFORE INSERT OR UPDATE ON surveys_unused
  FOR EACH ROW EXECUTE FUNCTION shuniu.survey_inside();
ALTER TABLE surveys_unused ENABLE ALWAYS TRIGGER survey_inside;
CREATE FUNCTION shuniu.survey_unused_gone() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE void integer := (pg_trigger_depth() > 1)::integer;
BEGIN
  UPDATE surveys_tally y SET used = used + n * (1 - void), voided = voided + n * void
    FROM (SELECT t.survey_id, count(*)::integer AS n FROM gone g JOIN surveys_ticket t ON t.digest = g.ticket_id
          GROUP BY 1) m
    WHERE m.survey_id = y.survey_id;
  RETURN NULL;
END $$;
CREATE TRIGGER survey_unused_gone AFTER DELETE ON surveys_unused REFERENCING OLD TABLE AS gone
  FOR EACH STATEMENT EXECUTE FUNCTION shuniu.survey_unused_gone();
ALTER TABLE surveys_unused ENABLE ALWAYS TRIGGER survey_unused_gone;
""",
    # An answer is counted, gets a key of the database's own, and is shaken with all that are not settled.
    f"""
CREATE FUNCTION shuniu.survey_answer() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE of_survey surveys_survey;
BEGIN
  IF pg_trigger_depth() > 1 THEN RETURN COALESCE(NEW, OLD); END IF;
  IF TG_OP <> 'INSERT' THEN
    RAISE EXCEPTION 'surveys.answer_stays' USING ERRCODE = 'check_violation';
  END IF;
  UPDATE surveys_tally SET answers = answers + 1 WHERE survey_id = NEW.survey_id;
  SELECT * INTO of_survey FROM surveys_survey WHERE id = NEW.survey_id;
  IF of_survey.state <> 'open' OR (NEW.channel = 'web' AND shuniu.now() >=
      (of_survey.ends_on + 1)::timestamp AT TIME ZONE 'Asia/Shanghai' + interval '60 seconds') THEN
    RAISE EXCEPTION 'surveys.not_open' USING ERRCODE = 'check_violation';
  END IF;
  NEW.id := gen_random_uuid();
  NEW.settled := false;
  RETURN NEW;
END $$;
CREATE TRIGGER survey_answer BEFORE INSERT OR UPDATE OR DELETE ON surveys_answer
  FOR EACH ROW EXECUTE FUNCTION shuniu.survey_answer();
ALTER TABLE surveys_answer ENABLE ALWAYS TRIGGER survey_answer;
CREATE FUNCTION shuniu.survey_shake() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF pg_trigger_depth() > 1 THEN RETURN NULL; END IF;
  WITH taken AS (
    DELETE FROM surveys_answer a WHERE NOT a.settled AND a.survey_id IN (SELECT survey_id FROM fresh) RETURNING a.*
  ), shaken AS (
    SELECT *, row_number() OVER (PARTITION BY survey_id ORDER BY random()) AS place,
      count(*) OVER (PARTITION BY survey_id) AS n FROM taken
  )
  INSERT INTO surveys_answer (id, survey_id, level, reasons, comment, channel, settled)
  SELECT gen_random_uuid(), survey_id, level, reasons, comment, channel, n >= {SHAKEN} AND place > {KEPT}
  FROM shaken ORDER BY random();
  RETURN NULL;
END $$;
CREATE TRIGGER survey_shake AFTER INSERT ON surveys_answer REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION shuniu.survey_shake();
ALTER TABLE surveys_answer ENABLE ALWAYS TRIGGER survey_shake;
CREATE TRIGGER survey_answer_no_truncate BEFORE TRUNCATE ON surveys_answer
  FOR EACH STATEMENT EXECUTE FUNCTION shuniu.refuse_change();
ALTER TABLE surveys_answer ENABLE ALWAYS TRIGGER survey_answer_no_truncate;
""",
    # A result is what the answers say, and says of every ticket where it went.
    """
CREATE FUNCTION shuniu.survey_result() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  counted jsonb;
  y surveys_tally;
  waiting integer;
BEGIN
  SELECT * INTO y FROM surveys_tally WHERE survey_id = NEW.survey_id FOR UPDATE;
  SELECT coalesce(jsonb_object_agg(level::text, n), '{}') INTO counted
    FROM (SELECT level, count(*) AS n FROM surveys_answer WHERE survey_id = NEW.survey_id GROUP BY 1) l;
  SELECT count(*) INTO waiting FROM surveys_unused u JOIN surveys_ticket t ON t.digest = u.ticket_id
    WHERE t.survey_id = NEW.survey_id;
  IF counted IS DISTINCT FROM NEW.levels
     OR y.answers <> (SELECT coalesce(sum(value::integer), 0) FROM jsonb_each_text(counted))
     OR NEW.issued <> y.tickets - y.voided OR y.tickets - y.voided - y.used <> waiting OR NEW.roster <> y.roster THEN
    RAISE EXCEPTION 'surveys.counted' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER survey_result BEFORE INSERT ON surveys_result
  FOR EACH ROW EXECUTE FUNCTION shuniu.survey_result();
ALTER TABLE surveys_result ENABLE ALWAYS TRIGGER survey_result;
""",
)
