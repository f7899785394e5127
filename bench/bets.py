"""Durable dice bets: group commit against one commit for each bet, both in one process, in turns.

    python -m bench.bets [--bettors 64] [--seconds 1] [--rounds 5] [--url DATABASE_URL]

Both sides place the same bets through the same operations on the same kind of database (SQLite with synchronous=FULL
in a new file, or the given one). A bettor sends the next bet when the last one is durable. A stall is the time by
which a timer that fires every millisecond is late. Prints what was found as JSON; the books must balance.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from twisted.internet import reactor, task
from twisted.internet.defer import Deferred, ensureDeferred, gatherResults

from bench.measuring import US
from bench.servers import ROOT, Missing
from gameserver.games.fair.money import UNITS
from gameserver.protocols.invoker.messages import decode
from gameserver.protocols.invoker.once import Once
from gameserver.protocols.invoker.play import dice
from gameserver.protocols.invoker.play.table import Seat
from gameserver.storage.database import Database, sqlite_url
from gameserver.storage.migrate import migrate
from gameserver.storage.wallet import DatabaseLedger
from gameserver.storage.wallet_audit import audit
from gameserver.wallet.ledger import BATCH, Ledger
from gameserver.wallet.offer import DICE, Currency

USD = Currency("USD", "fiat", 2, 10**6 * UNITS, UNITS, UNITS, 10**4 * UNITS, 10**5 * UNITS)
DAY_MS = 86_400_000
#: Seconds between two looks at how late the reactor is.
LOOK = 0.001

BET = (
    b'{"i":"%d-%d-%d","t":"PLACE_BET","p":{"amount":"1.00","gameParams":{"diceParams":{"target":50,"condition":"OVER"}},'
    b'"clientSeed":"user_random_seed"}}'
)


class Side:
    """One way to commit, with its own database; the figures of its rounds."""

    def __init__(self, batch: int, database: Database, first: int) -> None:
        self._first = first
        self.database = database
        self.ledger = Ledger(DatabaseLedger(database, {"USD": USD}), reactor, batch=batch)
        self.figures: dict[str, list[float]] = {"wait": [], "p50": [], "p99": [], "stall": []}
        self._run = 0
        self._waits: list[float] = []

    async def run(self, bettors: int, seconds: float) -> None:
        self._run += 1
        self._waits.clear()
        gaps: list[float] = []
        began = last = time.perf_counter()

        def look() -> None:
            nonlocal last
            now = time.perf_counter()
            gaps.append(now - last - LOOK)
            last = now

        looking = task.LoopingCall(look)
        looking.start(LOOK)
        counts = await gatherResults(
            [ensureDeferred(self._bet(number, began + seconds)) for number in range(bettors)], consumeErrors=True
        )
        took = time.perf_counter() - began
        looking.stop()
        waits = sorted(self._waits)
        for name, value in (
            ("wait", took / sum(counts) * 1e6),
            ("p50", waits[len(waits) // 2] * 1000),
            ("p99", waits[len(waits) * 99 // 100] * 1000),
            ("stall", max(gaps) * 1000),
        ):
            self.figures[name].append(round(value, 3))

    async def _bet(self, bettor: int, end: float) -> int:
        seat, count = Seat(self._first + bettor, DICE, USD), 0
        while (now := time.perf_counter()) < end:
            message = decode(BET % (self._run, bettor, count))
            await self.ledger.submit(Once(seat, message, dice.place, DAY_MS))
            self._waits.append(time.perf_counter() - now)
            count += 1
        return count


def opened(url: str, directory: str) -> Database:
    threads: Any = reactor
    database = Database(url or sqlite_url(Path(directory)), threads)
    migrate(database.engine)
    database.start()
    return database


async def compare(arguments: argparse.Namespace) -> dict[str, Any]:
    directories = [tempfile.TemporaryDirectory() for _ in range(2)]
    databases = [opened(arguments.url, directory.name) for directory in directories]
    sides = {US: Side(BATCH, databases[0], 1), "one commit a bet": Side(1, databases[1], 100_001)}
    try:
        for number in range(arguments.rounds):
            for label in list(sides) if number % 2 else list(sides)[::-1]:
                await sides[label].run(arguments.bettors, arguments.seconds)
        for database in databases:
            found = audit(database.engine)
            if not found.balanced:
                raise SystemExit(f"the books do not balance: {found.problems}")
    finally:
        for database, directory in zip(databases, directories, strict=True):
            database.stop()
            directory.cleanup()
    return {label: side.figures for label, side in sides.items()}


def measure(rounds: int, seconds: float) -> dict[str, Any]:
    """Return the figures by side, of a process of its own. Raises ``Missing`` if it fails."""
    command = [sys.executable, "-m", "bench.bets", "--rounds", str(rounds), "--seconds", str(seconds)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if ran.returncode:
        raise Missing(f"no bets: {ran.stderr.strip()[-300:]}")
    figures: dict[str, Any] = json.loads(ran.stdout)
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bettors", type=int, default=64)
    parser.add_argument("--seconds", type=float, default=1.0)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--url", default="", help="of both sides")
    arguments = parser.parse_args()

    def go(_reactor: Any) -> Deferred[None]:
        async def run() -> None:
            print(json.dumps(await compare(arguments)))

        return ensureDeferred(run())

    task.react(go)


if __name__ == "__main__":
    main()
