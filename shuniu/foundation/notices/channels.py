"""Channels out of the house behind one port. Mail works through Django's backends; a hook posts to a gateway.

A channel answers `address_of(person)` ("" when it cannot reach them) and `send(...)`; raising means failed.
"""

from __future__ import annotations

import json
import urllib.request
from typing import Protocol

from django.conf import settings
from django.core.mail import send_mail

from shuniu.foundation.accounts.models import Person


class Channel(Protocol):
    """The port that every channel fills."""

    name: str

    def address_of(self, person: Person) -> str: ...

    def send(self, *, address: str, title: str, body: str, url: str) -> None: ...


class Mail:
    """E-mail."""

    name = "mail"

    def address_of(self, person: Person) -> str:
        return person.email

    def send(self, *, address: str, title: str, body: str, url: str) -> None:
        link = f"\n\n{settings.PUBLIC_URL}{url}" if url else ""
        send_mail(f"【枢纽】{title}", f"{body}{link}", settings.DEFAULT_FROM_EMAIL, [address])


class Hook:
    """A gateway of the union's own (SMS, 企业微信) that takes JSON: {to, title, body, url}."""

    name = "hook"

    def __init__(self, endpoint: str, timeout: float = 5.0) -> None:
        if not endpoint.startswith(("http://", "https://")):
            raise ValueError("the gateway's address must be http or https")
        self.endpoint = endpoint
        self.timeout = timeout

    def address_of(self, person: Person) -> str:
        return person.phone

    def send(self, *, address: str, title: str, body: str, url: str) -> None:
        data = json.dumps({"to": address, "title": title, "body": body, "url": url}).encode()
        request = urllib.request.Request(  # noqa: S310 - the scheme was checked
            self.endpoint, data, {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=self.timeout):  # noqa: S310
            pass


def channels() -> list[Channel]:
    """The channels that this copy uses."""
    found: list[Channel] = [Mail()]
    if endpoint := settings.ENV.hook_url:
        found.append(Hook(endpoint))
    return found
