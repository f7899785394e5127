"""The tests of rooms, rounds and chat with people at two nodes: everything is as if they were at one."""

from __future__ import annotations

from twisted.internet import reactor

from gameserver.cluster.local import LocalBus
from tests.protocols.techmino import (
    test_any_order,
    test_chat,
    test_generation2,
    test_generation3_any_order,
    test_generation3_rooms,
    test_play,
    test_players,
    test_stream,
)
from tests.protocols.techmino.services import Services
from tests.protocols.techmino.two_nodes import Joined, TwoNodes


class RoomsAtTwoNodes(test_play.PlayTests):
    SERVICES = TwoNodes


class ReturningAtTwoNodes(test_play.ReconnectTests):
    SERVICES = TwoNodes


class RoundsAtTwoNodes(test_stream.RoundTests):
    SERVICES = TwoNodes


class LargeRoundsAtTwoNodes(test_stream.LargeRoundTests):
    SERVICES = TwoNodes


class Generation2AtTwoNodes(test_generation2.RoomTests):
    SERVICES = TwoNodes


class Generation2RoundsAtTwoNodes(test_generation2.RoundTests):
    SERVICES = TwoNodes


class GenerationsAtTwoNodes(test_generation2.GenerationTests):
    SERVICES = TwoNodes


class Generation1AtTwoNodes(test_generation2.Generation1Tests):
    SERVICES = TwoNodes


class Generation3AtTwoNodes(test_generation3_rooms.RoomTests):
    SERVICES = TwoNodes


class ChatAtTwoNodes(test_chat.ChatTests):
    SERVICES = TwoNodes


class OverTcp(test_players.PlayersCase):
    """Each connection of a player leads to a node by chance."""

    joined: list[Joined]

    def start(self) -> list[Services]:
        bus = LocalBus(reactor)
        first = Joined(reactor, test_players.QUICK, bus)
        self.joined = [first, Joined(reactor, test_players.QUICK, bus, first)]
        return [*self.joined]

    async def end(self) -> None:
        await super().end()
        for node in self.joined:
            await node.started
            await node.member.stop()


class ReleasesAtTwoNodes(OverTcp, test_players.ReleaseTests):
    """See ``OverTcp``."""


class TenRoundsAtTwoNodes(OverTcp, test_players.TenRoundsTests):
    """See ``OverTcp``."""


class AnyOrderAtTwoNodes(test_any_order.AnyOrderTests):
    SERVICES = TwoNodes


class Generation3AnyOrderAtTwoNodes(test_generation3_any_order.AnyOrderTests):
    SERVICES = TwoNodes
