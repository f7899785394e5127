"""The life of a connection, on a clock and without a network."""

from __future__ import annotations

from twisted.internet.address import IPv4Address, UNIXAddress
from twisted.internet.defer import Deferred, ensureDeferred
from twisted.internet.error import ConnectionDone
from twisted.internet.interfaces import IAddress, ISSLTransport
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase
from zope.interface import alsoProvides

from gameserver.config.tree import Limits
from gameserver.edge.shared import HANDSHAKE_TIMEOUT, Shared
from gameserver.errors import Code, GameError
from gameserver.net.http import READING_TIME
from gameserver.net.outbox import LINGER
from gameserver.sessions.manager import COMMUNITY, DuplicateLogin
from gameserver.sessions.players import Player
from gameserver.testing.context import memory_context
from tests.edge.smallest import SmallestConnection

HOST = "192.0.2.1"


class Socket(StringTransport):
    """A transport that notes how it was ended."""

    aborted = False

    def abortConnection(self) -> None:
        self.aborted = True


class EdgeTests(SynchronousTestCase):
    """A protocol on a clock."""

    limits = Limits(messages_per_second=1, burst=3, connections_per_address=2)
    login_timeout = 30.0

    def setUp(self) -> None:
        self.clock = Clock()
        self.clock.advance(1000)
        self.context = memory_context(self.clock, self.limits)
        self.shared = Shared(self.context, "smallest", {}, login_timeout=self.login_timeout)
        self.sessions = self.context.sessions

    def connect(self, peer: IAddress | None = None, *, tls: bool = False) -> tuple[SmallestConnection, Socket]:
        """Return a new connection and its socket."""
        connection = SmallestConnection(self.shared)
        socket = Socket(peerAddress=peer or IPv4Address("TCP", HOST, 40000))
        if tls:
            alsoProvides(socket, ISSLTransport)
        connection.makeConnection(socket)
        return connection, socket

    def said(self, socket: Socket) -> list[bytes]:
        """Return what has been sent since the last time."""
        self.clock.advance(0)
        lines: list[bytes] = socket.value().splitlines()
        socket.clear()
        return lines

    def ask(self, connection: SmallestConnection, socket: Socket, line: bytes) -> list[bytes]:
        """Send a line and return what comes back at once."""
        connection.dataReceived(line + b"\r\n")
        return self.said(socket)

    def metric(self, name: str, **labels: str) -> float | None:
        """Return a measure of this protocol."""
        labels = {"protocol": "smallest", **labels}
        return self.context.metrics.registry.get_sample_value(f"gameserver_{name}", labels)


class LettingInTests(EdgeTests):
    def test_who_is_let_in_has_a_session_and_an_address(self) -> None:
        connection, _ = self.connect()
        (session,) = self.sessions
        self.assertIs(session.sink, connection)
        self.assertIs(connection.session, session)
        self.assertEqual((connection.number, connection.address), (session.id, HOST))
        self.assertEqual((session.protocol, session.namespace, session.address), ("smallest", COMMUNITY, HOST))
        self.assertEqual(self.metric("connections_opened_total"), 1)

    def test_a_peer_may_have_no_address(self) -> None:
        connection, _ = self.connect(UNIXAddress(None))
        self.assertEqual((connection.address, connection.session.address), ("", ""))

    def test_for_whom_there_is_no_room_is_told_so_and_has_no_session(self) -> None:
        self.connect()
        self.connect()
        late, socket = self.connect()
        self.assertEqual(self.said(socket), [b"no: Too many connections from your address."])
        self.assertTrue(socket.disconnecting)
        self.assertEqual((late.number, late.player, len(self.sessions)), (0, None, 2))
        self.assertRaises(RuntimeError, lambda: late.session)
        self.assertEqual(self.metric("errors_total", code="too_many_connections"), 1)
        late.connectionLost(Failure(ConnectionDone()))
        self.assertEqual(len(self.shared.connections), 2)

    def test_admitted_may_refuse_who_comes(self) -> None:
        def refuse(_connection: SmallestConnection) -> None:
            raise GameError(Code.BANNED, "Not you.")

        self.patch(SmallestConnection, "admitted", refuse)
        _, socket = self.connect()
        self.assertEqual(self.said(socket), [b"no: Not you."])
        self.assertEqual((socket.disconnecting, len(self.sessions)), (True, 0))

    def test_a_protocol_that_stays_alone_has_a_namespace_of_its_own(self) -> None:
        self.assertEqual(Shared(self.context, "p", {}, community=False).namespace, "p")
        self.assertEqual(Shared(self.context, "p-1", {}, community=False, alone="p").namespace, "p")


class LoginTests(EdgeTests):
    def test_who_does_not_log_in_is_told_so_and_let_go(self) -> None:
        (_, silent), (player, socket) = self.connect(), self.connect()
        self.ask(player, socket, b"login anne1")
        self.clock.advance(self.login_timeout)
        self.assertEqual(self.said(silent), [b"bye: Nobody has logged in within the time for it."])
        self.assertTrue(silent.disconnecting)
        self.assertEqual((self.said(socket), socket.disconnecting), ([], False))

    def test_a_name_is_a_guest_s_or_needs_its_password(self) -> None:
        ensureDeferred(self.context.accounts.register("anne1", "secret1"))
        connection, socket = self.connect()
        self.assertEqual(self.ask(connection, socket, b"login bobby"), [b"in"])
        self.assertEqual(connection.player, Player("bobby"))
        other, socket = self.connect()
        (line,) = self.ask(other, socket, b"login anne1")
        self.assertEqual(line, b"no: This name is registered; log in with its password.")
        self.assertEqual(self.ask(other, socket, b"login anne1 wrong"), [b"no: Unknown name or wrong password."])
        self.clock.advance(3)
        self.assertEqual(self.ask(other, socket, b"login ANNE1 secret1"), [b"in"])
        assert other.player is not None
        self.assertEqual((other.player.name, other.player.guest), ("anne1", False))

    def test_who_goes_while_the_password_is_checked_is_not_logged_in(self) -> None:
        waiting: Deferred[Player] = Deferred()
        self.patch(self.context.accounts, "guest", lambda _: waiting)
        connection, socket = self.connect()
        self.ask(connection, socket, b"login anne1")
        connection.connectionLost(Failure(ConnectionDone()))
        waiting.callback(Player("anne1"))
        self.assertEqual((len(self.sessions), self.sessions.online()), (0, []))
        self.assertEqual(self.metric("errors_total", code="closed"), 1)

    def test_the_second_session_of_a_player_replaces_the_first_unless_both_are_kept(self) -> None:
        for again, lines in (
            (DuplicateLogin.REPLACE, [b"bye: You have logged in from somewhere else."]),
            (DuplicateLogin.KEEP, []),
        ):
            (first, socket), (second, _) = self.connect(), self.connect()
            for connection in (first, second):
                connection.login(Player("anne1", 1), again)
            self.assertEqual((self.said(socket), socket.disconnecting), (lines, bool(lines)))
            for connection in (first, second):
                connection.connectionLost(Failure(ConnectionDone()))


class LimitTests(EdgeTests):
    def test_what_comes_too_fast_is_refused_and_who_goes_on_is_put_out(self) -> None:
        connection, socket = self.connect()
        answers = [self.ask(connection, socket, b"ask") for _ in range(8)]
        self.assertEqual(answers[:3], [[b"yes"]] * 3)
        self.assertEqual(answers[3:6], [[b"no: Too many messages; wait a moment."]] * 3)
        self.assertEqual(answers[6:], [[b"bye: Too many messages."], []])
        self.assertTrue(socket.disconnecting)

    def test_who_waits_is_forgiven(self) -> None:
        connection, socket = self.connect()
        connection.logged_in()
        for _ in range(10):
            for _ in range(5):
                self.ask(connection, socket, b"ask")
            self.clock.advance(3)
            self.assertEqual(self.ask(connection, socket, b"ask"), [b"yes"])
            self.clock.advance(1)

    def test_messages_of_one_item_count_each(self) -> None:
        connection, _ = self.connect()
        self.assertEqual([connection.within_limit() for _ in range(4)], [True, True, True, False])


class MeasureTests(EdgeTests):
    def count(self, kind: str) -> tuple[float | None, float | None]:
        return self.metric("messages_total", kind=kind), self.metric("message_seconds_sum", kind=kind)

    def test_a_message_is_counted_with_its_time_however_it_ends(self) -> None:
        connection, _ = self.connect()
        waiting: list[Deferred[None]] = []

        def later() -> Deferred[None]:
            waiting.append(Deferred())
            return waiting[-1]

        def fail() -> None:
            raise GameError(Code.USAGE, "No.")

        self.assertIsNone(connection.measured("now", lambda: None))
        self.assertRaises(GameError, connection.measured, "failed", fail)
        for kind in ("later", "failed later"):
            work = connection.measured(kind, later)
            assert work is not None
            connection.beside(lambda work=work: work)
        self.clock.advance(2)
        waiting[0].callback(None)
        waiting[1].errback(GameError(Code.USAGE, "No."))
        self.assertEqual([self.count(kind) for kind in ("now", "failed")], [(1, 0)] * 2)
        self.assertEqual([self.count(kind) for kind in ("later", "failed later")], [(1, 2)] * 2)

    def test_what_runs_beside_is_guarded_too(self) -> None:
        connection, socket = self.connect()

        def fail(text: str) -> None:
            raise GameError(Code.USAGE, text)

        def crash() -> None:
            raise ZeroDivisionError

        connection.beside(fail, "Not like this.")
        self.assertEqual(self.said(socket), [b"no: Not like this."])
        connection.beside(crash)
        self.assertEqual(self.said(socket), [b"no: Internal error."])
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 1)


class EndTests(EdgeTests):
    def test_an_end_is_told_once_and_given_back_once(self) -> None:
        gone: list[str] = []
        connection, socket = self.connect()
        self.patch(connection, "gone", lambda: gone.append("gone"))
        connection.close("kicked", "Enough.")
        connection.close("banned", "Never again.")
        connection.leave()
        self.assertEqual(self.said(socket), [b"bye: Enough."])
        connection.connectionLost(Failure(ConnectionDone()))
        self.assertEqual((gone, len(self.sessions), len(self.shared.connections)), (["gone"], 0, 0))
        self.assertEqual(self.ask(connection, socket, b"ask"), [])

    def test_who_is_let_go_soon_is_not_heard_any_more(self) -> None:
        connection, socket = self.connect()
        connection.leave_soon()
        self.assertEqual((self.ask(connection, socket, b"ask"), socket.disconnecting), ([], False))
        self.clock.advance(READING_TIME)
        self.assertTrue(socket.disconnecting)

    def test_who_is_let_go_soon_may_go_sooner(self) -> None:
        connection, _ = self.connect()
        connection.leave_soon()
        connection.connectionLost(Failure(ConnectionDone()))
        self.shared.logins.close()
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_a_client_that_does_not_read_the_goodbye_is_not_waited_for_long(self) -> None:
        connection, socket = self.connect()
        connection.close("kicked", "Enough.")
        self.clock.advance(LINGER)
        self.assertTrue(socket.aborted)

    def test_a_stop_waits_for_everybody_and_lets_no_time_run(self) -> None:
        heard: list[object] = []
        ends = [self.connect(), self.connect()]
        for number, (connection, socket) in enumerate(ends):
            self.ask(connection, socket, b"login anne%d" % number)
            self.sessions.topics.subscribe(connection.session, "t")
            connection.session.encoders = {str: lambda text: heard.append(text)}
            self.patch(connection, "gone", lambda: self.sessions.topics.publish("t", "somebody goes"))
        stopped: list[None] = []
        ensureDeferred(self.shared.stop()).addCallback(stopped.append)
        self.assertTrue(self.shared.stopping)
        for connection, socket in ends:
            self.assertEqual(self.said(socket), [b"bye: The server is stopping."])
            self.assertEqual(stopped, [])
            connection.connectionLost(Failure(ConnectionDone()))
        self.assertEqual((stopped, heard), ([None], []), "nobody is told of those who go together")
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_a_stop_without_anybody_is_over_at_once(self) -> None:
        stopped: list[None] = []
        ensureDeferred(self.shared.stop()).addCallback(stopped.append)
        self.assertEqual(stopped, [None])


class StreamTests(EdgeTests):
    limits = Limits()

    def test_http_is_recognised_however_it_is_cut(self) -> None:
        request = b"GET / HTTP/1.1\r\n\r\n"
        for cut in range(1, 6):
            connection, socket = self.connect(UNIXAddress(None))
            connection.dataReceived(request[:cut])
            connection.dataReceived(request[cut:])
            self.assertEqual(self.said(socket)[0], b"HTTP/1.1 400 Bad Request", cut)
            self.assertEqual(socket.disconnecting, False)

    def test_what_only_begins_like_http_is_heard(self) -> None:
        connection, socket = self.connect()
        connection.dataReceived(b"GE")
        self.assertEqual(self.said(socket), [])
        self.assertEqual(self.ask(connection, socket, b"T"), [b"no: What is GET?"])
        self.assertEqual(self.ask(connection, socket, b"GET / HTTP/1.1"), [b"no: What is GET?"])

    def test_the_last_line_needs_no_end(self) -> None:
        for line in (b"ask", b"P"):
            connection, socket = self.connect(UNIXAddress(None))
            connection.dataReceived(line)
            connection.readConnectionLost()
            self.assertEqual(self.said(socket), [b"yes" if line == b"ask" else b"no: What is P?"])
            self.assertTrue(socket.disconnecting)

    def test_tls_at_a_port_without_is_closed(self) -> None:
        connection, socket = self.connect()
        connection.dataReceived(b"\x16\x03\x01")
        self.assertEqual((self.said(socket), socket.disconnecting), ([], True))

    def test_a_handshake_has_its_time(self) -> None:
        (_, late), (connection, socket) = self.connect(tls=True), self.connect(tls=True)
        connection.handshakeCompleted()
        self.clock.advance(HANDSHAKE_TIMEOUT)
        self.assertEqual((late.aborted, socket.aborted), (True, False))

    def test_reading_stops_while_much_waits_behind_a_message(self) -> None:
        waiting: Deferred[Player] = Deferred()
        self.patch(self.context.accounts, "guest", lambda _: waiting)
        connection, socket = self.connect()
        connection.dataReceived(b"login anne1\r\n" + b"ask\r\n" * 20)
        self.assertEqual(socket.producerState, "paused")
        waiting.callback(Player("anne1"))
        self.assertEqual(socket.producerState, "producing")
        self.assertEqual(self.said(socket)[0], b"in")
