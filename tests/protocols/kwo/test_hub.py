"""The hub: the people of this gameserver as packs, its console, and who may use what of it."""

from __future__ import annotations

from twisted.internet.defer import ensureDeferred

from gameserver.protocols.kwo import hub
from gameserver.protocols.kwo.hub import Hub
from gameserver.protocols.kwo.pages import HubServer
from gameserver.sessions.manager import COMMUNITY
from gameserver.sessions.players import Player
from gameserver.testing.sinks import RecordingSink
from tests.protocols.kwo.test_server import PASSWORD, Base
from tests.typed import the


class HubTests(Base):
    async def test_a_chat_user_joins_talks_and_leaves(self) -> None:
        services = await self.services()
        bot = await services.bot_at("kwo.endpoints", "/any/path")
        anne = await services.person("anne")
        self.assertEqual(await bot.receive(), {"type": "pack", "cause": "join", "params": {"sender": "anne"}})
        anne.send(Command="05", Message="哼哼 \ud83d\ude00|x")
        self.assertEqual(
            await bot.receive(),
            {"type": "pack", "cause": "chat", "params": {"sender": "anne", "text": "哼哼 \U0001f600|x"}},
        )
        anne.drop()
        self.assertEqual(await bot.receive(), {"type": "pack", "cause": "left", "params": {"sender": "anne"}})

    async def test_the_same_encrypted(self) -> None:
        services = await self.services(kwo__hub__password=PASSWORD)
        bot = await services.bot(password=PASSWORD)
        anne = await services.person("anne")
        self.assertEqual((await bot.receive())["cause"], "join")
        anne.drop()
        self.assertEqual((await bot.receive())["cause"], "left")
        self.assertEqual(bot.form, "encrypted")

    async def test_the_console(self) -> None:
        services = await self.services()
        anne = await services.person("anne")
        bob1 = await services.person("bob1")
        await anne.next()
        bot = await services.bot()
        self.assertEqual(await bot.run("list"), "There are 2/20000 players online:\nanne, bob1")
        self.assertEqual(await bot.run("say hello you"), "[Server] hello you")
        self.assertEqual(await anne.next(), {"Command": "32", "Speaker": "admin", "Message": "hello you"})
        self.assertEqual(await bot.run("msg anne psst  you"), "Told anne: psst  you")
        self.assertEqual(await anne.next(), {"Command": "13", "FriendName": "admin", "Message": "psst  you"})
        self.assertEqual(await bot.run("msg nobody hi"), "nobody is not online.")
        self.assertEqual(await bot.run("games"), "There are 1 open games:\nid 7, game carcassonne")
        self.assertEqual(await bot.run("/KICK bob1 too loud"), "Kicked bob1.")
        self.assertEqual((await bob1.next())["Message"], "hello you")
        self.assertEqual((await bob1.next())["Message"], "too loud")
        await bob1.ended()
        self.assertEqual(await bot.run("kick bob1"), "bob1 is not online.")
        self.assertIn("list: who is online", await bot.run("help"))
        self.assertNotIn("stop", await bot.run("help"))
        self.assertEqual(await bot.run("fly"), "Unknown command: fly. Type help for the commands.")
        for command in ("say", "msg", "msg anne", "kick"):
            self.assertIn(f"{command.split()[0]} ", await bot.run(command))
        self.assertIn(("kwo", "kick"), [(entry.actor, entry.action) for entry in await services.store.log(10)])

    async def test_sendtext_reaches_the_chat_and_is_silent(self) -> None:
        services = await self.services()
        anne = await services.person("anne")
        bot = await services.bot()
        bot.act("sendtext", text="hello", id="1")
        self.assertEqual((await anne.next())["Message"], "hello")
        self.assertEqual(await bot.run("list", "x"), "There are 1/20000 players online:\nanne")
        self.assertTrue(bot.silent)

    async def test_start_and_stop(self) -> None:
        self.patch(hub, "LAST_WORDS", 0)
        services = await self.services()
        bot = await services.bot()
        self.assertEqual(await self.debug_answer(bot, "start"), "The server is running already.")
        self.assertEqual(await self.debug_answer(bot, "stop"), "The command stop is not allowed here.")
        self.assertEqual(await bot.run("stop"), "The command stop is not allowed here.")
        self.assertEqual(services.stops, [])
        services = await self.services(kwo__hub__password=PASSWORD)
        bot = await services.bot(password=PASSWORD)
        self.assertEqual(await bot.run("stop"), "The gameserver is stopping.")
        self.assertEqual(await bot.run("list"), "There are 0/20000 players online:\n")
        self.assertEqual(services.stops, ["stop"])

    async def test_the_end_of_the_gameserver_is_the_hubs_stop(self) -> None:
        services = await self.services()
        bot = await services.bot()
        await services.part.stop()
        self.assertEqual(await bot.receive(), {"type": "pack", "cause": "stop", "params": {}})
        self.assertEqual(await bot.gone, 1001)

    async def test_the_configuration_says_which_commands_are_allowed(self) -> None:
        services = await self.services(kwo__hub__commands=["list", "help"])
        bot = await services.bot()
        self.assertEqual(len((await bot.run("help")).split("\n")), 2)
        self.assertEqual(await bot.run("kick anne"), "The command kick is not allowed here.")
        bot.act("sendtext", text="hello")
        self.assertIn("not allowed", await self.failed(bot))

    async def test_who_may_be_kicked_is_moderations_rule(self) -> None:
        services = await self.services()
        bot = await services.bot()
        for name, role in (("chief", "admin"), ("second", "moderator"), ("third", "admin")):
            await services.accounts.create(name, "secret", role=role)
        chief = Player("chief", 1, "admin")
        sink = RecordingSink()
        services.sessions.login(services.sessions.open("chat", "", sink, {}), chief)
        refused = "Only an administrator can do this to an operator."
        self.assertEqual(await bot.run("kick CHIEF"), refused)
        hub = HubServer(Hub(services.context, COMMUNITY))
        for name, said in (("second", refused), ("third", "Kicked chief.")):
            account = await services.accounts.by_name(name)
            self.assertEqual(await hub.target(the(account)).run_command("kick chief"), said)
        self.assertEqual(the(sink.closed)[0], "kicked")

    async def test_a_hub_that_stays_alone(self) -> None:
        services = await self.services(kwo__community=False)
        bot = await services.bot()
        await services.person("anne")
        self.assertEqual(await bot.run("list"), "There are 0/20000 players online:\n")

    async def test_a_banned_address_is_not_let_in(self) -> None:
        services = await self.services()
        services.sessions.refused.add("127.0.0.1")
        bot = await services.bot()
        self.assertEqual(await bot.gone, 1008)
        await ensureDeferred(services.moderation.refresh())
