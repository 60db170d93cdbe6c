"""The second factor: setting it up, seeing it, taking it away. allauth's views in our look and guard."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY
from allauth.account.views import ReauthenticateView
from allauth.mfa.base.views import IndexView
from allauth.mfa.base.views import ReauthenticateView as MfaReauthenticateView
from allauth.mfa.recovery_codes.views import (
    DownloadRecoveryCodesView,
    GenerateRecoveryCodesView,
    ViewRecoveryCodesView,
)
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.views import (
    AddWebAuthnView,
    EditWebAuthnView,
    ListWebAuthnView,
    ReauthenticateWebAuthnView,
    RemoveWebAuthnView,
)
from django.http import HttpResponse

from shuniu.foundation.access import members_only
from shuniu.foundation.accounts.adapter import must_carry_second
from shuniu.foundation.accounts.models import Person
from shuniu.foundation.accounts.queries import has_second_factor
from shuniu.foundation.accounts.views.entrance import InOurLook


class _Again(InOurLook):
    """The password or code once more. allauth would carry out the interrupted POST from its memory; here
    the person returns to the page and sends it again, so that no act happens on a page nobody sees."""

    def form_valid(self, form: Any) -> HttpResponse:
        state = self.request.session.get(STATE_SESSION_KEY)
        if state and "request" in state:
            del self.request.session[STATE_SESSION_KEY]
        return super().form_valid(form)  # type: ignore[misc, no-any-return]


class Again(_Again, ReauthenticateView):
    """By password."""


class AgainByCode(_Again, MfaReauthenticateView):
    """By code."""


class AgainByPasskey(_Again, ReauthenticateWebAuthnView):
    """By passkey."""


class Overview(InOurLook, IndexView):
    """What protects the account."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        person = self.request.user
        assert isinstance(person, Person)
        context["must_set_up"] = must_carry_second(person) and not has_second_factor(person)
        return context


class ActivateApp(InOurLook, ActivateTOTPView):
    """An authenticator app: QR code and first code."""


class DeactivateApp(InOurLook, DeactivateTOTPView):
    """Take the authenticator app away."""


class Codes(InOurLook, ViewRecoveryCodesView):
    """The recovery codes."""


class NewCodes(InOurLook, GenerateRecoveryCodesView):
    """New recovery codes; the old ones die."""


class Keys(InOurLook, ListWebAuthnView):
    """The passkeys."""


class AddKey(InOurLook, AddWebAuthnView):
    """One more passkey."""


class EditKey(InOurLook, EditWebAuthnView):
    """Another name for a passkey."""


class RemoveKey(InOurLook, RemoveWebAuthnView):
    """Take a passkey away."""


_own = members_only()
again = _own(Again.as_view())
again_by_code = _own(AgainByCode.as_view())
again_by_passkey = _own(AgainByPasskey.as_view())
overview = _own(Overview.as_view())
activate_app = _own(ActivateApp.as_view())
deactivate_app = _own(DeactivateApp.as_view())
codes = _own(Codes.as_view())
new_codes = _own(NewCodes.as_view())
download_codes = _own(DownloadRecoveryCodesView.as_view())
keys = _own(Keys.as_view())
add_key = _own(AddKey.as_view())
edit_key = _own(EditKey.as_view())
remove_key = _own(RemoveKey.as_view())
