"""A real OpenTTD dedicated server behind a real gameserver, with a real client that joins and leaves."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from twisted.internet.task import deferLater
from twisted.internet.threads import deferToThread
from twisted.trial.unittest import SkipTest, TestCase

from gameserver.testing.clients import TIMEOUT
from gameserver.testing.kwo import KwoClient, connect
from tests.consoles.supervised import gone
from tests.integration.server import Server, free_port
from tests.reactor import reactor
from tests.typed import the

PASSWORD = "a long Password 123"

OPENTTD = shutil.which("openttd") or shutil.which("openttd", path="/usr/games")
GRAPHICS = Path("/usr/share/games/openttd/baseset")

#: A small, quick game that nobody outside is told of, and that puts nobody out for being slow.
CONFIG = """\
[network]
server_name = test
server_game_type = local
client_name = {name}
max_init_time = 30000
max_join_time = 30000
max_download_time = 30000
max_lag_time = 30000
[game_creation]
map_x = 6
map_y = 6
[gui]
autosave = off
show_date_in_logs = {dates}
"""


def missing() -> str | None:
    """Return why the test cannot run here."""
    if OPENTTD is None:
        return "openttd is not installed (Debian: openttd openttd-opengfx)"
    if not any(GRAPHICS.glob("open*gfx*")):
        return "openttd has no graphics set (Debian: openttd-opengfx)"
    return None


def metrics(server: Server) -> str:
    """Return the numbers that the gameserver shows."""
    url = f"http://127.0.0.1:{server.ports['web.endpoints']}/metrics"
    with urllib.request.urlopen(url, timeout=TIMEOUT) as answer:
        return str(answer.read(), "utf-8")


class OpenttdTests(TestCase):
    timeout = 400

    def setUp(self) -> None:
        reason = missing()
        if reason is not None:
            the(sys.__stderr__).write(f"\nskipped: {reason}\n")
            raise SkipTest(reason)
        self.home = Path(tempfile.mkdtemp(prefix="openttd-test-"))
        self.addCleanup(shutil.rmtree, self.home, True)
        self.port = free_port()
        self.bots: list[KwoClient] = []
        self.dates = "false"

    def profile(self, name: str) -> Path:
        home = self.home / name
        home.mkdir(exist_ok=True)
        (home / "o.cfg").write_text(CONFIG.format(name=name, dates=self.dates))
        return home

    async def gameserver(self, *settings: str) -> Server:
        home = self.profile("server")
        command = [OPENTTD, "-D", f"127.0.0.1:{self.port}", "-x", "-c", str(home / "o.cfg")]
        server = Server(
            ("web.endpoints", "kwo.endpoints"),
            (
                f"kwo.servers.trains.command={json.dumps(command)}",
                "kwo.servers.trains.dialect=openttd",
                f"kwo.servers.trains.env={{HOME = {json.dumps(str(home))}, XDG_DATA_HOME = {json.dumps(str(home))}}}",
                f"kwo.servers.trains.cwd={json.dumps(str(home))}",
                # Much more than it needs, for machines that do other things too.
                "kwo.servers.trains.settle=2",
                "kwo.servers.trains.answer_first=8",
                "kwo.servers.trains.answer_quiet=1",
                "kwo.servers.trains.answer_longest=60",
                *settings,
            ),
        )
        self.addCleanup(server.kill)
        await deferToThread(server.start)
        return server

    async def bot(self, server: Server, key: str, path: str, password: str = "") -> KwoClient:
        bot = await connect(reactor, server.ports[key], path, password)
        self.bots.append(bot)
        self.addCleanup(bot.hang_up)
        return bot

    async def player(self, name: str) -> subprocess.Popen[bytes]:
        """Start a client without screen and sound that plays until it is ended; return it when it is connected.

        SDL's dummy keeps the pace of a game, which OpenTTD's own null driver does not: that one takes a whole core.
        On a busy machine a client of version 13 may lose its attempt to connect and then does nothing for ever
        ("resolved in" is the last line of its log), so such a client is started again.
        """
        home = self.profile(name)
        log = home / "log"
        for attempt in range(1, 6):
            with log.open("wb") as output:
                process = subprocess.Popen(
                    [
                        *(str(OPENTTD), "-v", "sdl", "-s", "null", "-m", "null", "-b", "8bpp-simple", "-x"),
                        *("-c", str(home / "o.cfg"), "-n", f"127.0.0.1:{self.port}", "-d", "net=4"),
                    ],
                    env=os.environ | {"HOME": str(home), "XDG_DATA_HOME": str(home), "SDL_VIDEODRIVER": "dummy"},
                    cwd=home,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                )
            self.addCleanup(self.end, process)
            # The program itself takes longer to start the busier the machine is.
            deadline = time.monotonic() + 8 * attempt
            while time.monotonic() < deadline:
                if b"Connected to" in log.read_bytes():
                    return process
                await deferLater(reactor, 0.05)
            self.end(process)
        raise AssertionError(f"no client of OpenTTD could connect: {log.read_text(errors='replace')}")

    @staticmethod
    def end(process: subprocess.Popen[bytes]) -> None:
        process.kill()
        process.wait(10)

    async def play(self, bot: KwoClient, listener: KwoClient) -> None:
        """See a whole life of the server: start, a player who comes and is put out, commands, chat, stop."""
        bot.act("start")
        self.assertEqual((await bot.receive())["cause"], "start")
        self.assertEqual((await bot.receive())["params"], {"msg": "The server is started."})
        self.assertIn("Client #1  name: 'server'", await bot.run("clients", "first"))
        player = await self.player("lition")
        self.assertEqual((await bot.cause("join"))["sender"], "lition")
        clients = await bot.run("clients", 2)
        self.assertIn("name: 'lition'", clients)
        number = next(line for line in clients.split("\n") if "'lition'" in line).split()[1].lstrip("#")
        nasty = 'hello 你好 "quotes" \\ $%; exit\nexit\\'
        bot.act("sendtext", text=nasty)
        said = await bot.cause("chat")
        self.assertEqual(said, {"sender": "server", "text": 'hello 你好 "quotes" \\ $%; exit exit\\ '})
        bot.act("sendtext", text="x" * 3000)
        whole = "".join([(await bot.cause("chat"))["text"] for _ in range(8)])
        self.assertEqual(whole, "x" * 3000)
        self.assertEqual(await bot.run("nosuch", ""), "Command 'nosuch' not found.")
        bot.act("runcmdrequest", cmd=f"kick {number}", id=10**20)
        packs = [await bot.receive(), await bot.receive()]
        self.assertEqual([pack["cause"] for pack in packs], ["left", "runcmdfeedback"])
        self.assertEqual(packs[0]["params"], {"sender": "lition"})
        self.assertEqual(packs[1]["params"], {"result": "", "id": 10**20})
        await deferToThread(player.kill)
        bot.act("stop")
        self.assertEqual((await bot.cause("debug"))["msg"], "The server is stopping.")
        self.assertEqual(await bot.cause("stop"), {})
        seen: list[str] = []
        while not seen or seen[-1] != "stop":
            seen.append((await listener.receive())["cause"])
        self.assertEqual([cause for cause in seen if cause != "chat"], ["start", "join", "left", "stop"])
        self.assertEqual(listener.form, bot.form)

    async def test_plain(self) -> None:
        server = await self.gameserver()
        bot = await self.bot(server, "kwo.endpoints", "/mc")
        listener = await self.bot(server, "web.endpoints", "/kwo/trains")
        await self.play(bot, listener)
        self.assertEqual(bot.form, "pack")

    async def test_encrypted_and_with_dates_before_its_lines(self) -> None:
        self.dates = "true"
        server = await self.gameserver(f"kwo.servers.trains.password={json.dumps(PASSWORD)}")
        bot = await self.bot(server, "web.endpoints", "/kwo/trains", PASSWORD)
        listener = await self.bot(server, "kwo.endpoints", "/", PASSWORD)
        await self.play(bot, listener)
        self.assertEqual(bot.form, "encrypted")

    async def test_it_never_outlives_the_gameserver(self) -> None:
        for orderly in (True, False):
            server = await self.gameserver("kwo.servers.trains.autostart=true")
            bot = await self.bot(server, "kwo.endpoints", "/")
            self.assertIn("Client #1", await bot.run("clients"))
            pids = self.processes()
            self.assertEqual(len(pids), 2, "the supervisor and its program")
            numbers = await deferToThread(metrics, server)
            self.assertRegex(numbers, r'gameserver_kwo_memory_bytes\{server="trains"\} [1-9]')
            if orderly:
                self.assertEqual(await deferToThread(server.stop), 0)
            else:
                assert server.process is not None
                server.process.send_signal(signal.SIGKILL)
            deadline = time.monotonic() + TIMEOUT
            while not all(gone(pid) for pid in pids) and time.monotonic() < deadline:
                await deferLater(reactor, 0.02)
            self.assertTrue(all(gone(pid) for pid in pids))

    def processes(self) -> list[int]:
        """Return every process that has this test's home in its command line, the gameserver itself left out."""
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                line = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if str(self.home / "server").encode() in line and b"twistd" not in line:
                found.append(int(entry.name))
        return found
