"""A bot: one connection, a reader of its game and a strategy, from JOIN GAME to the end of the game."""

from __future__ import annotations

from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IDelayedCall, IReactorTime
from twisted.internet.task import LoopingCall
from twisted.python.failure import Failure

from gameserver.bots.client import KasselClient, Refused
from gameserver.games.api import Command
from gameserver.games.kind import Kind
from gameserver.games.rng import Chance

#: Seconds between two looks of a bot at a real-time game.
LOOK = 0.25

#: Seconds a bot is silent after a server has warned it of a flood. This server carries out what came too fast, only
#: later; others of its family may have dropped it, and then nothing would ever ask for it again.
BREATH = 1.0

#: Refused commands in a row after which a bot gives up.
MOST_REFUSALS = 50


class BotPlayer:
    """Plays one game with the strategy of that name. ``over`` fires with the nickname of the winner, "" for nobody.

    ``KeyError`` for a strategy that the kind does not have.
    """

    def __init__(
        self, clock: IReactorTime, client: KasselClient, kind: Kind[Any], strategy: str, chance: Chance
    ) -> None:
        self._client = client
        self._reader = kind.reader(client.nickname)
        self._strategy = kind.strategies[strategy]
        self._chance = chance
        self._root = kind.root
        self._names: dict[str, str] = {}
        self._winner = ""
        self._refusals = 0
        self._wants_start = False
        self._clock = clock
        self._last: Command | None = None
        self._breath: IDelayedCall | None = None
        self.running = False
        #: Events heard, commands sent and refused.
        self.events = self.commands = self.refused = 0
        self.over: Deferred[str] = Deferred()
        self._look = LoopingCall(self._think)
        self._look.clock = clock
        self._every = LOOK if kind.real_time else 0.0

    async def join(self, game: str) -> None:
        """Join a game and play as soon as it runs. Raises ``Refused``."""
        self._client.listener = self._hear
        await self._client.join(game)
        self._client.lost.addCallback(self._lost)
        if self._every and not self.over.called:
            self._look.start(self._every).addErrback(self._broken)

    def start_game(self) -> None:
        """Send START_GAME as soon as everything that comes before it is done."""
        self._wants_start = True
        self._think()

    @property
    def ready(self) -> bool:
        """Whether the game may start as far as this player is concerned."""
        return self._reader.ready

    def _hear(self, source: str, prop: str, old: str | None, new: str | None) -> None:
        self.events += 1
        self._reader.hear(source, prop, old, new)
        if source == "SERVER":
            self._note(new or "")
        elif prop == "nickname" and new is not None:
            self._names[source] = new
        elif prop == "winner":
            self._winner = new or ""
        elif prop == "running" and source.partition("@")[0] == self._root:
            self.running = new == "true"
            if old == "true" and not self.running:
                self._end()
                return
        if source == "SERVER" and not self._every:
            self._think()

    def _note(self, text: str) -> None:
        if text.startswith("FLOOD DETECTED"):
            if self._breath is None and not self._every:
                self._breath = self._clock.callLater(BREATH, self._again)
            return
        # Whatever else the server says shows that the command was only late.
        self._breathe_out()
        if not text.startswith("ERROR: "):
            self._refusals = 0
            return
        self.refused += 1
        self._refusals += 1
        if self._refusals >= MOST_REFUSALS and not self.over.called:
            self.over.errback(Failure(Refused(text.removeprefix("ERROR: "))))
            self._stop()

    def _think(self) -> None:
        if self.over.called:
            return
        command = self._reader.decide(self._strategy, self._chance)
        if command is not None:
            self._send(command)
        if self._wants_start and not self.running and self._reader.ready:
            self._wants_start = False
            self._send(Command("START_GAME"))

    def _again(self) -> None:
        """Send the command before the warning once more, for it was not answered."""
        self._breath = None
        if self._last is not None and not self.over.called:
            self._send(self._last)

    def _send(self, command: Command) -> None:
        self.commands += 1
        self._last = command
        self._client.order(command)

    def _end(self) -> None:
        if not self.over.called:
            self._client.order(Command("LEAVE_GAME"))
            self._stop()
            self.over.callback(self._names.get(self._winner, ""))

    def _stop(self) -> None:
        if self._look.running:
            self._look.stop()
        self._breathe_out()

    def _breathe_out(self) -> None:
        if self._breath is not None:
            self._breath.cancel()
            self._breath = None

    def _broken(self, reason: Failure) -> None:
        """A reader or strategy that raised has looked for the last time: whoever waits for the game is told why."""
        self._breathe_out()
        if not self.over.called:
            self.over.errback(reason)

    def _lost(self, _result: object) -> None:
        self._stop()
        if not self.over.called:
            self.over.errback(Failure(Refused("the connection has ended before the game")))
