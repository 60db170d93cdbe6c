"""What the actions of the network share."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, transaction

from shuniu.foundation.access import REFUSALS, Refused, Verdict, Who, refuse
from shuniu.foundation.accounts.models import Person

_CODE = re.compile(r"\b(network\.[a-z_]+)\b")


def person_of(by: Who) -> Person:
    """Who acts; every rule here asks for a role, which only people hold."""
    assert by.person is not None
    return by.person


@contextmanager
def refusals(**named: tuple[str, dict[str, object]]) -> Iterator[None]:
    """What the database refuses, in words; `named`: constraint → code and what its sentence leaves open."""
    try:
        with transaction.atomic():
            yield
    except DatabaseError as problem:
        for constraint, (code, words) in named.items():
            if constraint in str(problem):
                raise Refused(Verdict(False, REFUSALS[code].format(**words), "", code)) from problem
        found = _CODE.search(str(problem))
        if found and found.group(1) in REFUSALS:
            raise Refused(refuse(found.group(1))) from problem
        raise
