"""A real program under a console: everything it may do, and that nothing of it is ever left."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Awaitable
from pathlib import Path
from typing import Any

import attrs
from twisted.internet.defer import Deferred, gatherResults
from twisted.internet.task import deferLater
from twisted.trial.unittest import TestCase

from gameserver.consoles.console import Console
from gameserver.consoles.events import Event, Joined, Left, Said, Started, Stopped
from gameserver.consoles.plan import Restarts
from gameserver.errors import GameError
from tests.consoles.supervised import PATIENCE, QUICK, Heard, console, gone, printed, ready
from tests.directories import temporary_directory
from tests.reactor import reactor


class ConsoleTests(TestCase):
    timeout = 2 * PATIENCE

    def setUp(self) -> None:
        self.heard = Heard(reactor)
        self.consoles: list[Console] = []
        self.addCleanup(self.close)

    async def close(self) -> None:
        for one in self.consoles:
            await one.end_for_good(0.5)

    def console(self, *options: str, **changes: Any) -> Console:
        made = console(reactor, self.heard, *options, **changes)
        self.consoles.append(made)
        return made

    async def running(self, *options: str, **changes: Any) -> Console:
        made = self.console(*options, **changes)
        await made.start_program()
        await ready(reactor, made)
        return made

    async def refused(self, work: Awaitable[object]) -> str:
        try:
            await work
        except GameError as error:
            return error.code
        raise AssertionError("it was not refused")

    async def test_start_commands_events_stop(self) -> None:
        made = await self.running()
        self.assertEqual((made.state, self.heard.events), ("running", [Started()]))
        self.assertEqual(await made.run_command("echo hello 你好"), "hello 你好")
        self.assertEqual(await made.run_command("lines 3"), "line 0\nline 1\nline 2")
        self.assertEqual(await made.run_command("event anne came"), "before\nafter")
        self.assertEqual(await made.run_command("event <anne> bob came"), "before\nafter")
        self.assertEqual(made.players, ["anne"])
        self.assertEqual(await made.run_command("event anne went"), "before\nafter")
        self.assertEqual(await made.stop_program(), "The server is stopping.")
        await self.heard.stopped()
        self.assertEqual(
            self.heard.events, [Started(), Joined("anne"), Said("anne", "bob came"), Left("anne"), Stopped()]
        )
        self.assertEqual((made.state, made.ending, made.players), ("stopped", "exit status 0", []))
        self.assertIn("ready", made.tail)

    async def test_many_commands_at_once_each_get_their_own_output(self) -> None:
        made = await self.running()
        answers = await gatherResults([made.run_command(f"echo {number}") for number in range(24)])
        self.assertEqual(answers, [str(number) for number in range(24)])

    async def test_a_command_without_output_or_newline_is_answered(self) -> None:
        made = await self.running(times=attrs.evolve(QUICK, first=0.2))
        self.assertEqual(await made.run_command("silent"), "")
        made = await self.running()
        self.assertEqual(await made.run_command("partial half a line"), "half a line")
        self.assertEqual(await made.run_command("echo  and the rest"), "and the rest")

    async def test_a_slow_command_is_cut_off_and_a_long_one_too(self) -> None:
        made = await self.running()
        self.assertEqual(await made.run_command("slow 3"), "begun")
        await printed(reactor, made, "done")
        self.assertEqual(len((await made.run_command("lines 500")).split("\n")), 50)
        self.assertEqual(await made.run_command("echo next"), "next")

    async def test_megabytes_without_newline_and_junk_are_survived(self) -> None:
        made = await self.running(times=attrs.evolve(QUICK, quiet=1.0))
        answer = await made.run_command("long 3000000")
        self.assertEqual(answer, "x" * 8192)
        answer = await made.run_command("junk")
        self.assertTrue(answer.endswith("\nafter the junk"))
        self.assertEqual(await made.run_command("echo alive"), "alive")
        made.run_command("error to the log")
        await printed(reactor, made, "to the log")

    async def test_every_command_is_answered_when_the_program_dies(self) -> None:
        made = await self.running()
        waiting = [
            made.run_command("echo one"),
            made.run_command("die"),
            made.run_command("echo never"),
            made.run_command("echo never"),
        ]
        self.assertEqual(await gatherResults(waiting), ["one", "dying", "", ""])
        await self.heard.stopped()
        self.assertEqual(made.ending, "killed by SIGKILL")

    async def test_what_a_console_that_is_not_running_refuses(self) -> None:
        made = self.console()
        self.assertEqual(await self.refused(made.stop_program()), "not_running")
        self.assertRaises(GameError, made.run_command, "echo")
        self.assertRaises(GameError, made.say, "hello")
        await made.start_program()
        self.assertEqual(await self.refused(made.start_program()), "already_running")
        await made.stop_program()
        self.assertEqual(await self.refused(made.stop_program()), "stopping")
        self.assertEqual(await self.refused(made.start_program()), "stopping")
        self.assertRaises(GameError, made.run_command, "echo")
        await self.heard.stopped()
        await made.start_program()
        self.assertEqual(made.state, "running")

    async def test_a_program_that_cannot_be_started_says_why(self) -> None:
        for changes in ({"command": ("/no/such/program",)}, {"directory": "/no/such/directory"}):
            made = self.console(**changes)
            with self.assertRaises(GameError) as caught:
                await made.start_program()
            self.assertEqual(caught.exception.code, "start_failed")
            self.assertIn("No such file or directory", caught.exception.text)
            self.assertEqual(made.state, "stopped")
        self.assertEqual(self.heard.events, [])

    async def test_environment_directory_and_encoding(self) -> None:
        os.environ["GAMESERVER__STORAGE__URL"] = "secret"
        self.addCleanup(os.environ.pop, "GAMESERVER__STORAGE__URL")
        where = str(temporary_directory())
        made = await self.running(environment={"COLOUR": "blue"}, directory=where)
        self.assertEqual(await made.run_command("env COLOUR"), "blue")
        self.assertEqual(await made.run_command("env GAMESERVER__STORAGE__URL"), "(not set)")
        self.assertEqual(await made.run_command("cwd"), os.path.realpath(where))

    async def test_a_console_in_gbk(self) -> None:
        made = await self.running(encoding="gbk", environment={"PYTHONIOENCODING": "gbk"})
        self.assertRaises(GameError, made.run_command, "echo \U0001f600")
        # The program runs isolated and reads UTF-8; the bytes come back as they went.
        self.assertEqual(await made.run_command("echo 你好"), "你好")

    async def test_a_text_for_the_players_is_one_line(self) -> None:
        made = await self.running()
        self.assertEqual(await made.run_command("echo begun"), "begun")
        made.say("hello\nstop\r\nstop")
        self.assertEqual(await made.run_command("silent"), "[Server] hello stop  stop")

    async def test_term_and_kill_follow_a_stop_command_that_is_not_heard(self) -> None:
        made = await self.running("stubborn", stop_within=0.2, term_within=PATIENCE)
        await made.stop_program()
        await self.heard.stopped()
        self.assertEqual(made.ending, "killed by SIGTERM")
        made = await self.running("deaf", stop_within=0.2, term_within=0.2)
        await made.stop_program()
        await self.heard.stopped(2)
        self.assertEqual(made.ending, "killed by SIGKILL")

    async def test_the_end_of_the_server_leaves_time_and_takes_no_more(self) -> None:
        made = await self.running("deaf", stop_within=PATIENCE)
        before = time.monotonic()
        await made.end_for_good(1.0)
        self.assertLess(time.monotonic() - before, PATIENCE / 2)
        self.assertEqual(made.state, "stopped")

    async def test_nothing_is_started_when_the_server_has_begun_to_stop(self) -> None:
        made = await self.running()
        again: list[Deferred[str]] = []

        def tell(event: Event) -> None:
            if isinstance(event, Stopped):
                again.append(Deferred.fromCoroutine(made.start_program()))

        made._tell = tell
        await made.end_for_good(2.0)
        self.assertEqual(await self.refused(again[0]), "stopping")
        self.assertEqual(made.state, "stopped")

    async def test_a_program_that_is_just_being_started_has_no_more_time_than_the_server(self) -> None:
        made = self.console("deaf", stop_within=PATIENCE)
        starting = Deferred.fromCoroutine(made.start_program())
        before = time.monotonic()
        await made.end_for_good(1.0)
        await starting
        self.assertLess(time.monotonic() - before, PATIENCE / 2)
        self.assertEqual(made.state, "stopped")

    async def test_children_that_left_the_group_are_ended_too(self) -> None:
        file = temporary_directory() / "pid"
        made = await self.running("forks", str(file))
        child = int(file.read_text())
        self.assertFalse(gone(child))
        await made.stop_program()
        await self.heard.stopped()
        self.assertTrue(gone(child))

    async def test_a_killed_supervisor_takes_the_program_along(self) -> None:
        made = await self.running()
        pid = int((await made.run_command("pid")).split()[1])
        self.assertEqual((await made.run_command("pid")).split()[3], str(pid), "the program leads its own group")
        supervisor = int(Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[1])
        os.kill(supervisor, signal.SIGKILL)
        await self.heard.stopped()
        self.assertIn("its supervisor ended", made.ending)
        while not gone(pid):
            await deferLater(reactor, 0.01)

    async def test_restarts_have_a_limit(self) -> None:
        made = self.console("crash", restarts=Restarts("crash", 0.01, 0.02, 2))
        await made.start_program()
        await self.heard.stopped(3)
        self.assertEqual((made.state, made.ending), ("stopped", "exit status 3"))

    async def test_a_stopped_program_is_not_restarted(self) -> None:
        made = await self.running(restarts=Restarts("always", 0.01))
        await made.stop_program()
        await self.heard.stopped()
        self.assertEqual(made.state, "stopped")
        await made.start_program()
        await made.run_command("stop")
        await self.heard.stopped(2)
        self.assertEqual(made.state, "stopped")

    async def test_a_stop_that_was_refused_is_none(self) -> None:
        made = await self.running(restarts=Restarts("always", 30.0))
        for _ in range(QUICK.waiting):
            made.run_command("silent")
        self.assertRaises(GameError, made.run_command, "stop")
        assert made._run is not None
        os.kill(made._run.pid, signal.SIGKILL)
        await self.heard.stopped()
        self.assertEqual(made.state, "waiting")

    async def test_a_restart_can_be_called_off_or_hastened(self) -> None:
        made = await self.running(restarts=Restarts("always", 30.0))
        made.run_command("exit 0")
        await self.heard.stopped()
        self.assertEqual(made.state, "waiting")
        await made.start_program()
        made.run_command("exit 1")
        await self.heard.stopped(2)
        self.assertEqual(await made.stop_program(), "The server will not be started again.")
        self.assertEqual(made.state, "stopped")

    async def test_a_program_that_writes_without_end_leaves_time_for_others(self) -> None:
        made = self.console("noisy")
        await made.start_program()
        # Our own time on the processor: how long others have it is the machine's affair.
        longest, last = 0.0, time.thread_time()
        for _ in range(100):
            await deferLater(reactor, 0.005)
            now = time.thread_time()
            longest, last = max(longest, now - last), now
        self.assertLess(longest, 0.25)
        self.assertLess(made.usage.memory, 500e6)

    async def test_usage_counts_the_program(self) -> None:
        made = await self.running()
        self.assertEqual(await made.run_command("echo x"), "x")
        self.assertGreater(made.usage.memory, 1_000_000)
        await made.end_for_good(2.0)
        self.assertEqual(made.usage.memory, 0.0)

    async def test_a_full_console_refuses_more(self) -> None:
        # Nothing is typed before the program has settled, so that no command takes its last words for an answer.
        made = await self.running(times=attrs.evolve(QUICK, settle=30.0))
        waiting: list[Deferred[str]] = [made.run_command("silent") for _ in range(256)]
        self.assertRaises(GameError, made.run_command, "silent")
        await made.end_for_good(0.5)
        self.assertEqual(await gatherResults(waiting), [""] * 256)
