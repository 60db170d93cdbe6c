"""The way of one selection: everybody's browsers, and what the roles before have left behind."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from journeys.steps import Browser, NewPage
from shuniu.calls.models import Application, Call, CallCategory
from shuniu.calls.tests import cast
from shuniu.foundation.access import Who

CATEGORIES = ["职工工作服务", "职工生活服务", "职业发展服务", "职工文体服务", "工会工作支持"]  # 第六条
CATEGORY, DIRECTION = "职工生活服务", "职工人文关怀和心理健康"
MEMBERS = 3  # of each committee, drawn from a pool of five
FIRST, SECOND, FAILING = "望海市晨曦职工心理关爱中心", "望海市同心职工帮扶服务中心", "望海市远帆公益基金会"


@dataclass
class Way:
    """Everybody's browsers, and what the roles before have left."""

    of: cast.Office
    new_page: NewPage
    base: str
    travel: Any
    clerk: Browser
    checker: Browser
    public: Browser
    applicants: dict[str, Who] = field(default_factory=dict)

    def browser(self, who: Who | None) -> Browser:
        """A browser of somebody else."""
        return Browser(self.new_page, self.base, who)

    @property
    def call(self) -> Call:
        """The call as it is now."""
        return Call.objects.get()

    @property
    def category(self) -> CallCategory:
        """The category in which they apply."""
        return self.call.categories.get(label=CATEGORY)

    def application(self, name: str) -> Application:
        """An organisation's application as it is now."""
        return Application.objects.get(organisation__name=name)

    def stages(self) -> list[str]:
        """Where the applications stand, in the order they came."""
        return list(Application.objects.order_by("pk").values_list("stage", flat=True))

    def enters(self, label: str) -> None:
        """The clerk opens the next stage of the document."""
        self.clerk.go(f"/calls/{self.call.pk}/")
        self.clerk.press(f"进入“{label}”")
        current = self.call.stages.get(key=self.call.stage)
        assert (current.label, current.closed_at) == (label, None)
