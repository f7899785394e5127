"""One run: a server in a process of its own, load on it, samples of it."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

import attrs
from twisted.internet.defer import CancelledError, DeferredList, ensureDeferred
from twisted.internet.task import deferLater
from twisted.internet.threads import deferToThread

from gameserver.app.games import installed_kinds
from soak.samples import Sample, sample
from soak.visits import World, visits
from tests.consoles.supervised import command
from tests.integration.server import Server
from tests.protocols.invoker.blocking import post

#: Accounts that play Techmino, two by two; and those that bet.
PLAYERS, BETTORS = 4, 4

#: Seconds between two visits of one visitor.
PAUSE = 0.2

#: Seconds after the last visit has ended until a server has to be as it was: what it keeps for who comes back soon.
REST = 3.0

#: All the load comes from one address, and nobody of it is a stranger who has to be slowed down.
SETTINGS = (
    "limits.address_factor=100000",
    "limits.logins_per_address=1000000",
    "limits.logins=100000",
    "limits.logins_per_second=10000",
    "accounts.testplayers_per_address=1000000",
    "web.requests_per_second=100000",
    "web.burst=100000",
    "invoker.usd.play_money=100000.00",
    "invoker.bets_per_minute=100000",
    f"kwo.servers.game.command={json.dumps(command())}",
    "kwo.servers.game.autostart=true",
)


@attrs.define
class Outcome:
    """What a run has shown. ``before`` and ``after`` are of a server whom nobody visits."""

    samples: list[Sample] = attrs.field(factory=list)
    #: Visits that have come to their end, by protocol.
    done: Counter[str] = attrs.field(factory=Counter)
    #: What went wrong in others.
    failures: list[str] = attrs.field(factory=list)
    before: Sample | None = None
    after: Sample | None = None


class Soak:
    """A run of some seconds; ``every`` so many there is a sample, which ``told`` is told."""

    def __init__(
        self, reactor: Any, server: Server, seconds: float, every: float, told: Callable[[Outcome], None]
    ) -> None:
        self._reactor = reactor
        self._server = server
        self._seconds = seconds
        self._every = every
        self._told = told
        self._over = False
        self._began = 0.0
        self.outcome = Outcome()

    async def run(self) -> Outcome:
        """Let everybody come and go until the time is over, and return what that has shown."""
        world = await deferToThread(self._world)
        outcome = self.outcome
        await self._once(world)
        outcome.before = self._look()
        self._began = time.monotonic()
        working = [
            ensureDeferred(self._again(name, visit)) for name, group in visits(world).items() for visit in group
        ]
        watching = ensureDeferred(self._watch())
        await watching
        self._over = True
        for one in working:
            # Whole games may take many minutes; who is in the middle of something goes all the same.
            one.cancel()
        await DeferredList(working)
        await deferLater(self._reactor, REST)
        outcome.after = self._look()
        return outcome

    def _world(self) -> World:
        """Make the accounts and tokens; in a thread, for it waits."""
        port = self._server.ports["web.endpoints"]
        accounts = [f"player{number}" for number in range(PLAYERS)]
        bettors = [f"bettor{number}" for number in range(BETTORS)]
        for name in [*accounts, *bettors]:
            post(port, "api/accounts", {"name": name, "password": World.PASSWORD})
        asked = {"password": World.PASSWORD, "gameId": "inhousegame:dice"}
        tokens = [post(port, "v1/sessions", {"name": name, **asked})["token"] for name in bettors]
        return World(self._reactor, self._server.ports, list(installed_kinds().values()), tokens, accounts)

    async def _once(self, world: World) -> None:
        """Let somebody in by every door before the first look: a server that has done nothing yet has no threads."""
        for name, group in visits(world).items():
            if name != "kassel":
                await group[0]()
        await deferLater(self._reactor, REST)

    def _look(self) -> Sample:
        assert self._server.process is not None
        return sample(self._server.process.pid, time.monotonic() - self._began if self._began else 0.0)

    async def _again(self, name: str, visit: Callable[[], Awaitable[None]]) -> None:
        while not self._over:
            try:
                await visit()
                await deferLater(self._reactor, PAUSE)
            except CancelledError:
                # Nobody but us, when the time is over.
                return
            except Exception as error:
                self.outcome.failures.append(f"{name}: {type(error).__name__}: {error}")
            else:
                self.outcome.done[name] += 1

    async def _watch(self) -> None:
        while (since := time.monotonic() - self._began) < self._seconds:
            self.outcome.samples.append(self._look())
            self._told(self.outcome)
            await deferLater(self._reactor, min(self._every, max(0.05, self._seconds - since)))
        self.outcome.samples.append(self._look())
