"""The composition root: the only place that creates concrete things and joins them."""

from gameserver.service.build import build
from gameserver.service.house import House, StartError, build_house

__all__ = ["House", "StartError", "build", "build_house"]
