"""Whom the figures act as and what they look at, found in the volume."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.test import Client

from benchmarks.volume_size import Size
from shuniu.calls import demo_review
from shuniu.calls.models import Call, Committee, ScoreSheet, Seat
from shuniu.foundation.access import Hat, Who
from shuniu.foundation.accounts.models import Person
from shuniu.unions.models import Union
from shuniu.unions.queries import people_with

ROWS = 50


@dataclass(frozen=True)
class Side:
    """One of the two volumes that a figure compares."""

    label: str
    union: Union
    call: Call
    rows: int

    @cached_property
    def clerk(self) -> Client:
        """A browser in which a clerk of the union is logged in."""
        return logged_in(who_acts(self.union, "clerk"))

    @cached_property
    def closed(self) -> Committee:
        """A committee that is scored, with its meeting."""
        return Committee.objects.filter(call=self.call, closed_at__isnull=False).order_by("category__order")[
            0
        ]

    @cached_property
    def open_seat(self) -> Seat:
        """A member whose sheets are all to be filled in."""
        return (
            Seat.objects.filter(
                committee__call=self.call,
                committee__closed_at__isnull=True,
                sheets__state=ScoreSheet.State.DRAFT,
            )
            .select_related("expert__person", "expert__union", "committee")
            .distinct()
            .get()
        )

    @cached_property
    def expert(self) -> Client:
        """A browser in which that member is logged in."""
        return logged_in(demo_review.as_expert(self.open_seat.expert))


@dataclass(frozen=True)
class Stage:
    """The volume, how often each figure is taken, and the addresses of the database."""

    size: Size
    rounds: int
    app_url: str

    @cached_property
    def large(self) -> Side:
        from benchmarks.volume import CITY, TITLE

        return _side(CITY, TITLE, self.size.applications)

    @cached_property
    def few(self) -> Side:
        from benchmarks.volume import FEW_CITY, FEW_TITLE

        return _side(FEW_CITY, FEW_TITLE, self.size.few)

    @cached_property
    def hundred(self) -> Side:
        from benchmarks.volume import SMALL_CITY, SMALL_TITLE

        return _side(SMALL_CITY, SMALL_TITLE, self.size.small_call)


def _side(union: str, title: str, rows: int) -> Side:
    found = Union.objects.get(name=union)
    return Side(f"{rows:,}", found, Call.objects.get(union=found, title=title), rows)


def who_acts(union: Union, role: str) -> Who:
    """Somebody of the union under the hat of this role."""
    person = people_with(union.pk, role).order_by("pk").first()
    assert isinstance(person, Person)
    hat = Hat("union", union.pk, union.name, role)
    return Who(person=person, hat=hat, hats=(hat,))


def logged_in(who: Who) -> Client:
    """A browser of Django's own, through every middleware, under the asker's hat."""
    assert who.person is not None and who.hat is not None
    client = Client()
    client.force_login(who.person, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    session["hat"] = who.hat.key
    session.save()
    return client
