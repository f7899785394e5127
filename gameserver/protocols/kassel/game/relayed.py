"""One connection whose match is at another node: what ``InGame`` is for a match that is here."""

from __future__ import annotations

from collections.abc import Awaitable

from twisted.internet.defer import Deferred, TimeoutError

from gameserver.edge.relay.asking import refusal
from gameserver.edge.relay.relays import LOST, UNREACHABLE, Relay
from gameserver.errors import Code, GameError
from gameserver.games.api import Command, Participant
from gameserver.protocols.kassel.encoders import said_by_server
from gameserver.protocols.kassel.game.client import FrontClient
from gameserver.protocols.kassel.game.relay_messages import (
    AWAITED,
    SERVICE,
    Act,
    Asked,
    Clogged,
    Colored,
    Opening,
    Say,
    Welcomed,
    decode_noted,
    encode,
)

#: Seconds for the first word of the other node. Between nodes that can reach each other it takes milliseconds.
ANSWERED_WITHIN = 3.0

#: Seconds between two looks whether a client that was behind with reading still is.
LOOKS_EVERY = 0.25


class RelayedGame:
    """A ``Fronted`` of ``edge.relay``. ``node`` is where the match is."""

    _relay: Relay

    def __init__(self, client: FrontClient, node: str, name: str) -> None:
        self._client = client
        self._node = node
        self._name = name
        #: Whether LEAVE_GAME has been sent; the connection may go back to the lobby then.
        self.left = False
        #: Fires when the dump is out.
        self.welcomed: Deferred[None] = Deferred()
        #: Fires when the other node has answered.
        self._seated: Deferred[None] = Deferred()
        self._done: Deferred[None] | None = None
        self._over = False
        self._clogged = False

    async def take_seat(self, participant: Participant) -> None:
        """Take a seat; returns with the first that is told. Raises ``GameError``."""
        client, shared = self._client, self._client.shared
        opening = Opening(
            shared.season.name,
            self._name,
            client.frame_name,
            client.require_player(),
            list(participant.members),
            participant.color,
            participant.visitor,
            client.beating,
        )
        self._relay = shared.context.relays.open(self._node, SERVICE, encode(opening), self)
        self._seated.addTimeout(ANSWERED_WITHIN, shared.reactor)
        try:
            await self._seated
        except TimeoutError:
            self._over = True
            self._relay.end()
            raise GameError(Code.BUSY, UNREACHABLE) from None

    def act(self, command: Command) -> Awaitable[None] | None:
        """Let the other node carry out a command."""
        if command.action == "LEAVE_GAME":
            self.left = True
            self._client.left_game()
        self._ask(Act(command.action, dict(command.arguments)))
        return self._until_done() if command.action in AWAITED else None

    async def _until_done(self) -> None:
        if not self._over:
            self._done = Deferred()
            await self._done
        if self.left:
            self._over = True
            self._relay.end()

    def _ask(self, message: Asked) -> None:
        self._relay.ask(encode(message))

    def say(self, text: str) -> None:
        """Say a sentence of the server to this client, in its place among the events."""
        if self.left or self._over:
            client = self._client
            client.write(said_by_server(client.shared.now_ms, text, client.frame))
        else:
            self._ask(Say(text))

    def connection_lost(self) -> None:
        """The connection has ended; the owner keeps the seat for the grace time."""
        self._over = True
        self._relay.end()
        self._wake()

    # What the owner says.

    def told(self, payload: bytes) -> None:
        """See ``Fronted``."""
        if not self._seated.called:
            self._seated.callback(None)
        client = self._client
        client.write(payload)
        if client.clogged and not self._clogged:
            self._clogged = True
            self._ask(Clogged(True))
            client.shared.reactor.callLater(LOOKS_EVERY, self._look)

    def _look(self) -> None:
        if self._over:
            return
        if self._client.clogged:
            self._client.shared.reactor.callLater(LOOKS_EVERY, self._look)
        else:
            self._clogged = False
            self._ask(Clogged(False))

    def noted(self, message: bytes) -> None:
        """See ``Fronted``."""
        note = decode_noted(message)
        if isinstance(note, Colored):
            self._client.color = note.color
        elif isinstance(note, Welcomed):
            self.welcomed.callback(None)
        else:
            self._is_done()

    def _is_done(self) -> None:
        done, self._done = self._done, None
        if done is not None:
            done.callback(None)

    def ended(self, code: str, text: str) -> None:
        """See ``Fronted``."""
        self._over = True
        if not self._seated.called:
            self._seated.errback(GameError(refusal(code), text))
            return
        if not self.left:
            # Who comes back finds the game where it is by then.
            self._client.close("moved" if code == LOST else code, text)
        self._wake()

    def _wake(self) -> None:
        """Let nobody wait for what will not be said any more."""
        self._is_done()
        if self._seated.called and not self.welcomed.called:
            self.welcomed.callback(None)
