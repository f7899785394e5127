"""What is lost or wrong is found: by the recount, in the log, and in the table."""

from __future__ import annotations

import contextlib
import random
import shutil
import subprocess
import sys
from collections.abc import Mapping

import attrs
from twisted.trial.unittest import SynchronousTestCase

from chaos.acts import DOORS, SETTINGS, Load, failures
from chaos.fault import Outcome
from chaos.judgement import judged
from chaos.process import everybody
from chaos.proxy import Proxy
from chaos.table import markdown, text
from tests.directories import temporary_directory
from tests.integration.chat_socket import ChatSocket
from tests.integration.server import Server

FINE = Outcome(3, 40, 0, 0, 0.012, 100 << 20, 101 << 20)


class Merciless(random.Random):
    """Chance for an operator who lets nobody in again."""

    def random(self) -> float:
        return 1.0


class RecountTests(SynchronousTestCase):
    def test_a_server_that_has_forgotten_what_it_confirmed_is_found_out(self) -> None:
        server = Server(DOORS, SETTINGS)
        self.addCleanup(server.kill)
        load = Load(server.start(), everybody(Merciless(1)))
        load.prepare()
        server.stop()
        # What is written from here on is going to be forgotten.
        earlier = temporary_directory()
        shutil.copytree(server.data, earlier / "data")
        load.server = server.start()
        load.start()
        # The match has begun by then.
        load.wait(60, each=3)
        server.kill()
        load.stop()
        shutil.rmtree(server.data)
        shutil.copytree(earlier / "data", server.data)
        server.start()
        load.recount()
        outcome = judged(load, 1)
        self.assertFalse(outcome.fine)
        # Messages are nowhere to be looked up: they were heard, or were not.
        kinds = {actor.name for actor in load.actors} - {"messages"}
        found = {actor.name for actor in load.actors if actor.lost or actor.wrong}
        self.assertEqual(found, kinds, outcome.notes)


class FindingTests(SynchronousTestCase):
    LOG = (
        "2026 [x#critical] a rule failed",
        "\tTraceback (most recent call last):",
        '\t  File "x.py", line 1, in x',
        "\t    x()",
        "\tKeyError: 'x'",
        "\t",
        "2026 [x#info] fine",
    )

    def test_a_traceback_is_found_by_its_exception_but_not_the_one_that_was_made(self) -> None:
        self.assertEqual(failures(self.LOG), ["in the log: KeyError: 'x'"])
        self.assertEqual(failures(self.LOG, "KeyError"), [])
        self.assertEqual(failures(self.LOG[:4], "KeyError"), ["in the log: the log ends"])
        self.assertEqual(failures(self.LOG[5:]), [])

    def test_whatever_is_lost_or_wrong_or_slow_is_not_fine(self) -> None:
        self.assertTrue(FINE.fine)
        self.assertTrue(attrs.evolve(FINE, p99=None).fine)
        for changed in ({"lost": 1}, {"wrong": 1}, {"p99": 0.05}):
            self.assertFalse(attrs.evolve(FINE, **changed).fine, changed)


class TableTests(SynchronousTestCase):
    OUTCOMES: Mapping[str, Outcome] = {
        "kill": FINE,
        "disk": attrs.evolve(FINE, lost=2, p99=None, before=None, notes=("lost: x",)),
    }

    def test_the_table_has_a_line_a_fault_and_their_sum(self) -> None:
        lines = text(self.OUTCOMES).splitlines()
        self.assertEqual(" ".join(lines[1].split()), "kill 3 40 0 0 12.0 ms 100 MiB 101 MiB")
        self.assertEqual(" ".join(lines[2].split()), "disk 3 40 2 0 - - 101 MiB")
        self.assertEqual(" ".join(lines[3].split()), "sum 6 80 2 0")
        self.assertEqual(lines[4], "disk: lost: x")

    def test_as_markdown(self) -> None:
        shown = markdown(self.OUTCOMES)
        self.assertIn("| kill | 3 | 40 | 0 | 0 | 12.0 ms | 100 MiB | 101 MiB |\n", shown)
        self.assertTrue(shown.endswith("\n\n* disk: lost: x\n"), shown)


class ProxyTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.server = Server(("chat.tcp",)).start()
        self.addCleanup(self.server.kill)
        self.proxy = Proxy("127.0.0.1", self.server.ports["chat.tcp"])
        self.addCleanup(self.proxy.stop)

    def client(self) -> ChatSocket:
        client = ChatSocket(self.proxy.port)
        self.addCleanup(client.close)
        return client

    def test_it_passes_cuts_refuses_and_passes_again(self) -> None:
        client = self.client()
        self.assertEqual(client.log_in("anne")["Flag"], 1)
        self.proxy.refuse()
        self.assertRaises(ConnectionRefusedError, self.client)
        client.send(Command="04", FriendName="anne", Message="x")
        self.assertEqual(client.receive_command("14")["Flag"], 1)
        self.assertEqual(self.proxy.cut(), 1)
        with self.assertRaises(OSError):
            client.send(Command="05", Message="x")
            if not client.receive():
                raise ConnectionError
        self.proxy.listen()
        self.assertEqual(self.client().log_in("bobby")["Flag"], 1)

    def test_it_cuts_in_the_middle_of_a_reply(self) -> None:
        client = self.client()
        self.proxy.cut_after(10)
        client.send(Command="01", Name="anne")
        got = b""
        with contextlib.suppress(ConnectionResetError):
            while data := client.raw.recv(100):
                got += data
        self.assertEqual(got, b'{"Command"')
        self.assertFalse(self.proxy.armed)


class CommandTests(SynchronousTestCase):
    def run_it(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "chaos", *arguments], capture_output=True, text=True, timeout=120, check=False
        )

    def test_an_unknown_fault_is_told_the_known_ones(self) -> None:
        done = self.run_it("flood")
        self.assertEqual(done.returncode, 1)
        self.assertIn("there is no fault flood; there are kill, stop", done.stderr)

    def test_help_lists_them(self) -> None:
        done = self.run_it("--help")
        self.assertEqual(done.returncode, 0)
        self.assertIn("kill -9 under mixed load", done.stdout)
