"""One connection inside a match: the dump, the events, the commands."""

from __future__ import annotations

from collections.abc import Awaitable

from twisted.internet.defer import Deferred

from gameserver.errors import GameError
from gameserver.games.api import Command, Participant
from gameserver.matches.batch import Batch
from gameserver.matches.match import Match
from gameserver.matches.seat import Seat
from gameserver.matches.thinning import Thinner
from gameserver.protocols.kassel.encoders import batch_bytes, items_bytes, said_by_server
from gameserver.protocols.kassel.game.client import Client
from gameserver.protocols.kassel.game.talk import send_message


class InGame:
    """A ``Receiver`` of the match, and the one who carries out commands for it."""

    seat: Seat

    def __init__(self, client: Client, match: Match) -> None:
        self._client = client
        self.match = match
        #: Whether LEAVE_GAME has been sent; the connection may go back to the lobby then.
        self.left = False
        #: Fires when the dump is out.
        self.welcomed: Deferred[None] = Deferred()
        self._open = False
        self._waiting: list[Batch] = []
        self._thinner = Thinner()
        self._gone = False

    @property
    def timed(self) -> bool:
        """See ``Receiver``."""
        return self._client.beating

    async def take_seat(self, participant: Participant) -> None:
        """Take a seat, at once. Raises ``GameError``."""
        self.seat = self.match.enter(participant, self)

    def welcome(self, seat: Seat, dump: Batch) -> None:
        """Answer JOIN GAME and send the whole model."""
        self.seat = seat
        client = self._client
        season = client.shared.season
        client.send([f"SENDING {len(dump)} EVENTS", "OK"] if season.announces else ["OK"])
        events = items_bytes(dump.at_ms, dump.items, client.frame)
        if season.pause:
            client.shared.reactor.callLater(season.pause, self._begin, events)
        else:
            self._begin(events)

    def _begin(self, events: bytes) -> None:
        self._client.write(events)
        self._open = True
        waiting, self._waiting = self._waiting, []
        for batch in waiting:
            self._emit(batch)
        self.welcomed.callback(None)

    def replaced(self) -> None:
        """Give way: this connection may be half dead, and the seat's person has come back over another."""
        # The seat is not ours any more, and what we say goes out here alone.
        self._gone = True
        self._client.close("replaced", "You have joined this game over another connection.")

    def dismissed(self) -> None:
        """End the connection: the game is no more."""
        self._gone = True
        self._client.close("closed", "An operator has closed this game.")

    def abandoned(self) -> None:
        """End the connection: who comes back finds the game where it is now."""
        self._gone = True
        self._client.close("moved", "This game goes on at another server of this community; please come back.")

    def deliver(self, batch: Batch) -> None:
        """Tell what has happened."""
        if self._open:
            self._emit(batch)
        else:
            self._waiting.append(batch)

    def _emit(self, batch: Batch) -> None:
        seat, client = self.seat.number, self._client
        if not batch.lossy and not self._thinner:
            client.write(batch_bytes(batch, seat, client.frame))
            return
        # Nothing comes after the end of a game that could settle what is owed.
        if client.clogged and not self.match.game.over:
            items = self._thinner.thin(batch.seen_by(seat))
        elif self._thinner:
            items = [*self._thinner.settle(), *batch.seen_by(seat)]
        else:
            client.write(batch_bytes(batch, seat, client.frame))
            return
        client.write(items_bytes(batch.at_ms, items, client.frame))

    def act(self, command: Command) -> Awaitable[None] | None:
        """Carry out a command of who has not left."""
        if command.action == "LEAVE_GAME":
            return self._leave()
        if command.action == "MESSAGE":
            return self._talk(command)
        accepted = self._client.shared.matches.command(self.match, self.seat, command)
        if accepted and command.action == "CHANGE_USER_COLOR":
            self._client.color = command.arguments.get("color")
        return None

    async def _talk(self, command: Command) -> None:
        try:
            await send_message(self._client.shared, self._client.require_player(), self.match, self.seat, command)
        except GameError as error:
            self.say(f"ERROR: message - {error.text}")

    async def _leave(self) -> None:
        self.left = True
        self._client.left_game()
        self.match.leave(self.seat)
        # What is sent to the lobby next is answered after the last event of the game.
        await self._client.shared.matches.journal.flushed()

    def say(self, text: str) -> None:
        """Say a sentence of the server to this client, in its place among the events."""
        if self.left or self._gone:
            client = self._client
            client.write(said_by_server(client.shared.now_ms, text, client.frame))
        else:
            self.match.tell(self.seat, text)

    def connection_lost(self) -> None:
        """The connection has ended; the seat is kept for the grace time."""
        if not self._gone:
            self._gone = True
            if not self.left:
                self.match.lost(self.seat, self)
