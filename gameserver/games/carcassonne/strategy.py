"""Computer players: pure functions from what a player sees and a source of chance to his next command."""

from __future__ import annotations

from collections.abc import Callable

from gameserver.games.api import Command
from gameserver.games.carcassonne.board import Outlook
from gameserver.games.carcassonne.game import Carcassonne
from gameserver.games.carcassonne.moves import View
from gameserver.games.carcassonne.regions import Region
from gameserver.games.carcassonne.tiles import Terrain
from gameserver.games.rng import Chance

Strategy = Callable[[View, Chance], Command]


def choose(game: Carcassonne, seat: int, chance: Chance) -> Command | None:
    """Return the next command of a computer player; ``None`` when it is not its turn."""
    return greedy(game.view(seat), chance) if game.turn == seat else None


def random_legal(view: View, chance: Chance) -> Command:
    """Return any legal command, each equally likely. ``ValueError`` when there is none."""
    return chance.choice(view.commands())


def greedy(view: View, chance: Chance) -> Command:
    """Return the command that promises most points now, by chance among equals. ``ValueError`` without a choice."""
    if view.tile is not None:
        tile = view.tile
        worths = {spot: _worth_of_laying(view, view.board.preview(tile, spot)) for spot in view.spots}
        best = max(worths.values())
        return view.spots[chance.choice([spot for spot, worth in worths.items() if worth == best])]
    promising = {piece: _worth_of_claim(view, view.board.regions.of(piece)) for piece in view.claims}
    best = max(promising.values(), default=0.0)
    # The last followers are kept for what pays at once or soon.
    if best > (1.5 if view.supply > 2 else 3.5):
        return view.claims[chance.choice([piece for piece, worth in promising.items() if worth == best])]
    return chance.choice(view.others)


def _worth_of_laying(view: View, outlooks: list[Outlook]) -> float:
    worth, claim = 0.0, 0.0
    for outlook in outlooks:
        value = _value(outlook.terrain, outlook.tiles, outlook.pennants, outlook.open)
        if not outlook.owners:
            claim = max(claim, value if view.supply else 0.0)
        elif view.me in outlook.leaders:
            worth += value - (0.0 if len(outlook.leaders) == 1 else value / 2)
        else:
            worth -= value
    return worth + claim


def _worth_of_claim(view: View, region: Region) -> float:
    if region.terrain is Terrain.MEADOW:
        # A farmer never comes home: early in the game he is worth less than the cities suggest.
        return 3.0 * view.board.regions.farm_cities(region) * (1.0 if view.tiles_left < 24 else 0.4)
    return _value(region.terrain, len(region.tiles), region.pennants, region.open)


def _value(terrain: Terrain, tiles: int, pennants: int, missing: int) -> float:
    """What a feature gives when complete, less the more is missing; meadows count for nothing here."""
    if terrain is Terrain.MEADOW:
        return 0.0
    if terrain is Terrain.CITY:
        return (tiles + pennants) * (2.0 if missing == 0 else 1.0 + 0.6 / missing)
    if terrain is Terrain.ABBEY:
        return tiles + (9 - tiles) * 0.4
    return tiles * (1.0 if missing == 0 else 0.8)
