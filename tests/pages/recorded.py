"""Games as a player's page hears them, with what the server's rules allow, for the tests of the pages' scripts.

``python -m tests.pages.recorded`` writes them into ``tests/pages/data``. An event is a list: source, property, old
and new value; what has no value is left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from gameserver.games.api import Command
from gameserver.games.carcassonne import kind as carcassonne_kind
from gameserver.games.catan import building, knights
from gameserver.games.catan import kind as catan_kind
from gameserver.games.catan.game import Catan
from gameserver.games.rng import Chance
from gameserver.testing.game_events import Line, dumped, lines
from tests.games.carcassonne import playing as carcassonne
from tests.games.catan import playing as catan
from tests.pages.recorded_bets import bets

DATA = Path(__file__).parent / "data"

#: Turns of Carcassonne; each has a moment before the tile is laid, and mostly one before a follower is placed.
TURNS = 12

#: What somebody builds or does, if it is possible, who wants a full board of Catan soon.
EAGER = ("City", "Settlement", "CityWall", "Knight", "ACTIVATE_KNIGHT", "UPGRADE_KNIGHT", "CHOOSE", "TRADE", "Road")

#: Rounds of Catan before the position is looked at.
ROUNDS = 40


def told(events: Iterable[Line]) -> list[Line]:
    return [event for event in events if event[2:] != (None, None)]


def carcassonne_moments() -> list[dict[str, Any]]:
    """Return the events up to each decision of either player, and every command that player may give then."""
    game, chance, moments = carcassonne.seated(2, seed=14), Chance(3), []
    events = told(dumped(game.root))
    game.apply(0, carcassonne.START)
    laid = 0
    while laid < TURNS:
        assert game.turn is not None
        allowed = game.legal(game.turn)
        events += told(lines(game.model.take()))
        if len(allowed) > 1:
            moments.append({"events": events, "allowed": [[one.action, dict(one.arguments)] for one in allowed]})
            events = []
        command = chosen(allowed, ("PLACE_MEEPLE",), chance)
        laid += command.action == "PLACE_CARD"
        game.apply(game.turn, command)
    return moments


def carcassonne_end() -> dict[str, Any]:
    """Return the events that tell the table of a finished game, and what its open features gave whom."""
    game, chance = carcassonne.seated(2, seed=14), Chance(3)
    game.apply(0, carcassonne.START)
    while game.turn is not None:
        before = len(game.awards)
        game.apply(game.turn, chosen(game.legal(game.turn), ("PLACE_MEEPLE",), chance))
    final = game.awards[before:]
    awards = [[one.player.id, one.terrain.value, one.points, len(one.tiles)] for one in final]
    return {"events": told(dumped(game.root)), "awards": awards}


def catan_position() -> dict[str, Any]:
    """Return the events that tell a full board, and where each player may put what and send whom, costs apart."""
    game, chance = catan.seated(3, seed=13), Chance(7)
    while game.root.round < ROUNDS:
        seat, allowed = next((seat, allowed) for seat in range(3) if (allowed := game.legal(seat)))
        game.apply(seat, chosen(allowed, EAGER, chance))
    for knight in all_knights(game):
        knight.active, knight.activated_turn = True, -1
    players = {}
    for seat in range(3):
        player = game.assets(seat)
        places = {
            piece: [spot.id for spot in spots if building.place_objection(game.state, player, piece, spot) is None]
            for piece in building.COST_OF
            for spots in [game.state.board.ends if piece == "Road" else game.state.board.steps]
        }
        rides = {one.id: [spot.id for spot in knights.targets(game.state, player, one)] for one in player.knights}
        players[player.id] = {"places": places, "rides": rides}
    return {"events": told(dumped(game.root)), "players": players}


def all_knights(game: Catan) -> list[Any]:
    return [knight for seat in range(3) for knight in game.assets(seat).knights]


def chosen(allowed: Sequence[Command], eager: Sequence[str], chance: Chance) -> Command:
    """Return one of some commands, mostly of the first kind that somebody is eager for."""
    for kind in eager:
        fitting = [one for one in allowed if kind in (one.action, one.arguments.get("type"))]
        if fitting and chance.below(4):
            return chance.choice(fitting)
    return chance.choice(allowed)


def recordings() -> dict[str, str]:
    """Return every recording as the text of its file, one event or one moment a line, by the file's name."""
    moments = ",\n".join(compact(moment) for moment in carcassonne_moments())
    end = carcassonne_end()
    ending = ",\n".join(compact(event) for event in end["events"])
    position = catan_position()
    events = ",\n".join(compact(event) for event in position["events"])
    players = compact(position["players"])
    found = bets()
    entries, tables = ",\n".join(compact(entry) for entry in found["entries"]), compact(found["tables"])
    tiles, island = (compact(sorted(kind.collections)) for kind in (carcassonne_kind.KIND, catan_kind.KIND))
    return {
        "bets.json": f'{{"tables":{tables},\n"entries":[\n{entries}\n]}}\n',
        "carcassonne.json": f'{{"collections":{tiles},\n"moments":[\n{moments}\n]}}\n',
        "carcassonne_end.json": (
            f'{{"collections":{tiles},\n"events":[\n{ending}\n],\n"awards":{compact(end["awards"])}}}\n'
        ),
        "catan.json": f'{{"collections":{island},\n"events":[\n{events}\n],\n"players":{players}}}\n',
    }


def compact(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


if __name__ == "__main__":
    for name, text in recordings().items():
        (DATA / name).write_text(text, "utf-8")
