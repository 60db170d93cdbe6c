"""A truth about calls and their documents: nothing is published under a document that was taken out of use."""

from __future__ import annotations

ENDED = """
CREATE OR REPLACE FUNCTION shuniu.calls_law_in_use() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state = 'published' AND OLD.state IN ('draft', 'pending') AND shuniu.library_is_ended(NEW.document_id) THEN
    RAISE EXCEPTION 'calls.law_ended' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER calls_law_in_use BEFORE UPDATE OF state ON calls_call
  FOR EACH ROW EXECUTE FUNCTION shuniu.calls_law_in_use();
ALTER TABLE calls_call ENABLE ALWAYS TRIGGER calls_law_in_use;
"""
