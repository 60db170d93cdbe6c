"""Which layout a list is read by."""

from shuniu.registry.excel.adverse import ADVERSE
from shuniu.registry.excel.columns import ORGANISATIONS, Layout
from shuniu.registry.models import About

LAYOUTS: dict[str, Layout] = {About.ORGANISATIONS: ORGANISATIONS, About.ADVERSE: ADVERSE}
