"""What the database keeps of bases and cases."""

from django.db import migrations


def _trigger(name: str, table: str, body: str) -> str:
    return f"""
CREATE OR REPLACE FUNCTION shuniu.{name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
{body}
  RETURN NEW;
END $$;
CREATE TRIGGER {name} BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION shuniu.{name}();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name};
CREATE TRIGGER {name}_no_truncate BEFORE TRUNCATE ON {table}
  FOR EACH STATEMENT EXECUTE FUNCTION shuniu.refuse_change();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}_no_truncate;
"""


def _raise(condition: str, code: str) -> str:
    return f"IF {condition} THEN RAISE EXCEPTION '{code}' USING ERRCODE = 'check_violation'; END IF;\n"


_STATEMENTS = [
    # A base changes its state by an approved review only, goes forward only, and keeps its number.
    _trigger(
        "base_follows_steps", "network_base",
        _raise("TG_OP = 'DELETE'", "network.base_stays")
        + _raise(
            "(NEW.union_id, NEW.organisation_id, NEW.kind, NEW.name) IS DISTINCT FROM"
            " (OLD.union_id, OLD.organisation_id, OLD.kind, OLD.name)"
            " OR (OLD.plaque_no <> '' AND NEW.plaque_no <> OLD.plaque_no)"
            " OR (OLD.granted_on IS NOT NULL AND NEW.granted_on IS DISTINCT FROM OLD.granted_on)",
            "network.base_stays",
        )
        + "IF NEW.state <> OLD.state THEN "
        + _raise(
            "(OLD.state, NEW.state) NOT IN (('applied', 'in_force'), ('applied', 'declined'), ('in_force', 'withdrawn'))"
            " OR NOT EXISTS (SELECT 1 FROM network_basestep s WHERE s.base_id = NEW.id AND s.approved AND s.kind ="
            " CASE NEW.state WHEN 'in_force' THEN 'grant' WHEN 'declined' THEN 'decline' ELSE 'withdraw' END)",
            "network.base_without_review",
        )
        + "END IF;",
    ),
    # A review is decided once; what was found stays.
    _trigger(
        "basestep_stays", "network_basestep",
        _raise(
            "TG_OP = 'DELETE' OR OLD.approved IS NOT NULL OR (NEW.base_id, NEW.kind, NEW.findings, NEW.review_on,"
            " NEW.proposed_by_id, NEW.proposed_identity, NEW.proposed_at) IS DISTINCT FROM (OLD.base_id, OLD.kind,"
            " OLD.findings, OLD.review_on, OLD.proposed_by_id, OLD.proposed_identity, OLD.proposed_at)",
            "network.step_stays",
        ),
    ),
    # What is public stays as it was published; what was public is never public again under the same row.
    _trigger(
        "story_stays", "network_story",
        _raise("TG_OP = 'DELETE'", "network.story_stays")
        + _raise(
            "OLD.state IN ('published', 'taken_down') AND ((NEW.union_id, NEW.organisation_id, NEW.honour_id, NEW.kind,"
            " NEW.title, NEW.summary, NEW.body, NEW.held_on, NEW.place, NEW.consented_at, NEW.published_at)"
            " IS DISTINCT FROM (OLD.union_id, OLD.organisation_id, OLD.honour_id, OLD.kind, OLD.title, OLD.summary,"
            " OLD.body, OLD.held_on, OLD.place, OLD.consented_at, OLD.published_at)"
            " OR (OLD.state = 'published' AND NEW.state NOT IN ('published', 'taken_down'))"
            " OR (OLD.state = 'taken_down' AND NEW.state <> 'taken_down'))",
            "network.story_stays",
        ),
    ),
]  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("network", "0001_initial"), ("journal", "0002_truths")]
    operations = [migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in _STATEMENTS]
