"""What ends with the process of the tests even if that is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

from twisted.trial.unittest import SynchronousTestCase

from tests.consoles.supervised import gone
from tests.leftovers import watch

#: Seconds the watcher may take; much more than it needs, for machines that do other things too.
PATIENCE = 60

_PROGRAM = """
import subprocess, sys, threading, time
import tests.leftovers
from tests.directories import temporary_directory
from tests.leftovers import has_ended, kill_at_the_end

def sleeper():
    return subprocess.Popen(["sleep", "600"], start_new_session=True, stdout=subprocess.DEVNULL).pid

left, spared = sleeper(), sleeper()
kill_at_the_end(left)
kill_at_the_end(spared)
has_ended(spared)
(temporary_directory() / "file").touch()
print(left, spared, temporary_directory(), flush=True)
if sys.argv[1] == "wait":
    time.sleep(600)
if sys.argv[1] == "hang":
    tests.leftovers.LONGEST = 1
    threading.Thread(target=time.sleep, args=(600,)).start()
"""


class LeftoversTests(SynchronousTestCase):
    def run_it(self, word: str) -> tuple[subprocess.Popen[str], list[str]]:
        process = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM, word],
            cwd=Path(__file__).parents[1],
            env={**os.environ, "TMPDIR": self.place},
            stdout=subprocess.PIPE,
            text=True,
        )
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        assert process.stdout is not None
        left, spared, directory = process.stdout.readline().split()
        self.addCleanup(os.kill, int(spared), signal.SIGKILL)
        self.assertEqual((gone(int(spared)), Path(directory).parent), (False, Path(self.place)))
        return process, [left, spared]

    def wait_until_all_is_gone(self, left: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and not (gone(int(left)) and not os.listdir(self.place)):
            time.sleep(0.02)
        self.assertTrue(gone(int(left)))
        self.assertEqual(os.listdir(self.place), [])

    def setUp(self) -> None:
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.place = holder.name

    def test_a_run_that_is_killed_leaves_nothing(self) -> None:
        process, (left, spared) = self.run_it("wait")
        self.assertFalse(gone(int(left)))
        process.kill()
        self.wait_until_all_is_gone(left)
        self.assertFalse(gone(int(spared)))

    def test_a_run_that_waits_for_a_thread_for_ever_is_ended(self) -> None:
        process, (left, _) = self.run_it("hang")
        self.assertEqual(process.wait(PATIENCE), -signal.SIGALRM)
        self.wait_until_all_is_gone(left)

    def test_a_run_that_ends_by_itself_has_left_nothing_when_it_has_ended(self) -> None:
        process, (left, spared) = self.run_it("end")
        process.wait(PATIENCE)
        self.assertTrue(gone(int(left)))
        self.assertEqual((os.listdir(self.place), gone(int(spared))), ([], False))

    def test_a_number_that_is_somebody_elses_by_now_is_left_alone(self) -> None:
        named = subprocess.Popen(["sleep", "600"], start_new_session=True)
        self.addCleanup(named.wait)
        self.addCleanup(named.kill)

        def lines() -> Iterator[str]:
            # The process that is named now began when another one had the number that is read later.
            with mock.patch("tests.leftovers._born", return_value="1"):
                yield f"kill {named.pid}\n"
                yield "spare 1\n"

        watch(lines())
        self.assertFalse(gone(named.pid))
        watch([f"kill {named.pid}\n"])
        self.assertEqual(named.wait(PATIENCE), -signal.SIGKILL)
