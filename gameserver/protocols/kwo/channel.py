"""One connection of the protocol: frames in, exactly one answer to each that asks for something, events out."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

from twisted.internet.defer import Deferred
from twisted.logger import Logger
from twisted.python.failure import Failure

from gameserver.errors import Code, GameError
from gameserver.net.guard import Guard
from gameserver.net.inbox import Inbox, Queue
from gameserver.net.websocket import Wire
from gameserver.protocols.kwo.encoders import Form
from gameserver.protocols.kwo.packs import RunCommand, SendText, Start, Stop, Undecodable, decode
from gameserver.protocols.kwo.shared import KWO, KwoShared
from gameserver.protocols.kwo.target import Endpoint
from gameserver.sessions.limits import Meter
from gameserver.sessions.session import Session

#: Frames of one connection that may wait behind another before reading stops.
WAITING = 64

#: Commands of one connection that may wait for their output.
COMMANDS = 64

#: Close codes of RFC 6455.
_GOING_AWAY, _POLICY, _TRY_LATER = 1001, 1008, 1013

_INTERNAL = "Something went wrong here."


class KwoChannel:
    """A client of one endpoint. The form is what the server's configuration demands, or what the client speaks."""

    log = Logger()

    def __init__(self, shared: KwoShared, endpoint: Endpoint, address: str, plain: bool) -> None:
        self._shared = shared
        self._endpoint = endpoint
        self._address = address
        self._plain = plain
        self._form: Form = endpoint.plain if plain or endpoint.encrypted is None else endpoint.encrypted
        self._meter = shared.meter()
        self._patience: Meter | None = None
        self._commands = 0
        self._leaving = False
        self._session: Session | None = None
        self._guard = Guard(KWO, self._refused, self._crashed, shared.metrics)

    def opened(self, wire: Wire) -> None:
        """Open a session and begin to show events, or say that there is no room."""
        shared = self._shared
        self._wire = wire
        self._queue: Queue[bytes] = Queue()
        self._inbox: Inbox[bytes] = Inbox(self._handle, self._guard, wire, self._queue, WAITING)
        shared.opened(self)
        try:
            encoders, namespace = self._form.encoders, self._endpoint.namespace
            session = shared.sessions.open(KWO, self._address, self, encoders, namespace)
        except GameError as error:
            shared.metrics.error(KWO, error.code)
            self._leave(_POLICY if error.code == Code.BANNED else _TRY_LATER, error.text)
            return
        self._session = session
        self._guard.session_id = session.id
        session.state = self._endpoint.name
        for topic in self._endpoint.topics:
            shared.sessions.topics.subscribe(session, topic)

    def received(self, payload: bytes, binary: bool) -> None:
        """Take a frame; text and binary frames are read alike."""
        if not self._leaving:
            self._queue.put(payload)
            self._inbox.run()

    def ended(self) -> None:
        """Forget the connection; commands under way run to their end, for nobody."""
        self._leaving = True
        self._inbox.close()
        self._shared.closed(self)
        self._guard.run(self._close_session)

    def deliver(self, payload: bytes) -> None:
        """Send bytes that the form's encoders have made."""
        self._wire.write(payload)

    def close(self, code: str, text: str) -> None:
        """End the connection from the server's side."""
        self._leave(_GOING_AWAY if code == "shutdown" else _POLICY, text)

    def _handle(self, payload: bytes) -> Awaitable[None] | None:
        if self._leaving:
            return None
        now = self._shared.reactor.seconds()
        if not self._meter.pour(now):
            self._hurried(now)
            return None
        endpoint = self._endpoint
        try:
            pack, encrypted = decode(payload, endpoint.cipher, self._plain)
        except Undecodable as error:
            self._fail("undecodable", str(error))
            return None
        self._speak(encrypted)
        if isinstance(pack, Undecodable):
            self._fail("undecodable", str(pack))
            return None
        work = self._do(pack)
        self._shared.metrics.message(KWO, type(pack).__name__.lower(), self._shared.reactor.seconds() - now)
        return work

    def _speak(self, encrypted: bool) -> None:
        """Answer in the form that the client has just spoken; it can change only where both are allowed."""
        form = self._endpoint.encrypted if encrypted else self._endpoint.plain
        if form is not None and form is not self._form:
            self._form = form
            if self._session is not None:
                self._session.encoders = form.encoders

    def _do(self, pack: RunCommand | SendText | Start | Stop) -> Awaitable[None] | None:
        target = self._endpoint.target
        if isinstance(pack, RunCommand):
            self._run(pack)
            return None
        if isinstance(pack, SendText):
            target.say(pack.text)
            return None
        return self._switch(target.start() if isinstance(pack, Start) else target.stop())

    async def _switch(self, work: Awaitable[str]) -> None:
        """Answer ``start`` and ``stop`` with ``debug``, whatever comes of them."""
        try:
            text = await work
        except GameError as error:
            self._shared.metrics.error(KWO, error.code)
            text = error.text
        self.deliver(self._form.debug(text))

    def _run(self, pack: RunCommand) -> None:
        if self._commands >= COMMANDS:
            raise GameError(Code.BUSY, "Too many of your commands are waiting; try again in a moment.")
        running = self._endpoint.target.run(pack.command)
        self._commands += 1

        def done(result: str) -> None:
            self.deliver(self._form.feedback(pack.id, result))

        def failed(failure: Failure) -> None:
            self.log.failure("command at {name}", failure, name=self._endpoint.name)
            self._fail("internal", _INTERNAL)

        def over(_result: Any) -> None:
            self._commands -= 1

        answering: Deferred[Any] = running.addCallbacks(done, failed)
        answering.addErrback(lambda failure: self.log.failure("answer at {name}", failure, name=self._endpoint.name))
        answering.addBoth(over)

    def _refused(self, error: GameError) -> None:
        self.deliver(self._form.failed(error.text))

    def _crashed(self) -> None:
        self.deliver(self._form.failed(_INTERNAL))

    def _fail(self, code: str, text: str) -> None:
        self._shared.metrics.error(KWO, code)
        self.deliver(self._form.failed(text))

    def _hurried(self, now: float) -> None:
        """Refuse a frame above the limit; who goes on and on with that is put out."""
        if self._patience is None:
            self._patience = self._shared.meter()
        if self._patience.pour(now):
            self._fail("too_fast", "Too many frames; wait a moment.")
        else:
            self.log.info("kwo session {id}: far too many frames", id=self._guard.session_id)
            self._leave(_POLICY, "Too many frames.")

    def _leave(self, code: int, text: str) -> None:
        self._leaving = True
        self._inbox.close()
        self._close_session()
        self._wire.close(code, text)

    def _close_session(self) -> None:
        if self._session is not None:
            self._shared.sessions.close(self._session)
