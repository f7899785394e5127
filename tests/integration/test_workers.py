"""Several processes behind the same ports: ``twistd gameserver --workers``."""

from __future__ import annotations

import json
import os
import re
import signal
import time
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from tests.cluster.redis_server import REDIS, address, fresh_name
from tests.databases import fresh_postgresql
from tests.integration.chat_socket import ChatSocket
from tests.integration.server import PATIENCE, TWISTD, Server

COUNT = 2


def running(process: int) -> bool:
    """Say whether a process is there that has not ended yet."""
    try:
        stat = Path(f"/proc/{process}/stat").read_text("ascii", "replace")
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


class Workers(SynchronousTestCase):
    def start(self, *settings: str, protocols: tuple[str, ...] = ("chat.tcp", "web.endpoints")) -> Server:
        server = Server(protocols, settings, program=(*TWISTD, f"--workers={COUNT}"))
        self.addCleanup(server.kill)
        return server.start()

    def clustered(self, *more: str) -> Server:
        address()
        self.url = fresh_postgresql(self)
        cluster = (f"cluster.redis={REDIS}", f"cluster.name={fresh_name()}", "cluster.silence=2")
        return self.start(f"storage.url={self.url}", *cluster, *more)

    def workers(self, server: Server) -> dict[str, int]:
        """Return the living workers as an operator sees them, each with the number of its process."""
        shown = server.run(f"--set=storage.url={self.url}", "--set=cluster.silence=2", "nodes")
        found = re.findall(r"^(\w{8}-\d+) +alive .*:(\d+)$", shown.stdout, re.MULTILINE)
        return {name: int(process) for name, process in found}

    def until_workers(self, server: Server, without: int = 0) -> dict[str, int]:
        deadline = time.monotonic() + PATIENCE
        while len(found := self.workers(server)) < COUNT or without in found.values():
            self.assertLess(time.monotonic(), deadline, found)
        return found

    def test_they_are_one_server_and_one_that_dies_is_started_again(self) -> None:
        server = self.clustered("chat.heartbeat=0")
        self.assertIn(f"{COUNT} workers take people in", server.log)
        before = self.until_workers(server)
        # The kernel spreads connections by their ports; among so many both processes have some.
        people = [ChatSocket(server.ports["chat.tcp"]) for _ in range(24)]
        for number, person in enumerate(people):
            self.addCleanup(person.raw.close)
            self.assertEqual(person.log_in(f"person{number}")["Flag"], 1)
        people[0].send(Command="05", Message="hello")
        for person in people[1:]:
            self.assertEqual(person.receive_command("32")["Message"], "hello")
        (victim, process), _ = before.items()
        os.kill(process, signal.SIGKILL)
        after = self.until_workers(server, without=process)
        self.assertEqual(set(after), set(before))
        self.assertIn("has ended (signal 9); it is started again in 1.0 s", server.log)
        self.assertIn(victim[-1], server.log)
        first = server.process
        assert first is not None
        first.send_signal(signal.SIGHUP)
        deadline = time.monotonic() + PATIENCE
        done = ("configuration reloaded; nothing has changed", "certificates reloaded")
        while min(map(server.log.count, done)) < COUNT:
            self.assertLess(time.monotonic(), deadline, server.log)
            time.sleep(0.05)
        self.assertEqual(server.stop(), 0)
        for process in after.values():
            self.assertFalse(running(process))

    def test_they_end_with_who_started_them(self) -> None:
        server = self.clustered("chat.tcp=tcp:0:interface=127.0.0.1")
        processes = self.until_workers(server).values()
        ports = re.findall(r"chat.tcp listens on tcp:(\d+):", server.log)
        self.assertEqual(len(set(ports)), 1, server.log)
        ChatSocket(int(ports[0])).raw.close()
        server.kill()
        deadline = time.monotonic() + PATIENCE
        while any(map(running, processes)):
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.05)

    def test_they_need_what_they_share(self) -> None:
        with self.assertRaises(AssertionError) as caught:
            self.start()
        line = "gameserver: --workers needs PostgreSQL (storage.url) and Redis (cluster.redis)"
        self.assertIn(line, str(caught.exception).splitlines())

    def test_a_worker_that_cannot_start_ends_the_start(self) -> None:
        broken = ("storage.url=postgresql+psycopg://nobody@127.0.0.1:1/none", f"cluster.redis={REDIS}")
        with self.assertRaises(AssertionError) as caught:
            self.start(*broken)
        self.assertIn("the database cannot be used", str(caught.exception))
        self.assertNotIn("started again", str(caught.exception))

    def test_only_ports_that_can_be_shared(self) -> None:
        text = json.dumps(["unix:/tmp/none"])
        with self.assertRaises(AssertionError) as caught:
            self.start("storage.url=postgresql+psycopg://x@y/z", "cluster.redis=redis://y", f"chat.tcp={text}")
        self.assertIn("chat.tcp = unix:/tmp/none: --workers needs tcp: or ssl:", str(caught.exception))
