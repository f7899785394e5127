"""WebSocket echo: our connection beside stock Autobahn, CPU of the server a message.

Run: python bench/websocket_echo.py [SECONDS]. The servers run one after the other in turns, each in a process of
its own; quote the ratios of one run, not the times.
"""

from __future__ import annotations

import os
import selectors
import socket
import statistics
import subprocess
import sys
import time

CONNECTIONS = 50
ROUNDS = 3
PAYLOAD = b'{"op":"say","id":123456,"t":"sixty-four bytes of text, more or less"}'
TICK = os.sysconf("SC_CLK_TCK")

STOCK = """
import sys
from autobahn.twisted.websocket import WebSocketServerFactory, WebSocketServerProtocol
from twisted.internet import reactor
class Echo(WebSocketServerProtocol):
    def onMessage(self, payload, isBinary):
        self.sendMessage(payload, isBinary)
factory = WebSocketServerFactory(reactor=reactor)
factory.protocol = Echo
print(reactor.listenTCP(0, factory, interface="127.0.0.1").getHost().port, flush=True)
reactor.run()
"""

OURS = """
import sys
from twisted.internet import reactor
from gameserver.net.eager import make_eager
from gameserver.net.websocket import Accepted, websocket_resource
from gameserver.edge.http.site import site, tree
class Echo:
    def opened(self, wire):
        self.wire = wire
    def received(self, payload, binary):
        self.wire.send(payload, binary)
    def counted(self):
        return True

    def heard_all(self, answered):
        answered()
    def too_slow(self):
        pass
    def ended(self):
        self.wire = None
root = tree({"echo": websocket_resource(reactor, lambda upgrade: Accepted(Echo()), greeting="echo")})
port = reactor.listenTCP(0, site(root), interface="127.0.0.1")
make_eager(port)
print(port.getHost().port, flush=True)
reactor.run()
"""


def cpu(pid: int) -> float:
    """Return the CPU seconds a process has used."""
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def masked(payload: bytes) -> bytes:
    mask = b"\x01\x0e\x05\x0e"
    return bytes((0x81, 0x80 | len(payload))) + mask + bytes(b ^ mask[i % 4] for i, b in enumerate(payload))


def connect(port: int) -> socket.socket:
    client = socket.create_connection(("127.0.0.1", port))
    client.sendall(
        b"GET /echo HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: osT3F7mvlojIvf3/8uIsJQ==\r\n\r\n" % port
    )
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += client.recv(4096)
    assert answer.startswith(b"HTTP/1.1 101"), answer
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return client


def load(port: int, seconds: float) -> int:
    """Echo on all connections at once for some seconds; return how many messages came back."""
    frame, size = masked(PAYLOAD), 2 + len(PAYLOAD)
    selector = selectors.DefaultSelector()
    clients = [connect(port) for _ in range(CONNECTIONS)]
    got = dict.fromkeys(clients, 0)
    for client in clients:
        selector.register(client, selectors.EVENT_READ, client)
        client.send(frame)
    count, end = 0, time.perf_counter() + seconds
    while time.perf_counter() < end:
        for key, _ in selector.select(1):
            client = key.data
            got[client] += len(client.recv(65536))
            if got[client] == size:
                got[client] = 0
                count += 1
                client.send(frame)
    for client in clients:
        client.close()
    return count


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 3.0
    servers = {}
    for name, source in (("stock Autobahn", STOCK), ("gameserver", OURS)):
        process = subprocess.Popen([sys.executable, "-c", source], stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        servers[name] = (process, int(process.stdout.readline()))
    results: dict[str, list[tuple[float, float]]] = {name: [] for name in servers}
    try:
        for _ in range(ROUNDS):
            for name, (process, port) in servers.items():
                before = cpu(process.pid)
                count = load(port, seconds)
                results[name].append((count / seconds, (cpu(process.pid) - before) / count * 1e6))
    finally:
        for process, _ in servers.values():
            process.kill()
            process.communicate()
    base = statistics.median(cost for _, cost in results["stock Autobahn"])
    print(f"{CONNECTIONS} connections, {len(PAYLOAD)} bytes, {ROUNDS} rounds of {seconds:g} s (medians)")
    print(f"{'server':<16} {'messages/s':>11} {'CPU us/message':>15} {'ratio':>6}")
    for name, found in results.items():
        rate, cost = (statistics.median(values) for values in zip(*found, strict=True))
        print(f"{name:<16} {rate:>11.0f} {cost:>15.1f} {base / cost:>6.2f}")


if __name__ == "__main__":
    main()
