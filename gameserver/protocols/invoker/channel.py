"""One connection of the games: frames in, requests to their handlers, frames out in the form of the request."""

from __future__ import annotations

from collections.abc import Awaitable
from contextlib import suppress
from typing import Any

import msgspec

from gameserver.edge.channel import Channel
from gameserver.errors import Code, GameError
from gameserver.net.websocket import Accepted, Refusal, Upgrade, frame
from gameserver.protocols.invoker.encoders import push_id
from gameserver.protocols.invoker.forms import FORMS, JSON, PROTOBUF, Form
from gameserver.protocols.invoker.handlers import handler_of
from gameserver.protocols.invoker.messages import Malformed, Message
from gameserver.protocols.invoker.play.table import Seat
from gameserver.protocols.invoker.refusals import error_payload, login_error
from gameserver.protocols.invoker.shared import InvokerShared
from gameserver.protocols.invoker.subscriptions import Subscriptions
from gameserver.sessions.manager import DuplicateLogin
from gameserver.wallet.identities import Identity

#: A frame from a client: its payload, and whether it is binary.
Frame = tuple[bytes, bool]

#: The heartbeat of the application and its answer; neither is JSON.
HEARTBEAT: Frame = (b"0", False)
HEARTBEAT_ANSWER = frame(b"1")

#: Subprotocols by which a client may say in which form it wants the pushes before its first message.
SUBPROTOCOLS = {f"invoker.{form.name}": form for form in FORMS}


class InvokerChannel(Channel[Frame, InvokerShared]):
    """A connection. ``game`` is the one of its token, empty before a login."""

    def __init__(self, shared: InvokerShared, address: str, arriving: Identity | None, form: Form) -> None:
        super().__init__(shared, address)
        self.encoders = form.encoders
        self.form = form
        self.game = ""
        self.subscriptions = Subscriptions()
        self._arriving = arriving
        self._identity: Identity | None = None
        self._seat: Seat | None = None
        #: The form and the id of the request in hand.
        self._in_hand: tuple[Form, object] = (form, "")

    @property
    def identity(self) -> Identity:
        """Who has logged in. Raises ``GameError`` ``not_logged_in``."""
        if self._identity is None:
            raise GameError(Code.NOT_LOGGED_IN, "Log in first.")
        return self._identity

    @identity.setter
    def identity(self, identity: Identity) -> None:
        self._identity = identity

    @property
    def seat(self) -> Seat:
        """Who plays what. Raises ``GameError`` ``not_logged_in``."""
        if self._seat is None:
            raise GameError(Code.NOT_LOGGED_IN, "Log in first.")
        return self._seat

    def admitted(self) -> None:
        """Log in who has come with a token in the address."""
        if self._arriving is not None:
            self.log_in(self._arriving)
            self.initialise()

    def not_admitted(self, error: GameError) -> None:
        """Say it in the closing handshake alone: nobody has asked for anything yet."""
        self.leave(error.code, error.text)

    def log_in(self, identity: Identity) -> None:
        """Make the connection a player's. Raises ``GameError`` ``banned``, or ``already_logged_in`` for another."""
        if self._identity is not None and self._identity.row.id != identity.row.id:
            raise GameError(Code.ALREADY_LOGGED_IN, "Another player has logged in on this connection.")
        if identity.player is not None and self.session.player is None:
            self.login(identity.player, DuplicateLogin.KEEP, identity.claims.epoch)
        claims = identity.claims
        self.identity = identity
        self.game = claims.game_id
        self._seat = Seat(identity.row.id, claims.game_id, self.shared.currencies[claims.currency])
        self.logged_in()
        self.limits_changed()
        self.shared.add_player(self)

    def limited_as(self) -> str:
        """See ``Connection``; a player of an operator's has no account here."""
        return super().limited_as() if self._identity is None else f"player {self._identity.row.id}"

    def initialise(self) -> None:
        """Push the configuration of the game, then that everything is ready (document, 1.4 and 6.1)."""
        configs = [{"gameId": self.game, "config": self.shared.catalogue[self.game]}]
        self.push("GAME_CONFIG", {"configs": configs})
        payload = {
            "message": "WebSocket connection initialized successfully",
            "gameId": self.game,
            "timestamp": self.shared.now_ms,
        }
        self.push("INITIALIZATION_COMPLETE", payload)

    def received(self, payload: bytes, binary: bool) -> None:
        """See ``Channel``."""
        self.take((payload, binary))

    def handle(self, item: Frame) -> Awaitable[None] | None:
        """See ``Connection``."""
        if item == HEARTBEAT:
            self.deliver(HEARTBEAT_ANSWER)
            return None
        message = self._decode(item)
        return self.measured(message.t, handler_of(self, message), self, message)

    def over_limit(self, item: Frame) -> Awaitable[None] | None:
        """See ``Connection``; the refusal carries the id of what is refused."""
        if item == HEARTBEAT:
            self._in_hand = (self.form, "")
        else:
            with suppress(Malformed):
                self._decode(item)
        return super().over_limit(item)

    def _decode(self, item: Frame) -> Message:
        """Return the request in a frame; the answer comes in its form, and pushes from now on."""
        payload, binary = item
        form = PROTOBUF if binary else JSON
        if form is not self.form:
            self.form = form
            self.session.encoders = form.encoders
        try:
            message = form.decode(payload)
        except Malformed as malformed:
            self._in_hand = (form, malformed.i)
            raise
        self._in_hand = (form, message.i)
        return message

    def reply(self, i: object, t: str, payload: dict[str, Any]) -> None:
        """Send a reply in the form of the request."""
        self.deliver(self._in_hand[0].message(i, t, payload))

    def reply_kept(self, reply: bytes) -> None:
        """Send a reply that is JSON already, the way it is kept, in the form of the request."""
        self.deliver(self._in_hand[0].reply(reply))

    def push(self, t: str, payload: dict[str, Any]) -> None:
        """Send something that nobody has asked for, in the form last used."""
        self.deliver(self.form.message(push_id(), t, payload))

    def refused(self, error: GameError) -> None:
        """See ``Connection``."""
        i = self._in_hand[1]
        self.reply(i, "ERROR", error_payload(error, i))

    def crashed(self) -> None:
        """See ``Connection``; the connection stays."""
        self.refused(GameError(Code.INTERNAL, "Something went wrong here; please try again."))

    def login_is_late(self) -> None:
        """See ``Connection``."""
        self.close("login_timeout", "No LOGIN within the time for it.")

    def gone(self) -> None:
        """See ``Connection``."""
        if self._identity is not None:
            self.shared.remove_player(self)


async def connect(shared: InvokerShared, upgrade: Upgrade) -> Accepted:
    """Let a client in: with a token in the address at once, else they have to log in. 401 for a bad token."""
    chosen = next((name for name in upgrade.subprotocols if name in SUBPROTOCOLS), None)
    form = SUBPROTOCOLS[chosen] if chosen is not None else JSON
    identity = None
    token = upgrade.query.get("token")
    if token is not None:
        try:
            identity = await shared.identities.check(token)
        except GameError as error:
            raise Refusal(401, msgspec.json.encode(login_error(error))) from None
    return Accepted(InvokerChannel(shared, upgrade.address, identity, form), subprotocol=chosen)
