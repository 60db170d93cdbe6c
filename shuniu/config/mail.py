"""Mail by address: SHUNIU_MAIL_URL=smtp://user:password@host:587?tls=1."""

from __future__ import annotations

from urllib.parse import unquote, urlparse


def settings_from(url: str) -> dict[str, object]:
    """Django's mail settings for `url`; smtps means TLS from the first byte, tls=1 STARTTLS."""
    parts = urlparse(url)
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname or "localhost",
        "EMAIL_PORT": parts.port or 25,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": "tls=1" in parts.query,
        "EMAIL_TIMEOUT": 10,
    }
