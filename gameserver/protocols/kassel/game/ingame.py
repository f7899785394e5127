"""One connection inside a match: the dump, the events, the JSON commands."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import Protocol

from twisted.internet.defer import Deferred

from gameserver.errors import GameError
from gameserver.games.api import Command, Participant
from gameserver.matches.batch import Batch
from gameserver.matches.match import Match
from gameserver.matches.seat import Seat
from gameserver.matches.thinning import Thinner
from gameserver.matches.wire import SERVER, event
from gameserver.protocols.kassel.encoders import Frame, batch_bytes, items_bytes
from gameserver.protocols.kassel.game.commands import BadCommand, Truncated, camel, decode, is_command
from gameserver.protocols.kassel.game.talk import send_message
from gameserver.protocols.kassel.shared import SeasonShared
from gameserver.protocols.kassel.telnet import Input
from gameserver.sessions.players import Player

#: Longest command over several lines, in characters.
_LONGEST = 65536


class Client(Protocol):
    """A connection as its part inside a match sees it. ``frame`` frames a line, ``write`` sends framed bytes."""

    shared: SeasonShared
    frame: Frame
    write: Callable[[bytes], None]
    #: The colour chosen in this session.
    color: str | None

    @property
    def clogged(self) -> bool:
        """Whether the client is behind with reading."""

    def require_player(self) -> Player:
        """Return who has logged in. Raises ``GameError`` ``not_logged_in``."""

    def send(self, lines: Iterable[str]) -> None:
        """Send lines of text in one write."""

    def left_game(self) -> None:
        """This connection is in no game any more."""

    def rest_is_late(self) -> None:
        """Answer the half of a JSON command whose rest has not come."""

    def close(self, code: str, text: str) -> None:
        """End the connection, saying why."""


class InGame:
    """A ``Receiver`` of the match, and the one who reads commands for it."""

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
        self._rest = ""
        self._thinner = Thinner()
        self._gone = False

    def take_seat(self, participant: Participant) -> None:
        """Take a seat. Raises ``GameError``."""
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

    def handle_line(self, item: Input) -> Awaitable[None] | None:
        """Carry out one line: a command, a part of one, or neither."""
        if not isinstance(item, str):
            self.say("ERROR: command - This line is too long.")
            return None
        try:
            command = self._decode(item)
        except Truncated:
            return None
        except BadCommand as error:
            shared = self._client.shared
            shared.metrics.error(shared.protocol, "undecodable")
            self.say(f"ERROR: {error.action} - {error.sentence}")
            return None
        return self._act(command)

    def _act(self, command: Command) -> Awaitable[None] | None:
        if command.action == "NOOP":
            self.say("OK - NOOP received!")
        elif self.left:
            self.say(f"ERROR: {camel(command.action)} - You have left the game.")
        elif command.action == "LEAVE_GAME":
            return self._leave()
        elif command.action == "MESSAGE":
            return self._talk(command)
        else:
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
            client.write(client.frame(event(client.shared.now_ms, SERVER, "USER_MESSAGE", text)))
        else:
            self.match.tell(self.seat, text)

    def connection_lost(self) -> None:
        """The connection has ended; the seat is kept for the grace time."""
        if not self._gone:
            self._gone = True
            if not self.left:
                self.match.lost(self.seat, self)

    def rest_is_late(self) -> None:
        """The rest of a command has not come: what there is is no command."""
        if self._rest:
            self._rest = ""
            self.say("ERROR: command - The JSON object is not complete.")

    def _decode(self, line: str) -> Command:
        """Return the command of a line, or of several that belong together. Raises ``BadCommand``."""
        begun, self._rest = self._rest, ""
        if not begun:
            return self._decode_new(line)
        self._client.shared.rests.stop(self._client)
        try:
            return decode(f"{begun}\n{line}")
        except Truncated as error:
            if is_command(line):
                self.say(f"ERROR: {error.action} - {error.sentence}")
                return decode(line)
            if len(begun) + len(line) > _LONGEST:
                raise BadCommand("This command is too long.") from None
            self._keep(f"{begun}\n{line}")
            raise
        except BadCommand as error:
            if not line.lstrip().startswith("{"):
                raise
            # The line before was broken; this one stands for itself.
            self.say(f"ERROR: {error.action} - {error.sentence}")
            return self._decode_new(line)

    def _decode_new(self, line: str) -> Command:
        try:
            return decode(line)
        except Truncated:
            self._keep(line)
            raise

    def _keep(self, text: str) -> None:
        self._rest = text
        self._client.shared.rests.start(self._client)
