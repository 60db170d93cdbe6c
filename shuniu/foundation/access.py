"""Who asks, what they may do, and the words in which they are refused.

One `Verdict` serves three places: the action refuses by it, the page shows or hides its form by it, and
the text of the refusal cites the clause. What "for whom one acts" means is filled in by higher slices
(`unions` for staff and experts, `registry` for organisations) through `hats.register`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.urls import reverse

if TYPE_CHECKING:
    from shuniu.foundation.accounts.models import Person

View = Callable[..., HttpResponseBase]


# --- verdicts ---------------------------------------------------------------------------------------

REFUSALS: dict[str, str] = {}
"""Every reason for which an act can be refused: code → Chinese sentence (with {placeholders})."""


@dataclass(frozen=True)
class Verdict:
    """May it be done? If not: why, under which clause."""

    allowed: bool
    reason: str = ""
    clause: str = ""
    code: str = ""

    def __bool__(self) -> bool:
        return self.allowed

    @property
    def said(self) -> str:
        """The reason with its clause, as a form or an answer to a script says it."""
        return f"{self.reason}（依据{self.clause}）" if self.clause else self.reason


YES = Verdict(True)


class Refused(Exception):
    """An act was refused; the verdict says why. Pages show it as a sentence, never as a trace."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.reason)
        self.verdict = verdict


def register_refusals(reasons: dict[str, str]) -> None:
    """Called by each slice's rules.py: `{"calls.closed": "报名已于 {at} 截止。"}`."""
    for code, text in reasons.items():
        if REFUSALS.get(code, text) != text:
            raise ValueError(f"refusal {code} is registered twice with different words")
        REFUSALS[code] = text


def refuse(code: str, *, clause: str = "", **words: object) -> Verdict:
    """A refusal by its registered code; KeyError for a code that nobody registered."""
    return Verdict(False, REFUSALS[code].format(**words), clause, code)


def require(verdict: Verdict) -> None:
    """Raise Refused unless the verdict allows."""
    if not verdict.allowed:
        raise Refused(verdict)


def first_refusal(verdicts: Iterable[Verdict]) -> Verdict:
    """The first verdict that refuses, else YES."""
    return next((v for v in verdicts if not v.allowed), YES)


# --- who asks ---------------------------------------------------------------------------------------

STAFF_ROLES = {
    "clerk": "经办人",
    "checker": "复核人",
    "leader": "领导",
    "finance": "财务",
    "auditor": "经审",
    "sys_admin": "系统管理员",
    "sec_admin": "安全管理员",
    "audit_admin": "审计管理员",
}
UNION_ROLES = STAFF_ROLES | {"expert": "评审专家"}
ORGANISATION_ROLES = {"org_owner": "负责人", "org_member": "成员"}
ROLE_LABELS = UNION_ROLES | ORGANISATION_ROLES


@dataclass(frozen=True)
class Hat:
    """For whom and in which role somebody acts: one at a time, always named on the page."""

    kind: str  # "union" | "organisation"
    id: int
    name: str
    role: str
    on_behalf_of: str = ""  # the person who is away, when this is a delegation

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.id}:{self.role}"

    @property
    def role_label(self) -> str:
        label = ROLE_LABELS.get(self.role, self.role)
        return f"{label}（代{self.on_behalf_of}）" if self.on_behalf_of else label


@dataclass(frozen=True)
class Who:
    """The one who asks: a person under a hat, nobody, or the system itself."""

    person: Person | None = None
    hat: Hat | None = None
    system: str = ""  # why the system acts, e.g. "公示期满自动结束"
    hats: tuple[Hat, ...] = ()

    @property
    def name(self) -> str:
        if self.person is not None:
            return self.person.name
        return "系统" if self.system else "匿名"

    @property
    def union_id(self) -> int | None:
        return self.hat.id if self.hat and self.hat.kind == "union" else None

    @property
    def organisation_id(self) -> int | None:
        return self.hat.id if self.hat and self.hat.kind == "organisation" else None

    @property
    def role(self) -> str:
        return self.hat.role if self.hat else ""

    def acts_for(self, union_id: int, *roles: str) -> bool:
        """True when the hat is one of `roles` (any role when none is named) in this very union."""
        return self.union_id == union_id and (not roles or self.role in roles)


NOBODY = Who()


def system(why: str) -> Who:
    """The system as actor of an automatic act; `why` is journalled."""
    return Who(system=why)


HatProvider = Callable[["Person"], Iterable[Hat]]
_providers: list[HatProvider] = []


def register_hats(provider: HatProvider) -> None:
    """A higher slice tells which hats a person holds today."""
    if provider not in _providers:
        _providers.append(provider)


def hats_of(person: Person) -> tuple[Hat, ...]:
    """Every hat the person holds today, in the order of the providers."""
    return tuple(hat for provider in _providers for hat in provider(person))


def who_is(person: Person, key: str = "") -> Who:
    """The person under the hat named by `key`, else under the first one."""
    hats = hats_of(person)
    hat = next((h for h in hats if h.key == key), hats[0] if hats else None)
    return Who(person=person, hat=hat, hats=hats)


# --- doors ------------------------------------------------------------------------------------------

register_refusals(
    {
        "access.role": "这一页由{roles}办理。您现在的身份是“{mine}”，可在右上角切换身份，或联系本单位系统管理员授权。",
    }
)


def role_verdict(who: Who, roles: Collection[str]) -> Verdict:
    """Is the hat one of these roles?"""
    if who.role in roles:
        return YES
    labels = "、".join(label for role, label in ROLE_LABELS.items() if role in roles)
    return refuse("access.role", roles=labels, mine=who.hat.role_label if who.hat else "未分配身份")


ClauseSource = Callable[[HttpRequest], str]
_clauses: list[ClauseSource] = []


def register_clauses(source: ClauseSource) -> None:
    """A slice tells under which clause of a document a page is kept for its roles; "" where it knows none."""
    if source not in _clauses:
        _clauses.append(source)


def _role_refused(request: HttpRequest, verdict: Verdict) -> Verdict:
    return replace(verdict, clause=next((found for source in _clauses if (found := source(request))), ""))


_entrance: list[Callable[[HttpRequest], HttpResponseBase]] = []


def register_entrance(page: Callable[[HttpRequest], HttpResponseBase]) -> None:
    """The page that `members_only` shows to somebody who is not logged in (accounts brings it)."""
    _entrance[:] = [page]


def members_only(*roles: str) -> Callable[[View], View]:
    """Only people who are logged in and, when roles are named, act in one of them.

    `@members_only("clerk", "checker")`. A stranger to the object still gets 404 from the query.
    """

    def door(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            who: Who = request.who  # type: ignore[attr-defined]
            if who.person is None:
                if request.method in ("GET", "HEAD") and not request.headers.get("HX-Request"):
                    query = QueryDict(mutable=True)
                    query["next"] = request.get_full_path()
                    return HttpResponseRedirect(f"{reverse('account_login')}?{query.urlencode(safe='/')}")
                return _entrance[0](request)
            if roles:
                verdict = role_verdict(who, roles)
                require(verdict if verdict else _role_refused(request, verdict))
            return view(request, *args, **kwargs)

        guarded.access_guard = ("members", roles)  # type: ignore[attr-defined]
        return guarded

    return door


def public(why: str) -> Callable[[View], View]:
    """Open to everybody; `why` is reviewed with the permission matrix."""

    def door(view: View) -> View:
        @wraps(view)
        def open_view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            return view(request, *args, **kwargs)

        open_view.access_guard = ("public", (why,))  # type: ignore[attr-defined]
        return open_view

    return door


def who_asks(request: HttpRequest) -> Who:
    """The `Who` of this request (set by the middleware)."""
    return request.who  # type: ignore[attr-defined, no-any-return]


__all__ = [
    "NOBODY", "ORGANISATION_ROLES", "REFUSALS", "ROLE_LABELS", "STAFF_ROLES", "UNION_ROLES", "YES", "Hat",
    "Refused", "Verdict", "Who", "first_refusal", "hats_of", "members_only", "public", "refuse",
    "register_clauses", "register_entrance", "register_hats", "register_refusals", "require", "role_verdict", "system",
    "who_asks", "who_is",
]  # fmt: skip
