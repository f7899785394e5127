"""The installed games, as everybody is given them who knows no rules."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from gameserver.app.plugins import GAMES, load
from gameserver.errors import StartError
from gameserver.games.kind import Kind


@cache
def installed_kinds() -> Mapping[str, Kind[Any]]:
    """Return every installed game by its name. Raises ``StartError`` for one that cannot be loaded or served."""
    found: dict[str, Kind[Any]] = load(GAMES, "game", Kind)
    seasons: dict[str, str] = {}
    for name, kind in found.items():
        season = kind.season.name
        if season in seasons:
            raise StartError(f"the games {seasons[season]} and {name} both have the season {season}")
        seasons[season] = name
    return found
