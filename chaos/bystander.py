"""Somebody who only chats: how long they wait for each answer, measured in a process of its own.

    python -m chaos.bystander PORT

logs in at the chat as a guest and sends themselves a message every ``INTERVAL`` seconds until standard input ends,
then prints the round trips as a JSON list of seconds. A message that waits keeps those behind it from being sent, so
they are counted with the time they would have waited: a standstill of a second is fifty slow answers and not one.
"""

from __future__ import annotations

import json
import os
import select
import socket
import subprocess
import sys
import time

from tests.leftovers import has_ended, kill_at_the_end

#: Seconds between two messages: 50 a second, below ``limits.messages_per_second``.
INTERVAL = 0.02

#: Where they come from: attacks come from 127.0.0.1, and what an address may do is shared by all who are behind it.
#: CHAOS_ADDRESS=127.0.0.1 puts them behind the attacker's own address, as in a classroom.
ADDRESS = os.environ.get("CHAOS_ADDRESS", "127.0.0.2")

#: Seconds they wait for one answer before they say that they have been lost.
PATIENCE = 60.0

#: Seconds their process may take to begin and to end.
BEGINNING = 60.0


class Bystander:
    """Starts and stops the process. One that has been put out, or not been answered, raises ``AssertionError``."""

    def __init__(self, name: str = "bystander") -> None:
        self._name = name
        self._process: subprocess.Popen[str] | None = None

    def start(self, port: int) -> None:
        """Let them log in at a chat's port, and return when they have."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "chaos.bystander", str(port), self._name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        kill_at_the_end(self._process.pid)
        assert self._process.stdout is not None
        ready = select.select([self._process.stdout], [], [], BEGINNING)[0]
        if not ready or self._process.stdout.readline() != "ready\n":
            self._process.kill()
            self._process.communicate()
            raise AssertionError("the bystander has not been let in")

    @property
    def process(self) -> int:
        """The number of their process."""
        assert self._process is not None
        return self._process.pid

    def stop(self) -> list[float]:
        """Let them go, and return the seconds that each answer took."""
        assert self._process is not None
        said, _ = self._process.communicate("", PATIENCE + BEGINNING)
        has_ended(self._process.pid)
        if self._process.returncode:
            raise AssertionError("the bystander has been put out, or has not been answered")
        waited: list[float] = json.loads(said)
        return waited


def percentile(values: list[float], part: float = 0.99) -> float:
    """Return the value that so much of all are not above."""
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]


def chat(port: int, name: str) -> list[float]:
    """Chat until standard input ends; see the module."""
    connection = socket.create_connection(("127.0.0.1", port), PATIENCE, (ADDRESS, 0))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    lines = connection.makefile("rb")

    def ask(answer: str, **keys: str) -> None:
        connection.sendall(json.dumps(keys).encode() + b"\n")
        while True:
            said = lines.readline()
            if not said:
                raise ConnectionError("the server has ended the connection")
            found = json.loads(said)
            # A heartbeat is a 14 without a flag.
            if found["Command"] == answer and "Flag" in found:
                if not found["Flag"]:
                    raise ConnectionError(f"the server has refused {keys}: {found}")
                return

    ask("11", Command="01", Name=name)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    waited: list[float] = []
    due = time.monotonic()
    while not select.select([sys.stdin], [], [], max(0.0, due - time.monotonic()))[0]:
        since = time.monotonic()
        ask("14", Command="04", FriendName=name, Message="x")
        took = time.monotonic() - since
        while took > 0:
            waited.append(took)
            took -= INTERVAL
        due = max(due + INTERVAL, time.monotonic())
    return waited


if __name__ == "__main__":
    sys.stdout.write(json.dumps(chat(int(sys.argv[1]), sys.argv[2])))
