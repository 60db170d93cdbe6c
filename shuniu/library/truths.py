"""Triggers of the library: what was checked is what is published."""

from __future__ import annotations

UPLOADS = (
    # The content of an upload stays as it was checked; whoever was told yes or no is not told otherwise.
    """
CREATE OR REPLACE FUNCTION shuniu.library_upload_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'library.stays' USING ERRCODE = 'check_violation';
  END IF;
  IF (NEW.union_id, NEW.made_by_id, NEW.key, NEW.version, NEW.title, NEW.issuer, NEW.digest, NEW.base_id,
      NEW.files, NEW.problems, NEW.cases, NEW.explained)
     IS DISTINCT FROM (OLD.union_id, OLD.made_by_id, OLD.key, OLD.version, OLD.title, OLD.issuer, OLD.digest,
      OLD.base_id, OLD.files, OLD.problems, OLD.cases, OLD.explained)
     OR (OLD.state IN ('published', 'discarded') AND NEW IS DISTINCT FROM OLD)
     OR (OLD.state = 'refused' AND NEW.state NOT IN ('refused', 'discarded')) THEN
    RAISE EXCEPTION 'library.stays' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER library_upload_stays BEFORE UPDATE OR DELETE ON library_upload
  FOR EACH ROW EXECUTE FUNCTION shuniu.library_upload_stays();
ALTER TABLE library_upload ENABLE ALWAYS TRIGGER library_upload_stays;
""",
    # A release is of a confirmed upload, by its union, of exactly its content.
    """
CREATE OR REPLACE FUNCTION shuniu.library_release_confirmed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM library_upload u JOIN library_document d ON d.id = NEW.document_id
    WHERE u.id = NEW.upload_id AND u.state = 'published' AND u.union_id = NEW.union_id
      AND u.digest = d.digest AND u.key = NEW.key AND d.key = NEW.key
      AND u.base_id IS NOT DISTINCT FROM NEW.base_id
  ) THEN
    RAISE EXCEPTION 'library.release_unconfirmed' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER library_release_confirmed BEFORE INSERT ON library_release
  FOR EACH ROW EXECUTE FUNCTION shuniu.library_release_confirmed();
ALTER TABLE library_release ENABLE ALWAYS TRIGGER library_release_confirmed;
""",
)

QUESTIONS = (
    # What was asked stays asked; what was published stays as it was published.
    """
CREATE OR REPLACE FUNCTION shuniu.library_question_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.state = 'published'
     OR (NEW.key, NEW.clause, NEW.text, NEW.union_id, NEW.asked_by_id, NEW.asked_at)
        IS DISTINCT FROM (OLD.key, OLD.clause, OLD.text, OLD.union_id, OLD.asked_by_id, OLD.asked_at) THEN
    RAISE EXCEPTION 'library.stays' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER library_question_stays BEFORE UPDATE OR DELETE ON library_question
  FOR EACH ROW EXECUTE FUNCTION shuniu.library_question_stays();
ALTER TABLE library_question ENABLE ALWAYS TRIGGER library_question_stays;
""",
)

ENDINGS = (
    # Of the union's own release; decided once, never rewritten, never forgotten.
    """
CREATE OR REPLACE FUNCTION shuniu.library_ending_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'proposed'
       OR NOT EXISTS (SELECT 1 FROM library_release r WHERE r.id = NEW.release_id AND r.union_id = NEW.union_id) THEN
      RAISE EXCEPTION 'library.ending_of_release' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE' OR OLD.state <> 'proposed'
     OR (NEW.release_id, NEW.union_id, NEW.reason, NEW.proposed_by_id, NEW.proposed_identity, NEW.proposed_at)
        IS DISTINCT FROM
        (OLD.release_id, OLD.union_id, OLD.reason, OLD.proposed_by_id, OLD.proposed_identity, OLD.proposed_at) THEN
    RAISE EXCEPTION 'library.stays' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.state = 'ended' THEN  -- a call that is being published under it waits, and then meets the end
    PERFORM pg_advisory_xact_lock(hashtext('library.ending'), NEW.release_id::int);
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER library_ending_stays BEFORE INSERT OR UPDATE OR DELETE ON library_ending
  FOR EACH ROW EXECUTE FUNCTION shuniu.library_ending_stays();
ALTER TABLE library_ending ENABLE ALWAYS TRIGGER library_ending_stays;
""",
    # What a higher slice asks in a trigger of its own before something new begins under a document.
    """
CREATE OR REPLACE FUNCTION shuniu.library_is_ended(document bigint) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE release bigint;
BEGIN
  SELECT id INTO release FROM library_release WHERE document_id = document;
  IF release IS NULL THEN
    RETURN false;
  END IF;
  PERFORM pg_advisory_xact_lock_shared(hashtext('library.ending'), release::int);
  RETURN EXISTS (SELECT 1 FROM library_ending WHERE release_id = release AND state = 'ended');
END $$;
""",
)

IMPACTS = (
    # What was estimated stays as it was told; an estimate is made once.
    """
CREATE OR REPLACE FUNCTION shuniu.library_impact_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.state <> 'computing'
     OR (NEW.upload_id, NEW.union_id, NEW."on", NEW.digest, NEW.against_digest, NEW.against, NEW.asked_by_id, NEW.asked_at)
        IS DISTINCT FROM
        (OLD.upload_id, OLD.union_id, OLD."on", OLD.digest, OLD.against_digest, OLD.against, OLD.asked_by_id, OLD.asked_at) THEN
    RAISE EXCEPTION 'library.stays' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER library_impact_stays BEFORE UPDATE OR DELETE ON library_impact
  FOR EACH ROW EXECUTE FUNCTION shuniu.library_impact_stays();
ALTER TABLE library_impact ENABLE ALWAYS TRIGGER library_impact_stays;
""",
    # Rows come while their estimate is being made, all in one statement, and are never changed.
    """
CREATE OR REPLACE FUNCTION shuniu.library_impactrow_made() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    RAISE EXCEPTION 'library.stays' USING ERRCODE = 'check_violation';
  END IF;
  IF EXISTS (SELECT 1 FROM library_impact i WHERE i.state <> 'computing'
             AND i.id IN (SELECT DISTINCT impact_id FROM made)) THEN
    RAISE EXCEPTION 'library.stays' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER library_impactrow_made AFTER INSERT ON library_impactrow REFERENCING NEW TABLE AS made
  FOR EACH STATEMENT EXECUTE FUNCTION shuniu.library_impactrow_made();
ALTER TABLE library_impactrow ENABLE ALWAYS TRIGGER library_impactrow_made;
CREATE TRIGGER library_impactrow_stays BEFORE UPDATE ON library_impactrow
  FOR EACH ROW EXECUTE FUNCTION shuniu.library_impactrow_made();
ALTER TABLE library_impactrow ENABLE ALWAYS TRIGGER library_impactrow_stays;
""",
)
