from collections.abc import Iterable

from django.apps import AppConfig

from shuniu.foundation.access import STAFF_ROLES, Who
from shuniu.foundation.ui import slots


class LibraryConfig(AppConfig):
    name = "shuniu.library"
    label = "library"
    verbose_name = "制度库"

    def ready(self) -> None:
        from shuniu.library import words

        slots.navigation(_navigation)
        words.register()


def _navigation(who: Who) -> Iterable[slots.NavItem]:
    yield slots.NavItem("制度", "/library/", frozenset(STAFF_ROLES), 70)
