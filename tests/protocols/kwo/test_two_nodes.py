"""The console is at one node, its clients come in at another."""

from __future__ import annotations

from typing import Any

from twisted.internet.task import deferLater
from twisted.internet.threads import deferToThread

from gameserver.app.cluster import Member, join
from gameserver.cluster.limit_news import EVERY
from gameserver.cluster.local import LocalBus
from gameserver.edge.relay.relays import NoNodes
from gameserver.protocols.kwo import elsewhere, elsewhere_console
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

    async def ask(self, nodes: TwoNodes, token: str, path: str = "", body: Any = None) -> tuple[int, Any]:
        """Ask the site of the front."""
        url = f"http://127.0.0.1:{nodes.front.site_port}/api/kwo{path}"
        return await deferToThread(fetch, "GET" if body is None else "POST", url, token, body)

    async def test_what_comes_over_a_relay_is_counted_once(self) -> None:
        limits: dict[str, Any] = {
            "limits__burst": 20,
            "limits__messages_per_second": 0.1,
            "limits__address_factor": 1.0,
        }
        nodes = await self.services({"game": program(autostart=True)}, **limits)
        assert isinstance(nodes, TwoNodes)
        for member in nodes.members:
            member.limits.start()
            self.addCleanup(member.limits.stop)
        bot = await nodes.bot("game")
        for number in range(16):
            self.assertEqual(await bot.run(f"echo {number}"), str(number))
            await deferLater(nodes.reactor, EVERY / 4)

    async def test_the_site_shows_and_drives_them(self) -> None:
        nodes = await self.nodes()
        await nodes.printed("game", "ready")
        moderator, admin = await nodes.front.token("mod1", "moderator"), await nodes.front.token("boss", "admin")
        status, found = await self.ask(nodes, moderator)
        self.assertEqual(status, 200)
        node = nodes.context.relays.node
        shown = [(one["name"], one["state"], one["allowed"], one.get("node")) for one in found["servers"]]
        self.assertEqual(shown, [("hub", "running", ["command"], None), ("game", "running", [], node)])
        stop, command = {"action": "stop"}, {"action": "command", "command": "event anne came"}
        self.assertEqual((await self.ask(nodes, moderator, "/game", stop))[0], 403)
        self.assertEqual(await self.ask(nodes, admin, "/game", command), (200, {"result": "before\nafter"}))
        _, seen = await self.ask(nodes, moderator, "/game")
        self.assertEqual((seen["players"], seen["tail"]), (["anne"], ["ready", "before", "anne came", "after"]))
        self.assertEqual((await self.ask(nodes, admin, "/game", {"action": "start"}))[1]["code"], "already_running")
        self.assertEqual((await self.ask(nodes, admin, "/game", stop))[0], 200)
        self.assertEqual((await self.ask(nodes, admin, "/none", stop))[0], 404)
        log = [(one.actor, one.action, one.subject) for one in await nodes.front.store.log(9)]
        self.assertIn(("boss", "kwo stop", "game"), log)

    async def test_a_node_that_does_not_answer_is_shown_as_it_was_heard_of(self) -> None:
        nodes = await self.nodes()
        moderator, admin = await nodes.front.token("mod1", "moderator"), await nodes.front.token("boss", "admin")
        nodes.context.relays.nodes = NoNodes()
        _, found = await self.ask(nodes, moderator)
        self.assertEqual([(one["state"], one["tail"]) for one in found["servers"]][1], ("running", []))
        self.patch(elsewhere_console, "DONE_WITHIN", 0.1)
        self.assertEqual((await self.ask(nodes, admin, "/game", {"action": "stop"}))[1]["code"], "busy")
