"""The bridge in a real gameserver: the hub stops it, and its end in whatever way is the end of its programs."""

from __future__ import annotations

import json
import signal
import socket
import time

from twisted.internet.task import deferLater
from twisted.internet.threads import deferToThread
from twisted.trial.unittest import TestCase

from gameserver.testing.clients import TIMEOUT
from gameserver.testing.kwo import KwoClient, connect
from tests.consoles.supervised import command, gone
from tests.directories import temporary_directory
from tests.integration.server import Server
from tests.reactor import reactor

PASSWORD = "a long Password 123"


class KwoProcessTests(TestCase):
    timeout = 300

    async def gameserver(
        self, *settings: str, protocols: tuple[str, ...] = ("web.endpoints", "kwo.endpoints")
    ) -> Server:
        server = Server(protocols, settings)
        self.addCleanup(server.kill)
        await deferToThread(server.start)
        return server

    async def bot(self, server: Server, key: str, path: str, password: str = "") -> KwoClient:
        bot = await connect(reactor, server.ports[key], path, password)
        self.addCleanup(bot.hang_up)
        return bot

    async def test_the_hub_shows_the_chat_and_stops_the_gameserver(self) -> None:
        protocols = ("web.endpoints", "kwo.endpoints", "chat.tcp")
        server = await self.gameserver(f"kwo.hub.password={json.dumps(PASSWORD)}", protocols=protocols)
        bot = await self.bot(server, "kwo.endpoints", "/", PASSWORD)
        other = await self.bot(server, "web.endpoints", "/kwo/hub", PASSWORD)
        with socket.create_connection(("127.0.0.1", server.ports["chat.tcp"]), TIMEOUT) as chat:
            chat.sendall(b'{"Command":"01","Name":"anne"}\n{"Command":"05","Message":"hello"}\n')
            self.assertEqual(await other.cause("join"), {"sender": "anne"})
            self.assertEqual(await other.cause("chat"), {"sender": "anne", "text": "hello"})
        self.assertEqual(await other.cause("left"), {"sender": "anne"})
        self.assertEqual(await bot.run("stop", 5), "The gameserver is stopping.")
        self.assertEqual(await other.gone, 1001)
        assert server.process is not None
        self.assertEqual(await deferToThread(server.process.wait, TIMEOUT), 0)

    async def test_no_program_outlives_the_gameserver(self) -> None:
        for number in (signal.SIGTERM, signal.SIGKILL):
            file = temporary_directory() / "pid"
            server = await self.gameserver(
                f"kwo.servers.game.command={json.dumps(command('deaf', 'forks', str(file)))}",
                "kwo.servers.game.autostart=true",
                # A busy machine may put a pause between the program's first word and its answer.
                "kwo.servers.game.answer_first=30",
                "kwo.servers.game.answer_quiet=2",
                "kwo.servers.game.answer_longest=60",
            )
            bot = await self.bot(server, "kwo.endpoints", "/")
            answer = await bot.run("pid")
            pids = [int(answer.partition("pid ")[2].split()[0]), int(file.read_text())]
            self.assertFalse(any(gone(pid) for pid in pids))
            assert server.process is not None
            server.process.send_signal(number)
            deadline = time.monotonic() + TIMEOUT
            while not all(gone(pid) for pid in pids) and time.monotonic() < deadline:
                await deferLater(reactor, 0.02)
            self.assertTrue(all(gone(pid) for pid in pids), number)
