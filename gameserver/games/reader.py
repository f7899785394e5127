"""A client's side of a game: what a bot hears, and how a strategy answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from gameserver.games.api import Command
from gameserver.games.rng import Chance

#: From what a player of some game sees to the next command; ``None`` to wait.
Strategy = Callable[[Any, Chance], Command | None]


class Reader(Protocol):
    """One game, for the player with some nickname: knows what events tell, and nothing else."""

    def hear(self, source: str, prop: str, old: str | None, new: str | None) -> None:
        """Take in one event, those of ``SERVER`` too; ``None`` for a key that it leaves out."""

    def decide(self, strategy: Strategy, chance: Chance) -> Command | None:
        """Return what to send now, ``None`` for nothing. Asked after every word of the server.

        Of a real-time game it is asked again and again instead.
        """

    @property
    def ready(self) -> bool:
        """Whether everything is done that comes before START_GAME."""


class PromptReader:
    """A reader of a game that prompts whoever is to move, and whose players have nothing to do before the start.

    ``apply`` takes in the events of the game, as a ``Mirror`` does or a ``Replica``; ``look`` returns what a strategy
    sees then, ``None`` when there is nothing to decide.
    """

    ready = True

    def __init__(self, apply: Callable[[str, str, str | None, str | None], None], look: Callable[[], object]) -> None:
        self._apply = apply
        self._look = look
        self._asked = False

    def hear(self, source: str, prop: str, old: str | None, new: str | None) -> None:
        """See ``Reader``."""
        if source == "SERVER":
            # A command whose effect shows nowhere is answered with OK, too, and asks for nothing.
            self._asked = new is not None and new.startswith("OK - ") and not new.endswith(" received!")
        else:
            self._apply(source, prop, old, new)

    def decide(self, strategy: Strategy, chance: Chance) -> Command | None:
        """See ``Reader``. Every prompt is answered once."""
        asked, self._asked = self._asked, False
        seen = self._look() if asked else None
        return strategy(seen, chance) if seen is not None else None
