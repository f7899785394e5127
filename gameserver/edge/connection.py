"""The life of one connection, whatever carries it: let in, heard in order and within limits, answered, ended once.

A transport (``stream``, ``channel``) opens it and takes its bytes; a protocol says what a message is, what becomes of
it, and how "no" is said. Nothing that a client sends raises here.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from typing import Any, Generic, TypeVar

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IPushProducer
from twisted.logger import Logger

from gameserver.edge.shared import Shared
from gameserver.errors import Code, GameError
from gameserver.net.guard import Guard
from gameserver.net.http import READING_TIME
from gameserver.net.inbox import Answers, Inbox, Source
from gameserver.net.nobody import nobody
from gameserver.net.turns import Share, turns_of
from gameserver.sessions.addresses import network_of
from gameserver.sessions.limits import STRANGER, MessageLimit, RateLimit
from gameserver.sessions.manager import DuplicateLogin
from gameserver.sessions.players import Player
from gameserver.sessions.session import ENDED, Session

I = TypeVar("I")  # noqa: E741
S = TypeVar("S", bound=Shared)
T = TypeVar("T")


class Connection(ABC, Generic[I, S]):
    """One client. ``I`` is what the inbox holds: what the client's bytes are cut into, before they are decoded.

    Its session's ``Sink`` is the connection itself. A protocol gives ``handle`` and ``refused``, and whichever of
    ``admitted``, ``not_admitted``, ``over_limit``, ``crashed``, ``goodbye``, ``gone`` its document has words for.
    """

    log = Logger()

    #: How much may wait behind a message that is being handled before reading stops, in the source's unit.
    WAITING = 64

    #: What is said to who sends faster than the limit.
    TOO_FAST = "Too many messages; wait a moment."

    #: Sends bytes that one of the protocol's encoders has made. The transport puts its own method here, so that a
    #: broadcast to many costs one call each.
    deliver: Callable[[bytes], None]

    def __init__(self, shared: S, address: str = "") -> None:
        self.shared = shared
        #: The peer's host, empty if it has none.
        self.address = address
        self._session: Session | None = None
        self.encoders = shared.encoders
        self.namespace = shared.namespace
        self.leaving = False
        self.deliver: Callable[[bytes], None] = nobody
        self._gone = False
        #: The epoch of the account that has been identified last.
        self._epoch = 0
        #: Who is behind the connection, as it was last asked, and whose limits are theirs.
        self._limited: Player | None = None
        self._person = ""
        self._network = ""
        self._timer: Any = None
        self._guard = Guard(shared.protocol, self.refused, self.crashed, shared.metrics)
        self._inbox: Inbox[I] | None = None
        self._share = Share(turns_of(shared.reactor), "")

    # What a protocol gives.

    def opening(self) -> None:
        """Set up what the connection needs of its transport; called before the client is let in."""

    def admitted(self) -> None:
        """Speak first, where the protocol does; called when the session is open.

        Raises ``GameError`` for who has brought a name or a token with them and cannot come in with it.
        """

    def not_admitted(self, error: GameError) -> None:
        """Say why there is no room, or that the address or the player is banned, and end the connection."""
        self.refused(error)
        self.leave(error.code, error.text)

    @abstractmethod
    def handle(self, item: I) -> Awaitable[None] | None:
        """Decode one message and do what it asks. Raises ``GameError`` for what it refuses."""

    @abstractmethod
    def refused(self, error: GameError) -> None:
        """Answer what cannot be done in the protocol's own words."""

    def crashed(self) -> None:
        """Answer what failed by our own fault; the traceback is in the log already."""
        self.refused(GameError(Code.INTERNAL, "Internal error."))

    def over_limit(self, item: I) -> Awaitable[None] | None:
        """Refuse a message above the rate limit; who goes on and on with that is put out."""
        if self.abused():
            return None
        raise GameError(Code.TOO_FAST, self.TOO_FAST)

    def put_out(self) -> None:
        """End the connection of who does not stop."""
        self.close("too_fast", "Too many messages.")

    def goodbye(self, code: str, text: str) -> None:
        """Tell the client why the server ends the connection, where the protocol can."""

    def gone(self) -> None:
        """Give back what the connection held; called once, whatever has ended it, before its session is closed."""

    def login_is_late(self) -> None:
        """End a connection that nobody has logged in on in time."""
        self.close("login_timeout", "Nobody has logged in within the time for it.")

    # What a protocol calls.

    async def identified(self, name: str, password: str = "") -> Player:
        """Return who logs in: whose account it is, once the password has been checked, or a guest without one.

        Raises ``GameError`` as the accounts and ``SessionManager.hold_name`` do.
        """
        accounts, session = self.shared.accounts, self.session
        if not password:
            self._epoch = 0
            guest = await accounts.guest(name)
            await self.shared.sessions.hold_name(self.shared.namespace, guest)
            return guest
        account = await accounts.authenticate(name, password, self.address, wanted=lambda: session.open)
        self._epoch = account.epoch
        return account.player

    def login(self, player: Player, again: DuplicateLogin = DuplicateLogin.REPLACE, epoch: int | None = None) -> None:
        """Make the connection a player's, and stop the time to log in.

        ``epoch`` is that of their account or token; left out, it is that of who has been ``identified``. Raises
        ``GameError`` as ``SessionManager.login`` does; ``closed`` for a client that has gone meanwhile.
        """
        self.shared.sessions.login(self.session, player, again, self._epoch if epoch is None else epoch)
        self.logged_in()

    def logged_in(self) -> None:
        """Stop the time to log in."""
        self.shared.logins.stop(self)

    def measured(
        self, kind: str, function: Callable[..., Awaitable[None] | None], *arguments: Any
    ) -> Awaitable[None] | None:
        """Call a handler, count it as ``kind`` with the time it takes, also when it fails, and return its result."""
        since = self.shared.reactor.seconds()
        work = None
        try:
            work = function(*arguments)
        finally:
            if work is None:
                self.shared.handled(kind, since)
        if work is None:
            return None
        if isinstance(work, Deferred):
            return work.addBoth(self._handled, kind, since)
        return self._timed(kind, work, since)

    def _handled(self, result: T, kind: str, since: float) -> T:
        self.shared.handled(kind, since)
        return result

    async def _timed(self, kind: str, work: Awaitable[None], since: float) -> None:
        try:
            await work
        finally:
            self.shared.handled(kind, since)

    def answers_go_through(self, answers: Answers) -> None:
        """Let what stands before the transport say when so much is unsent that nothing more is handled."""
        if self._inbox is not None:
            self._inbox.answers = answers

    def beside(self, function: Callable[..., Awaitable[None] | None], *arguments: Any) -> None:
        """Call a function that the client's next messages do not wait for.

        What it raises is answered as the error of a handler is.
        """
        self._guard.run(function, *arguments)

    def within_limit(self) -> bool:
        """Count a message and say whether the rate limit lets it through.

        Each item of the inbox is counted already. This is for a protocol that finds several messages in one, or that
        handles a message above the limit later.
        """
        return self.fits(self.shared.messages)

    def fits(self, limit: RateLimit | MessageLimit) -> bool:
        """Count one thing in a limit of the protocol's own and say whether it may be done."""
        return limit.fits(self._whose(), self._network, self.shared.reactor.seconds())

    def abused(self) -> bool:
        """Note a message above the limit; return whether that was one too many and the client has been put out."""
        shared, person = self.shared, self._whose()
        # Who has not logged in answers with their address: a new connection must not be a new beginning.
        address = self._network if person == self._stranger else ""
        if not shared.messages.is_abused(person, address, shared.reactor.seconds()):
            return False
        self.log.info(
            "{protocol} session {session}: far too many messages", protocol=shared.protocol, session=self.number
        )
        self.put_out()
        return True

    def limited_as(self) -> str:
        """Return whose limits hold here.

        Those of who has logged in, over all their connections; until then the connection stands for itself. Asked
        again when another player is behind the session; see ``limits_changed``.
        """
        player = self.player
        return self._stranger if player is None else player.limited_as(self.namespace)

    def limits_changed(self) -> None:
        """Ask again whose limits hold, where it is not the session's player who decides that."""
        self._limited, self._person = self.player, self.limited_as()

    @property
    def _stranger(self) -> str:
        return f"{STRANGER}{self.number}"

    def _whose(self) -> str:
        session = self._session
        if session is not None and (session.player is not self._limited or not self._person):
            self.limits_changed()
        return self._person

    @property
    def session(self) -> Session:
        """The session of a connection that has been let in."""
        if self._session is None:
            raise RuntimeError("the connection has not been let in")
        return self._session

    @property
    def player(self) -> Player | None:
        """Who has logged in."""
        return self._session.player if self._session is not None else None

    @property
    def number(self) -> int:
        """The session's number, 0 before there is one."""
        return self._guard.session_id

    @property
    @abstractmethod
    def unread(self) -> int:
        """Bytes that wait here because the client does not read as fast as it is told things."""

    def close(self, code: str, text: str) -> None:
        """End the connection from the server's side, saying why. ``code`` is a word for programs (``shutdown``)."""
        if not self._gone:
            self.goodbye(code, text)
        self.leave(code, text)

    def leave(self, code: str = "", text: str = "") -> None:
        """Close the session, send what waits, and end the connection. A second time changes nothing."""
        self._forget()
        self._end_transport(code, text)

    def leave_soon(self) -> None:
        """End the connection when the client has had time to read why; what they send is ignored."""
        self.leaving = True
        if self._inbox is not None:
            self._inbox.close()
        self._timer = self.shared.reactor.callLater(READING_TIME, self.leave)

    @property
    def busy(self) -> bool:
        """Whether a message is being handled, or waits because the client does not read."""
        return self._inbox is not None and self._inbox.busy

    # What a transport calls.

    def hear(self) -> None:
        """Handle whatever is complete, now or when the message in hand is done."""
        if self._inbox is not None:
            self._inbox.run()

    def _open(
        self, source: Source[I], producer: IPushProducer, answers: Answers, deliver: Callable[[bytes], None]
    ) -> None:
        """Let the client in, or say why not."""
        self.deliver = deliver
        self._network = network_of(self.address)
        self._share = Share(turns_of(self.shared.reactor), self._network)
        self._inbox = Inbox(self._take, self._guard, producer, source, answers, self.WAITING, self._share)
        self.opening()
        self.shared.opened(self)
        self._guard.run(self._admit)

    def _admit(self) -> None:
        shared = self.shared
        try:
            session = shared.sessions.open(shared.protocol, self.address, self, self.encoders, self.namespace)
            self._session = session
            self._guard.session_id = session.id
            self.admitted()
        except GameError as error:
            shared.metrics.error(shared.protocol, error.code)
            self.not_admitted(error)

    def _take(self, item: I) -> Awaitable[None] | None:
        if self.leaving:
            return None
        return self.handle(item) if self.within_limit() else self.over_limit(item)

    def too_slow(self) -> None:
        """Note that the client does not read and has been dropped; called by the outbox."""
        self.log.warn(
            "{protocol} session {session} dropped: it does not read",
            protocol=self.shared.protocol,
            session=self.number,
        )
        self.shared.dropped()

    @abstractmethod
    def _end_transport(self, code: str, text: str) -> None:
        """Send what waits, then end the transport."""

    def _ended(self) -> None:
        """Forget a connection whose transport has ended."""
        self._forget()
        if self._timer is not None and self._timer.active():
            self._timer.cancel()
        self._timer = None
        self.shared.closed(self)
        # All that knows the connection lets go of it: see net.nobody.
        self._guard.end()
        self._inbox, self.deliver = None, nobody
        if self._session is not None:
            self._session.sink = ENDED

    def _forget(self) -> None:
        self.leaving = True
        if self._gone:
            return
        self._gone = True
        if self._inbox is not None:
            self._inbox.close()
        self._guard.run(self.gone)
        if self._session is not None:
            self._guard.run(self.shared.sessions.close, self._session)
