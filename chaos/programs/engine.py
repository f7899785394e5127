"""``twistd`` with games whose rules fail: ``python -m chaos.programs.engine EVERY [argument of twistd...]``.

Every so many calls of ``apply`` and ``advance`` of a game fail, in turn before anything has changed and after
everything has. A game counts for itself, so a log that is replayed fails in the same places.
"""

from __future__ import annotations

import sys
from typing import Any

#: What is in the log of each failure: it was made on purpose.
INJECTED = "InjectedFault"


class InjectedFault(Exception):
    """A rule that fails."""


def spoil(game: type[Any], every: int) -> None:
    """Let a class of games fail."""
    for name in ("apply", "advance"):
        _spoil(game, name, every)


def _spoil(game: type[Any], name: str, every: int) -> None:
    inner, counter = getattr(game, name), f"_calls_of_{name}"

    def call(self: Any, *arguments: Any) -> Any:
        count = getattr(self, counter, 0) + 1
        turn, rest = divmod(count, every)
        if not rest and turn % 2:
            setattr(self, counter, count)
            raise InjectedFault(f"{name} fails before it has done anything, the {count}th time")
        result = inner(self, *arguments)
        # What the rules refuse is in no log, and is not counted.
        setattr(self, counter, count)
        if not rest:
            raise InjectedFault(f"{name} fails when it has done everything, the {count}th time")
        return result

    setattr(game, name, call)


if __name__ == "__main__":
    how_often = int(sys.argv.pop(1))
    from twisted.scripts.twistd import run

    from gameserver.games.carcassonne.game import Carcassonne
    from gameserver.games.creepsmash.game import CreepSmash

    for spoilt in (Carcassonne, CreepSmash):
        spoil(spoilt, how_often)
    run()
