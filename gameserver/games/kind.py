"""What a game tells those who know no rules: one ``Kind``, found through the entry points ``gameserver.games``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar

import attrs

from gameserver.games.api import Command, Options
from gameserver.games.entity import Entity
from gameserver.games.hosted import Game, GameRoot
from gameserver.games.mirror import Mirror, collections
from gameserver.games.reader import PromptReader, Reader, Strategy
from gameserver.games.rng import Chance
from gameserver.games.season import Season

G = TypeVar("G", bound=Game)


@attrs.frozen(eq=False, kw_only=True)
class Kind(Generic[G]):
    """One kind of game. ``name`` is that of its entry point, ``title`` what people call it.

    ``players`` are the least and the most that a game is for. ``entities`` are the classes of its objects, by name,
    ``actions`` its commands with the names of their arguments. ``strategies`` are ways to play, the best one first. A
    game in ``real_time`` gets the clock's ticks, the others move by commands alone.

    ``rules`` is the edition of its rules, from 1. It goes up when the rules decide otherwise than before; a match is
    made with ``Options.rules`` of the edition it began with, so that its log gives the same game again.

    ``decide`` is what a computer player of the server does next at a seat, ``None`` to wait; a bot plays with a
    ``reader`` made for its nickname. Without them both answer prompts, and their strategies see the root object.
    """

    name: str
    title: str
    season: Season
    make: Callable[[Options, int], G]
    players: tuple[int, int]
    entities: Mapping[str, type[Entity]]
    actions: Mapping[str, tuple[str, ...]]
    strategies: Mapping[str, Strategy]
    real_time: bool = False
    rules: int = 1
    decide: Callable[[G, int, Chance], Command | None] = attrs.field()
    reader: Callable[[str], Reader] = attrs.field()

    @decide.default
    def _answer(self) -> Callable[[G, int, Chance], Command | None]:
        best = next(iter(self.strategies.values()))
        return lambda game, seat, chance: best(game.root, chance) if game.prompts(seat) else None

    @reader.default
    def _prompted(self) -> Callable[[str], Reader]:
        def made(_nickname: str) -> Reader:
            mirror: Mirror[GameRoot[Any]] = Mirror(self.entities)
            return PromptReader(mirror.apply, lambda: mirror.game)

        return made

    @property
    def root(self) -> str:
        """The class name of the object every dump starts at."""
        return next(name for name, kind in self.entities.items() if issubclass(kind, GameRoot))

    @property
    def collections(self) -> frozenset[str]:
        """The to-many properties, as events name them: the events alone do not tell one from a reference."""
        return collections(self.entities)
