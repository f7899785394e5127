"""The process runs out of file descriptors, and has some again."""

from __future__ import annotations

import contextlib
import os
import random
import resource
import socket
from collections.abc import Callable

from chaos.acts import DOORS, SETTINGS, until
from chaos.fault import Fault, Outcome
from chaos.process import everybody
from chaos.running import Run, lasting
from tests.integration.chat_socket import ChatSocket
from tests.integration.server import Server

#: Connections that are opened when there is room for ``FREE`` only, at most.
FREE, CONNECTIONS = 20, 300

#: Seconds in which somebody new is let in when there is room again.
COMING_IN = 10


def _crowd(port: int, chance: random.Random) -> list[socket.socket]:
    """Open as many connections as chance has it; the kernel takes those that the process cannot accept."""
    crowd: list[socket.socket] = []
    for _ in range(chance.randrange(2 * FREE, CONNECTIONS)):
        client = socket.socket()
        client.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            client.connect(("127.0.0.1", port))
        crowd.append(client)
    return crowd


def _comes_in(port: int, name: str) -> bool:
    """Say whether somebody new is let in at the chat."""
    try:
        client = ChatSocket(port)
        client.raw.settimeout(COMING_IN)
        try:
            return client.log_in(name).get("Flag") == 1
        finally:
            client.close()
    except OSError:
        return False


def none_left(chance: random.Random, times: int, say: Callable[[str], None]) -> Outcome:
    """Leave the process a few descriptors, and let hundreds of connections come at one of its doors."""
    server = Server(DOORS, SETTINGS)
    try:
        server.start()
        assert server.process is not None
        pid = server.process.pid
        usual = resource.prlimit(pid, resource.RLIMIT_NOFILE)
        doors = [port for key, port in server.ports.items() if key != "web.endpoints"]

        def fault(number: int) -> None:
            # The limit is on the highest number, and the lowest free ones are given out first.
            highest = max(map(int, os.listdir(f"/proc/{pid}/fd")))
            resource.prlimit(pid, resource.RLIMIT_NOFILE, (highest + FREE, usual[1]))
            crowd = _crowd(chance.choice(doors), chance)
            try:
                lasting(chance, 0.1, 0.5)
            finally:
                for client in crowd:
                    client.close()
                resource.prlimit(pid, resource.RLIMIT_NOFILE, usual)
            port = server.ports["chat.tcp"]
            until(lambda: _comes_in(port, f"newcomer{number}"), "a newcomer", COMING_IN)

        # Who comes without a connection of their own, as the site's visitors do, is cut off meanwhile.
        return Run(server, everybody(chance, 4.0), cuts=True).make(fault, times, say)
    finally:
        server.kill()


FAULTS = (
    Fault(
        "descriptors", "no file descriptors are left, with hundreds of connections, and some again", none_left, 50, 2
    ),
)
