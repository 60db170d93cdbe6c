"""The database's own refusals as sentences: what a constraint stops is refused, not broken."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, OperationalError, transaction

from shuniu.foundation.access import Refused, refuse

# exclusion, uniqueness, deadlock, serialization
_CLASHES = {"23P01", "23505", "40P01", "40001"}


@contextmanager
def clash_is_refused() -> Iterator[None]:
    """Write inside this: two who do the same at once get one success and one `unions.clash`."""
    try:
        with transaction.atomic():
            yield
    except (IntegrityError, OperationalError) as problem:
        if getattr(problem.__cause__, "sqlstate", None) in _CLASHES:
            raise Refused(refuse("unions.clash")) from problem
        raise


def lock_people(*ids: int) -> None:
    """Lock these accounts in the order of their keys: acts on one person's roles follow one another."""
    from shuniu.foundation.accounts.models import Person

    list(Person.objects.select_for_update().filter(pk__in=ids).order_by("pk").values_list("pk"))
