"""A supervised program behind the protocol, over real sockets: plain, encrypted, both."""

from __future__ import annotations

import json
from typing import Any

from twisted.internet import defer
from twisted.internet.task import deferLater
from twisted.trial.unittest import TestCase

from gameserver.protocols.kwo.crypto import PackCipher
from gameserver.testing.clients import TIMEOUT
from gameserver.testing.kwo import KwoClient, connect
from tests.protocols.kwo.services import Services, program

PASSWORD = "a long Password 你好"


class Base(TestCase):
    timeout = 2 * TIMEOUT
    #: Makes what is tested; another module has two nodes.
    SERVICES: type[Services] = Services

    async def services(self, servers: dict[str, dict[str, Any]] | None = None, **keys: Any) -> Services:
        from twisted.internet import reactor

        services = self.SERVICES(reactor, servers, **keys)
        self.addCleanup(lambda: defer.Deferred.fromCoroutine(services.stop()))
        return await services.start()

    async def failed(self, bot: KwoClient) -> str:
        pack = await bot.receive()
        self.assertEqual((pack["type"], pack["cause"], set(pack["params"])), ("pack", "decodefailed", {"msg"}))
        return str(pack["params"]["msg"])

    async def debug_answer(self, bot: KwoClient, action: str) -> str:
        bot.act(action)
        return str((await bot.cause("debug"))["msg"])


class PlainTests(Base):
    async def test_a_day_in_the_life_of_a_server(self) -> None:
        services = await self.services({"game": program()})
        bot, other = await services.bot("game"), await services.bot("game")
        bot.act("start")
        self.assertEqual(await bot.receive(), {"type": "pack", "cause": "start", "params": {}})
        self.assertEqual(
            await bot.receive(), {"type": "pack", "cause": "debug", "params": {"msg": "The server is started."}}
        )
        await services.printed("game", "ready")
        self.assertEqual(await bot.run("echo hello", 10**30), "hello")
        self.assertEqual(await bot.run("event lition came", ""), "before\nafter")
        self.assertEqual(await bot.run("event <lition> a|b|c", "114514"), "before\nafter")
        self.assertEqual(await bot.run("event note: x", 0), "before\nafter")
        self.assertEqual(await bot.run("event lition went"), "before\nafter")
        bot.act("stop")
        self.assertEqual((await bot.cause("debug"))["msg"], "The server is stopping.")
        self.assertEqual(await bot.receive(), {"type": "pack", "cause": "stop", "params": {}})
        expected = [
            ("start", {}),
            ("join", {"sender": "lition"}),
            ("chat", {"sender": "lition", "text": "a|b|c"}),
            ("plantext", {"text": "x"}),
            ("left", {"sender": "lition"}),
            ("stop", {}),
        ]
        for cause, params in expected:
            self.assertEqual(await other.receive(), {"type": "pack", "cause": cause, "params": params})
        self.assertTrue(other.silent, "feedback and debug are the asker's")

    async def test_debug_says_why_nothing_was_started_or_stopped(self) -> None:
        services = await self.services({"game": program(), "broken": program(command=["/no/such/program"])})
        bot = await services.bot("game")
        self.assertEqual(await self.debug_answer(bot, "stop"), "The server is stopped already.")
        self.assertEqual(await self.debug_answer(bot, "startrequest"), "The server is started.")
        self.assertEqual(await self.debug_answer(bot, "start"), "The server is running already.")
        self.assertEqual(await self.debug_answer(bot, "stoprequest"), "The server is stopping.")
        broken = await services.bot("broken")
        self.assertIn("No such file", await self.debug_answer(broken, "start"))

    async def test_every_wrong_frame_gets_one_answer_and_nothing_is_executed(self) -> None:
        services = await self.services({"game": program(autostart=True)})
        bot = await services.bot("game")
        wrong = [
            "hello",
            "[]",
            '{"type":"pack","action":"start"}',
            '{"type":"pack","action":"start","params":null}',
            '{"type":"pack","action":"fly","params":{}}',
            '{"type":"pack","action":"runcmdrequest","params":{"cmd":"echo a\\nevent eve came","id":"1"}}',
            '{"type":"pack","action":"runcmdrequest","params":{"cmd":"","id":"1"}}',
            '{"type":"pack","action":"runcmdrequest","params":{"id":"1"}}',
            '{"type":"pack","action":"sendtext","params":{"text":1}}',
        ]
        for frame in wrong:
            bot.send_pack(frame)
            await self.failed(bot)
        bot.send_raw(b"\xff\xfe")
        await self.failed(bot)
        bot.send_raw(b"\0\1\2", True)
        await self.failed(bot)
        self.assertEqual(await bot.run("echo still here"), "still here")
        self.assertTrue(bot.silent)

    async def test_commands_to_a_stopped_server(self) -> None:
        services = await self.services({"game": program()})
        bot = await services.bot("game")
        bot.act("runcmdrequest", cmd="list", id="1")
        self.assertIn("not running", await self.failed(bot))
        bot.act("sendtext", text="hello")
        self.assertIn("not running", await self.failed(bot))

    async def test_sendtext_is_silent_and_cannot_break_out(self) -> None:
        services = await self.services({"game": program(autostart=True)})
        bot = await services.bot("game")
        self.assertEqual(await bot.run("echo begun"), "begun")
        bot.act("sendtext", text="hello\nexit 1\r\nexit 1", id="x")
        await services.printed("game", "[Server] hello exit 1  exit 1")
        self.assertEqual(await bot.run("echo still here"), "still here")
        self.assertTrue(bot.silent)

    async def test_a_burst_of_commands_and_a_death_answer_each_once(self) -> None:
        services = await self.services({"game": program(autostart=True)})
        bot = await services.bot("game")
        for number in range(24):
            bot.act("runcmdrequest", cmd=f"echo {number}", id=number)
        for number in range(24):
            self.assertEqual(await bot.cause("runcmdfeedback"), {"result": str(number), "id": number})
        for number, command in enumerate(("die", "echo a", "echo b")):
            bot.act("runcmdrequest", cmd=command, id=number)
        answers = [await bot.cause("runcmdfeedback") for _ in range(3)]
        self.assertEqual([answer["id"] for answer in answers], [0, 1, 2])
        self.assertEqual((await bot.receive())["cause"], "stop")

    async def test_a_command_that_fails_by_our_own_fault_is_answered_and_the_next_one_runs(self) -> None:
        services = await self.services({"game": program(autostart=True)})
        bot, console = await services.bot("game"), services.consoles["game"]
        outputs: list[defer.Deferred[str]] = [defer.Deferred(), defer.Deferred()]
        self.patch(console, "run_command", lambda command: outputs[int(command)])
        for number in range(2):
            bot.act("runcmdrequest", cmd=str(number), id=number)
        self.assertEqual(
            await self.debug_answer(bot, "start"), "The server is running already.", "packs wait for no output"
        )
        outputs[0].errback(ZeroDivisionError())
        outputs[1].callback("done")
        answers = [await bot.receive() for _ in range(2)]
        self.assertEqual(
            [(answer["cause"], answer["params"]) for answer in answers],
            [
                ("decodefailed", {"msg": "Something went wrong here."}),
                ("runcmdfeedback", {"result": "done", "id": 1}),
            ],
        )
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 1)
        errors = services.metrics.registry.get_sample_value(
            "gameserver_errors_total", {"protocol": "kwo", "code": "internal"}
        )
        self.assertEqual(errors, 1.0)

    async def test_the_flood_limit_answers_first_and_closes_later(self) -> None:
        services = await self.services({"game": program()}, limits__burst=5, limits__messages_per_second=0.1)
        bot = await services.bot("game")
        for _ in range(20):
            bot.send_pack("x")
        answers = [await self.failed(bot) for _ in range(10)]
        self.assertIn("not JSON", answers[4])
        self.assertIn("Too many", answers[5])
        self.assertEqual(await bot.gone, 1008)

    async def test_a_feedback_for_a_bot_that_has_gone_harms_nobody(self) -> None:
        services = await self.services({"game": program(autostart=True, answer_quiet=1.0)})
        bot, other = await services.bot("game"), await services.bot("game")
        bot.act("runcmdrequest", cmd="slow 0.2", id=1)
        await services.printed("game", "begun")
        await bot.hang_up()
        self.assertEqual(await other.run("echo hello"), "hello")

    async def test_ports_of_their_own_take_any_path(self) -> None:
        services = await self.services(
            {"game": program(), "second": program(endpoints=["tcp:0"])}, kwo__hub__endpoints=["tcp:0"]
        )
        for key, path in (
            ("kwo.endpoints", "/"),
            ("kwo.endpoints", "/mc"),
            ("kwo.servers.second.endpoints", "/a/b?c"),
        ):
            bot = await services.bot_at(key, path)
            bot.act("stop")
            self.assertEqual((await bot.cause("debug"))["msg"], "The server is stopped already.")
        bot = await services.bot_at("kwo.hub.endpoints")
        self.assertIn("players online", await bot.run("list"))
        await self.assertFailure(defer.ensureDeferred(services.bot("nosuch")), ConnectionError)

    async def test_the_addresses_of_the_originals_on_the_site_s_port(self) -> None:
        services = await self.services({"game": program(), "second": program()})
        for path in ("/", "/mc", "/mcws"):
            bot = await connect(services.reactor, services.site_port, path)
            services.clients.append(bot)
            bot.act("stop")
            self.assertEqual((await bot.cause("debug"))["msg"], "The server is stopped already.")

    async def test_who_was_inside_when_the_server_stopped_has_left(self) -> None:
        services = await self.services({"game": program(autostart=True)})
        bot = await services.bot("game")
        self.assertEqual(await bot.run("event lition came"), "before\nafter")
        bot.act("stop")
        self.assertEqual(await bot.cause("left"), {"sender": "lition"})
        self.assertEqual((await bot.receive())["cause"], "stop")

    async def test_the_end_of_the_gameserver(self) -> None:
        services = await self.services({"game": program("deaf", autostart=True)}, stop_deadline=2.0)
        bot = await services.bot("game")
        self.assertEqual(await bot.run("echo hello"), "hello")
        await services.part.stop()
        self.assertEqual((await bot.receive())["cause"], "stop")
        self.assertEqual(await bot.gone, 1001)

    async def test_metrics_of_the_process(self) -> None:
        services = await self.services({"game": program(autostart=True)})
        bot = await services.bot("game")
        self.assertEqual(await bot.run("event lition came"), "before\nafter")
        numbers = services.metrics.render().decode()
        self.assertIn('gameserver_kwo_running{server="game"} 1.0', numbers)
        self.assertIn('gameserver_kwo_players{server="game"} 1.0', numbers)
        self.assertRegex(numbers, r'gameserver_kwo_memory_bytes\{server="game"\} [1-9]')
        self.assertIn('gameserver_kwo_cpu_seconds_total{server="game"}', numbers)


class EncryptedTests(Base):
    async def test_encrypted_packs_in_both_spellings(self) -> None:
        services = await self.services({"game": program(password=PASSWORD)})
        for outer in ("encrypt", "encrypted"):
            bot = await services.bot("game", password=PASSWORD, outer=outer)
            listener = await services.bot("game", password=PASSWORD)
            self.assertEqual(await self.debug_answer(bot, "start"), "The server is started.")
            await services.printed("game", "ready")
            self.assertEqual(await bot.run("event lition came", 5), "before\nafter")
            self.assertEqual(await self.debug_answer(bot, "stop"), "The server is stopping.")
            await bot.cause("stop")
            services.consoles["game"].tail.clear()
            for cause in ("start", "join", "left", "stop"):
                self.assertEqual((await listener.receive())["cause"], cause)
                self.assertEqual(listener.form, "encrypted", "also to those who have never sent anything")

    async def test_whatever_comes_in_the_answer_is_encrypted(self) -> None:
        services = await self.services({"game": program(password=PASSWORD, autostart=True)})
        bot = await services.bot("game", password=PASSWORD)
        wrong = [
            b'{"type":"pack","action":"runcmdrequest","params":{"cmd":"exit 1","id":"1"}}',
            b"hello",
            b"\xff",
            b'{"type":"encrypted","params":{"mode":"aes_cbc_pck7padding","raw":"!"}}',
            b'{"type":"encrypted","params":null}',
        ]
        other = PackCipher("another").encrypt(b'{"type":"pack","action":"stop","params":{}}')
        wrong.append(
            json.dumps({"type": "encrypted", "params": {"mode": "aes_cbc_pck7padding", "raw": other}}).encode()
        )
        for frame in wrong:
            bot.send_raw(frame)
            await self.failed(bot)
            self.assertEqual(bot.form, "encrypted")
        bot.act("fly")
        await self.failed(bot)
        self.assertEqual(await bot.run("echo still here"), "still here")

    async def test_both_forms_where_both_are_allowed(self) -> None:
        services = await self.services({"game": program(password=PASSWORD, plain=True, autostart=True)})
        secret, open_one = await services.bot("game", password=PASSWORD), await services.bot("game")
        self.assertEqual(await secret.run("echo a"), "a")
        self.assertEqual(await open_one.run("event lition came"), "before\nafter")
        self.assertEqual((await secret.receive())["cause"], "join")
        self.assertEqual((secret.form, open_one.form), ("encrypted", "pack"))
        secret.send_raw(b"junk")
        await self.failed(secret)
        self.assertEqual(secret.form, "encrypted", "the form in force is the last one that was understood")

    async def test_a_client_that_has_only_listened_gets_what_all_of_the_family_can_read(self) -> None:
        services = await self.services({"game": program(password=PASSWORD, plain=True, autostart=True)})
        listener, speaker = await services.bot("game", password=PASSWORD), await services.bot("game")
        self.assertEqual(await speaker.run("event lition came"), "before\nafter")
        self.assertEqual((await listener.receive())["cause"], "join")
        self.assertEqual((listener.form, speaker.form), ("encrypted", "pack"))

    async def test_a_page_of_another_machine_may_not_send_plain_packs(self) -> None:
        services = await self.services({"game": program(), "secret": program(password=PASSWORD)})
        evil = {"Origin": "http://evil.example"}
        await self.assertFailure(defer.ensureDeferred(services.bot("game", headers=evil)), ConnectionError)
        await services.bot("game", headers={"Origin": "http://localhost:8080"})
        bot = await services.bot("secret", password=PASSWORD, headers=evil)
        self.assertEqual(await self.debug_answer(bot, "start"), "The server is started.")

    async def test_what_comes_through_a_proxy_needs_a_strong_password(self) -> None:
        services = await self.services(
            {"game": program(), "weak": program(password="passwd"), "ok": program(password=PASSWORD)}
        )
        proxy = {"X-Forwarded-For": "192.0.2.7"}
        for name, password in (("game", ""), ("weak", "passwd")):
            refused = services.bot(name, password=password, headers=proxy)
            await self.assertFailure(defer.ensureDeferred(refused), ConnectionError)
        await services.bot("ok", password=PASSWORD, headers=proxy)
        bot = await services.bot("weak", password="passwd")
        self.assertEqual(await self.debug_answer(bot, "start"), "The server is started.")


class SlowTests(Base):
    async def test_a_bot_that_does_not_read_is_dropped_and_others_are_not_hurt(self) -> None:
        services = await self.services({"game": program(autostart=True)}, limits__outbox_bytes=65536)
        bot, slow = await services.bot("game"), await services.bot("game")
        slow.transport.pauseProducing()
        text = "x" * 7000
        for _ in range(3000):
            services.sessions.topics.publish_here("kwo/game", _said(text))
            await deferLater(services.reactor, 0)
            if services.metrics.registry.get_sample_value(
                "gameserver_slow_readers_dropped_total", {"protocol": "kwo"}
            ):
                break
        self.assertEqual(
            services.metrics.registry.get_sample_value("gameserver_slow_readers_dropped_total", {"protocol": "kwo"}),
            1.0,
        )
        slow.transport.resumeProducing()
        self.assertEqual((await bot.cause("chat"))["text"], text)


def _said(text: str) -> Any:
    from gameserver.consoles.events import Said

    return Said("lition", text)
