"""How much group commit is worth: dice bets a second, durable, against one commit for each bet, in the same run.

    python bench/ledger.py [--bettors 256] [--seconds 2] [--rounds 5] [--url DATABASE_URL]

Both sides place the same bets through the same operations on the same kind of database (SQLite with synchronous=FULL
in a new file, or the given one); they take turns, so that a busy machine hits both. A bettor sends the next bet when
the last one is durable. Ends with status 1 when the median of the ratios is below 5.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from twisted.internet import reactor, task
from twisted.internet.defer import Deferred, ensureDeferred, gatherResults

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
GOAL = 5.0

BET = (
    b'{"i":"%d-%d-%d","t":"PLACE_BET","p":{"amount":"1.00","gameParams":{"diceParams":{"target":50,"condition":"OVER"}},'
    b'"clientSeed":"user_random_seed"}}'
)


class Side:
    """One way to commit, with its own database and how long its bets took."""

    def __init__(self, name: str, batch: int, database: Database, first: int) -> None:
        self.name = name
        self.first = first
        self.database = database
        self.ledger = Ledger(DatabaseLedger(database, {"USD": USD}), reactor, batch=batch)
        self.rates: list[float] = []
        self.waits: list[float] = []
        self._run = 0

    async def run(self, bettors: int, seconds: float) -> None:
        self._run += 1
        began = time.perf_counter()
        counts = await gatherResults(
            [ensureDeferred(self._bet(number, began + seconds)) for number in range(bettors)], consumeErrors=True
        )
        self.rates.append(sum(counts) / (time.perf_counter() - began))

    async def _bet(self, bettor: int, end: float) -> int:
        seat, count = Seat(self.first + bettor, DICE, USD), 0
        while (now := time.perf_counter()) < end:
            message = decode(BET % (self._run, bettor, count))
            await self.ledger.submit(Once(seat, message, dice.place, DAY_MS))
            self.waits.append(time.perf_counter() - now)
            count += 1
        return count


def opened(url: str, directory: str) -> Database:
    threads: Any = reactor
    database = Database(url or sqlite_url(Path(directory)), threads)
    migrate(database.engine)
    database.start()
    return database


async def compare(arguments: argparse.Namespace) -> float:
    directories = [tempfile.TemporaryDirectory() for _ in range(2)]
    databases = [opened(arguments.url, directory.name) for directory in directories]
    sides = [Side("one commit a bet", 1, databases[0], 1), Side("group commit", BATCH, databases[1], 100_001)]
    lone = Side("one bettor alone, group commit", BATCH, databases[1], 200_001)
    try:
        for _ in range(arguments.rounds):
            for side in sides:
                await side.run(arguments.bettors, arguments.seconds)
        await lone.run(1, arguments.seconds)
        for side in (*sides, lone):
            waits = sorted(side.waits)
            print(
                f"{side.name:32} {statistics.median(side.rates):10,.0f} bets/s"
                f"   p50 {waits[len(waits) // 2] * 1000:7.2f} ms   p99 {waits[len(waits) * 99 // 100] * 1000:7.2f} ms"
            )
        for database in databases:
            assert audit(database.engine).balanced, audit(database.engine).problems
    finally:
        for database, directory in zip(databases, directories, strict=True):
            database.stop()
            directory.cleanup()
    ratio = statistics.median(group / one for one, group in zip(sides[0].rates, sides[1].rates, strict=True))
    print(f"group commit settles {ratio:.1f} times as many bets (goal: {GOAL:g} times); the books balance")
    return ratio


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bettors", type=int, default=256)
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--url", default="")
    arguments = parser.parse_args()
    ratios: list[float] = []

    def go(_reactor: Any) -> Deferred[None]:
        async def run() -> None:
            ratios.append(await compare(arguments))

        return ensureDeferred(run())

    try:
        task.react(go)
    except SystemExit as end:
        if end.code:
            raise
    return 0 if ratios and ratios[0] >= GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
