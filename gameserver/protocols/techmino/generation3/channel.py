"""The one WebSocket of a player of generation 3."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping

from gameserver.edge.channel import Channel
from gameserver.errors import Code, GameError
from gameserver.protocols.techmino.generation3.encoders import ENCODERS, close_reason
from gameserver.protocols.techmino.generation3.handlers import ENDPOINT, Handlers
from gameserver.protocols.techmino.generation3.requests import Requests
from gameserver.protocols.techmino.identities import Identity
from gameserver.protocols.techmino.places import REPLACED
from gameserver.protocols.techmino.shared import TechminoShared
from gameserver.sessions.manager import DuplicateLogin


class Generation3Channel(Channel[bytes, TechminoShared]):
    """A connection; whose it is, is known from the request to upgrade."""

    reads_close_frames: bool = True

    CLOSE_CODES: Mapping[str, int] = {"": 1000, "shutdown": 1001, Code.INTERNAL: 1011}

    def __init__(self, shared: TechminoShared, address: str, identity: Identity) -> None:
        super().__init__(shared, address)
        self.encoders = ENCODERS
        self.identity = identity
        self.handlers: Handlers | None = None
        self._requests = Requests()

    def goes_on_after_close_frames(self) -> None:
        """See ``RoomClient``: every client of this generation does."""

    def admitted(self) -> None:
        """Take the place of an older connection of the same player; nothing is said first."""
        shared, account = self.shared, self.identity.account
        self.session.state = ENDPOINT
        shared.seen.came(self.address, ENDPOINT)
        self.login(account.player, DuplicateLogin.KEEP, account.epoch)
        older = shared.present(ENDPOINT, account.id)
        self.handlers = Handlers(self)
        shared.take_place(ENDPOINT, account.id, self)
        if older is not None:
            older.close("replaced", REPLACED)

    def received(self, payload: bytes, binary: bool) -> None:
        """Take in a message; text and binary frames carry the same."""
        self.take(payload)

    def handle(self, item: bytes) -> Awaitable[None] | None:
        """See ``Connection``."""
        kind, handler, data = self._requests.read(item)
        handlers = self.handlers
        passing = handlers.elsewhere(self._requests.action, data, item) if handlers is not None else None
        if passing is not None:
            return self.measured(kind, passing)
        return self.measured(kind, handler, handlers, data)

    def over_limit(self, item: bytes) -> Awaitable[None] | None:
        """See ``Connection``; the message is not looked at."""
        self._requests.action = 0
        return super().over_limit(item)

    def refused(self, error: GameError) -> None:
        """See ``Connection``."""
        self.deliver(self._requests.refusal(error))

    def ended(self) -> None:
        """See ``Handler``."""
        super().ended()
        self.handlers = None

    def gone(self) -> None:
        """See ``Connection``."""
        if self.handlers is not None:
            self.shared.seen.went(self.address)
            self.shared.give_up_place(ENDPOINT, self.identity.account.id, self)
            self.handlers.disconnected(for_good=True)

    def _end_transport(self, code: str, text: str) -> None:
        super()._end_transport(code, close_reason(text) if text else "")
