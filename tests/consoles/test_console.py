"""A real program under a console: everything it may do, and that nothing of it is ever left."""

from __future__ import annotations

import os
import shlex
import signal
import sys
import time
from collections.abc import Awaitable
from pathlib import Path
from typing import Any

import attrs
from twisted.internet.defer import Deferred, gatherResults
from twisted.internet.task import deferLater
from twisted.trial.unittest import TestCase

from gameserver.consoles.console import Console
from gameserver.consoles.dialects import Rule
from gameserver.consoles.events import Event, Joined, Left, Said, Started, Stopped
from gameserver.consoles.plan import Restarts
from gameserver.errors import GameError
from tests.consoles.supervised import OWN, PATIENCE, QUICK, Heard, command, console, gone, printed, ready
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
        await printed(reactor, made, "[Server] hello stop  stop")
        self.assertEqual(await made.run_command("echo going on"), "going on")

    async def test_a_text_and_commands_of_others_do_not_mix(self) -> None:
        made = await self.running(dialect=attrs.evolve(OWN, echoed=True))
        answers = []
        for number in range(6):
            answers.append(made.run_command(f"echo {number}"))
            made.say(f"text {number}")
        self.assertEqual(await gatherResults(answers), [str(number) for number in range(6)])
        await printed(reactor, made, "[Server] text 5")

    async def test_nothing_is_typed_before_a_slow_program_is_ready(self) -> None:
        dialect = attrs.evolve(OWN, rules=(*OWN.rules, Rule.of("ready", r"Done \(.*\)!")))
        times = attrs.evolve(QUICK, ready=PATIENCE)
        made = self.console("late", "3", dialect=dialect, times=times)
        await made.start_program()
        answers = await gatherResults([made.run_command("echo one"), made.run_command("echo two")])
        self.assertEqual(answers, ["one", "two"])
        self.assertIn("Done (1.2s)!", made.tail)

    async def test_a_program_that_says_on_its_error_output_that_it_is_ready(self) -> None:
        dialect = attrs.evolve(OWN, rules=(*OWN.rules, Rule.of("ready", "Map generated")))
        script = (
            "import sys; print('x'); sys.stderr.write('Map generated\\n'); sys.stderr.flush(); input(); print('y')"
        )
        made = self.console(
            command=(sys.executable, "-c", script), dialect=dialect, times=attrs.evolve(QUICK, ready=PATIENCE)
        )
        await made.start_program()
        self.assertEqual(await made.run_command("now"), "y")

    async def test_a_program_that_is_ended_by_a_signal(self) -> None:
        made = await self.running("signalled", stop_signal="INT", stop_command="")
        await made.stop_program()
        await self.heard.stopped()
        self.assertEqual(made.ending, "exit status 0")
        self.assertIn("interrupted", made.tail)

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

    async def test_a_killed_supervisor_leaves_nothing_of_a_start_script_and_the_program_starts_again(self) -> None:
        where = temporary_directory()
        (where / "start.sh").write_text(
            f"sleep 600 & echo $! > {where}/child\n"
            f"setsid sleep 600 & echo $! > {where}/away\n"
            f"{shlex.join(command())}\n"
        )
        made = self.console(command=("/bin/sh", str(where / "start.sh")), restarts=Restarts("crash", 0.01))
        await made.start_program()
        await ready(reactor, made)
        self.assertEqual(await made.run_command("event anne came"), "before\nafter")
        assert made._run is not None
        script = made._run.pid
        left = [script, *(int((where / name).read_text()) for name in ("child", "away"))]
        supervisor = int(Path(f"/proc/{script}/stat").read_bytes().rpartition(b")")[2].split()[1])
        os.kill(supervisor, signal.SIGKILL)
        while made.state == "running" and made._run is not None and made._run.pid == script:
            await deferLater(reactor, 0.001)
        self.assertRaises(GameError, made.run_command, "echo lost")
        await self.heard.stopped()
        self.assertTrue(all(map(gone, left)), "before anybody is told of the end, and before the next start")
        self.assertEqual(self.heard.events[-2:], [Left("anne"), Stopped()])
        await self.heard.until(lambda: self.heard.events[-1] == Started())
        self.assertEqual(made.state, "running")
        self.assertNotEqual(made._run.pid, script)

    async def test_who_is_in_the_game_when_it_ends_has_left(self) -> None:
        made = await self.running()
        for line in ("anne came", "bob came", "anne went"):
            await made.run_command(f"event {line}")
        await made.stop_program()
        await self.heard.stopped()
        self.assertEqual(self.heard.events[-2:], [Left("bob"), Stopped()])

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
