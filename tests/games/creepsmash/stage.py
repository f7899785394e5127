"""What the tests of CreepSmash share: maps, ready games, and the final state as plain values."""

from __future__ import annotations

import os
from pathlib import Path

from hypothesis import HealthCheck, settings
from twisted.trial.unittest import SynchronousTestCase

from gameserver.games.api import Command, Illegal, Options, Participant
from gameserver.games.creepsmash import CreepSmash
from gameserver.games.creepsmash.model import Cell, Creep, CreepSmashGame, Map, Tile, Tower, UserAssets
from gameserver.games.creepsmash.route import rotate
from gameserver.games.entity import Change, Entity, dump
from tests.typed import the

#: GAMESERVER_LONG=1 plays, counts and tries much more.
LONG = os.environ.get("GAMESERVER_LONG") == "1"

MAPS = Path(__file__).parents[3] / "gameserver" / "games" / "creepsmash" / "maps"

#: A straight way along row 8, from the left edge to the right one.
STRAIGHT = "0,8\n15,8\n"

NAMES = ("alice", "bob", "carol", "dave")


def examples(count: int) -> settings:
    """So many examples of a property: without a clock, and the same ones in every run that is not long."""
    return settings(max_examples=count, deadline=None, derandomize=not LONG, suppress_health_check=list(HealthCheck))


def map_text(name: str) -> str:
    return (MAPS / f"{name}.map").read_text("utf-8")


def new_game(*, players: int = 2, test_game: bool = False, text: str = STRAIGHT, seed: int = 1) -> CreepSmash:
    options = Options("game", players, test_game, "map_test", text)
    game = CreepSmash(options, seed)
    for seat in range(players):
        game.join(seat, Participant(NAMES[seat], "SE"))
    return game


def started(*, players: int = 2, test_game: bool = False, text: str = STRAIGHT, seed: int = 1) -> CreepSmash:
    """A running game, the players on the tiles TOPLEFT, TOPRIGHT, ... in the order of their seats."""
    game = new_game(players=players, test_game=test_game, text=text, seed=seed)
    for seat, tile in enumerate(list(root(game).tiles)[:players]):
        game.apply(seat, Command("CHOOSE_TILE", {"tile": tile.id}))
    game.apply(0, Command("START_GAME"))
    game.model.take()
    return game


def root(game: CreepSmash) -> CreepSmashGame:
    assert isinstance(game.root, CreepSmashGame)
    return game.root


def assets(game: CreepSmash, seat: int) -> UserAssets:
    return next(a for a in root(game).users if a.user is not None and a.user.nickname == NAMES[seat])


def map_of(game: CreepSmash, seat: int) -> Map:
    """The map of a player's tile."""
    return the(the(assets(game, seat).tile).map)


def cell(game: CreepSmash, seat: int, x: int, y: int) -> Cell:
    """The cell of a player's tile that lies there in the drawing."""
    tile = the(assets(game, seat).tile)
    return next(c for c in map_of(game, seat).cells if (c.x, c.y) == rotate(tile.position, x, y))


def build(game: CreepSmash, seat: int, family: str, x: int, y: int) -> Tower:
    game.apply(seat, Command("CREATE_TOWER", {"towertype": family, "cell": cell(game, seat, x, y).id}))
    return list(assets(game, seat).towers)[-1]


def send(game: CreepSmash, seat: int, kind: str) -> None:
    game.apply(seat, Command("CREATE_CREEP", {"creeptype": kind}))


def rich(game: CreepSmash, *seats: int, credits: int = 10_000_000) -> None:
    """Give players money, for what the start values do not pay."""
    for seat in seats:
        assets(game, seat).balance = credits


def upgrade(game: CreepSmash, seat: int, tower: Tower, level: int) -> None:
    game.apply(seat, Command("UPGRADE_TOWER", {"tower": tower.id, "level": str(level)}))


def sell(game: CreepSmash, seat: int, tower: Tower) -> None:
    game.apply(seat, Command("SELL_TOWER", {"tower": tower.id}))


def aim(game: CreepSmash, seat: int, tower: Tower, strategy: str) -> None:
    game.apply(seat, Command("CHANGE_TOWER_STRATEGY", {"tower": tower.id, "strategy": strategy}))


def refused(test: SynchronousTestCase, game: CreepSmash, seat: int, command: Command) -> str:
    """Check that a command is refused and changes nothing; return the sentence with its action."""
    happened = game.model.take()
    before = state(game)
    refusal = test.assertRaises(Illegal, game.apply, seat, command)
    test.assertEqual((state(game), game.model.take()), (before, []))
    game.model.output = happened
    return str(refusal)


def ticks(game: CreepSmash, count: int) -> None:
    game.advance(50 * count)


def creeps(game: CreepSmash, seat: int | None = None) -> list[Creep]:
    """The creeps on a player's board, or on all, in the order of the cells."""
    found: list[Creep] = []
    for tile in root(game).tiles:
        if seat is None or tile.user_assets is assets(game, seat):
            assert tile.map is not None
            for where in tile.map.cells:
                if len(where.elements):
                    found.extend(e for e in where.elements if isinstance(e, Creep))
    return found


def tile_under(creep: Creep) -> Tile:
    """The tile a creep walks on."""
    return the(the(the(creep.cell).map).tile)


def arrivals(game: CreepSmash, seat: int, count: int) -> list[Creep]:
    """Let time pass until so many creeps have been on a player's board; return them, the first to come first."""
    seen: dict[Creep, None] = {}
    while len(seen) < count:
        ticks(game, 1)
        seen.update(dict.fromkeys(creeps(game, seat)))
    return list(seen)


def targets(game: CreepSmash) -> list[Creep]:
    """Whom towers have begun to fire on since the game was last asked what happened."""
    return [
        change.new
        for change in game.model.take()
        if isinstance(change, Change) and change.prop == "fireOn" and change.new is not None
    ]


def state(game: CreepSmash) -> list[tuple[str, str, str]]:
    """Everything a dump shows, names included: equal for equal games."""
    return [
        (line.source.id, line.prop, line.new.id if isinstance(line.new, Entity) else repr(line.new))
        for line in dump(game.root, None)
    ]
