"""What the database keeps of quotas, visits and recommendations (architecture §5, reliability §2)."""

from django.db import migrations

from shuniu.foundation.truths import AppendOnly


def _raise(condition: str, code: str) -> str:
    return f"IF {condition} THEN RAISE EXCEPTION '{code}' USING ERRCODE = 'check_violation'; END IF;\n"


def _trigger(name: str, table: str, when: str, body: str, declare: str = "") -> str:
    return f"""
CREATE OR REPLACE FUNCTION shuniu.{name}() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE {declare}
BEGIN
{body}
IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;
END $$;
CREATE TRIGGER {name} BEFORE {when} ON {table} FOR EACH ROW EXECUTE FUNCTION shuniu.{name}();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name};
"""


_STATEMENTS = [
    # Places are fixed with the publication: a published call gets none.
    _trigger(
        "callquota_before_publication", "calls_callquota", "INSERT",
        "SELECT published_at INTO at FROM calls_call WHERE id = NEW.call_id;"
        + _raise("at IS NOT NULL", "calls.published_stays"),
        "at timestamptz;",
    ),
    # Through which union an application goes, and which one checks it, stays once it was handed in.
    _trigger(
        "application_recommender_stays", "calls_application", "UPDATE OF recommender_id, desk_id",
        _raise(
            "OLD.submitted_at IS NOT NULL AND (NEW.recommender_id, NEW.desk_id)"
            " IS DISTINCT FROM (OLD.recommender_id, OLD.desk_id)",
            "calls.recommender_stays",
        ),
    ),
    # A recommendation is of the union's own applicant that passed the check, within its places and in time, and
    # after the visit where the document wants one.
    _trigger(
        "recommendation_holds", "calls_recommendation", "INSERT",
        "SELECT a.call_id, a.recommender_id, a.stage INTO of_call, of_union, st"
        " FROM calls_application a WHERE a.id = NEW.application_id FOR UPDATE OF a;\n"
        "SELECT q.at_most INTO most FROM calls_callquota q JOIN unions_union u ON u.level = q.level"
        " WHERE q.call_id = NEW.call_id AND u.id = NEW.union_id;\n"
        "SELECT max(s.ends_on) INTO last FROM calls_callstage s"
        " WHERE s.call_id = NEW.call_id AND s.kind = 'recommend';\n"
        + _raise("most IS NULL OR most <> NEW.at_most", "calls.no_quota")
        + _raise(
            "of_call <> NEW.call_id OR of_union IS DISTINCT FROM NEW.union_id OR st <> 'qualified'",
            "calls.not_to_recommend",
        )
        + _raise(
            "last IS NOT NULL AND NEW.proposed_at >= (last + 1)::timestamp AT TIME ZONE 'Asia/Shanghai'",
            "calls.recommend_late",
        )
        + _raise(
            "EXISTS (SELECT 1 FROM calls_callstage s WHERE s.call_id = NEW.call_id AND s.kind = 'site_visit')"
            " AND NOT EXISTS (SELECT 1 FROM calls_visit v WHERE v.application_id = NEW.application_id"
            " AND v.answered_at IS NOT NULL)",
            "calls.not_visited",
        ),
        "of_call bigint; of_union bigint; st text; most integer; last date;",
    ),
    # It is confirmed once, taken back once, and otherwise stays.
    _trigger(
        "recommendation_stays", "calls_recommendation", "UPDATE OR DELETE",
        _raise("TG_OP = 'DELETE'", "calls.recommendation_stays")
        + _raise(
            "(NEW.application_id, NEW.call_id, NEW.union_id, NEW.slot, NEW.at_most, NEW.reason, NEW.proposed_by_id,"
            " NEW.proposed_identity, NEW.proposed_at) IS DISTINCT FROM (OLD.application_id, OLD.call_id,"
            " OLD.union_id, OLD.slot, OLD.at_most, OLD.reason, OLD.proposed_by_id, OLD.proposed_identity,"
            " OLD.proposed_at) OR OLD.ended_at IS NOT NULL OR (OLD.confirmed_at IS NOT NULL AND"
            " (NEW.confirmed_by_id, NEW.confirmed_identity, NEW.confirmed_at) IS DISTINCT FROM"
            " (OLD.confirmed_by_id, OLD.confirmed_identity, OLD.confirmed_at))",
            "calls.recommendation_stays",
        ),
    ),
    # What a side has signed is not changed under its signature.
    _trigger(
        "visit_stays", "calls_visit", "UPDATE OR DELETE",
        _raise("TG_OP = 'DELETE' OR OLD.answered_at IS NOT NULL", "calls.visit_stays")
        + _raise(
            "OLD.signed_at IS NOT NULL AND (NEW.application_id, NEW.planned_at, NEW.place, NEW.visitors,"
            " NEW.opinion, NEW.signed_by_id, NEW.signed_at) IS DISTINCT FROM (OLD.application_id, OLD.planned_at,"
            " OLD.place, OLD.visitors, OLD.opinion, OLD.signed_by_id, OLD.signed_at)",
            "calls.visit_stays",
        ),
    ),
    _trigger(
        "visitmark_in_time", "calls_visitmark", "INSERT OR UPDATE OR DELETE",
        "IF TG_OP = 'DELETE' THEN vid := OLD.visit_id; ELSE vid := NEW.visit_id; END IF;\n"
        "SELECT v.signed_at, a.call_id INTO signed, of_call FROM calls_visit v"
        " JOIN calls_application a ON a.id = v.application_id WHERE v.id = vid FOR SHARE OF v;\n"
        + _raise("signed IS NOT NULL", "calls.visit_stays")
        + "IF TG_OP <> 'DELETE' THEN SELECT weight, call_id INTO most, item_call FROM calls_rubricitem"
        " WHERE id = NEW.item_id;\n"
        + _raise("item_call <> of_call OR NEW.points > most", "calls.points_out_of_bounds")
        + "END IF;",
        "vid bigint; signed timestamptz; of_call bigint; item_call bigint; most integer;",
    ),
    "CREATE TRIGGER recommendation_no_truncate BEFORE TRUNCATE ON calls_recommendation"
    " FOR EACH STATEMENT EXECUTE FUNCTION shuniu.refuse_change();"
    " ALTER TABLE calls_recommendation ENABLE ALWAYS TRIGGER recommendation_no_truncate;",
    "CREATE TRIGGER visit_no_truncate BEFORE TRUNCATE ON calls_visit"
    " FOR EACH STATEMENT EXECUTE FUNCTION shuniu.refuse_change();"
    " ALTER TABLE calls_visit ENABLE ALWAYS TRIGGER visit_no_truncate;",
]


class Migration(migrations.Migration):
    dependencies = [("calls", "0004_recommend")]
    operations = [
        AppendOnly("calls_callquota"),
        *(migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in _STATEMENTS),
    ]
