"""What a game tells those who know no rules: one ``Kind``, found through the entry points ``gameserver.games``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Generic, Protocol, TypeVar

import attrs

from gameserver.games.api import Command, Options
from gameserver.games.entity import Entity
from gameserver.games.hosted import Game, GameRoot
from gameserver.games.mirror import collections
from gameserver.games.rng import Chance
from gameserver.games.season import Season

G = TypeVar("G", bound=Game)

#: From what a player of some game sees to the next command; ``None`` to wait.
Strategy = Callable[[Any, Chance], Command | None]


class Reader(Protocol):
    """A client's side of one game, for the player with some nickname: knows what events tell, and nothing else."""

    def hear(self, source: str, prop: str, old: str | None, new: str | None) -> None:
        """Take in one event, those of ``SERVER`` too; ``None`` for a key that it leaves out."""

    def decide(self, strategy: Strategy, chance: Chance) -> Command | None:
        """Return what to send now, ``None`` for nothing. Asked after every word of the server.

        Of a real-time game it is asked again and again instead.
        """

    @property
    def ready(self) -> bool:
        """Whether everything is done that comes before START_GAME."""


@attrs.frozen(eq=False, kw_only=True)
class Kind(Generic[G]):
    """One kind of game. ``name`` is that of its entry point, ``title`` what people call it.

    ``players`` are the least and the most that a game is for. ``decide`` is what a computer player of the server does
    next at a seat, ``None`` to wait. ``entities`` are the classes of its objects, ``actions`` its commands with the
    names of their arguments. A bot plays with ``reader``, made for its nickname, and one of ``strategies``, the best
    one first. A game in ``real_time`` gets the clock's ticks, the others move by commands alone.
    """

    name: str
    title: str
    season: Season
    make: Callable[[Options, int], G]
    players: tuple[int, int]
    decide: Callable[[G, int, Chance], Command | None]
    entities: Mapping[str, type[Entity]]
    actions: Mapping[str, tuple[str, ...]]
    reader: Callable[[str], Reader]
    strategies: Mapping[str, Strategy]
    real_time: bool = False

    @property
    def root(self) -> str:
        """The class name of the object every dump starts at."""
        return next(name for name, kind in self.entities.items() if issubclass(kind, GameRoot))

    @property
    def collections(self) -> frozenset[str]:
        """The to-many properties, as events name them: the events alone do not tell one from a reference."""
        return collections(self.entities)
