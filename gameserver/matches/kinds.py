"""The kinds of games that can be hosted: how each is made, how its computer players think, what its maps are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import cast
from weakref import WeakKeyDictionary

import attrs

from gameserver.games.api import Command, Options
from gameserver.games.carcassonne import Carcassonne
from gameserver.games.carcassonne import strategy as carcassonne_strategy
from gameserver.games.catan import strategy as catan_strategy
from gameserver.games.catan.game import Catan
from gameserver.games.creepsmash import CreepSmash
from gameserver.games.creepsmash import strategy as creepsmash_strategy
from gameserver.games.creepsmash.model import UserAssets
from gameserver.games.creepsmash.view import Vantage
from gameserver.games.hosted import Game
from gameserver.games.rng import Chance
from gameserver.matches.map_formats import CATAN_MAPS, CREEPSMASH_MAPS, MapFormat

#: What a computer player does next; ``None`` to wait.
Decide = Callable[[Game, int, Chance], Command | None]


@attrs.frozen
class GameKind:
    """One kind of game. ``real_time`` games get the clock's ticks, the others move by commands alone."""

    name: str
    title: str
    make: Callable[[Options, int], Game]
    decide: Decide
    real_time: bool = False
    maps: MapFormat | None = None


def _carcassonne(game: Game, seat: int, chance: Chance) -> Command | None:
    rules = cast("Carcassonne", game)
    return carcassonne_strategy.choose(rules, seat, chance) if rules.turn == seat else None


def _catan(game: Game, seat: int, chance: Chance) -> Command | None:
    return catan_strategy.choose(cast("Catan", game), seat, chance)


#: What each computer player has read and measured of its game.
_vantages: WeakKeyDictionary[UserAssets, Vantage] = WeakKeyDictionary()


def _creepsmash(game: Game, seat: int, chance: Chance) -> Command | None:
    rules = cast("CreepSmash", game)
    assets = rules.assets(seat)
    vantage = _vantages.setdefault(assets, Vantage())
    return creepsmash_strategy.sensible(vantage.view(rules.root, assets), chance)


KINDS: Mapping[str, GameKind] = {
    kind.name: kind
    for kind in (
        GameKind("carcassonne", "Carcassonne", Carcassonne, _carcassonne),
        GameKind("catan", "Settlers of Catan", Catan, _catan, maps=CATAN_MAPS),
        GameKind("creepsmash", "CreepSmash", CreepSmash, _creepsmash, real_time=True, maps=CREEPSMASH_MAPS),
    )
}
