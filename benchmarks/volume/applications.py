"""Ten thousand applications cast from one that went the whole way: every row that the one has, they have."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import random
import secrets
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.volume import words
from benchmarks.volume.calling import ENDS, OPENS, ago
from benchmarks.volume.clock import stand_at
from benchmarks.volume.rows import Row, chunks, copy, json_text, keys, renamed, values
from shuniu.calls.models import (
    Application,
    Call,
    CallCategory,
    Decision,
    Finding,
    Judgement,
    JudgeRun,
    Material,
    Submission,
)
from shuniu.foundation.accounts.models import Person, identity_of
from shuniu.foundation.files.models import Attachment, Blob
from shuniu.foundation.files.tests import samples
from shuniu.foundation.journal.chain import key
from shuniu.foundation.journal.models import Entry
from shuniu.registry.models import Membership, Organisation

_STAMPS_PER_DAY = 4  # so often on each day of the window the clock stands still for a batch
_STAMP_SPREAD = 45.0  # seconds before it; the database refuses what is older than 60


@dataclass
class _One:
    """One application of the volume."""

    pk: int
    organisation: Organisation
    category: CallCategory
    person_id: int
    arrived_at: dt.datetime
    number: str = ""
    blob_id: int = 0
    decisions: list[int] = field(default_factory=list)


@dataclass
class Pattern:
    """The rows of the application that shows the way."""

    application: Application
    submission: Submission
    decisions: list[Decision]
    materials: list[Material]
    runs: list[JudgeRun]
    findings: list[Finding]
    judgements: list[Judgement]
    entries: list[Entry]

    @classmethod
    def of(cls, application: Application) -> Pattern:
        """Read it once."""
        return cls(
            application,
            application.submissions.get(),
            list(application.decisions.order_by("id")),
            list(application.materials.select_related("attachment__blob")),
            list(application.judge_runs.all()),
            list(application.findings.all()),
            list(application.judgements.all()),
            list(Entry.objects.filter(about__contains=[key(application)]).order_by("id")),
        )


def cast(call: Call, pattern: Application, shares: Mapping[str, Sequence[int]]) -> int:
    """Write an application for every organisation of `shares` (category key → organisations); how many.

    They arrive all over the window: the clock stands at each batch's instant, so that the database's own
    triggers accept the stamps.
    """
    source = Pattern.of(pattern)
    categories = {c.key: c for c in call.categories.all()}
    plan = [(categories[k], pk) for k, organisations in shares.items() for pk in organisations]
    random.Random(call.pk).shuffle(plan)
    moments = [(day, 8.5 + 2.5 * n) for day in range(OPENS, ENDS - 1, -1) for n in range(_STAMPS_PER_DAY)]
    size = -(-len(plan) // len(moments))
    made = 0
    for (day, hour), part in zip(moments, chunks(plan, max(size, 1)), strict=False):
        at = stand_at(ago(day), hour)
        made += _batch(source, call, part, at)
    return made


def _batch(source: Pattern, call: Call, part: Sequence[tuple[CallCategory, int]], at: dt.datetime) -> int:
    organisations = Organisation.objects.only("id", "name", "code", "contact_name", "contact_phone").in_bulk(
        [pk for _, pk in part]
    )
    people = _people([organisations[pk] for _, pk in part])
    chance = random.Random(at.timestamp())
    ones = []
    for pk, (category, organisation_id) in zip(keys(Application, len(part)), part, strict=True):
        arrived = at - dt.timedelta(seconds=chance.uniform(0, _STAMP_SPREAD))
        number = f"SB{call.year}{call.pk:03d}-{pk:06d}"
        ones.append(
            _One(pk, organisations[organisation_id], category, people[organisation_id], arrived, number)
        )
    count = len(source.decisions)
    taken = iter(keys(Decision, count * len(ones)))
    for one in ones:
        one.decisions = [next(taken) for _ in range(count)]
    copy(Application, (_application(source, one) for one in ones))
    copy(Submission, (_submission(source, one) for one in ones))
    copy(Decision, (row for one in ones for row in _decisions(source, one)))
    _file(source, ones)
    attachments = {(one.pk, m.pk): uuid.uuid4() for one in ones for m in source.materials}
    copy(Attachment, (_attachment(m, one, attachments) for one in ones for m in source.materials))
    copy(Material, (_material(m, one, attachments) for one in ones for m in source.materials))
    for model, rows in (
        (JudgeRun, source.runs), (Finding, source.findings), (Judgement, source.judgements),
    ):  # fmt: skip
        base = [values(row, without={"id", "application_id"}) for row in rows]
        copy(model, ({**row, "application_id": one.pk} for one in ones for row in base))
    copy(Entry, (row for one in ones for row in _entries(source, one)))
    return len(ones)


def _people(organisations: Iterable[Organisation]) -> dict[int, int]:
    """organisation → its member; made where nobody acts for it yet."""
    found = {o.pk: o for o in organisations}
    known = dict(
        Membership.objects.filter(organisation_id__in=found).values_list("organisation_id", "person_id")
    )
    missing = [o for pk, o in found.items() if pk not in known]
    ids = keys(Person, len(missing))
    phones = [f"137{o.pk:08d}" for o in missing]
    copy(
        Person,
        (
            {
                "id": pk, "password": f"!{secrets.token_urlsafe(30)}", "username": f"vol-{o.pk}",
                "name": o.contact_name or words.person(pk), "phone": phone, "email": "",
                "identity": identity_of(phone), "is_active": True,
            }
            for pk, o, phone in zip(ids, missing, phones, strict=True)
        ),
    )  # fmt: skip
    copy(
        Membership,
        (
            {"organisation_id": o.pk, "person_id": pk, "role": "org_owner", "note": ""}
            for pk, o in zip(ids, missing, strict=True)
        ),
    )
    return known | {o.pk: pk for pk, o in zip(ids, missing, strict=True)}


def _directions(one: _One) -> list[str]:
    return [one.category.directions[one.pk % len(one.category.directions)]["key"]]


def _draft(source: Pattern, one: _One) -> dict[str, Any]:
    draft: dict[str, Any] = dict(source.application.draft)
    draft["directions"] = draft["directions"] | {"directions": _directions(one)}
    draft["contact"] = {"name": one.organisation.contact_name, "phone": one.organisation.contact_phone}
    return draft


def _application(source: Pattern, one: _One) -> Row:
    return values(source.application) | {
        "id": one.pk, "organisation_id": one.organisation.pk, "category_id": one.category.pk,
        "directions": _directions(one), "ordinal": 1, "number": one.number,
        "draft": json_text(_draft(source, one)), "created_by_id": one.person_id,
        "created_at": one.arrived_at - dt.timedelta(hours=2), "submitted_at": one.arrived_at,
    }  # fmt: skip


def _submission(source: Pattern, one: _One) -> Row:
    snapshot = source.submission.snapshot | {
        "organisation": {"id": one.organisation.pk, "name": one.organisation.name, "code": one.organisation.code},
        "category": {"key": one.category.key, "label": one.category.label},
        "directions": _directions(one), "sections": _draft(source, one),
    }  # fmt: skip
    body = json.dumps(snapshot, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return values(source.submission, without={"id", "committed_at"}) | {
        "application_id": one.pk, "key": uuid.uuid4(), "arrived_at": one.arrived_at, "snapshot": body,
        "digest": hashlib.sha256(body.encode()).hexdigest(), "by_id": one.person_id, "paper_id": None,
    }  # fmt: skip


def _decisions(source: Pattern, one: _One) -> Iterator[Row]:
    """The same decisions by the same people, the submission by the applicant's own."""
    known = {d.pk: pk for d, pk in zip(source.decisions, one.decisions, strict=True)}
    for decision, pk in zip(source.decisions, one.decisions, strict=True):
        row = values(decision) | {"id": pk, "application_id": one.pk}
        if decision.confirms_id is not None:
            row["confirms_id"] = known[decision.confirms_id]
        if decision.verb == "submit":
            row |= {
                "by_id": one.person_id, "at": one.arrived_at, "behalf": one.organisation.name,
                "identity": identity_of(f"137{one.organisation.pk:08d}"),
            }  # fmt: skip
        yield row


def _file(source: Pattern, ones: Sequence[_One]) -> None:
    """A PDF of its own for each application, under all its materials: no two organisations share a file."""
    model = values(source.materials[0].attachment.blob, without={"created_at"})
    rows = []
    for one, pk in zip(ones, keys(Blob, len(ones)), strict=True):
        body = samples.pdf(note=f"{one.number}-{one.organisation.pk}")
        blob = Blob(pk=pk, sha256=hashlib.sha256(body).hexdigest(), size=len(body))
        blob.path.parent.mkdir(parents=True, exist_ok=True)
        blob.path.write_bytes(body)
        one.blob_id = pk
        rows.append({**model, "id": pk, "sha256": blob.sha256, "size": blob.size})
    copy(Blob, rows)


def _attachment(given: Material, one: _One, ids: Mapping[tuple[int, int], uuid.UUID]) -> Row:
    return values(given.attachment, without={"uploaded_at"}) | {
        "id": ids[one.pk, given.pk], "blob_id": one.blob_id, "owner": f"calls.application:{one.pk}",
        "organisation_id": one.organisation.pk, "uploaded_by_id": one.person_id,
    }  # fmt: skip


def _material(given: Material, one: _One, ids: Mapping[tuple[int, int], uuid.UUID]) -> Row:
    row = values(given, without={"id", "added_at"})
    return row | {"application_id": one.pk, "attachment_id": ids[one.pk, given.pk]}


def _entries(source: Pattern, one: _One) -> Iterator[Row]:
    """The timeline, with the names and keys of this application."""
    old = source.application
    names = {
        f"calls.application:{old.pk}": f"calls.application:{one.pk}",
        f"registry.organisation:{old.organisation_id}": f"registry.organisation:{one.organisation.pk}",
        str(old.number): one.number, old.organisation.name: one.organisation.name,
        old.category.label: one.category.label,
    }  # fmt: skip
    for entry in source.entries:
        by_applicant = entry.behalf == old.organisation.name
        yield values(entry, without={"id", "xid"}) | {
            "at": one.arrived_at if by_applicant else entry.at,
            "text": renamed(entry.text, names),
            "behalf": renamed(entry.behalf, names),
            "subject": names.get(entry.subject, entry.subject),
            "subject_label": renamed(entry.subject_label, names),
            "about": [names.get(a, a) for a in entry.about],
            "person_id": one.person_id if by_applicant else entry.person_id,
            "person_name": one.organisation.contact_name if by_applicant else entry.person_name,
        }
