"""Django's settings; what differs between copies comes from `environment`."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF

from shuniu.config import environment

ENV = environment.read(dict(os.environ, SHUNIU_ENV=os.environ.get("SHUNIU_ENV", "production")))
ROOT = environment.ROOT
DATA = ENV.data

SECRET_KEY = ENV.secret_key
DEBUG = ENV.debug
ALLOWED_HOSTS = list(ENV.hosts)
PUBLIC_URL = ENV.public_url.rstrip("/")

INSTALLED_APPS = [
    "shuniu.foundation.ui",
    "shuniu.foundation.accounts",
    "shuniu.foundation.journal",
    "shuniu.foundation.calendar",
    "shuniu.foundation.files",
    "shuniu.foundation.notices",
    "shuniu.foundation.papers",
    "shuniu.unions",
    "shuniu.registry",
    "shuniu.library",
    "shuniu.surveys",
    "shuniu.recognition",
    "shuniu.calls",
    "shuniu.network",
    "shuniu.funds",
    "shuniu.projects",
    "shuniu.portal",
    "shuniu.config",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django_htmx",
    "axes",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    # The arrival stamp comes before everything, so that nothing waits unstamped.
    "shuniu.foundation.calendar.arrival.ArrivalMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "shuniu.config.middleware.turns",
    "shuniu.config.middleware.client_address",
    "shuniu.config.middleware.request_id",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "shuniu.config.middleware.who",
    "shuniu.config.middleware.second_factor",
    "shuniu.config.middleware.refusals",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "shuniu.config.urls"
WSGI_APPLICATION = "shuniu.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

_loaders: list[Any] = [
    "django.template.loaders.filesystem.Loader",
    "django.template.loaders.app_directories.Loader",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "shuniu/foundation/ui/templates"],
        "OPTIONS": {
            "loaders": _loaders if DEBUG else [("django.template.loaders.cached.Loader", _loaders)],
            "builtins": ["shuniu.foundation.ui.templatetags.ui", "django.templatetags.static"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "shuniu.config.context.page",
            ],
        },
    }
]

# A command has one connection, and is told at once why it gets none; a pool would try for half a minute.
_COMMAND = Path(sys.argv[0]).name == "manage.py" and sys.argv[1:2] != ["work"]
DATABASES = {"default": environment.database(ENV.database_url, pooled=ENV.kind != "test" and not _COMMAND)}
DATABASES["default"]["CONN_MAX_AGE"] = 0
# Actions open their own transactions; a page that only reads needs none.
ATOMIC_REQUESTS = False

AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name", "phone", "email")},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
if ENV.kind == "test":
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/home/"
LOGOUT_REDIRECT_URL = "/"

ACCOUNT_ADAPTER = "shuniu.foundation.accounts.adapter.Adapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_USER_DISPLAY = str
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_FORMS = {
    "login": "shuniu.foundation.accounts.forms.LoginForm",
    "reauthenticate": "shuniu.foundation.accounts.forms.ReauthenticateForm",
}
# Wrong passwords are counted by axes alone; a whole office may stand behind one address.
ACCOUNT_RATE_LIMITS = {"login": "300/m/ip", "login_failed": None}
ALLAUTH_TRUSTED_PROXY_COUNT = ENV.proxies
MFA_ADAPTER = "shuniu.foundation.accounts.adapter.MfaAdapter"
MFA_FORMS = {
    "authenticate": "shuniu.foundation.accounts.forms.AuthenticateForm",
    "reauthenticate": "shuniu.foundation.accounts.forms.MfaReauthenticateForm",
    "activate_totp": "shuniu.foundation.accounts.forms.ActivateTOTPForm",
    "add_webauthn": "shuniu.foundation.accounts.forms.AddWebAuthnForm",
    "edit_webauthn": "shuniu.foundation.accounts.forms.EditWebAuthnForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "枢纽"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = ENV.kind != "production"
# Staff and experts must carry a second factor where it is real; the demonstration leaves it off.
MFA_REQUIRED = ENV.production

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "shuniu.foundation.accounts.views.entrance.locked"
AXES_USERNAME_FORM_FIELD = "login"
AXES_USERNAME_CALLABLE = "shuniu.foundation.accounts.adapter.axes_username"
AXES_VERBOSE = False
AXES_ENABLE_ACCESS_FAILURE_LOG = False
AXES_DISABLE_ACCESS_LOG = True

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_MAX_AGE = 31536000 if ENV.production else 3600
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA / "files"},
    },
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if ENV.production
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
FILES_ROOT = DATA / "files"
FONT_DIR = ENV.font_dir
CLAMAV = ENV.clamav

SESSION_COOKIE_AGE = 8 * 3600
SESSION_SAVE_EVERY_REQUEST = False
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = f"shuniu_{ENV.port}"
CSRF_COOKIE_NAME = f"shuniu_csrf_{ENV.port}"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "shuniu.config.errors.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
if ENV.production:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 31536000
    SECURE_REDIRECT_EXEMPT = [r"^health/$"]
    if ENV.proxies:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "frame-src": [SELF],
        "object-src": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
        "base-uri": [NONE],
        "manifest-src": [SELF],
        "report-uri": "/csp-report/",
    }
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
FILE_UPLOAD_PERMISSIONS = 0o600

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SILENCED_SYSTEM_CHECKS = ["axes.W003"]

DEFAULT_FROM_EMAIL = SERVER_EMAIL = ENV.mail_from
if ENV.mail_url:
    from shuniu.config.mail import settings_from

    globals().update(settings_from(ENV.mail_url))
elif ENV.kind == "test":
    EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = DATA / "mail"

FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

from shuniu.config.logs import LOGGING  # noqa: E402, F401
