"""Servers that people run, behind a console: their words, their ways to be ended. OpenTTD has a test of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import attrs
from twisted.internet.defer import gatherResults
from twisted.trial.unittest import SkipTest, TestCase

from gameserver.consoles.console import Console
from gameserver.consoles.dialects import DIALECTS
from gameserver.consoles.events import Joined, Left, Said, Started, Stopped
from gameserver.errors import GameError
from tests.consoles.supervised import PATIENCE, QUICK, Heard, console
from tests.directories import temporary_directory
from tests.integration.server import free_port
from tests.reactor import reactor
from tests.typed import the

#: A directory with the npm packages flying-squid and mineflayer (half a gigabyte: nothing that a test installs).
SQUID = "GAMESERVER_TEST_FLYING_SQUID"


def program(*names: str) -> str | None:
    """Return where one of these programs is; Debian keeps games out of the path."""
    places = os.pathsep.join((os.environ.get("PATH", ""), "/usr/games"))
    return next(filter(None, (shutil.which(name, path=places) for name in names)), None)


class RealServer(TestCase):
    timeout = 3 * PATIENCE

    def setUp(self) -> None:
        self.heard = Heard(reactor)
        self.where = temporary_directory()
        self.port = free_port()

    def skip_without(self, found: object, reason: str) -> None:
        if not found:
            the(sys.__stderr__).write(f"\nskipped: {reason}\n")
            raise SkipTest(reason)

    def console(self, name: str, *command: str, **changes: Any) -> Console:
        dialect = DIALECTS[name]
        made = console(
            reactor,
            self.heard,
            command=command,
            dialect=dialect,
            directory=str(self.where),
            merge=dialect.merge,
            stop_command=dialect.stop,
            stop_signal=dialect.stop_signal,
            times=attrs.evolve(QUICK, quiet=0.5, ready=PATIENCE),
            **changes,
        )
        self.addCleanup(made.end_for_good, 1.0)
        return made

    async def stopped(self, made: Console) -> None:
        await made.stop_program()
        await self.heard.stopped()
        self.assertEqual(made.ending, "exit status 0")
        self.assertEqual((self.heard.events[0], self.heard.events[-1]), (Started(), Stopped()))


class LuantiTests(RealServer):
    async def test_it_reads_nothing_tells_on_standard_error_and_ends_by_a_signal(self) -> None:
        server = program("luantiserver", "minetestserver")
        self.skip_without(server, "there is no Luanti server (Debian: minetest-server or luanti-server)")
        home = str(self.where)
        made = self.console(
            "luanti",
            *(str(server), "--world", str(self.where / "world"), "--port", str(self.port), "--gameid", "devtest"),
            environment={"HOME": home, "MINETEST_USER_PATH": home},
        )
        await made.start_program()
        commands = the(made._commands)
        await self.heard.until_true(lambda: commands.ready)
        self.assertRegex(made.tail[-1], "listening on")
        self.assertRaises(GameError, made.run_command, "/status")
        self.assertRaises(GameError, made.say, "hello")
        await self.stopped(made)
        self.assertTrue(any("Shutting down" in line for line in made.tail), list(made.tail))


class FreecivTests(RealServer):
    async def test_commands_from_the_first_moment_on(self) -> None:
        server = program("freeciv-server")
        self.skip_without(server, "freeciv-server is not installed")
        command = [str(server), "-p", str(self.port), "--bind", "127.0.0.1"]
        if os.geteuid() == 0:
            # It does not run as root.
            self.skip_without(program("setpriv"), "freeciv-server does not run as root, and there is no setpriv")
            command = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", *command]
            self.where.chmod(0o777)
        made = self.console("freeciv", *command, environment={"HOME": str(self.where), "LANG": "C"})
        await made.start_program()
        answers = [made.run_command("list players"), made.run_command("nosuch")]
        made.say("hello")
        players, unknown = await gatherResults([*answers])
        self.assertTrue(players.startswith("List of players:"), players)
        self.assertEqual(unknown, "Unknown command 'nosuch'.  Try 'help'.")
        self.assertNotIn("hello", await made.run_command("list scenarios"))
        await self.stopped(made)


class FlyingSquidTests(RealServer):
    async def test_a_player_comes_speaks_and_goes(self) -> None:
        node, packages = program("node"), os.environ.get(SQUID, "")
        there = packages and (Path(packages) / "node_modules" / "flying-squid").is_dir()
        self.skip_without(node and there, f"{SQUID} names no directory with flying-squid and mineflayer")
        script = Path(__file__).with_name("flying_squid.cjs").read_text()
        (self.where / "play.js").write_text(script)
        (self.where / "node_modules").symlink_to(Path(packages) / "node_modules")
        command = (str(node), "play.js", str(self.port))
        made = self.console("flying-squid", *command)
        await made.start_program()
        # It takes seconds to start, and would print its banner for an answer.
        self.assertIn("--=[ Help, page 1 of", await made.run_command("help"))
        made.say("hello all")
        self.assertEqual(await made.run_command("nosuch"), "Command not found")
        player = subprocess.Popen([*command, "bot"], cwd=self.where, stdout=subprocess.DEVNULL)
        self.addCleanup(player.wait, 10)
        self.addCleanup(player.kill)
        await self.heard.until(lambda: Left("lition") in self.heard.events)
        self.assertEqual(
            [event for event in self.heard.events if not isinstance(event, Started)],
            [Joined("lition"), Said("lition", "hello <b> | x 你好"), Left("lition")],
        )
        await self.stopped(made)
