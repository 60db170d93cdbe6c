"""One world for the tests of the whole product: a city union's office, its parent, child and neighbour,
organisations, and a call in every state; made by the actions, as the product makes it.

`World.people` are the actors by the names that `matrix.toml` uses, `World.ids` the objects that stand for the
parameters of addresses (see `addresses.py`).
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core import signing

from journeys import world_award, world_feedback, world_records, world_surveys
from shuniu.calls import demo_audit, demo_review
from shuniu.calls import demo_listing as shown
from shuniu.calls.actions import (
    amendment,
    assignment,
    audit,
    listing,
    procedure,
    promotion,
    question,
    scoring,
)
from shuniu.calls.actions import call as calls
from shuniu.calls.models import (
    Application,
    AssignmentPlan,
    Call,
    Committee,
    Material,
    Meeting,
    PlannedReview,
    Publicity,
    ScoreSheet,
    SheetRecord,
    Stage,
)
from shuniu.calls.tests import cast, cast_listing, reviews
from shuniu.calls.views.objection import outside
from shuniu.foundation.access import Who
from shuniu.foundation.calendar import clock
from shuniu.foundation.files.tests import samples
from shuniu.recognition.actions import certificates
from shuniu.recognition.models import Recognition
from shuniu.registry.models import Organisation
from shuniu.registry.tests import factories
from shuniu.unions.tests import cast as unions

Travel = Callable[..., dt.datetime]

STAFF = ("clerk", "checker", "leader", "finance", "auditor", "sys_admin", "sec_admin", "audit_admin")
ACTORS = (
    *STAFF, "expert", "other_expert", "parent", "child", "sibling", "owner", "member", "other", "anonymous",
)  # fmt: skip
"""Everybody of the matrix: the office's roles, an expert of the committee that scores and one of another, the
union above, below and beside (`worn`), the organisation's 负责人 and colleague, somebody of another organisation,
nobody."""

CITY, NEIGHBOUR = "望海市总工会", "邻海市总工会"


@dataclass
class World:
    """Who is there and what is there."""

    office: cast.Office
    people: dict[str, Who]
    ids: dict[str, Any] = field(default_factory=dict)

    def keep(self, **objects: Any) -> None:
        """Remember keys of objects by name; each name once."""
        for name, value in objects.items():
            assert name not in self.ids, name
            self.ids[name] = getattr(value, "pk", value)


def build(travel: Travel) -> World:
    """The world, about three weeks of it; `travel` (as in conftest.py) moves the clock, in the end to now."""
    travel(dt.datetime.now(clock.TZ) - dt.timedelta(days=24))
    world = _people()
    call = _under_review(world, travel)
    _finished(world, travel)
    travel(dt.datetime.now(clock.TZ))
    _review(world, call)
    _assigned(world, call)
    _open_call(world)
    _at_desk(world)
    _on_view(world)
    _not_public(world)
    world_records.registry_of(world)
    world_records.library_of(world)
    world_records.unions_of(world)
    world_surveys.surveys_of(world)
    world_award.award_of(world)
    world_feedback.feedback_of(world)
    world_records.honours_of(world)
    world_records.money_of(world)
    return world


def _people() -> World:
    province = unions.union(
        "海东省总工会", level="province", paper_code="海工办", responsible_department="权益保障部",
        contact_phone="0531-80000000",
    )  # fmt: skip
    city = unions.union(
        CITY, parent=province, paper_code="望工办", responsible_department="社会联络部",
        contact_phone="0532-80000000",
    )  # fmt: skip
    of = cast.office(CITY)
    assert of.union == city
    named = {"clerk": of.clerk, "checker": of.checker, "leader": of.leader}
    for role, name in zip(STAFF[3:], ("孙财务", "赵经审", "钱系统", "李安全", "冯审计"), strict=True):
        named[role] = unions.who(role, city, unions.person(name))
    child = unions.union("东港区总工会", level="district", parent=city, region="东港区")
    sibling = unions.union(NEIGHBOUR, parent=province, paper_code="邻工办")
    for actor, union in (("parent", province), ("child", child), ("sibling", sibling)):
        for role in STAFF:
            named[f"{actor}.{role}"] = unions.who(role, union)
        named[actor] = named[f"{actor}.clerk"]
    named["owner"] = cast.applicant(of, "望海市晨曦职工心理关爱中心")
    organisation = cast.organisation_of(named["owner"])
    named["member"] = factories.member(organisation, "org_member", unions.person("何同事"))
    named["other"] = cast.applicant(of, "望海市启航职业技能促进会")
    world = World(of, named)
    world.keep(union=city, child_union=child, organisation=organisation)
    world.keep(other_organisation=cast.organisation_of(named["other"]))
    return world


def _published(of: cast.Office, days: int = 10) -> Call:
    """As the cast's, with a single material: every upload is looked through by a process of its own."""
    call = cast.draft_call(of, days=days)
    item = call.materials.all()[0]
    row = {"key": item.key, "label": item.label, "clause": item.clause, "hint": item.hint, "required": True}
    calls.change_materials(by=of.clerk, call_id=call.pk, version=3, rows=[row])
    calls.submit(by=of.clerk, call_id=call.pk)
    calls.publish(by=of.checker, call_id=call.pk)
    procedure.advance_by_clock()
    return Call.objects.get(pk=call.pk)


# --- calls that are over or under review -------------------------------------------------------------


def _under_review(world: World, travel: Travel) -> Call:
    """Two categories with applications, their window over; the review itself comes later."""
    of = world.office
    call = _published(of, days=3)
    one, two, three = call.categories.all()[:3]
    first = [cast.submitted_application(world.people["owner"], call, one.key)]
    first.append(cast.submitted_application(cast.applicant(of), call, one.key))
    second = [cast.submitted_application(cast.applicant(of), call, two.key) for _ in range(2)]
    third = cast.submitted_application(cast.applicant(of), call, three.key)
    travel(days=4)
    for made in (*first, *second, third):
        reviews.qualify(made)
    for category, n in ((one, 14), (two, 14), (three, 6)):
        reviews.pool(of, n, category=category.key)
    world.keep(review_call=call, review_app=first[0], met_app=second[0], assigned_app=third)
    return Call.objects.get(pk=call.pk)


def _review(world: World, call: Call) -> None:
    """One committee scores, the other has met."""
    of, who = world.office, world.people
    one, two = call.categories.all()[:2]
    for category, until in ((two, "signed"), (one, "scoring")):
        demo_review.run_review(
            call, clerk=of.clerk, second=who["auditor"], signer=of.checker, until=until, categories=[category]
        )
    scores, met = Committee.objects.get(category=one), Committee.objects.get(category=two)
    sheet = ScoreSheet.objects.filter(seat__committee=scores, application=world.ids["review_app"]).first()
    assert sheet is not None
    submitted = ScoreSheet.objects.filter(seat__committee=scores, state="submitted").first()
    assert submitted is not None
    asked = scoring.ask_reopening(
        by=of.clerk, committee_id=scores.pk, sheet_id=submitted.pk, reason="专家来电说明有一项填错"
    )
    seat = submitted.seat
    who["expert"] = demo_review.as_expert(seat.expert)
    here = {s.expert_id for s in scores.seats.all()}
    there = met.seats.filter(state="active").exclude(expert__in=here).first()
    assert there is not None
    who["other_expert"] = demo_review.as_expert(there.expert)
    own = ScoreSheet.objects.filter(seat=seat).exclude(state="submitted").first()
    world.keep(
        committee=scores, met_committee=met, seat=seat, reopening=asked, expert_row=seat.expert,
        met_seat=there, draw=scores.draws.first(),
        record=SheetRecord.objects.filter(sheet=submitted).first(), scored_app=submitted.application_id,
        open_sheet_app=(own or submitted).application_id,
    )  # fmt: skip
    paper = Material.objects.filter(application=world.ids["scored_app"]).first()
    assert paper is not None
    world.keep(review_attachment=paper.attachment_id)
    world.keep(met_record=SheetRecord.objects.filter(sheet__seat__committee=met).first())


def _assigned(world: World, call: Call) -> None:
    """A third committee of the call reviews by assignment: its plan lies with the clerk."""
    of, three = world.office, call.categories.all()[2]

    def run(until: str) -> Committee:
        return demo_review.run_review(
            call,
            clerk=of.clerk,
            second=world.people["auditor"],
            signer=of.checker,
            until=until,
            categories=[three],
        )[0]

    Committee.objects.filter(pk=run("drawn").pk).update(reviews_each=2)
    committee = run("declared")
    plan = assignment.ask_assignment(by=of.clerk, call_id=call.pk)
    # What the worker's job would say of one application and five members who are alike.
    PlannedReview.objects.bulk_create(
        PlannedReview(
            plan=plan, application_id=world.ids["assigned_app"], seat=seat, field=30, spread=20, load=20
        )
        for seat in committee.seats.order_by("position")[:2]
    )
    AssignmentPlan.objects.filter(pk=plan.pk).update(state="proposed", progress=100, floor=70)


def _finished(world: World, travel: Travel) -> None:
    """A call whose formal list is public, with certificates and a correction of the list that waits."""
    of = world.office
    call, applications, publicity = _shown(world)
    cast_listing.after_publicity(publicity, travel)
    formal = shown.publish_formal(call, clerk=of.clerk, approver=of.checker)
    recognised = Recognition.objects.get(organisation=world.ids["organisation"])
    certificates.issue_certificate(recognition_id=recognised.pk)
    wrong = listing.propose_correction(
        by=of.clerk, list_id=formal.pk, reason="名称有误", entry_id=None, label="标题", before="甲", after="乙",
        removes=False,
    )  # fmt: skip
    world.keep(finished_call=call, finished_app=applications[0], finished_publicity=publicity, formal=formal)
    world.keep(recognition=recognised, verify_code=recognised.verify_code, list_correction=wrong.number)
    reported = promotion.record(
        by=of.clerk,
        call_id=call.pk,
        form="press",
        outlet="望海工人报",
        title="一线的贴心人",
        on=clock.today(),
    )
    world.keep(public_paper=formal.paper_id, promotion=reported)


def _shown(world: World) -> tuple[Call, list[Application], Publicity]:
    """A call on public view; the first of its two applicants is our organisation."""
    of = world.office
    call = _published(of)
    applications = [
        cast_listing.shortlisted(of, call, who, rank=n) for n, who in ((1, world.people["owner"]), (2, None))
    ]
    cast.move_to(call, "shortlist", of.clerk)
    return call, applications, shown.run_publicity(call, clerk=of.clerk, approver=of.checker)


# --- calls that run ----------------------------------------------------------------------------------


def _open_call(world: World) -> None:
    """The window is open: a draft, one handed in, a question, an amendment that waits."""
    of, who = world.office, world.people
    call = _published(of)
    draft = cast.filled_application(who["owner"], call)
    other = cast.submitted_application(who["other"], call)
    asked = question.ask(by=who["other"], call_id=call.pk, text="成立不满两年的机构能否申报？")
    change = amendment.propose(
        by=of.clerk, call_id=call.pk, reason="联系人出差", values={"contact": "吴经办"}, days={}
    )
    paper = Material.objects.filter(application=draft).first()
    assert paper is not None
    world.keep(
        open_call=call, draft_app=draft, others_app=other, question=asked, amendment=change.number,
        material=paper, material_item=paper.item_id,
    )  # fmt: skip


def _at_desk(world: World) -> None:
    """资格审核: one waits, one is being corrected, one waits for the second person; a late request."""
    of, who = world.office, world.people
    call = _published(of)
    waits = cast.submitted_application(who["owner"], call)
    corrected = cast.submitted_application(who["owner"], call, call.categories.all()[1].key)
    concluded = cast.submitted_application(cast.applicant(of), call)
    cast.move_to(call, "check", of.clerk)
    audit.run_findings(by=demo_audit.RUN, application_id=waits.pk)
    sent = demo_audit.correct_one(corrected, of.clerk, ["plan"], "服务方案没有写明衡量指标")
    demo_audit.conclude_one(concluded, of.clerk)
    assert Application.objects.get(pk=concluded.pk).stage == Stage.CHECKING
    world.keep(desk_call=call, desk_app=waits, corrected_app=corrected, concluded_app=concluded)
    world.keep(round=sent.round, desk_material=Material.objects.filter(application=waits).first())
    code = Organisation.objects.get(pk=world.ids["other_organisation"]).code or ""
    late = audit.ask_late(
        by=of.clerk, call_id=call.pk, code=code, until=clock.now() + dt.timedelta(days=20), reason="系统故障"
    )
    world.keep(late=late)


def _on_view(world: World) -> None:
    """公示: one objection is looked at, another one is decided."""
    of = world.office
    call, applications, publicity = _shown(world)
    entry = cast_listing.entry_of(applications[0])
    upload = io.BytesIO(samples.pdf(note="证据"))
    upload.name = "证据.pdf"
    row, code = cast_listing.send(publicity, entry, evidence=[upload])
    shown.handle_objection(row, handler=of.clerk2)
    other, _ = cast_listing.send(publicity, cast_listing.entry_of(applications[1]), phone="13900008888")
    shown.handle_objection(other, handler=of.clerk2)
    shown.decide_objection(
        other,
        handler=of.clerk2,
        approver=of.leader,
        upheld=False,
        findings="查无此事",
        reply="经核查不成立。",
    )
    paper = Meeting.objects.exclude(closed_at=None).get().paper_id
    world.keep(view_call=call, view_app=applications[0], publicity=publicity, shortlist=publicity.list_id)
    world.keep(
        entry=entry, objection=row, objection_code=code, objection_file=row.evidence.get(), inner_paper=paper
    )
    world.keep(reply_token=signing.dumps(other.pk, salt=outside._SALT))


def _not_public(world: World) -> None:
    """A draft and one that waits for its second person."""
    of = world.office
    pending = cast.draft_call(of, starts=clock.today() + dt.timedelta(days=3))
    calls.submit(by=of.clerk, call_id=pending.pk)
    world.keep(pending_call=pending, draft_call=cast.draft_call(of))


def worn(actor: str, roles: Sequence[str]) -> str:
    """Another union sends whoever gets through the door of these roles; a clerk where it stands open."""
    if actor not in ("parent", "child", "sibling"):
        return actor
    return f"{actor}.{next((role for role in STAFF if role in roles), 'clerk')}"
