"""A stream's bytes on the share of their address: in order, to the end, and gone with the connection."""

from __future__ import annotations

from twisted.internet.error import ConnectionDone
from twisted.python.failure import Failure

from gameserver.config.tree import Limits
from gameserver.edge.stream import PIECE
from gameserver.net.turns import turns_of
from tests.edge.smallest import SmallestConnection
from tests.edge.test_connection import HOST, EdgeTests


class ShareTests(EdgeTests):
    limits = Limits(messages_per_second=1_000_000, burst=1_000_000)

    def receive(self, connection: SmallestConnection, data: bytes) -> None:
        """Let bytes come as the reactor does, from an address that has used up its share already."""
        turns = turns_of(self.clock)

        def late() -> None:
            self.clock.rightNow += 1.0
            connection.dataReceived(data)

        turns.run(HOST, late)

    def test_pieces_wait_for_later_turns_and_nothing_is_lost(self) -> None:
        connection, socket = self.connect()
        lines = [b"l%d" % number for number in range(3000)]
        data = b"\r\n".join([*lines, b""])
        self.receive(connection, data)
        self.assertEqual((socket.producerState, connection.busy), ("paused", True))
        # What comes meanwhile, as TLS may have it in hand, is behind that.
        connection.dataReceived(b"last\r\n")
        found = self.said(socket)
        wanted = [b"no: What is %b?" % line for line in [*lines, b"last"]]
        self.assertEqual(found, wanted)
        self.assertEqual((socket.producerState, connection.busy), ("producing", False))

    def test_who_closes_their_half_is_answered_to_the_end(self) -> None:
        connection, socket = self.connect()
        self.receive(connection, b"ask\r\n" * PIECE)
        connection.readConnectionLost()
        self.assertFalse(socket.disconnecting)
        self.assertEqual(self.said(socket), [b"yes"] * PIECE)
        self.assertTrue(socket.disconnecting)

    def test_what_has_come_goes_with_the_connection(self) -> None:
        connection, socket = self.connect()
        self.receive(connection, b"login anne1\r\n" + b"ask\r\n" * PIECE)
        self.assertTrue(connection.busy)
        connection.connectionLost(Failure(ConnectionDone()))
        self.assertEqual(len(connection.framing), 0)
        self.clock.advance(0)
        self.assertEqual((len(connection.framing), socket.value()), (0, b""))
