"""The organisation's own workspace: home, 组织信息, 成员, 材料库."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shuniu.foundation.access import YES, Refused, Verdict, members_only, require
from shuniu.foundation.calendar import clock
from shuniu.foundation.files import serving
from shuniu.foundation.files.models import Attachment
from shuniu.foundation.files.queries import attachments_of, reusable_for
from shuniu.foundation.notices.queries import inbox_of
from shuniu.foundation.ui import slots
from shuniu.foundation.ui.respond import done, page, refused_into
from shuniu.registry import actions, rules
from shuniu.registry.fields import PROFILE
from shuniu.registry.forms.people import CorrectionForm, InviteForm, UploadForm
from shuniu.registry.models import Membership, Organisation
from shuniu.registry.profile import Said
from shuniu.registry.queries import corrections_visible_to, invitations_of, members_of, snapshot
from shuniu.registry.views.shared import ORG, groups, own, sent, shared_source, timeline_of

_ROLES = dict(Membership._meta.get_field("role").choices or [])


@members_only(*ORG)
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What waits for the organisation, its messages, and what other slices know of it."""
    who, organisation = own(request)
    context = {
        "organisation": organisation,
        "todos": [
            {"tag": t.tag, "label": t.title, "url": t.url, "detail": t.sub, "due": t.due or ""}
            for t in slots.todos_for(who)
        ],
        "messages_list": [
            {"label": m.title, "url": m.url or reverse("registry:home"), "detail": m.body, "new": m.read_at is None}
            for m in inbox_of(who)[:8]
        ],
        "panels": slots.panels_for(who, organisation), "entries": timeline_of(organisation)[:8],
    }  # fmt: skip
    return page(request, "registry/own/home.html", context)


@members_only(*ORG)
@require_GET
def info(request: HttpRequest) -> HttpResponse:
    """组织信息: everything that the registry knows, with source and date; wrong is 申请更正."""
    who, organisation = own(request)
    now = snapshot(organisation, clock.today())
    pending = {c.field: c for c in corrections_visible_to(who).filter(state="pending")}
    source = shared_source(now.profile.values())
    profile = [_line(now.profile.get(name), name, name in pending, source) for name in PROFILE]
    decided = corrections_visible_to(who).exclude(state="pending").order_by("-decided_at")[:5]
    context = {
        "organisation": organisation, "profile": profile, "source": source, "groups": groups(who, now),
        "corrections": [(c, PROFILE[c.field].label) for c in pending.values()],
        "decided": [(c, PROFILE[c.field].label) for c in decided],
    }  # fmt: skip
    return page(request, "registry/own/info.html", context)


def _line(said: Said | None, name: str, pending: bool, shared: str) -> dict[str, Any]:
    spec = PROFILE[name]
    line: dict[str, Any] = {"label": spec.label, "value": said.shown if said else ""}
    if said and said.told != shared:
        line |= {"source": said.source, "date": said.date}
    if pending:
        line["remark"] = "已申请更正，等待处理"
    elif spec.official and name not in {"legal_type"}:
        line |= {"change_url": reverse("registry:ask_correction", args=[name]), "change": "申请更正"}
    return line


@members_only(*ORG)
@require_http_methods(["GET", "POST"])
def ask_correction(request: HttpRequest, field: str) -> HttpResponse:
    """申请更正 of one field."""
    who, organisation = own(request)
    if field not in PROFILE:
        raise Http404
    now = snapshot(organisation, clock.today(), kinds=()).profile.get(field)
    form = CorrectionForm(*sent(request), field=field)
    if request.method == "POST" and form.is_valid():
        try:
            actions.request_correction(by=who, organisation=organisation, field=field, **form.cleaned_data)
        except Refused as refused:
            refused_into(form, refused, "new" if refused.verdict.code == "registry.correction_same" else None)
        else:
            return done(request, reverse("registry:own_info"), "已提交更正申请，处理结果会发消息给您。")
    context = {"form": form, "label": PROFILE[field].label, "now": now}
    return page(request, "registry/own/correct.html", context)


@members_only(*ORG)
@require_POST
def withdraw_correction(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a request back."""
    who, _ = own(request)
    row = get_object_or_404(corrections_visible_to(who), pk=pk)
    actions.withdraw_correction(by=who, request=row)
    return done(request, reverse("registry:own_info"), "更正申请已撤回。")


@members_only(*ORG)
@require_http_methods(["GET", "POST"])
def members(request: HttpRequest) -> HttpResponse:
    """Who acts for the organisation; a 负责人 invites by a link that is shown once."""
    who, organisation = own(request)
    form, link = InviteForm(*sent(request)), ""
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            token = actions.invite_member(by=who, organisation=organisation, **data)
        except Refused as refused:
            refused_into(form, refused)
        else:
            link = request.build_absolute_uri(reverse("accounts:invitation", args=[token]))
            form = InviteForm()
    context = {
        "organisation": organisation, "memberships": members_of(who, organisation), "form": form, "link": link,
        "leads": who.role == "org_owner", "me": who.person,
        "invitations": [(row, _ROLES[row.payload["role"]]) for row in invitations_of(who, organisation)],
    }  # fmt: skip
    return page(request, "registry/own/members.html", context)


@members_only("org_owner")
@require_POST
def revoke_invitation(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw a link that nobody used yet."""
    who, organisation = own(request)
    row = get_object_or_404(invitations_of(who, organisation), pk=pk)
    actions.revoke_member_invitation(by=who, organisation=organisation, invitation=row)
    return done(request, reverse("registry:members"), f"给{row.invited_name}的邀请已收回。")


def _membership(request: HttpRequest, pk: int) -> tuple[Any, Organisation, Membership]:
    who, organisation = own(request)
    return who, organisation, get_object_or_404(members_of(who, organisation), pk=pk)


@members_only("org_owner")
@require_http_methods(["GET", "POST"])
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Another member becomes 负责人, oneself stays as a member: said first, since one cannot take it back oneself."""
    who, _, membership = _membership(request, pk)
    name = membership.person.name
    if request.method == "POST":
        actions.hand_over(by=who, to=membership)
        return done(request, reverse("registry:home"), f"负责人已移交给{name}。")
    told = f"移交后，{name}成为负责人，您留任成员，不能再邀请和移出成员。以后要收回，须由{name}再移交给您。"
    return _parting(request, f"把负责人移交给{name}", told, f"确认移交给{name}", YES)


@members_only(*ORG)
@require_http_methods(["GET", "POST"])
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a member, or leave: said first what it means."""
    who, organisation, membership = _membership(request, pk)
    leaves = who.person is not None and membership.person_id == who.person.pk
    if request.method == "GET":
        if leaves:
            told = f"退出后，您不能再代表{organisation.name}办理，也看不到它的申报和材料；再次加入须由负责人邀请。"
            return _parting(request, "退出本单位", told, "确认退出", rules.may_leave(membership))
        require(rules.may_lead(who, organisation))
        name = membership.person.name
        told = (
            f"移出后，{name}不能再代表{organisation.name}办理；经手的申报和材料都保留。再次加入须重新邀请。"
        )
        return _parting(request, f"移出{name}", told, f"确认移出{name}", rules.may_leave(membership))
    actions.remove_member(by=who, membership=membership)
    if leaves:
        return done(request, reverse("registry:join"), "您已退出该单位。")
    return done(request, reverse("registry:members"), f"{membership.person.name}已移出。")


def _parting(request: HttpRequest, title: str, told: str, submit: str, verdict: Verdict) -> HttpResponse:
    context = {"title": title, "told": told, "submit": submit, "verdict": verdict}
    return page(request, "registry/own/parting.html", context)


# --- materials --------------------------------------------------------------------------------------


@members_only(*ORG)
@require_http_methods(["GET", "POST"])
def materials(request: HttpRequest) -> HttpResponse:
    """材料库: files that can be used again, and those used in earlier matters."""
    who, organisation = own(request)
    form = UploadForm(*sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.keep_material(by=who, organisation=organisation, received=form.cleaned_data["file"])
        except Refused as refused:
            refused_into(form, refused, "file")
        else:
            return done(request, reverse("registry:materials"), "文件已放入材料库。")
    context = {
        "organisation": organisation, "form": form, "kept": attachments_of(organisation),
        "removed": attachments_of(organisation, removed=True)[-5:],
        "used": reusable_for(who).exclude(owner=f"registry.organisation:{organisation.pk}")[:100],
    }  # fmt: skip
    return page(request, "registry/own/materials.html", context)


def _own_file(request: HttpRequest, file: str) -> tuple[Any, Organisation, Attachment]:
    who, organisation = own(request)
    rows = Attachment.objects.select_related("blob").filter(organisation_id=organisation.pk)
    return who, organisation, get_object_or_404(rows, pk=file)


@members_only(*ORG)
@require_GET
def material(request: HttpRequest, file: str) -> HttpResponseBase:
    """A file of the organisation's own, whatever matter it was used in."""
    _, _, found = _own_file(request, file)
    return serving.response(found, inline="download" not in request.GET)


@members_only(*ORG)
@require_POST
def remove_material(request: HttpRequest, file: str) -> HttpResponse:
    """Take a file out of the 材料库."""
    who, organisation, found = _kept(request, file)
    actions.remove_material(by=who, organisation=organisation, attachment=found)
    return done(request, reverse("registry:materials"), f"“{found.name}”已移出材料库，可在下方恢复。")


@members_only(*ORG)
@require_POST
def restore_material(request: HttpRequest, file: str) -> HttpResponse:
    """Put it back."""
    who, organisation, found = _kept(request, file)
    actions.restore_material(by=who, organisation=organisation, attachment=found)
    return done(request, reverse("registry:materials"), f"“{found.name}”已恢复。")


def _kept(request: HttpRequest, file: str) -> tuple[Any, Organisation, Attachment]:
    who, organisation, found = _own_file(request, file)
    if found.owner != f"registry.organisation:{organisation.pk}":
        raise Http404
    return who, organisation, found
