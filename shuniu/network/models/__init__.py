"""What unions build beside awards: places that set an example, and what others can learn from."""

from shuniu.network.models.base import Base, BaseStep
from shuniu.network.models.story import Story

__all__ = ["Base", "BaseStep", "Story"]
