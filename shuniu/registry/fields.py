"""The master and profile fields that statements speak of: label, form, whether a column repeats them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from shuniu.registry.models import LegalType, RegistrarLevel, Status


@dataclass(frozen=True)
class ProfileField:
    """One field. `kind`: text | long | date | choice | phone | email. `official`: only a clerk changes it."""

    name: str
    label: str
    kind: str = "text"
    column: bool = True
    official: bool = True
    max_length: int = 200
    choices: tuple[tuple[str, str], ...] = ()

    def show(self, value: object) -> str:
        """The value as pages and papers write it."""
        text = "" if value is None else str(value)
        return dict(self.choices).get(text, text)


def _choices(enum: type[LegalType] | type[RegistrarLevel] | type[Status]) -> tuple[tuple[str, str], ...]:
    return tuple((str(value), str(label)) for value, label in enum.choices)


_ALL = (
    ProfileField("name", "名称", max_length=100),
    ProfileField("legal_type", "类型", "choice", choices=_choices(LegalType)),
    ProfileField("registrar", "登记机关", max_length=100),
    ProfileField("registrar_level", "登记层级", "choice", choices=_choices(RegistrarLevel)),
    ProfileField("region", "所在区", max_length=40),
    ProfileField("registered_on", "成立登记日期", "date"),
    ProfileField("status", "登记状态", "choice", choices=_choices(Status)),
    ProfileField("legal_representative", "法定代表人", max_length=40),
    ProfileField("address", "住所"),
    ProfileField("supervisor", "业务主管单位", column=False, max_length=100),
    ProfileField("contact_name", "联系人", official=False, max_length=40),
    ProfileField("contact_phone", "联系电话", "phone", official=False, max_length=30),
    ProfileField("contact_email", "联系邮箱", "email", official=False),
    ProfileField("office", "办公场所", column=False, official=False),
    ProfileField("funding_sources", "经费来源", column=False, official=False),
    ProfileField("activity_content", "活动内容", "long", column=False, official=False, max_length=500),
    ProfileField("activity_method", "活动方式", "long", column=False, official=False, max_length=500),
    ProfileField("coverage", "服务地域与行业", column=False, official=False),
)
PROFILE: dict[str, ProfileField] = {field.name: field for field in _ALL}
# Changed by acts of their own (`give_code`, `change_status`), never as a field among others.
BY_ACTS = frozenset({"legal_type", "status"})
COLUMNS = tuple(field.name for field in _ALL if field.column)


def stored(value: object) -> str:
    """How a statement keeps a value: text, dates as yyyy-mm-dd, nothing as ""."""
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, dt.date) else str(value).strip()


def column_value(name: str, text: str) -> object:
    """What the organisation's column holds for the stored text."""
    if PROFILE[name].kind == "date":
        return dt.date.fromisoformat(text) if text else None
    return text
