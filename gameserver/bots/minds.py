"""What the bots of each season think with: a reading of the events and a strategy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

import attrs

from gameserver.games.api import Command
from gameserver.games.carcassonne import reading as carcassonne_reading
from gameserver.games.carcassonne import strategy as carcassonne
from gameserver.games.catan import reading as catan_reading
from gameserver.games.catan import strategy as catan
from gameserver.games.creepsmash import reading as creepsmash_reading
from gameserver.games.creepsmash import strategy as creepsmash
from gameserver.games.rng import Chance

#: Seconds between two looks of a bot at a real-time game.
LOOK = 0.25


class Mind(Protocol):
    """Reads everything a client is told and decides."""

    def hear(self, source: str, prop: str, old: str | None, new: str | None) -> None:
        """Take in one event."""

    def decide(self) -> Command | None:
        """Return what to send now, ``None`` for nothing."""

    @property
    def ready(self) -> bool:
        """Whether everything is done that comes before START_GAME."""


class CarcassonneMind:
    """Answers the prompts of a turn."""

    def __init__(self, nickname: str, strategy: carcassonne.Strategy, chance: Chance) -> None:
        self._reading = carcassonne_reading.Reading(nickname)
        self._strategy = strategy
        self._chance = chance
        self._asked = False

    def hear(self, source: str, prop: str, old: str | None, new: str | None) -> None:
        """See ``Mind``."""
        if source == "SERVER":
            self._asked = new in ("OK - drawCard", "OK - placeCard", "OK - placeMeeple")
        else:
            self._reading.replica.apply(source, prop, old, new)

    def decide(self) -> Command | None:
        """See ``Mind``."""
        if not self._asked:
            return None
        self._asked = False
        view = self._reading.view()
        return self._strategy(view, self._chance) if view.commands() else None

    @property
    def ready(self) -> bool:
        """See ``Mind``."""
        return True


class CatanMind:
    """Answers every prompt, whatever is to be chosen."""

    def __init__(self, nickname: str, strategy: catan.Strategy, chance: Chance) -> None:
        self._reading = catan_reading.Reading(nickname)
        self._strategy = strategy
        self._chance = chance

    def hear(self, source: str, prop: str, old: str | None, new: str | None) -> None:
        """See ``Mind``."""
        self._reading.replica.apply(source, prop, old, new)

    def decide(self) -> Command | None:
        """See ``Mind``."""
        return self._reading.react(self._strategy, self._chance)

    @property
    def ready(self) -> bool:
        """See ``Mind``."""
        return True


class CreepSmashMind:
    """Looks at its board again and again."""

    def __init__(self, nickname: str, strategy: creepsmash.Strategy, chance: Chance) -> None:
        self._reading = creepsmash_reading.Reading(nickname)
        self._strategy = strategy
        self._chance = chance

    def hear(self, source: str, prop: str, old: str | None, new: str | None) -> None:
        """See ``Mind``."""
        self._reading.replica.apply(source, prop, old, new)

    def decide(self) -> Command | None:
        """See ``Mind``."""
        view = self._reading.view()
        return self._strategy(view, self._chance) if view is not None else None

    @property
    def ready(self) -> bool:
        """See ``Mind``."""
        me = self._reading.me
        return me is not None and me.tile is not None


@attrs.frozen
class Course:
    """A season from a bot's side; ``look`` are seconds between looks, 0 where prompts ask."""

    port_key: str
    count_option: str
    minds: Mapping[str, Callable[[str, Chance], Mind]]
    look: float = 0.0

    def mind(self, strategy: str, nickname: str, chance: Chance) -> Mind:
        """Return a mind with the strategy of that name. ``KeyError`` for an unknown one."""
        return self.minds[strategy](nickname, chance)


COURSES: Mapping[str, Course] = {
    "carcassonne": Course(
        "ss14",
        "-maxPlayers",
        {
            "greedy": lambda nickname, chance: CarcassonneMind(nickname, carcassonne.greedy, chance),
            "random": lambda nickname, chance: CarcassonneMind(nickname, carcassonne.random_legal, chance),
        },
    ),
    "catan": Course(
        "ss13",
        "-maxPlayers",
        {
            "greedy": lambda nickname, chance: CatanMind(nickname, catan.sensible, chance),
            "random": lambda nickname, chance: CatanMind(nickname, catan.random_legal, chance),
        },
    ),
    "creepsmash": Course(
        "ss12",
        "-players",
        {
            "greedy": lambda nickname, chance: CreepSmashMind(nickname, creepsmash.sensible, chance),
            "random": lambda nickname, chance: CreepSmashMind(nickname, creepsmash.random_legal, chance),
        },
        LOOK,
    ),
}
