"""A city, a district below it, and two who act for the city."""

from __future__ import annotations

import pytest

from shuniu.foundation.access import Who
from shuniu.unions.models import Union
from shuniu.unions.tests import cast


@pytest.fixture
def city() -> Union:
    return cast.union()


@pytest.fixture
def district(city: Union) -> Union:
    return cast.union("东港区总工会", level="district", parent=city)


@pytest.fixture
def admin(city: Union) -> Who:
    return cast.who("sys_admin", city)


@pytest.fixture
def clerk(city: Union) -> Who:
    return cast.who("clerk", city, cast.person("林经办"))
