"""Every write of the network."""

from shuniu.network.actions import bases, stories

__all__ = ["bases", "stories"]
