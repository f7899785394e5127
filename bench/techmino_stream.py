"""Techmino's hot path: a full room streams its play; messages a second and the server's CPU for each delivery.

Run: python bench/techmino_stream.py [PLAYERS [SECONDS [RATE]]]. Defaults: 99 players, 10 seconds, 7 messages a
second each, as the real client sends. The server is a process of its own with everything but a database; the clients
are plain sockets in this process, which count and time what arrives.
"""

from __future__ import annotations

import json
import os
import selectors
import socket
import subprocess
import sys
import time

from gameserver.testing.techmino import compact, frame, request

TICK = os.sysconf("SC_CLK_TCK")

SERVER = """
import json, sys
from twisted.internet import reactor
from twisted.internet.defer import ensureDeferred
from gameserver.config.tree import Limits
from gameserver.edge.http.site import site, tree
from gameserver.protocols.techmino.config import Techmino
from gameserver.protocols.techmino.part import PART
from gameserver.testing.context import memory_context

context = memory_context(reactor, Limits(connections_per_address=1000, connections=1000))
techmino = PART.build(context, Techmino(watch_delay=0.1, start_delay=0.5))

async def begin():
    players = []
    for number in range(int(sys.argv[1])):
        account = await context.accounts.register(f"player{number}", "pw")
        players.append((account.id, await context.accounts.issue_token(account, "techmino-access", 3600.0)))
    port = reactor.listenTCP(0, site(tree(techmino.pages)), interface="127.0.0.1").getHost().port
    print(json.dumps([port, players]), flush=True)

reactor.callWhenRunning(lambda: ensureDeferred(begin()))
reactor.run()
"""


class Client:
    """One WebSocket; whole messages are not parsed during the measurement, only counted."""

    def __init__(self, port: int, endpoint: str, body: dict[str, object]) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.sendall(b"".join(request(endpoint, body)))
        self.data = b""
        self.rest = b""
        self.delivered = 0
        self.worst = 0.0

    def send(self, message: object) -> None:
        self.socket.sendall(b"".join(frame(compact(message))))

    def until(self, mark: bytes) -> bytes:
        """Read up to some bytes and return what comes next in the same message."""
        while mark not in self.data:
            self.data += self.socket.recv(65536)
        _, _, self.data = self.data.partition(mark)
        return self.data

    def count(self, now: float) -> None:
        """Read what is there; each message carries the time it was sent."""
        *lines, self.rest = (self.rest + self.socket.recv(1 << 20)).split(b'"action":5,')
        self.delivered += len(lines)
        at = self.rest.find(b'"stream":"') + 10
        if at >= 10 and len(self.rest) > at + 17:
            self.worst = max(self.worst, now - float(self.rest[at : at + 17]))


def cpu(pid: int) -> float:
    """Return the CPU seconds a process has used."""
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def enter(port: int, players: list[tuple[int, str]]) -> tuple[list[Client], list[Client]]:
    """Bring everybody into one round and return the connections to /play, which must stay, and to /stream."""
    plays: list[Client] = []
    rid = ""
    for uid, access in players:
        play = Client(port, "play", {"uid": uid, "accessToken": access})
        play.until(b'"Connect"')
        plays.append(play)
        if rid:
            play.send({"action": 2, "data": {"rid": rid, "config": "{}"}})
        else:
            play.send({"action": 1, "data": {"type": "unlimited", "config": "{}"}})
            rid = play.until(b'"rid":"')[:32].decode()
    for play in plays:
        play.send({"action": 6, "data": {"ready": True}})
    stream_rid = plays[-1].until(b'"action":8,"data":{"rid":"')[:32].decode()
    streams = [
        Client(port, "stream", {"uid": uid, "accessToken": access, "rid": stream_rid}) for uid, access in players
    ]
    for stream in streams:
        stream.until(b'"seed":')
    return plays, streams


def measure(pid: int, streams: list[Client], seconds: float, rate: float) -> None:
    """Let everybody send evenly spread, and print what came of it."""
    selector = selectors.DefaultSelector()
    for stream in streams:
        stream.socket.setblocking(False)
        selector.register(stream.socket, selectors.EVENT_READ, stream)
    used, own, began = cpu(pid), time.process_time(), time.monotonic()
    sent, step = 0, 1 / rate / len(streams)
    while (now := time.monotonic()) < began + seconds + 1:
        while sent * step <= now - began < seconds:
            text = f"{time.monotonic():017.6f}" + "EgACBgAm" * 3
            streams[sent % len(streams)].send({"action": 5, "data": {"stream": text}})
            sent += 1
        for key, _ in selector.select(min(step, 0.005)):
            key.data.count(time.monotonic())
    used, own = cpu(pid) - used, time.process_time() - own
    delivered = sum(stream.delivered for stream in streams)
    expected = sent * (len(streams) - 1)
    print(f"{len(streams)} players, {rate:g} messages a second each, {seconds:g} seconds")
    print(f"sent       {sent / seconds:10.0f} messages/s")
    print(f"delivered  {delivered / seconds:10.0f} messages/s ({delivered} of {expected})")
    print(f"server CPU {used / seconds * 100:10.1f} % of a core, {used / delivered * 1e6:.2f} us a delivered message")
    print(
        f"latency    {max(stream.worst for stream in streams) * 1000:10.1f} ms at worst (clients' own CPU included)"
    )
    print(f"client CPU {own / seconds * 100:10.1f} %")


def main() -> None:
    """Run it."""
    arguments = [float(argument) for argument in sys.argv[1:]]
    players, seconds, rate = [*arguments, *(99, 10, 7)[len(arguments) :]][:3]
    command = [sys.executable, "-c", SERVER, str(int(players))]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            port, people = json.loads(server.stdout.readline())
            plays, streams = enter(port, people)
            measure(server.pid, streams, seconds, rate)
            for client in plays + streams:
                client.socket.close()
        finally:
            server.kill()


if __name__ == "__main__":
    main()
