"""An organisation is named by its code, or by as much of its name as means one."""

from __future__ import annotations

import pytest
from django import forms

from shuniu.registry.picking import organisation_meant
from shuniu.registry.tests import factories
from shuniu.unions.tests import cast

pytestmark = pytest.mark.django_db


def test_a_name_that_means_one_is_enough_and_several_are_named() -> None:
    union = cast.union("望海市总工会")
    clerk = cast.who("clerk", union)
    stranger = cast.who("clerk", cast.union("邻海市总工会"))
    one = factories.organisation(clerk, "望海市晨曦职工心理关爱中心")
    two = factories.organisation(clerk, "望海市晨光法律服务中心")
    whole = factories.organisation(clerk, "望海市晨光")
    assert organisation_meant(clerk, f" {(one.code or '').lower()} ") == one
    assert organisation_meant(clerk, "晨曦") == one
    assert organisation_meant(clerk, "望海市晨光") == whole, "the whole name means nobody else"
    with pytest.raises(forms.ValidationError, match=f"不止一家：.*{two.name}"):
        organisation_meant(clerk, "晨光")
    for who, said in ((clerk, "没有这家"), (stranger, "晨曦"), (stranger, one.code or "")):
        with pytest.raises(forms.ValidationError, match="没有这个名称或代码"):
            organisation_meant(who, said)
