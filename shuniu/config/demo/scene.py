"""Who and what the story has at hand, and the parts that every selection goes through."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from shuniu.calls import demo_audit, demo_review
from shuniu.calls.actions import apply, audit, listing, question
from shuniu.calls.models import (
    Application,
    Call,
    Committee,
    Expert,
    Publicity,
    RubricItem,
    Seat,
    Stage,
)
from shuniu.config.demo.applying import Applicants
from shuniu.config.demo.calling import LAW, Plan
from shuniu.config.demo.cast import Cast
from shuniu.config.demo.clock import Line
from shuniu.config.demo.days import DAY, ahead, at
from shuniu.config.demo.yearly import enter_inspection
from shuniu.foundation.access import Who
from shuniu.foundation.calendar import clock
from shuniu.library.queries import on_disk
from shuniu.registry.models import BusinessScope, Organisation, PastProject, Status


@dataclass
class Scene:
    """The cast, the organisations, the day on which the story ends."""

    cast: Cast
    applicants: Applicants
    today: dt.date
    everybody: list[Organisation] = field(default_factory=list)
    organisations: dict[str, list[Organisation]] = field(default_factory=dict)  # by category, good first

    def number(self, organisation_id: int) -> int:
        """The organisation's place in the registry's list."""
        return next(n for n, o in enumerate(self.everybody) if o.pk == organisation_id)

    def pick(self, category: str, *places: int) -> list[tuple[Organisation, str]]:
        """Organisations by their place among those that may apply for the category."""
        rows = self.organisations[category]
        return [(rows[n % len(rows)], category) for n in places]

    def soon(self, *, days: int) -> dt.datetime:
        """18:00 of the day so many days after the story's last one."""
        return at(self.today + days * DAY, "18:00")

    def who(self, username: str) -> Who:
        """Somebody of the office."""
        return self.cast.who(username)


_ALSO = {
    "work": ("职业健康", "技能", "创新", "安全"),
    "career": ("就业", "技能", "城市适应", "岗前"),
    "culture": ("文化", "联谊", "公益活动", "志愿"),
    "support": ("研究", "工会", "法律", "满意度"),
    "life": ("帮扶", "职工关怀", "社会融入", "心理"),
}
"""Words of the business scope that allow a category besides the one of past projects."""


def by_category(organisations: Sequence[Organisation]) -> dict[str, list[Organisation]]:
    """Who may apply for what: first those whose projects were of the category, then those whose scope allows it."""
    law = on_disk(LAW)
    hints = dict(PastProject.objects.current().values_list("organisation_id", "category_hint"))
    scopes = dict(BusinessScope.objects.current().values_list("organisation_id", "text"))
    living = [o for o in organisations if o.status == Status.NORMAL]
    found: dict[str, list[Organisation]] = {}
    for category in law.categories:
        first = [o for o in living if hints.get(o.pk) == category.label]
        also = [o for o in living if any(w in scopes.get(o.pk, "") for w in _ALSO[category.key])]
        found[category.key] = first + [o for o in also if o not in first]
    return found


def window(scene: Scene, call: Call, plan: Plan, filings: Sequence[tuple[Organisation, str]]) -> Line:
    """The organisations apply, spread over the window, most of them towards its end; gives the applications."""
    made: list[Application] = []
    for n, (organisation, category) in enumerate(filings):
        share = ((n + 1) / len(filings)) ** 0.6
        day = plan.starts + min(int(plan.apply_days * share), plan.apply_days - 1) * DAY
        yield at(day, f"{9 + (n * 5) % 9}:{(n * 13) % 60:02d}")
        made.append(scene.applicants.hand_in(organisation, call, category))
    return made


def questions(scene: Scene, call: Call, plan: Plan, asked: Iterable[tuple[Organisation, str, str]]) -> Line:
    """Questions during the window and their published answers."""
    for n, (organisation, text, answer) in enumerate(asked):
        yield at(plan.starts + (2 + n) * DAY, "10:20")
        row = question.ask(by=scene.applicants.who(organisation), call_id=call.pk, text=text)
        yield at(ahead(plan.starts + (2 + n) * DAY, 1), "15:05")
        question.answer(by=scene.who(plan.clerk), question_id=row.pk, text=answer)


def audited(
    scene: Scene,
    call: Call,
    plan: Plan,
    *,
    corrected: Collection[int] = (),
    refused: dict[int, Sequence[str]] | None = None,
    per_day: int = 5,
) -> Line:
    """资格审核 to its end: corrections for `corrected`, facts denied for `refused` (applications), all released."""
    clerk, checker = scene.who(plan.clerk), scene.who(plan.checker)
    day = ahead(plan.apply_ends, 1)
    yield at(day, "09:10")
    for row in Application.objects.filter(pk__in=list(corrected)).order_by("pk"):
        demo_audit.correct_one(
            row, clerk, ["material:experience"], "验收意见缺少委托单位盖章页，请重新上传完整的扫描件"
        )
    yield at(ahead(day, 2), "16:40")
    for row in Application.objects.filter(pk__in=list(corrected)).order_by("pk"):
        answer_correction(scene, row)
    done: list[int] = []
    left = list(
        Application.objects.filter(call=call, stage=Stage.SUBMITTED)
        .order_by("submitted_at", "pk")
        .values_list("pk", flat=True)
    )
    step = 0
    while left:
        now, left = left[:per_day], left[per_day:]
        yield at(ahead(day, 2 + step), "17:10" if step == 0 else "10:30")
        for row in Application.objects.filter(pk__in=now).order_by("pk"):
            conclude(scene, row, clerk, no=(refused or {}).get(row.pk, ()))
        yield at(ahead(day, 2 + step), "17:40" if step == 0 else "16:30")
        for pk in now:
            audit.confirm(by=checker, application_id=pk)
        done += now
        step += 1
    yield at(ahead(day, 3 + step), "09:20")
    audit.release_many(by=clerk, ids=done)


def conclude(scene: Scene, application: Application, clerk: Who, *, no: Sequence[str] = ()) -> str:
    """Conclude an application; what the registry does not know yet of the last inspection is asked for first."""
    assert application.submitted_at is not None
    year = application.submitted_at.astimezone(clock.TZ).year - 1
    enter_inspection(clerk, application.organisation, scene.number(application.organisation_id), year)
    return demo_audit.conclude_one(application, clerk, no=no)


def answer_correction(scene: Scene, application: Application) -> None:
    """The organisation mends what was asked for and hands it back, now."""
    import uuid

    application = Application.objects.select_related("organisation", "call", "category").get(
        pk=application.pk
    )
    asked = application.corrections.get(answered_at__isnull=True, expired_at__isnull=True)
    for item in asked.items:
        key = str(item["key"])
        if key.startswith("material:"):
            wanted = application.call.materials.get(key=key.removeprefix("material:"))
            scene.applicants.upload(application, wanted, note="（补正）")
    apply.answer_correction(
        by=scene.applicants.who(application.organisation), application_id=application.pk, key=uuid.uuid4(),
        arrived_at=clock.now(),
    )  # fmt: skip


def _relations(call: Call) -> dict[int, dict[int, str]]:
    """The first member of the call's first committee declares a relation to one applicant."""
    seat = Seat.objects.filter(committee__call=call).order_by("committee", "position").first()
    if seat is None:
        return {}
    rows = Application.objects.filter(
        call=call, category_id=seat.committee.category_id, stage=Stage.QUALIFIED
    )
    row = rows.order_by("pk").first()
    return {seat.expert.number: {row.pk: "前年受聘担任该单位项目督导"}} if row and rows.count() > 2 else {}


def level_marks(expert: Expert, application: Application, item: RubricItem) -> Decimal:
    """Usual points, but two neighbours of a category in three get the same from everybody: a tie."""
    if application.pk % 3 == 2:
        return demo_review.usual_marks(expert, application, item)
    return Decimal(round(item.weight * Decimal("0.82")))


def reviewed(
    scene: Scene, call: Call, plan: Plan, first: dt.date, until: str = "signed", *, level: bool = False
) -> Line:
    """集中评审 from the committees to the signed result, beginning on `first`; gives the committees.

    One expert declares a relation; with `level`, applications are tied.
    """
    times = {
        "frozen": at(first, "09:30"), "drawn": at(first, "15:30"), "open": at(ahead(first, 1), "09:00"),
        "declared": at(ahead(first, 1), "14:00"), "scoring": at(ahead(first, 2), "10:00"),
        "scored": at(ahead(first, 3), "16:00"), "closed": at(ahead(first, 4), "09:00"),
        "meeting": at(ahead(first, 4), "14:00"), "proposed": at(ahead(first, 4), "17:00"),
        "signed": at(ahead(first, 5), "09:40"),
    }  # fmt: skip
    found: list[Committee] = []
    for step, moment in times.items():
        yield moment
        found = demo_review.run_review(
            call, clerk=scene.who(plan.clerk), second=scene.who("zhaojs"), signer=scene.who("chenzr"), until=step,
            conflicts=_relations(call), marks=level_marks if level else demo_review.usual_marks,
        )  # fmt: skip
        if step == until:
            break
    return found


def put_on_view(scene: Scene, call: Call, plan: Plan, day: dt.date) -> Line:
    """Freeze the shortlist on `day`, the leader approves, the 公示 begins; gives it."""
    yield at(day, "10:10")
    frozen = listing.freeze_shortlist(by=scene.who(plan.clerk), call_id=call.pk)
    yield at(day, "15:20")
    return listing.approve_shortlist(by=scene.who("chenzr"), list_id=frozen.pk)


def made_public(scene: Scene, call: Call, plan: Plan, publicity: Publicity) -> Line:
    """After the last day: the formal list, approved by a second person; certificates follow."""
    day = ahead(publicity.ends_on, 1)
    yield at(day, "09:45")
    frozen = listing.freeze_formal(by=scene.who(plan.clerk), call_id=call.pk)
    yield at(day, "14:50")
    listing.publish_formal(by=scene.who(plan.checker), list_id=frozen.pk)
