"""What a correction asked for, what has been mended so far, and what came back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from shuniu import policy
from shuniu.calls import self_assessment
from shuniu.calls.models import Application, Correction
from shuniu.calls.queries.apply import missing_in, project_choices, snapshot_of
from shuniu.calls.queries.call import law_of
from shuniu.calls.reading import LABELS


def open_correction(application: Application) -> Correction | None:
    """The correction that waits for the applicant, if any."""
    return application.corrections.filter(answered_at__isnull=True, expired_at__isnull=True).first()


def reasons(application: Application) -> dict[str, str]:
    """What the open correction says of each item, by its key (a part of the form, or "material:…")."""
    correction = open_correction(application)
    return {item["key"]: item["reason"] for item in correction.items} if correction else {}


@dataclass(frozen=True)
class Item:
    """One item of an open correction as it stands now. `changed`: otherwise than it was handed in."""

    label: str
    reason: str
    section: str  # the part of the form in which it is mended
    changed: bool
    missing: str  # what that part still lacks, in words

    @property
    def done(self) -> bool:
        """Mended as far as a page can tell; what the registry has wrong is put right there, not in the form."""
        return not self.missing and (self.changed or self.section == "registry")


def so_far(application: Application, correction: Correction) -> list[Item]:
    """Each item of an open correction as it stands now."""
    before = application.submissions.filter(round=correction.before.get("round", 0)).first()
    was, now = before.snapshot if before else {}, snapshot_of(application)
    found = []
    for item in correction.items:
        section = "materials" if item["kind"] == "material" else item["key"]
        changed = bool(_changes(application, item, was, now))
        missing = missing_in(application, section)
        found.append(Item(item["label"], item["reason"], section, changed, missing))
    return found


def mended(application: Application) -> dict[str, Any] | None:
    """The last correction with before and after of every item; None when there was none.

    {correction, rows: [{label, reason, changes: [{label, before, after}]}]}; rows are empty until it came back.
    """
    correction: Correction | None = max(application.corrections.all(), key=attrgetter("round"), default=None)
    if correction is None:
        return None
    by_round = dict(application.submissions.values_list("round", "snapshot"))
    after = by_round.get(correction.round)
    before = by_round.get(correction.before.get("round", correction.round - 1), {})
    rows = []
    for item in correction.items if after is not None else []:
        changes = _changes(application, item, before, after or {})
        rows.append({"label": item["label"], "reason": item["reason"], "changes": changes})
    return {"correction": correction, "rows": rows}


def _changes(
    application: Application, item: dict[str, str], before: dict[str, Any], after: dict[str, Any]
) -> list[dict[str, str]]:
    if item["kind"] == "material":
        key = item["key"].removeprefix("material:")
        old, new = _files(before, key), _files(after, key)
        return [{"label": "文件", "before": old, "after": new}] if old != new else []
    old_part, new_part = _part(before, item["key"]), _part(after, item["key"])
    law = law_of(application.call)
    found = _row_changes(application, before, after) if item["key"] == self_assessment.SECTION else []
    for name in dict.fromkeys([*old_part, *new_part]):
        was, now = old_part.get(name), new_part.get(name)
        if was != now:
            label = law.facts[name].label if name in law.facts else LABELS.get(name, _row_label(law, name))
            names = _names(application, name)
            found.append({"label": label, "before": _show(was, names), "after": _show(now, names)})
    return found


def _names(application: Application, field: str) -> dict[str, str]:
    """What the chosen keys of a field are called."""
    if field == "directions":
        return {d["key"]: d["label"] for d in application.category.directions}
    return dict(project_choices(application)) if field == "projects" else {}


def _row_label(law: policy.Document, name: str) -> str:
    """What the field of a row of the score sheet is called: its points, or the ground for them."""
    kind, _, row = name.partition("_")
    sheet = self_assessment.sheet_of(law)
    label = next((i.label for i in sheet.items if i.key == row), "") if sheet else ""
    return f"{label}{'自评分' if kind == 'points' else '的依据'}" if label else name


def _row_changes(
    application: Application, before: dict[str, Any], after: dict[str, Any]
) -> list[dict[str, str]]:
    """Rows of the score sheet under which other files lie than before."""
    sheet = self_assessment.sheet_of(law_of(application.call))
    found = []
    for item in sheet.items if sheet else ():
        old, new = (_files(taken, item.key, "evidence", "row") for taken in (before, after))
        if old != new:
            found.append({"label": f"{item.label}的佐证", "before": old, "after": new})
    return found


def _part(snapshot: dict[str, Any], key: str) -> dict[str, Any]:
    part = dict(snapshot.get("sections", {}).get(key, {}))
    if key == "directions":
        part["directions"] = snapshot.get("directions", [])
    return part


def _files(snapshot: dict[str, Any], key: str, part: str = "materials", under: str = "item") -> str:
    rows = [m for m in snapshot.get(part, []) if m[under] == key]
    return "；".join(f"{m['name']}（校验值 {m['sha256'][:8]}）" for m in rows)


def _show(value: Any, names: Mapping[str, str] | None = None) -> str:
    """A value in words; `names` tells what keys are called."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "；".join((names or {}).get(v) or _show(v) for v in value)
    if isinstance(value, dict):
        return "，".join(f"{LABELS.get(k, k)} {_show(v)}" for k, v in value.items())
    return "" if value is None else str(value)
