from collections.abc import Iterable

from django.apps import AppConfig

from shuniu.foundation.access import Who
from shuniu.foundation.ui import slots

_STRANGERS = frozenset({""})


def _navigation(who: Who) -> Iterable[slots.NavItem]:
    """The first level of the public site; whoever acts in a role has their own."""
    yield slots.NavItem("首页", "/", _STRANGERS, 0)
    yield slots.NavItem("通知公告", "/notices/", _STRANGERS, 10)
    yield slots.NavItem("公示", "/notices/?kind=publicity", _STRANGERS, 20)
    yield slots.NavItem("正式名单", "/lists/", _STRANGERS, 30)
    yield slots.NavItem("合作单位名录", "/recognised/", _STRANGERS, 40)


class PortalConfig(AppConfig):
    name = "shuniu.portal"
    label = "portal"
    verbose_name = "门户"

    def ready(self) -> None:
        slots.navigation(_navigation)
