"""What the registry brings to shared pages: navigation, to-do, search."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.urls import reverse

from shuniu.foundation.access import ORGANISATION_ROLES, Who
from shuniu.foundation.ui.slots import Found, NavItem, Todo
from shuniu.registry.fields import PROFILE
from shuniu.registry.queries import (
    VIEWERS,
    claims_visible_to,
    corrections_visible_to,
    found_by_former,
    open_findings,
    own_claims,
    search,
    unfinished_imports,
)

_ORG = frozenset(ORGANISATION_ROLES)


def navigation(who: Who) -> Iterable[NavItem]:
    """社会组织 for unions; 首页, 组织信息, 成员, 材料库 for an organisation."""
    yield NavItem("社会组织", reverse("registry:organisations"), VIEWERS, 40)
    yield NavItem("首页", reverse("registry:home"), _ORG, 0)
    yield NavItem("组织信息", reverse("registry:own_info"), _ORG, 40)
    yield NavItem("成员", reverse("registry:members"), _ORG, 50)
    yield NavItem("材料库", reverse("registry:materials"), _ORG, 60)


def home(who: Who) -> str:
    """Where work begins: the workspace; for somebody without a hat what became of their claim."""
    if who.organisation_id is not None:
        return reverse("registry:home")
    return reverse("registry:join") if who.hat is None and own_claims(who).exists() else ""


def todos(who: Who) -> Iterable[Todo]:
    """Claims, corrections and lists that wait for the clerk; an organisation's own requests as waiting."""
    if who.organisation_id is not None:
        for c in corrections_visible_to(who).filter(state="pending"):
            yield Todo(
                tag="更正", title=f"申请更正{PROFILE[c.field].label}", url=reverse("registry:own_info"),
                sub="等待工会处理", waiting=True, key=f"registry.correction:{c.pk}",
            )  # fmt: skip
        return
    if who.role != "clerk":
        return
    for claim in claims_visible_to(who).filter(state="pending"):
        yield Todo(
            tag="认领", title=claim.name, url=reverse("registry:claim", args=[claim.pk]),
            sub=f"{claim.person.name}申请", key=f"registry.claim:{claim.pk}",
        )  # fmt: skip
    for c in corrections_visible_to(who).filter(state="pending"):
        yield Todo(
            tag="更正", title=c.organisation.name, url=reverse("registry:correction", args=[c.pk]),
            sub=f"申请更正{PROFILE[c.field].label}", key=f"registry.correction:{c.pk}",
        )  # fmt: skip
    for finding in open_findings(who):
        yield Todo(
            tag="负面信息", title=finding.organisation.name, url=reverse("registry:finding", args=[finding.pk]),
            sub=finding.text, key=f"registry.finding:{finding.pk}",
        )  # fmt: skip
    for batch in unfinished_imports(who):
        yield Todo(
            tag="导入", title=batch.file_name, url=reverse("registry:import", args=[batch.pk]),
            sub=f"{batch.rows_total} 行待确认", key=f"registry.import:{batch.pk}",
        )  # fmt: skip


def found(who: Who, text: str, limit: int) -> Sequence[Found]:
    """Organisations of the asker's registry by name, initials or code."""
    if who.union_id is None:
        return []
    hits = search(who, text, limit=limit)
    former = found_by_former(hits, text)
    return [
        Found(
            "社会组织", row.name, reverse("registry:organisation", args=[row.pk]),
            former.get(row.pk) or row.code or "未登记",
        )
        for row in hits
    ]  # fmt: skip
