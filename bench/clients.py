"""Clients that go through several steps before they put load on a server, which the load generator cannot."""

from __future__ import annotations

import selectors
import socket
import time
from collections.abc import Callable, Sequence


def frame(payload: bytes) -> bytes:
    """Return a masked text frame of RFC 6455, of fewer than 126 bytes."""
    mask = b"\x01\x0e\x05\x0e"
    return bytes((0x81, 0x80 | len(payload))) + mask + bytes(b ^ mask[i % 4] for i, b in enumerate(payload))


def tcp(port: int) -> socket.socket:
    client = socket.create_connection(("127.0.0.1", port))
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return client


def websocket(port: int, path: str) -> socket.socket:
    """Return a client whose handshake is done; what came behind it is left to read."""
    client = tcp(port)
    head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    key = "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: osT3F7mvlojIvf3/8uIsJQ==\r\n\r\n"
    client.sendall((head + key).encode())
    answer = b""
    while not answer.endswith(b"\r\n\r\n"):
        answer += client.recv(1)
    if not answer.startswith(b"HTTP/1.1 101"):
        raise SystemExit(f"no WebSocket: {answer!r}")
    return client


def drain(clients: Sequence[socket.socket], quiet: float = 0.3) -> int:
    """Read until nothing comes for so many seconds after something has; return how many bytes came."""
    size = 0
    with selectors.DefaultSelector() as selector:
        for client in clients:
            selector.register(client, selectors.EVENT_READ)
        while ready := selector.select(quiet if size else 10):
            for key, _ in ready:
                got = len(key.fileobj.recv(1 << 18))  # type: ignore[union-attr]
                if not got:
                    raise SystemExit("a server has closed a connection")
                size += got
    return size


def told(client: socket.socket, line: str) -> str:
    """Send a command of the lobby and return what comes back up to its OK."""
    client.sendall(f"{line}\r\n".encode())
    answer = b""
    while not answer.endswith(b"OK\r\n"):
        answer += client.recv(65536)
        if b"ERROR" in answer:
            raise SystemExit(f"{line}: {answer.decode()}")
    return answer.decode()


def player(port: int) -> socket.socket:
    """Return somebody who has come into a lobby with an account of their own."""
    client = tcp(port)
    drain([client], 0.01)
    words = told(client, "CREATE TESTPLAYER").split()
    told(client, f"LOGIN {words[2].partition('=')[2]} {words[3].partition('=')[2]}")
    return client


class Asking:
    """Each client sends ``depth`` requests in one write and waits for all the answers; again and again."""

    def __init__(self, clients: Sequence[socket.socket], request: Callable[[int], bytes], depth: int) -> None:
        self.clients = clients
        self.requests = [request(number) * depth for number in range(len(clients))]
        self.depth = depth
        for client, data in zip(clients, self.requests, strict=True):
            client.sendall(data)
        #: Bytes that come back for each write: as many for each client.
        self.size, rest = divmod(drain(clients), len(clients))
        if rest or not self.size:
            raise SystemExit("not every client gets the same answer")

    def run(self, seconds: float) -> int:
        """Return how many messages were answered."""
        count, over = 0, False
        end = time.perf_counter() + seconds
        left = dict.fromkeys(range(len(self.clients)), self.size)
        with selectors.DefaultSelector() as selector:
            for number, client in enumerate(self.clients):
                selector.register(client, selectors.EVENT_READ, number)
                client.sendall(self.requests[number])
            while left:
                ready = selector.select(10)
                if not ready:
                    raise SystemExit("a server has stopped answering")
                for key, _ in ready:
                    number, client = key.data, self.clients[key.data]
                    left[number] -= len(client.recv(65536))
                    if left[number] > 0:
                        continue
                    count += self.depth
                    if over:
                        del left[number]
                    else:
                        left[number] = self.size
                        client.sendall(self.requests[number])
                over = over or time.perf_counter() > end
        return count


class Telling:
    """The first client says something ``burst`` times in one write, and waits until everybody has heard all of it."""

    def __init__(self, clients: Sequence[socket.socket], said: bytes, burst: int) -> None:
        self.clients = clients
        self.said = said * burst
        self.burst = burst
        clients[0].sendall(self.said)
        size, rest = divmod(drain(clients, 1.5), len(clients))
        if rest or not size:
            raise SystemExit("not everybody has heard the same")
        self.size = size

    def run(self, seconds: float) -> int:
        """Return how many deliveries there were."""
        count, end = 0, time.perf_counter() + seconds
        with selectors.DefaultSelector() as selector:
            for client in self.clients:
                selector.register(client, selectors.EVENT_READ)
            while time.perf_counter() < end:
                left = self.size * len(self.clients)
                self.clients[0].sendall(self.said)
                while left:
                    ready = selector.select(10)
                    if not ready:
                        raise SystemExit("something that was said has not come")
                    for key, _ in ready:
                        left -= len(key.fileobj.recv(65536))  # type: ignore[union-attr]
                count += self.burst * len(self.clients)
        return count
