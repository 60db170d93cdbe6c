"""What was said of an organisation, and where it told of its experience: by level, dated, with link and proof."""

from __future__ import annotations

from django.db import models

from shuniu.registry.models.facts import FactRow


class PublicLevel(models.TextChoices):
    """Of a medium or of a meeting, in the words of the documents."""

    DISTRICT = "district", "区县级"
    CITY = "city", "设区市级"
    PROVINCE = "province", "省部级"
    NATION = "nation", "国家级"


class MediaReport(FactRow):
    """One favourable report in a medium of a level."""

    kind = "report"
    shown = ("title", "level", "medium", "on", "link")

    title = models.CharField("标题", max_length=150)
    level = models.CharField("媒体级别", max_length=10, choices=PublicLevel.choices)
    medium = models.CharField("媒体名称", max_length=80)
    on = models.DateField("报道日期")
    link = models.URLField("链接", max_length=400, blank=True)

    class Meta(FactRow.Meta):
        verbose_name = "媒体报道"
        ordering = ["-on", "-id"]

    def __str__(self) -> str:
        return f"{self.medium}：{self.title}"


class Exchange(FactRow):
    """Experience told at a meeting or an activity of unions of a level."""

    kind = "exchange"
    shown = ("title", "level", "host", "on", "link")

    title = models.CharField("会议或活动", max_length=150)
    level = models.CharField("会议级别", max_length=10, choices=PublicLevel.choices)
    host = models.CharField("主办单位", max_length=80)
    on = models.DateField("日期")
    link = models.URLField("链接", max_length=400, blank=True)

    class Meta(FactRow.Meta):
        verbose_name = "经验交流"
        ordering = ["-on", "-id"]

    def __str__(self) -> str:
        return self.title
