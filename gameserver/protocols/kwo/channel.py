"""One connection of the protocol: frames in, exactly one answer to each that asks for something, events out."""

from __future__ import annotations

from collections.abc import Awaitable

from gameserver.edge.channel import Channel
from gameserver.errors import Code, GameError
from gameserver.protocols.kwo.bridged import BridgedServer
from gameserver.protocols.kwo.encoders import Form
from gameserver.protocols.kwo.handlers import HANDLERS
from gameserver.protocols.kwo.messages import Undecodable, decode
from gameserver.protocols.kwo.shared import KwoShared


class KwoChannel(Channel[bytes, KwoShared]):
    """A client of one server. ``form`` is the form that the client has spoken last.

    Before it has spoken, packs are encrypted if the server has a password: whoever decrypts everything ends at the
    first plain one.
    """

    TOO_FAST = "Too many frames; wait a moment."

    def __init__(self, shared: KwoShared, server: BridgedServer, address: str, *, plain: bool) -> None:
        super().__init__(shared, address)
        self.server = server
        self.form: Form = server.plain if server.encrypted is None else server.encrypted
        self.encoders = self.form.encoders
        self.commands = 0
        self._plain = plain

    def admitted(self) -> None:
        """Begin to show events."""
        self.session.state = self.server.name
        for topic in self.server.topics:
            self.shared.sessions.topics.subscribe(self.session, topic)

    def not_admitted(self, error: GameError) -> None:
        """Say why in the Close frame: there is no pack for it."""
        self.leave(error.code, error.text)

    def received(self, payload: bytes, binary: bool) -> None:
        """Take a frame; text and binary frames are read alike."""
        self.take(payload)

    def handle(self, item: bytes) -> Awaitable[None] | None:
        """See ``Connection``."""
        pack, encrypted = decode(item, self.server.cipher, plain=self._plain)
        self._answer_in_kind(encrypted=encrypted)
        if isinstance(pack, Undecodable):
            raise pack
        kind, handler = HANDLERS[type(pack)]
        return self.measured(kind, handler, self, pack)

    def _answer_in_kind(self, *, encrypted: bool) -> None:
        """Answer in the form that the client has just spoken; it can change only where both are allowed."""
        form = self.server.encrypted if encrypted else self.server.plain
        if form is not None and form is not self.form:
            self.form = form
            self.session.encoders = form.encoders

    def refused(self, error: GameError) -> None:
        """See ``Connection``."""
        self.deliver(self.form.failed(error.text))

    def crashed(self) -> None:
        """See ``Connection``."""
        self.deliver(self.form.failed("Something went wrong here."))

    def put_out(self) -> None:
        """See ``Connection``."""
        self.close(Code.TOO_FAST, "Too many frames.")
