"""Addresses of accounts. allauth reverses its own names without a namespace; only what we use is here."""

from django.urls import URLPattern, URLResolver, include, path

from .views import entrance, own, security

_keys = [
    path("", security.keys, name="mfa_list_webauthn"),
    path("add/", security.add_key, name="mfa_add_webauthn"),
    path("login/", entrance.log_in_by_passkey, name="mfa_login_webauthn"),
    path("reauthenticate/", security.again_by_passkey, name="mfa_reauthenticate_webauthn"),
    path("keys/<int:pk>/edit/", security.edit_key, name="mfa_edit_webauthn"),
    path("keys/<int:pk>/remove/", security.remove_key, name="mfa_remove_webauthn"),
]

_second_factor: list[URLPattern | URLResolver] = [
    path("", security.overview, name="mfa_index"),
    path("authenticate/", entrance.second_factor, name="mfa_authenticate"),
    path("reauthenticate/", security.again_by_code, name="mfa_reauthenticate"),
    path("totp/activate/", security.activate_app, name="mfa_activate_totp"),
    path("totp/deactivate/", security.deactivate_app, name="mfa_deactivate_totp"),
    path("recovery-codes/", security.codes, name="mfa_view_recovery_codes"),
    path("recovery-codes/generate/", security.new_codes, name="mfa_generate_recovery_codes"),
    path("recovery-codes/download/", security.download_codes, name="mfa_download_recovery_codes"),
    path("webauthn/", include(_keys)),
]

_own = [
    path("profile/", own.profile, name="profile"),
    path("sessions/", own.sessions, name="sessions"),
    path("sessions/<int:sign_in_id>/end/", own.end_session, name="end_session"),
    path("sessions/end-others/", own.end_other_sessions, name="end_other_sessions"),
    path("invitation/<str:token>/", own.invitation, name="invitation"),
]

urlpatterns = [
    path("accounts/login/", entrance.log_in, name="account_login"),
    path("accounts/logout/", entrance.log_out, name="account_logout"),
    path("accounts/inactive/", entrance.inactive, name="account_inactive"),
    path("accounts/reauthenticate/", security.again, name="account_reauthenticate"),
    path("accounts/password/change/", own.password, name="account_change_password"),
    path("accounts/2fa/", include(_second_factor)),
    path("accounts/", include((_own, "accounts"))),
]
