"""What installed distributions add to the server: protocols and games, found by their entry points.

Ours are registered in the same way, in ``setup.cfg``.
"""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points
from typing import Protocol, TypeVar

from gameserver.errors import StartError


class Named(Protocol):
    """What is registered knows its own name."""

    @property
    def name(self) -> str:
        """Return the name of its entry point."""


T = TypeVar("T", bound=Named)

#: The groups.
PROTOCOLS, GAMES = "gameserver.protocols", "gameserver.games"


def load(group: str, word: str, kind: type[T]) -> dict[str, T]:
    """Return what a group's entry points stand for, by name; ``word`` is what operators call one.

    Raises ``StartError`` naming the distribution of one that cannot be loaded, is no ``kind``, calls itself something
    else, or has a name that is taken.
    """
    found: dict[str, T] = {}
    owners: dict[str, str] = {}
    for point in sorted(entry_points(group=group), key=_order):
        named = f"the {word} {point.name} of the distribution {_owner(point)}"
        try:
            loaded = point.load()
        except Exception as error:
            reason = " ".join(str(error).split())
            raise StartError(f"{named} cannot be loaded: {type(error).__name__}: {reason}") from None
        if not isinstance(loaded, kind):
            raise StartError(f"{named} cannot be loaded: {point.value} is no {kind.__name__}")
        if loaded.name != point.name:
            raise StartError(f"{named} cannot be loaded: it calls itself {loaded.name}")
        if point.name in found:
            if owners[point.name] == _owner(point) and found[point.name] is loaded:
                # An editable installation may be found twice.
                continue
            raise StartError(f"{named} cannot be loaded: {owners[point.name]} has one of that name")
        found[point.name], owners[point.name] = loaded, _owner(point)
    return found


def _order(point: EntryPoint) -> tuple[bool, str, str]:
    """Ours come first: the first lobby is where the pages' people are who play nothing."""
    owner = _owner(point)
    return owner.partition(" ")[0] != "gameserver", owner, point.name


def _owner(point: EntryPoint) -> str:
    distribution = point.dist
    return "?" if distribution is None else f"{distribution.name} {distribution.version}"
