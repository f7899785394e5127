"""The games at two nodes on one set of books: pushes reach a player anywhere, and a request is done once."""

from __future__ import annotations

from twisted.internet.defer import ensureDeferred
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase, TestCase

from gameserver.cluster.community import Community
from gameserver.cluster.local import LocalBus
from gameserver.edge.context import Context
from gameserver.net.websocket import Upgrade
from gameserver.protocols.invoker.channel import connect
from gameserver.protocols.invoker.config import Invoker
from gameserver.protocols.invoker.elsewhere import TOPIC
from gameserver.storage.database import Database
from gameserver.storage.migrate import migrate
from gameserver.storage.wallet_audit import audit
from gameserver.wallet.offer import DICE, MINES
from tests.databases import fresh_postgresql
from tests.protocols.invoker.services import CONFIG, Client, Services, bet
from tests.protocols.invoker.test_on_databases import Player
from tests.reactor import reactor

#: Bets of one id that two nodes are asked for at once.
ROUNDS = 40


class Nodes(SynchronousTestCase):
    """Two nodes in memory; the second one has the first one's books."""

    def setUp(self) -> None:
        self.build(CONFIG)

    def build(self, config: Invoker) -> None:
        self.time = Clock()
        self.time.advance(1_800_000_000)
        self.bus = LocalBus(self.time)
        self.communities: list[Community] = []
        self.a, self.b = Services(config, joined=self.join), Services(config, joined=self.join)
        self.b.shared.ledger = self.a.shared.ledger
        self.b.shared.store = self.a.shared.store
        self.b.shared.identities = self.a.shared.identities
        self.time.pump([0.0, 0.6, 0.0, 0.0])

    def join(self, context: Context) -> None:
        name = "ab"[len(self.communities)]
        community = Community(self.time, self.bus, context.sessions, context.rooms, node=name)
        self.communities.append(community)
        context.sessions.peers = community
        ensureDeferred(community.start())

    def enter(self, node: Services, name: str, game: str = DICE) -> Client:
        """Return a connection of somebody whose token the first node has made."""
        client = node.open({"token": self.a.token(name, game)})
        client.pushes()
        return client

    def turn(self) -> None:
        self.time.pump([0.0, 0.0, 0.0])

    def test_a_player_hears_of_their_balance_at_every_node(self) -> None:
        here, there = self.enter(self.a, "alexandra"), self.enter(self.b, "alexandra")
        reasons: set[str] = set()
        while reasons != {"BET", "WIN"}:
            answer = here.bet("10.00", dice=(4, "OVER"))
            own = here.told("BALANCE_UPDATE")
            self.turn()
            other = there.told("BALANCE_UPDATE")
            reasons = {update["reason"] for update in other}
            for update in (*own, *other):
                del update["timestamp"]
            self.assertEqual(own, other)
            self.assertEqual(other[-1]["balance"], answer["balance"])
        self.assertEqual(here.pushes(), [])

    def test_what_is_told_late_is_told_as_of_now(self) -> None:
        here, there = self.enter(self.a, "alexandra"), self.enter(self.b, "alexandra")
        here.bet("10.00", dice=(96, "OVER"))
        mine = there.bet("20.00", dice=(96, "OVER"))
        there.pushes()
        self.turn()
        self.assertEqual([update["balance"] for update in there.told("BALANCE_UPDATE")][-1], mine["balance"])

    def test_a_round_may_be_begun_here_and_ended_there(self) -> None:
        here, there = self.enter(self.a, "alexandra", MINES), self.enter(self.b, "alexandra", MINES)
        here.bet("10.00", mines=(1, "3x3"))
        self.turn()
        self.assertTrue(there.done("MINES_CHECK_ACTIVE")["hasActiveGame"])
        here.pushes()
        there.done("MINES_ABANDON_GAME", {"gameId": there.done("MINES_CHECK_ACTIVE")["gameId"]})
        self.assertFalse(here.done("MINES_CHECK_ACTIVE")["hasActiveGame"])

    def test_everybody_is_told_of_everybodys_bets_but_their_own(self) -> None:
        clients = [self.enter(self.a, "alexandra"), self.enter(self.b, "alexandra"), self.enter(self.b, "somebody")]
        for client in clients:
            client.done("SUBSCRIBE", {"eventTypes": ["BET_ACTIVITY"]})
            client.pushes()
        clients[0].bet("200.00")
        self.turn()
        self.assertEqual([len(client.told("BET_ACTIVITY")) for client in clients], [0, 0, 1])
        listed = clients[2].done("GET_BET_ACTIVITIES", {"gameId": DICE, "limit": 5})
        self.assertEqual((listed["totalCount"], len(listed["activities"])), (1, 1))

    def test_the_rate_of_bets_is_one_at_both(self) -> None:
        self.build(Invoker(bets_per_minute=3))
        here, there = self.enter(self.a, "alexandra"), self.enter(self.b, "alexandra")
        for _ in range(6):
            here.bet("1.00")
        self.turn()
        for client in (here, there):
            self.assertEqual(client.refused("PLACE_BET", bet("1.00")), "RATE_LIMITED")

    def test_what_is_not_understood_is_passed_over(self) -> None:
        there = self.enter(self.b, "alexandra")
        for payload in (b"", b"\xc1", b"\x81\xa4type\xa3new"):
            self.communities[0].publish(TOPIC, payload)
        self.turn()
        self.assertEqual(there.pushes(), [])
        self.assertEqual(len(self.flushLoggedErrors()), 0)

    def test_a_session_that_is_replaced_ends_at_every_node(self) -> None:
        here, there = self.enter(self.a, "alexandra"), self.enter(self.b, "alexandra")
        session = there.channel.identity.claims.session_id
        self.a.shared.end_sessions(there.channel.identity.row.id, [session])
        self.turn()
        self.assertIsNone(here.wire.closed)
        self.assertIsNotNone(there.wire.closed)


class OnePostgresql(TestCase):
    """Two nodes, each with connections of its own to one database."""

    def setUp(self) -> None:
        url = fresh_postgresql(self)
        self.databases = [Database(url, reactor) for _ in range(2)]
        migrate(self.databases[0].engine)
        self.nodes = [Services(reactor=reactor, database=database) for database in self.databases]
        self.nodes[1].shared.identities = self.nodes[0].shared.identities
        for database in self.databases:
            database.start()
            self.addCleanup(database.stop)
        self.players: list[Player] = []
        self.addCleanup(self.finish)

    async def finish(self) -> None:
        for player in self.players:
            player.channel.ended()
        for node in self.nodes:
            await node.part.stop()

    async def enter(self, node: Services, name: str) -> Player:
        accounts = self.nodes[0].accounts
        account = await accounts.by_name(name) or await accounts.register(name, "secret")
        token, _ = await self.nodes[0].identities.issue(account, DICE, "USD")
        player = Player((await connect(node.shared, Upgrade("/v1/ws", {"token": token}, {}, b"", ""))).handler)
        self.players.append(player)
        return player

    async def test_the_same_request_at_both_at_once_is_one_bet(self) -> None:
        players = [await self.enter(node, "alexandra") for node in self.nodes]
        for number in range(ROUNDS):
            asked = [player.ask(f"same {number}", "PLACE_BET", bet("1.00")) for player in players]
            first, second = [await one for one in asked]
            self.assertEqual(first["t"], "PLACE_BET", first)
            self.assertEqual(first, second)
        found = audit(self.databases[0].engine)
        self.assertEqual((found.rounds, found.problems), (ROUNDS, ()))
