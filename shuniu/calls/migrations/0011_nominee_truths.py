"""What the database keeps of nominations and of counted points."""

from django.db import migrations

from shuniu.foundation.truths import AppendOnly


def _raise(condition: str, code: str) -> str:
    return f"IF {condition} THEN RAISE EXCEPTION '{code}' USING ERRCODE = 'check_violation'; END IF;\n"


def _trigger(name: str, table: str, when: str, body: str, declare: str = "", deferred: bool = False) -> str:
    kind, defer = ("CONSTRAINT TRIGGER", "DEFERRABLE INITIALLY DEFERRED") if deferred else ("TRIGGER", "")
    timing, back = ("AFTER", "RETURN NULL;") if deferred else ("BEFORE", "RETURN NEW;")
    return f"""
CREATE OR REPLACE FUNCTION shuniu.{name}() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE {declare or "nothing integer;"}
BEGIN
{body}
{back}
END $$;
CREATE {kind} {name} {timing} {when} ON {table} {defer} FOR EACH ROW EXECUTE FUNCTION shuniu.{name}();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name};
"""


_STATEMENTS = [
    # What is nominated stays what it was.
    _trigger(
        "application_subject_stays", "calls_application", "UPDATE OF subject_key, subject_label",
        _raise(
            "(NEW.subject_key, NEW.subject_label) IS DISTINCT FROM (OLD.subject_key, OLD.subject_label)",
            "calls.subject_stays",
        ),
    ),
    # A subject comes with its frozen sheet, by the union through which the application goes.
    _trigger(
        "application_subject_frozen", "calls_application", "INSERT",
        "IF NEW.subject_key <> '' THEN "
        + _raise(
            "NOT EXISTS (SELECT 1 FROM calls_nominee n WHERE n.application_id = NEW.id"
            " AND n.union_id = NEW.recommender_id)",
            "calls.subject_unfrozen",
        )
        + "END IF;",
        deferred=True,
    ),
    # An item of another call's sheet, or more points than it has, is no count.
    _trigger(
        "countedpoint_fits", "calls_countedpoint", "INSERT",
        "SELECT i.weight INTO most FROM calls_rubricitem i JOIN calls_application a ON a.call_id = i.call_id"
        " WHERE i.id = NEW.item_id AND a.id = NEW.application_id;\n"
        + _raise("most IS NULL OR NEW.points > most", "calls.points_out_of_bounds"),
        "most integer;",
    ),
    # An expert gives no more than was counted.
    _trigger(
        "score_within_count", "calls_scoredraft", "INSERT OR UPDATE",
        _raise(
            "EXISTS (SELECT 1 FROM calls_scoresheet s JOIN calls_countedpoint c ON c.application_id = s.application_id"
            " WHERE s.id = NEW.sheet_id AND c.item_id = NEW.item_id AND NEW.points > c.points)",
            "calls.above_counted",
        ),
    ),
    # Less than was counted needs a written reason.
    _trigger(
        "score_below_count_reasoned", "calls_scoresheet", "UPDATE OF state",
        _raise(
            "NEW.state = 'submitted' AND btrim(NEW.comment) = '' AND EXISTS (SELECT 1 FROM calls_scoredraft d"
            " JOIN calls_countedpoint c ON c.item_id = d.item_id AND c.application_id = NEW.application_id"
            " WHERE d.sheet_id = NEW.id AND d.points < trunc(c.points, 1))",
            "calls.below_counted",
        ),
    ),
]  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("calls", "0010_nominee")]
    operations = [
        AppendOnly("calls_nominee"),
        AppendOnly("calls_countedpoint"),
        *(migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in _STATEMENTS),
    ]
