"""Faults under which the server goes on: how they are made under load, with a bystander, and what is looked at."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence

import attrs

from chaos.acts import Actor, Load, failures, resident
from chaos.bystander import Bystander
from chaos.fault import Outcome
from chaos.judgement import judged
from gameserver.storage.database import create_engine, sqlite_url
from gameserver.storage.wallet_audit import audit
from tests.integration.server import Server

#: Acts that are confirmed after each fault before the next one comes: everybody goes on.
AFTERWARDS = 10


def books(url: str) -> list[str]:
    """Return what does not balance in the books of a database."""
    engine = create_engine(url)
    try:
        return [f"the books: {problem}" for problem in audit(engine).problems]
    finally:
        engine.dispose()


@attrs.define(eq=False)
class Run:
    """One server, which is not to end, and those who act there.

    ``injected`` is a word of failures that are made on purpose, and may be in the log. With ``watched`` a bystander
    is measured meanwhile. Unless the fault ``cuts`` connections none may end. ``url`` is the database's, where it is
    not the file in the data directory. ``over`` is called when there are no more faults, before the recount.
    """

    server: Server
    actors: Sequence[Actor]
    injected: str = ""
    watched: bool = True
    cuts: bool = False
    url: str = ""
    over: Callable[[], None] = attrs.field(default=lambda: None)

    def make(self, fault: Callable[[int], None], times: int, say: Callable[[str], None]) -> Outcome:
        """Make a fault so often, each time while everybody acts, and return what came of it.

        ``fault`` gets a number, and returns when the fault is over.
        """
        load = Load(self.server, self.actors)
        load.prepare()
        bystander = Bystander()
        load.start()
        load.wait(AFTERWARDS, each=1)
        before = resident(self.server)
        if self.watched:
            bystander.start(self.server.ports["chat.tcp"])
        waited: list[float] = []
        wrong: list[str] = []
        try:
            for number in range(1, times + 1):
                fault(number)
                load.wait(AFTERWARDS)
                if number % max(1, times // 10) == 0:
                    say(f"{number} of {times}, {load.confirmed} acts, {len(load.wrong)} wrong")
        except AssertionError as error:
            wrong.append(f"the {number}th time: {error}")
        finally:
            if self.watched:
                try:
                    waited = bystander.stop()
                except AssertionError as error:
                    wrong.append(f"{error}")
            self.over()
            load.stop()
        load.recount()
        after = resident(self.server)
        if not self.cuts:
            wrong += [f"a connection has ended: {line}" for line in load.cuts]
        wrong += self._stop()
        # What is right now has to be right after a start, too.
        self.server.start()
        load.recount()
        wrong += self._stop()
        wrong += books(self.url or sqlite_url(self.server.data))
        return judged(load, times, wrong=wrong, waited=waited, memory=(before, after))

    def _stop(self) -> list[str]:
        status = self.server.stop()
        wrong = [f"an orderly stop has the status {status}"] if status else []
        return wrong + failures(self.server.lines, self.injected)


def lasting(chance: random.Random, least: float, most: float) -> None:
    """Let time pass, as much as chance has it."""
    time.sleep(chance.uniform(least, most))
