"""The console is at one node, its clients come in at another."""

from __future__ import annotations

from typing import Any

from twisted.internet.task import deferLater
from twisted.internet.threads import deferToThread

from gameserver.app.cluster import Member, join
from gameserver.cluster.local import LocalBus
from gameserver.protocols.kwo import elsewhere
from gameserver.testing.kwo import KwoClient
from tests.protocols.kwo import test_server
from tests.protocols.kwo.services import SILENCE, Services, program
from tests.protocols.kwo.test_site import fetch

PASSWORD = "a long Password 123"


class TwoNodes(Services):
    """The node with the programs; ``front`` is the one where everybody comes in."""

    front: Services
    members: list[Member]

    async def start(self) -> Services:
        self.front = Services(self.reactor)
        bus = LocalBus(self.reactor)
        self.members = [join(node.context, bus, SILENCE) for node in (self, self.front)]
        # Asked of the bus itself, so that nobody waits for who else there might be.
        bus.start()
        await super().start()
        await self.front.start()
        await deferLater(self.reactor, 0.01)
        return self

    async def stop(self) -> None:
        await self.front.stop()
        await super().stop()

    async def bot(self, name: str = "hub", **options: Any) -> KwoClient:
        return await self.front.bot(name, **options)


class PlainAtTwoNodes(test_server.PlainTests):
    SERVICES = TwoNodes


class RelayedTests(test_server.Base):
    SERVICES = TwoNodes

    async def nodes(self, **keys: Any) -> TwoNodes:
        nodes = await self.services({"game": program(autostart=True, **keys)})
        assert isinstance(nodes, TwoNodes)
        return nodes

    async def test_encrypted_packs_are_read_where_the_password_is(self) -> None:
        nodes = await self.nodes(password=PASSWORD)
        bot = await nodes.bot("game", password=PASSWORD)
        self.assertEqual(await bot.run("echo hello"), "hello")

    async def test_plain_packs_are_for_one_machine_only(self) -> None:
        nodes = await self.nodes()
        bot = await nodes.bot("game")
        self.assertEqual(await bot.run("echo hello"), "hello")
        self.patch(elsewhere, "machine", iter(("here", "there")).__next__)
        bot = await nodes.bot("game")
        self.assertEqual(await bot.gone, 1008)

    async def test_a_lost_owner_asks_to_come_back(self) -> None:
        nodes = await self.nodes()
        bot = await nodes.bot("game")
        await bot.run("echo hello")
        await nodes.members[0].stop()
        self.assertEqual(await bot.gone, 1012)
        with self.assertRaises(ConnectionError):
            await nodes.bot("game")

    async def test_a_client_that_goes_is_gone_at_both(self) -> None:
        nodes = await self.nodes()
        bot = await nodes.bot("game")
        await bot.run("echo hello")
        self.assertEqual((len(nodes.sessions), len(nodes.front.sessions)), (1, 1))
        await bot.hang_up()
        while len(nodes.sessions) + len(nodes.front.sessions) + len(nodes.context.relays):
            await deferLater(nodes.reactor, 0.01)

    async def test_a_flood_is_refused_in_the_owners_words(self) -> None:
        limits: dict[str, Any] = {"limits__burst": 5, "limits__messages_per_second": 1}
        nodes = await self.services({"game": program(autostart=True)}, **limits)
        bot = await nodes.bot("game")
        for _ in range(10):
            bot.act("sendtext", text="x")
        self.assertIn("Too many", await self.failed(bot))

    async def test_the_site_lists_them(self) -> None:
        nodes = await self.nodes()
        moderator = await nodes.front.token("mod1", "moderator")
        url = f"http://127.0.0.1:{nodes.front.site_port}/api/kwo"
        status, found = await deferToThread(fetch, "GET", url, moderator, None)
        self.assertEqual(status, 200)
        shown = [(one["name"], one["state"], one["allowed"], one.get("node")) for one in found["servers"]]
        node = nodes.context.relays.node
        self.assertEqual(shown, [("hub", "running", ["command"], None), ("game", "running", [], node)])
