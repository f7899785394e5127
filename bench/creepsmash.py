"""CreepSmash: how many matches of four players one core holds at the full rate of 20 ticks a second.

Run: python bench/creepsmash.py [TICKS]. Every row is one match in which the given numbers of creeps walk and of
towers stand (none dies, so the load stays as it is), for TICKS ticks (default 1200, a minute of the game). Two costs
are told, in CPU milliseconds for a second of the game: of the rules, and of the rules with all events written as
lines, once for all who look on. A match of the real thing is more of the towers' side early and of the creeps' late.

The last part ticks many matches in one turn, as the server does, and tells how long such turns take.
"""

from __future__ import annotations

import itertools
import statistics
import sys
import time
from importlib.resources import files

from gameserver.games.api import Command, Options, Participant
from gameserver.games.creepsmash import CreepSmash
from gameserver.games.creepsmash.tables import TICK_MS
from gameserver.games.rng import Chance
from gameserver.matches.wire import item_line

PLAYERS = 4
KINDS = ("FAT_COLOSSUS", "EXPRESS_RAPTOR", "PHOENIX", "HUGE_TITAN")
FAMILIES = ("BASIC", "SLOW", "SPLASH", "BASIC", "SPEED", "BASIC", "SLOW", "ROCKET")
MAP = (files("gameserver.games.creepsmash") / "maps" / "map_meadow.map").read_text("utf-8")
TURN = 20
NOW_MS = 1_336_475_335_153


def arena(creeps: int, towers: int, seed: int = 1) -> CreepSmash:
    """Return a running match in which so many creeps and towers are in the middle of it, spread over four tiles."""
    game = CreepSmash(Options("bench", PLAYERS, map_name="map_meadow", map_text=MAP), seed)
    chance = Chance(seed)
    for seat in range(PLAYERS):
        game.join(seat, Participant(f"player{seat}", "SE"))
        game.apply(seat, Command("CHOOSE_TILE", {"tile": game.root.tiles[seat].id}))
    game.apply(0, Command("START_GAME"))
    for seat in range(PLAYERS):
        assets = game.assets(seat)
        assert assets is not None and assets.tile is not None and assets.tile.map is not None
        assets.balance, assets.lives = 2**30, 2**30
        cells = list(assets.tile.map.cells)
        path = [(cell.x, cell.y) for cell in cells if cell.type == "PATH"]
        beside = [
            cell
            for cell in cells
            if cell.type == "FREE" and any(abs(cell.x - x) <= 1 and abs(cell.y - y) <= 1 for x, y in path)
        ]
        chance.shuffle(beside)
        for number, cell in enumerate(beside[: towers // PLAYERS]):
            family = FAMILIES[number % len(FAMILIES)]
            game.apply(seat, Command("CREATE_TOWER", {"towertype": family, "cell": cell.id}))
    for number in range(creeps):
        kind = KINDS[number // PLAYERS % len(KINDS)]
        game.apply(number % PLAYERS, Command("CREATE_CREEP", {"creeptype": kind}))
    # Everything stands, the last creep has come and the first are about all over the way.
    game.advance(TICK_MS * (600 + 3 * creeps // PLAYERS))
    game.model.take()
    return game


def cost(creeps: int, towers: int, ticks: int) -> tuple[float, float, float]:
    """Return CPU milliseconds for a second of the game, rules alone and with lines, and events in that second."""
    game = arena(creeps, towers)
    events, rules, lines = 0, 0.0, 0.0
    for _ in range(ticks):
        began = time.process_time()
        game.advance(TICK_MS)
        happened = game.model.take()
        ticked = time.process_time()
        for item in happened:
            item_line(NOW_MS, item)
        lines += time.process_time() - ticked
        rules += ticked - began
        events += len(happened)
    assert game.running, "the load must stay as it is"
    seconds = ticks * TICK_MS / 1000
    return 1000 * rules / seconds, 1000 * (rules + lines) / seconds, events / seconds


def row(creeps: int, towers: int, ticks: int) -> None:
    """Print one line of the table."""
    rules, both, events = cost(creeps, towers, ticks)
    print(f"{creeps:7}{towers:8}{events:11.0f}{rules:11.2f}{1000 / rules:12.0f}{both:13.2f}{1000 / both:12.0f}")


def turns(matches: int, count: int) -> None:
    """Print how long the turns take in which so many matches of 200 creeps and 80 towers tick at once."""
    games = [arena(200, 80, seed) for seed in range(matches)]
    times: list[float] = []
    for _ in range(count):
        began = time.perf_counter()
        for game in games:
            game.advance(TICK_MS)
            for item in game.model.take():
                item_line(NOW_MS, item)
        times.append(1000 * (time.perf_counter() - began))
    times.sort()
    print(
        f"{matches} matches in one turn of {TICK_MS} ms: median {statistics.median(times):.1f} ms, "
        f"99 of 100 within {times[len(times) * 99 // 100]:.1f} ms, worst {times[-1]:.1f} ms"
    )


def main() -> None:
    """Measure everything."""
    ticks = int(sys.argv[1]) if len(sys.argv) > 1 else 1200
    print(f"{'':26}{'rules alone':^23}{'rules and lines':^25}")
    print(f"{'creeps':>7}{'towers':>8}{'events/s':>11}{'ms/s':>11}{'matches':>12}{'ms/s':>13}{'matches':>12}")
    # The middle row of each growth is the load of the goal.
    for creeps, towers in itertools.chain(((n, 80) for n in (0, 50, 100, 200, 400, 800)), [(0, 0), (200, 0)]):
        row(creeps, towers, ticks)
    for towers in (40, 160, 320):
        row(200, towers, ticks)
    turns(TURN, ticks // 4)


if __name__ == "__main__":
    main()
