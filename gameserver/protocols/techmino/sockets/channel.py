"""One WebSocket of the protocol: whose it is, its messages to the endpoint's handlers, refusals, and how it ends."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping

from gameserver.edge.channel import Channel
from gameserver.errors import Code, GameError
from gameserver.protocols.techmino.close_reasons import close_reason
from gameserver.protocols.techmino.identities import Identity
from gameserver.protocols.techmino.places import REPLACED
from gameserver.protocols.techmino.shared import Handlers, TechminoShared
from gameserver.protocols.techmino.sockets import encoders
from gameserver.protocols.techmino.sockets.endpoints.endpoint import Endpoint
from gameserver.protocols.techmino.sockets.messages import Credentials, merged, parsed
from gameserver.sessions.manager import DuplicateLogin

#: The document's close codes, by why the server ends a connection: 1007 for credentials that are no JSON, 1008 for
#: everything that is not here.
CLOSE_CODES: Mapping[str, int] = {
    "": 1000,
    "over": 1000,
    "left": 1000,
    "shutdown": 1001,
    Code.WRONG_FORMAT: 1007,
    Code.INTERNAL: 1011,
}

#: Ends that a player has asked for or waits for: no error.
_EXPECTED = frozenset({"over", "left"})

#: Ends after which nobody's place is kept for them.
_FOR_GOOD = frozenset({"kicked", "banned", "shutdown"})


class TechminoChannel(Channel[bytes, TechminoShared]):
    """A connection. Whose it is, is known from the request to upgrade, or comes with the first message.

    One that is ``real`` is the game's own client. Without ``close_frames`` it ends with the end of TCP: after a Close
    frame, whatever its code, the clients up to 0.15.2 read nothing at that endpoint any more until they are started
    again. They show the Error before it. Those after them notice the end of TCP only when they have read nothing for
    18 or 30 seconds: as soon as a release is known to be one of them (``reads_close_frames``), it gets a Close frame,
    of which it shows the reason.
    """

    CLOSE_CODES = CLOSE_CODES

    TOO_FAST = "Too many messages; wait a moment"

    def __init__(
        self,
        shared: TechminoShared,
        endpoint: Endpoint,
        address: str,
        identity: Identity | None,
        asked: Credentials,
        *,
        close_frames: bool = True,
        real: bool = False,
    ) -> None:
        super().__init__(shared, address)
        self.encoders = endpoint.encoders
        self.handlers: Handlers | None = None
        self._endpoint = endpoint
        self._identity = identity
        self._asked = asked
        self._close_frames = close_frames
        self._real = real
        self._for_good = False
        self.reads_close_frames = False

    @property
    def identity(self) -> Identity:
        """Whose connection it is, at an endpoint where that must be known."""
        if self._identity is None:
            raise RuntimeError("it is not known whose connection this is")
        return self._identity

    def goes_on_after_close_frames(self) -> None:
        """See ``RoomClient``."""
        self.shared.goes_on_after_close_frames(self.identity.account.id, self.address)

    def admitted(self) -> None:
        """Say Connect, or wait for the credentials."""
        self.session.state = self._endpoint.name
        if self._real:
            self.shared.seen.came(self.address, self._endpoint.name)
        if self._identity is not None or self._endpoint.identify is None:
            self.logged_in()
            self._enter()

    def _enter(self) -> None:
        shared, name, identity = self.shared, self._endpoint.name, self._identity
        if identity is None:
            self.handlers = self._endpoint.make(self, None)
            return
        self.login(identity.account.player, DuplicateLogin.KEEP, identity.account.epoch)
        older = shared.present(name, identity.account.id)
        if name != "user":
            # Who logs in anew may do it with another release.
            self.reads_close_frames = shared.reads_close_frames(identity.account.id, self.address)
        self.handlers = self._endpoint.make(self, older.handlers if older is not None else None)
        shared.take_place(name, identity.account.id, self)
        if older is not None:
            older.close("replaced", REPLACED)

    def received(self, payload: bytes, binary: bool) -> None:
        """Take in a message; text and binary frames carry the same."""
        self.take(payload)

    def handle(self, item: bytes) -> Awaitable[None] | None:
        """See ``Connection``."""
        if self.handlers is None:
            return self._identify(item)
        endpoint = self._endpoint
        kind, handler, request = endpoint.read(item)
        passing = endpoint.elsewhere(self.handlers, request, item) if endpoint.elsewhere is not None else None
        if passing is not None:
            return self.measured(kind, passing)
        return self.measured(kind, handler, self.handlers, request)

    async def _identify(self, payload: bytes) -> None:
        """Take the first message for the credentials; checking them has a time of its own."""
        self.logged_in()
        asked = merged(self._asked, parsed(payload))
        self._identity = await self._endpoint.recognise(self.shared, asked, self.address)
        if not self.leaving:
            self._enter()

    def refused(self, error: GameError) -> None:
        """See ``Connection``; a connection whose credentials are refused ends with that."""
        if self.handlers is None:
            self.close(error.code, error.text)
        else:
            self.deliver(self._endpoint.refusal(error))

    def login_is_late(self) -> None:
        """See ``Connection``."""
        self.close(Code.WRONG_FIELDS, "Wrong format: credentials needed")

    def crashed(self) -> None:
        """See ``Connection``."""
        self.close(Code.INTERNAL, "Internal server error")

    def goodbye(self, code: str, text: str) -> None:
        """Say Error, if it is one."""
        self._for_good = code in _FOR_GOOD
        if code not in _EXPECTED and (self._close_frames or not self.reads_close_frames):
            self.deliver(encoders.error(text))

    def _end_transport(self, code: str, text: str) -> None:
        if self._close_frames or self.wire is None:
            super()._end_transport(code, text)
        elif self.reads_close_frames:
            super()._end_transport(code, close_reason("reason", text, type="Error"))
        else:
            self.wire.hang_up()

    def ended(self) -> None:
        """See ``Handler``."""
        super().ended()
        self.handlers = None

    def gone(self) -> None:
        """See ``Connection``."""
        if self._real:
            self.shared.seen.went(self.address)
        if self.handlers is None:
            return
        if self._identity is not None:
            self.shared.give_up_place(self._endpoint.name, self._identity.account.id, self)
        self.handlers.disconnected(for_good=self._for_good)
