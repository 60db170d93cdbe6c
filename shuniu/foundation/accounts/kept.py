"""Words typed on a page whose session had ended: carried by the log-in form, back in the page afterwards.

docs/decisions/typed-words-survive-log-in.md says why. Nothing is stored before somebody has logged in, and
nothing is carried out: the page comes back with the words in it, and the person sends it again.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.core import signing
from django.forms import BaseForm
from django.http import HttpRequest, QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.http import url_has_allowed_host_and_scheme

_SALT = "accounts.kept"
_SESSION = "kept"
_LONGEST = 400_000  # characters of a carried form; a longer one is named as lost
_HOURS_12 = 12 * 3600
_NEVER = ("csrfmiddlewaretoken", "password", "credential", "code", "old", "new", "again")


def keep(request: HttpRequest) -> str:
    """The posted words, signed, for a hidden field of the log-in form; "" when there is nothing to keep."""
    if request.method != "POST":
        return ""
    fields = [[name, values] for name, values in request.POST.lists() if not _is_secret(name)]
    content = {"page": page_of(request), "fields": fields, "files": bool(request.FILES)}
    token = signing.dumps(content, salt=_SALT, compress=True)
    if len(token) > _LONGEST:
        return signing.dumps({**content, "fields": [], "lost": True}, salt=_SALT, compress=True)
    return token


def _is_secret(name: str) -> bool:
    return name in _NEVER or "password" in name


def page_of(request: HttpRequest) -> str:
    """The page that the form stood on, by the Referer of our own origin, else the address it was sent to."""
    referer = request.headers.get("Referer", "")
    if referer and url_has_allowed_host_and_scheme(referer, {request.get_host()}):
        parts = urlsplit(referer)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path
    return request.get_full_path()


def release(request: HttpRequest, token: str) -> str:
    """Put carried words into the session of the person who has just logged in; the page to return to."""
    try:
        content: dict[str, Any] = signing.loads(token, salt=_SALT, max_age=_HOURS_12)
    except signing.BadSignature:
        return ""
    page = str(content["page"])
    if content["fields"]:
        request.session[_SESSION] = {"path": urlsplit(page).path, "fields": content["fields"]}
    if content.get("lost"):
        text = "登录状态已过期，刚才填写的内容太长，没有保留。请重新填写。"
    else:
        text = "登录状态已过期，刚才填写的内容还没有提交。请核对后再次提交。"
        if content["files"]:
            text += "文件需要重新选择。"
    messages.warning(request, text)
    return page


def posted(request: HttpRequest, *must_have: str) -> QueryDict | None:
    """The data of a form: what was posted, or the words carried over a log-in, else None (an empty form).

    `form = NoteForm(posted(request))`, and act only `if request.method == "POST" and form.is_valid()`.
    `must_have` names fields by which one of several forms on a page knows its own words.
    """
    if request.method == "POST":
        return request.POST
    kept = request.session.get(_SESSION)
    if not kept or kept["path"] != request.path:
        return None
    data = QueryDict(mutable=True)
    for name, values in kept["fields"]:
        data.setlist(name, values)
    if any(name not in data for name in must_have):
        return None
    del request.session[_SESSION]
    return data


def refill(request: HttpRequest, forms: Iterable[BaseForm]) -> None:
    """The words carried over a log-in as first values of the page's forms that nobody sent; each word once.

    `respond.page` does it for every page; a view that looks at the words itself takes them by `posted` before.
    """
    kept = request.session.get(_SESSION) if request.method == "GET" else None
    if not kept or kept["path"] != request.path:
        return
    data = QueryDict(mutable=True)
    for name, values in kept["fields"]:
        data.setlist(name, values)
    for form in forms:
        for name, field in form.fields.items():
            sent = form.add_prefix(name)
            if not form.is_bound and sent in data:
                form.initial[name] = field.widget.value_from_datadict(data, MultiValueDict(), sent)
    del request.session[_SESSION]
