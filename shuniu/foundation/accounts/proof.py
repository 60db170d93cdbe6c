"""High-risk steps ask once more who sits there: the password on the page itself, another way on its own page.

    again = proof(request, sent=request.POST.get("do") == "approve")
    if again.is_bound and proved(request, again):
        ...

The page shows `{% include "accounts/proof.html" with again=again %}` inside the form of the step. Logging in is
not enough; whoever has just answered is not asked again for `ACCOUNT_REAUTHENTICATION_TIMEOUT` seconds.
"""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import (
    did_recently_reauthenticate,
    reauthenticate_by_password,
)
from allauth.core.ratelimit import consume
from django.conf import settings
from django.http import HttpRequest

from shuniu.foundation.accounts import demo
from shuniu.foundation.accounts.forms import ProofForm
from shuniu.foundation.accounts.models import Person

_OTHER_WAYS = {"mfa_reauthenticate": "改用动态口令", "mfa_reauthenticate:webauthn": "改用通行密钥"}
_TOO_MANY = "密码输错的次数过多。请等一分钟再试。"


def proof(request: HttpRequest, *, sent: bool, allowed: bool = True) -> ProofForm:
    """The question for the person of this request: a password, or no field when they have just answered.

    `allowed`: whoever may not take the step anyway is refused without being asked.
    """
    asks = allowed and not did_recently_reauthenticate(request)
    ways = get_adapter().get_reauthentication_methods(request.user) if asks else []
    others = [(_OTHER_WAYS[way["id"]], way["url"]) for way in ways if way["id"] in _OTHER_WAYS]
    hint = f"演示账号的密码是 {demo.PASSWORD}。" if settings.ENV.kind == "demo" else ""
    return ProofForm(
        request.POST if sent else None, asks=asks, others=others, hint=hint, page=request.path, prefix="again"
    )


def proved(request: HttpRequest, form: ProofForm) -> bool:
    """Whether the answer is right, which this session then remembers; else the form says what was wrong."""
    if not form.is_valid():
        return False
    if "password" not in form.fields:
        return True
    if not consume(request, action="reauthenticate", user=request.user):
        form.add_error("password", _TOO_MANY)
        return False
    adapter, person = get_adapter(), request.user
    assert isinstance(person, Person)  # the door has seen to it
    if not adapter.reauthenticate(person, form.cleaned_data["password"]):
        form.add_error("password", adapter.error_messages["incorrect_password"])
        return False
    reauthenticate_by_password(request)
    del form.fields["password"]  # should the page come back, it does not ask again
    return True


__all__ = ["proof", "proved"]
