"""The supervisor by itself: nothing of a program outlives the one who holds its line."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

from twisted.trial.unittest import SynchronousTestCase

from gameserver.consoles.process import SUPERVISOR
from tests.consoles.supervised import PATIENCE, command, gone
from tests.directories import temporary_directory

#: Starts a supervisor as the server does, prints its reports, then waits to be killed.
KEEPER = """
import os, subprocess, sys
orders, line = os.pipe()
reports, end = os.pipe()
os.dup2(orders, 3); os.dup2(end, 4)
os.set_inheritable(3, True); os.set_inheritable(4, True)
subprocess.Popen(sys.argv[1:], pass_fds=(3, 4), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
os.close(3); os.close(4); os.close(orders); os.close(end)
while True:
    print(os.read(reports, 100).decode(), end="", flush=True)
"""


class SupervisorTests(SynchronousTestCase):
    def keeper(self, *program: str) -> subprocess.Popen[str]:
        # The four that are taken first make room for the numbers that the supervisor is given.
        script = "import os; [os.dup(0) for _ in range(4)]\n" + KEEPER
        supervisor = (sys.executable, "-I", "-S", str(SUPERVISOR), "", *program)
        process = subprocess.Popen(
            [sys.executable, "-c", script, *supervisor],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
        )

        def end() -> None:
            process.kill()
            process.wait(10)
            assert process.stdout is not None
            process.stdout.close()

        self.addCleanup(end)
        return process

    def wait(self, pid: int, seconds: float = PATIENCE) -> bool:
        deadline = time.monotonic() + seconds
        while not gone(pid) and time.monotonic() < deadline:
            time.sleep(0.01)
        return gone(pid)

    def test_a_killed_server_leaves_nothing_not_even_what_is_deaf_or_has_run_away(self) -> None:
        file = temporary_directory() / "pid"
        keeper = self.keeper(*command("deaf", "forks", str(file)))
        assert keeper.stdout is not None
        word, pid = keeper.stdout.readline().split()
        self.assertEqual(word, "started")
        while not (file.exists() and file.read_text()):
            time.sleep(0.01)
        child = int(file.read_text())
        keeper.send_signal(signal.SIGKILL)
        self.assertTrue(self.wait(int(pid)))
        self.assertTrue(self.wait(child))

    def test_reports(self) -> None:
        cases = [
            (("/bin/sh", "-c", "exit 3"), "exited 3"),
            (("/bin/sh", "-c", "kill -9 $$"), "killed 9"),
            (("/no/such",), "failed /no/such: No such file or directory"),
        ]
        for program, expected in cases:
            keeper = self.keeper(*program)
            assert keeper.stdout is not None
            lines = [keeper.stdout.readline().strip()]
            if lines[0].startswith("started"):
                lines.append(keeper.stdout.readline().strip())
            self.assertEqual(lines[-1], expected)

    def test_the_program_starts_with_the_usual_signals_and_no_file_of_ours(self) -> None:
        file = temporary_directory() / "out"
        keeper = self.keeper("/bin/sh", "-c", f"ls /proc/$$/fd > {file}; grep SigIgn /proc/$$/status >> {file}")
        assert keeper.stdout is not None
        self.assertIn("started", keeper.stdout.readline())
        self.assertEqual(keeper.stdout.readline().strip(), "exited 0")
        *files, ignored = file.read_text().split("\n")[:-1]
        self.assertLessEqual({"0", "1", "2"}, set(files))
        self.assertFalse({"3", "4"} & set(files))
        self.assertEqual(int(ignored.split()[1], 16) & (1 << signal.SIGPIPE - 1), 0)
        self.assertTrue(os.access(SUPERVISOR, os.R_OK))
