"""What recognitions bring to shared pages."""

from __future__ import annotations

from collections.abc import Iterable

from shuniu.foundation.access import ORGANISATION_ROLES, Who
from shuniu.foundation.calendar import clock
from shuniu.foundation.ui import slots
from shuniu.recognition.models import Recognition
from shuniu.recognition.queries import (
    READERS,
    ending_soon,
    honours_visible_to,
    honours_waiting,
    open_withdrawals,
    recognitions_visible_to,
    soon_over,
    upward_waiting,
)
from shuniu.recognition.rules import APPROVERS
from shuniu.recognition.standing import SOON_DAYS, standing
from shuniu.registry.models import Organisation
from shuniu.unions.models import Union

_ORG = frozenset(ORGANISATION_ROLES)
_STRANGERS = frozenset({""})


def _navigation(who: Who) -> Iterable[slots.NavItem]:
    yield slots.NavItem("证书", "/certificates/", _ORG, 30)
    yield slots.NavItem("资质", "/recognitions/", READERS, 30)
    yield slots.NavItem("荣誉", "/honours/", READERS, 31)
    yield slots.NavItem("证书核验", "/verify/", _STRANGERS, 50)


def _todos(who: Who) -> Iterable[slots.Todo]:
    if who.organisation_id is not None:
        for row in ending_soon(clock.today()).filter(organisation_id=who.organisation_id):
            yield slots.Todo(
                "证书", f"{row.category_label}即将到期", f"/certificates/{row.pk}/", "续期请参加下一次遴选",
                row.last_day, key=f"recognition.expiry:{row.pk}",
            )  # fmt: skip
    if who.role in APPROVERS:
        for request in open_withdrawals(who):
            of = request.recognition
            yield slots.Todo(
                "退出", of.organisation.name, f"/recognitions/{of.pk}/", f"申请退出{of.category_label}",
                key=f"recognition.withdrawal:{request.pk}",
            )  # fmt: skip
        for put in upward_waiting(who):
            yield slots.Todo(
                "荣誉", put.honour.subject_label, f"/honours/{put.honour_id}/", f"推荐参评“{put.title}”待审签",
                key=f"recognition.upward:{put.pk}",
            )  # fmt: skip
        for honour in honours_waiting(who):
            yield slots.Todo(
                "荣誉", honour.subject_label, f"/honours/{honour.pk}/", f"{honour.title}待确认",
                key=f"recognition.honour:{honour.pk}",
            )  # fmt: skip


def _on_organisation(who: Who, organisation: Organisation) -> Iterable[slots.Panel]:
    today = clock.today()
    rows = list(recognitions_visible_to(who).filter(organisation=organisation)[:50])
    if not rows:
        return
    base = "/certificates/" if who.organisation_id is not None else "/recognitions/"
    yield slots.Panel(
        "资质",
        "recognition/parts/panel.html",
        {"rows": [{"row": r, "standing": standing(r, today), "url": f"{base}{r.pk}/"} for r in rows]},
        order=10,
    )


def _honours(who: Who, organisation: Organisation) -> Iterable[slots.Panel]:
    rows = list(honours_visible_to(who).filter(organisation=organisation)[:50])
    if rows:
        yield slots.Panel("荣誉", "recognition/parts/honours.html", {"rows": rows}, order=11)


def _on_bench(who: Who, union: Union) -> Iterable[slots.Panel]:
    """资质即将到期 on the clerk's work bench: the next five that the union granted, and a link to the list."""
    if who.role != "clerk":
        return
    own = Recognition.objects.filter(soon_over(clock.today()), union=union).select_related("organisation")
    if rows := list(own.order_by("last_day", "pk")[:5]):
        yield slots.Panel("", "recognition/parts/on_bench.html", {"rows": rows, "days": SOON_DAYS}, order=60)


def register() -> None:
    """Fill the slots."""
    slots.navigation(_navigation)
    slots.todo(_todos)
    slots.panel("registry.organisation", _on_organisation)
    slots.panel("registry.organisation", _honours)
    slots.panel("unions.union", _on_bench)
