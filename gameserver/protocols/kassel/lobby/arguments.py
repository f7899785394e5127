"""The arguments of CREATE GAME and JOIN GAME, by the grammar of the season."""

from __future__ import annotations

import re

import attrs

from gameserver.games.season import Season
from gameserver.protocols.kassel.lobby.commands import offered, words_of

_COUNT = re.compile(r"[0-9]{1,3}")

#: More players than any game takes: a game says itself how many of them it has room for.
_MOST = 100


@attrs.frozen
class Creation:
    """What CREATE GAME asks for."""

    name: str
    count: int
    map_name: str | None
    test_game: bool


def creation(season: Season, rest: str) -> Creation:
    """Read the arguments of CREATE GAME; options may come in any order. Raises ``GameError``."""
    usage = offered(season)["CREATE GAME"]
    words = words_of(rest)
    if not words or words[0].startswith("-"):
        raise usage.usage_error(season, "The name of the game is missing.")
    name, *options = words
    values: dict[str, str] = {}
    while options:
        option, *options = options
        key = option.lower()
        if key in values:
            raise usage.usage_error(season, f"{option} is given twice.")
        if key == "-testgame":
            values[key] = "true"
        elif key == season.count_option.lower() or (key == "-map" and season.maps):
            if not options:
                raise usage.usage_error(season, f"{option} needs a value.")
            values[key], *options = options
        else:
            raise usage.usage_error(season, f"There is no option {option[:40]} here.")
    count = values.get(season.count_option.lower())
    if count is None:
        raise usage.usage_error(season, f"{season.count_option} is missing.")
    if not _COUNT.fullmatch(count) or not 1 <= int(count) <= _MOST:
        raise usage.usage_error(season, f"{season.count_option} must be a number from 1 to {_MOST}.")
    return Creation(name, int(count), values.get("-map"), "-testgame" in values)


def joining(season: Season, rest: str) -> tuple[str, bool]:
    """Read the arguments of JOIN GAME: the name and whether only to watch. Raises ``GameError``."""
    usage = offered(season)["JOIN GAME"]
    match words_of(rest):
        case [name]:
            return name, False
        case [name, option] if option.lower() == "-visitor":
            return name, True
        case [name, option, value] if option.lower() == "-visitor" and value.lower() in ("true", "false"):
            return name, value.lower() == "true"
        case []:
            raise usage.usage_error(season, "The name of the game is missing.")
    raise usage.usage_error(season, "After the name there may only be -visitor true or -visitor false.")
