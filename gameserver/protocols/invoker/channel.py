"""One connection of the games: frames in, requests in order to the handlers, frames out."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

from twisted.logger import Logger

from gameserver.errors import Code, GameError
from gameserver.net.guard import Guard
from gameserver.net.inbox import Inbox, Queue
from gameserver.net.websocket import Wire
from gameserver.protocols.invoker.forms import JSON, PROTOBUF, Form
from gameserver.protocols.invoker.handlers import handle
from gameserver.protocols.invoker.messages import Malformed
from gameserver.protocols.invoker.pushes import push_id
from gameserver.protocols.invoker.refusals import error_payload
from gameserver.protocols.invoker.shared import INVOKER, InvokerShared
from gameserver.protocols.invoker.subscriptions import Subscriptions
from gameserver.sessions.manager import DuplicateLogin
from gameserver.sessions.session import Session
from gameserver.wallet.identities import Identity

#: The heartbeat of the application and its answer; it is not JSON.
BEAT, BEATEN = b"0", b"1"

#: Requests that may wait before reading stops.
WAITING = 64

#: WebSocket close codes: going away, a policy, try again later.
_CLOSES = {"shutdown": 1001, "busy": 1013, "too_many_connections": 1013}


class InvokerChannel:
    """A connection; ``identity`` is there once it has logged in."""

    log = Logger()

    def __init__(self, shared: InvokerShared, address: str, identity: Identity | None, form: Form) -> None:
        self.shared = shared
        self.address = address
        self.identity: Identity | None = None
        self.form = form
        self.session: Session | None = None
        self.subscriptions = Subscriptions()
        self._arriving = identity
        self._wire: Wire | None = None
        self._meter = shared.meter()
        self._in_hand: tuple[Form, object] = (form, "")
        self._guard = Guard(INVOKER, self._refused, self._crashed, shared.metrics)

    def opened(self, wire: Wire) -> None:
        """See ``Channel``."""
        self._wire = wire
        self._queue: Queue[tuple[bytes, bool]] = Queue()
        self._inbox: Inbox[tuple[bytes, bool]] = Inbox(self._handle, self._guard, wire, self._queue, WAITING)
        self._guard.run(self._enter)

    def _enter(self) -> None:
        shared = self.shared
        try:
            self.session = shared.sessions.open(INVOKER, self.address, self, self.form.encoders, shared.namespace)
            self._guard.session_id = self.session.id
            shared.opened(self)
            if self._arriving is not None:
                self.log_in(self._arriving)
                self.initialise()
        except GameError as error:
            shared.metrics.error(INVOKER, error.code)
            self.close(error.code, error.text)

    def log_in(self, identity: Identity) -> None:
        """Make the connection a player's. ``GameError`` ``banned``, or ``already_logged_in`` for another player."""
        assert self.session is not None
        if self.identity is not None and self.identity.row.id != identity.row.id:
            raise GameError(Code.ALREADY_LOGGED_IN, "Another player has logged in on this connection.")
        if identity.player is not None and self.session.player is None:
            self.shared.sessions.login(self.session, identity.player, DuplicateLogin.KEEP)
        self.identity = identity
        self.shared.logged_in(self, identity)

    def initialise(self) -> None:
        """Push the configuration of the game, then that everything is ready (document, 1.4 and 6.1)."""
        assert self.identity is not None
        game = self.identity.claims.game_id
        configs = [{"gameId": game, "config": self.shared.catalogue[game]}]
        self.push("GAME_CONFIG", {"configs": configs})
        payload = {
            "message": "WebSocket connection initialized successfully",
            "gameId": game,
            "timestamp": self.shared.now_ms,
        }
        self.push("INITIALIZATION_COMPLETE", payload)

    def received(self, payload: bytes, binary: bool) -> None:
        """See ``Channel``."""
        if payload == BEAT and not binary:
            if self._wire is not None:
                self._wire.send(BEATEN)
            return
        self._queue.put((payload, binary))
        self._inbox.run()

    def _handle(self, item: tuple[bytes, bool]) -> Awaitable[None] | None:
        payload, binary = item
        form = PROTOBUF if binary else JSON
        if form is not self.form:
            self.form = form
            if self.session is not None:
                self.session.encoders = form.encoders
        self._in_hand = (form, "")
        try:
            message = form.decode(payload)
        except Malformed as malformed:
            self._in_hand = (form, malformed.i)
            raise malformed.error from None
        self._in_hand = (form, message.i)
        if not self._meter.pour(self.shared.reactor.seconds()):
            raise GameError(Code.TOO_FAST, "Too many messages; wait a moment.")
        return handle(self, message)

    def send(self, i: object, t: str, payload: dict[str, Any]) -> None:
        """Send a reply in the form of the request."""
        self.deliver(self._in_hand[0].message(i, t, payload))

    def send_reply(self, reply: bytes) -> None:
        """Send a reply that is JSON already, in the form of the request."""
        self.deliver(self._in_hand[0].reply(reply))

    def push(self, t: str, payload: dict[str, Any]) -> None:
        """Send something that nobody has asked for, in the form last used."""
        self.deliver(self.form.message(push_id(), t, payload))

    def deliver(self, payload: bytes) -> None:
        """Send a frame."""
        if self._wire is not None:
            self._wire.write(payload)

    def close(self, code: str, text: str) -> None:
        """End the connection, telling the client why."""
        if self._wire is not None:
            self._inbox.close()
            self._wire.close(_CLOSES.get(code, 1008), text)

    def login_is_late(self) -> None:
        """End a connection on which nobody has logged in."""
        self.close("login_timeout", "No LOGIN within the time for it.")

    def _refused(self, error: GameError) -> None:
        form, i = self._in_hand
        self.deliver(form.message(i, "ERROR", error_payload(error, i)))

    def _crashed(self) -> None:
        self._refused(GameError(Code.INTERNAL, "Something went wrong here; please try again."))

    def ended(self) -> None:
        """See ``Channel``."""
        self._wire = None
        self._inbox.close()
        self.shared.closed(self)
        if self.session is not None:
            self.shared.sessions.close(self.session)
