"""What a message costs that goes to a match at another node, beside one to a match at the same: CPU of both servers.

Run: python -m bench.relay [--rounds N] [--seconds S] [--watching N] [--only WORDS] [--redis]

Two servers on a schema of their own of the local PostgreSQL ($GAMESERVER_TEST_POSTGRESQL) and the local Redis
($GAMESERVER_TEST_REDIS); without these it says so and ends. All matches and rooms are at the first server, the
relayed clients at the second. Quote the ratios of one run, not the times. The time of Redis is not in them.

With ``--redis`` it is what Redis costs a server that is alone: the same at a server without, and at one with it.
"""

from __future__ import annotations

import argparse
import re
import secrets
import selectors
import socket
import statistics
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from urllib.parse import urlencode

from bench.clients import Asking, Telling, drain, frame, player, tcp, told, websocket
from bench.servers import ROOT, Ours
from bench.stores import shared

CONNECTIONS = 50

NOOP = b'{"@action":"NOOP"}\r\n'
SAY = b'{"@action":"MESSAGE","properties":{"entry":{"key":"message","value":"sixty-four bytes of text or so"}}}\r\n'
SAID = b'"action":4,'
SOCKETS = "/tech/socket/v1"
#: An answer to no Ping.
PONG = b"\x8a\x80\0\0\0\0"
PLAY_SAY = frame(b'{"action":4,"data":{"message":"sixty-four bytes of text or so"}}')


def join(clients: list[socket.socket], names: list[str], options: str = "") -> None:
    for client, name in zip(clients, names, strict=True):
        client.sendall(f"JOIN GAME {name}{options}\r\n".encode())
        drain([client], 0.05)
    drain(clients, 0.5)


def asking(owner: Ours, front: Ours, playing: int, depth: int) -> Asking:
    clients = [player(front.ports["kassel"]) for _ in range(playing)]
    names = [secrets.token_hex(4) for _ in clients]
    maker = player(owner.ports["kassel"])
    for name in names:
        told(maker, f"CREATE GAME {name} -maxPlayers 2")
    join(clients, names)
    return Asking(clients, lambda _: NOOP, depth)


def telling(owner: Ours, front: Ours, watching: int) -> Telling:
    """One at the owner says something in a match, everybody else hears it at the front."""
    speaker, name = player(owner.ports["kassel"]), secrets.token_hex(4)
    told(speaker, f"CREATE GAME {name} -maxPlayers 2")
    clients = [player(front.ports["kassel"]) for _ in range(watching)]
    join([speaker], [name])
    join(clients, [name] * watching, " -visitor true")
    drain([speaker], 0.1)
    return Telling([speaker, *clients], SAY, 4)


def techmino(server: Ours, awake: list[socket.socket]) -> socket.socket:
    """Return the connection to /play of somebody with an account of their own.

    Who says nothing for a minute is given up, and a hundred logins may take longer: ``awake`` came before.
    """
    for client in awake:
        client.sendall(PONG)
    client = joined(server)
    awake.append(client)
    return client


def joined(server: Ours) -> socket.socket:
    with tcp(server.ports["kassel"]) as lobby:
        drain([lobby], 0.01)
        words = told(lobby, "CREATE TESTPLAYER").split()
    name, password = (word.partition("=")[2] for word in words[2:4])
    while True:
        # Who has to wait too long for the check of a password is told to try again.
        with suppress(ConnectionError):
            return logged_in(server.ports["techmino"], name, password)


def logged_in(port: int, name: str, password: str) -> socket.socket:
    with websocket(port, f"{SOCKETS}/user?{urlencode({'email': name, 'password': password})}") as user:
        uid = reads(user, b'"uid":')
        user.sendall(frame(b'{"action":0}'))
        access = reads(user, b'"accessToken":"')
    client = websocket(port, f"{SOCKETS}/play?{urlencode({'uid': uid, 'accessToken': access})}")
    drain([client], 0.01)
    return client


def reads(client: socket.socket, mark: bytes) -> str:
    """Return the letters and digits that come behind a mark."""
    data = b""
    while (found := re.search(mark + rb"(\w+)\W", data)) is None:
        got = client.recv(65536)
        if not got:
            raise ConnectionError(data)
        data += got
    return found[1].decode()


def room(maker: socket.socket, clients: list[socket.socket]) -> None:
    """Let somebody make a room of Techmino and others come in."""
    maker.sendall(frame(b'{"action":1,"data":{"type":"r99","config":"{}"}}'))
    rid = reads(maker, b'"rid":"')
    # Not before the other server has heard of it.
    time.sleep(0.5)
    for client in clients:
        client.sendall(frame(b'{"action":2,"data":{"rid":"%b","config":"{}"}}' % rid.encode()))
        reads(client, b'"rid":"')


class Saying:
    """In each room the first says something ``burst`` times, and again when everybody there has heard all of it."""

    def __init__(self, rooms: Sequence[Sequence[socket.socket]], burst: int) -> None:
        self.rooms = rooms
        self.burst = burst

    def run(self, seconds: float) -> int:
        """Return how many deliveries there were."""
        count, end = 0, time.perf_counter() + seconds
        clients = {client: number for number, members in enumerate(self.rooms) for client in members}
        tails, left = dict.fromkeys(clients, b""), [0] * len(self.rooms)
        with selectors.DefaultSelector() as selector:
            for client in clients:
                client.sendall(PONG)
                selector.register(client, selectors.EVENT_READ, client)
            for number in range(len(self.rooms)):
                left[number] = self._say(number)
            while any(left):
                ready = selector.select(10)
                if not ready:
                    raise SystemExit("something that was said has not come")
                for key, _ in ready:
                    hearer: socket.socket = key.data
                    *heard, tails[hearer] = (tails[hearer] + hearer.recv(1 << 18)).split(SAID)
                    tails[hearer] = tails[hearer][1 - len(SAID) :]
                    number = clients[hearer]
                    left[number] -= len(heard)
                    count += len(heard)
                    if not left[number] and time.perf_counter() < end:
                        left[number] = self._say(number)
        return count

    def _say(self, number: int) -> int:
        members = self.rooms[number]
        members[0].sendall(PLAY_SAY * self.burst)
        return self.burst * len(members)


def alone(owner: Ours, front: Ours, awake: list[socket.socket]) -> Saying:
    """Some say something one at a time, each in a room of their own."""
    clients = [techmino(front, awake) for _ in range(CONNECTIONS)]
    for client in clients:
        maker = techmino(owner, awake)
        room(maker, [client])
        awake.remove(maker)
        maker.close()
    # The makers' seats are kept for two seconds.
    time.sleep(3)
    return Saying([[client] for client in clients], 1)


def together(owner: Ours, front: Ours, hearing: int, awake: list[socket.socket]) -> Saying:
    """One at the owner says something in a room, everybody else hears it at the front."""
    speaker, clients = techmino(owner, awake), [techmino(front, awake) for _ in range(hearing)]
    room(speaker, clients)
    return Saying([[speaker, *clients]], 4)


def measure(servers: list[Ours], arguments: argparse.Namespace) -> None:
    first, second = servers
    watching = arguments.watching
    awake: list[socket.socket] = []
    loads: dict[str, Callable[[Ours, Ours], Asking | Telling | Saying]] = {
        "a command, one client": lambda here, there: asking(here, there, 1, 1),
        "a command, 20 clients": lambda here, there: asking(here, there, 20, 1),
        "a command, one at a time": lambda here, there: asking(here, there, CONNECTIONS, 1),
        "a command, 16 at a time": lambda here, there: asking(here, there, CONNECTIONS, 16),
        f"heard by {watching}": lambda here, there: telling(here, there, watching),
        "Techmino, one at a time": lambda here, there: alone(here, there, awake),
        f"Techmino, heard by {watching}": lambda here, there: together(here, there, watching, awake),
    }
    words = ("without", "with Redis") if arguments.redis else ("here", "relayed")
    for label, load_between in loads.items():
        if arguments.only not in label:
            continue
        near, far = load_between(first, first), load_between(second if arguments.redis else first, second)
        costs: list[tuple[float, float]] = []
        for _ in range(arguments.rounds):
            pair = []
            for load in (near, far):
                before = sum(server.cpu for server in servers)
                count = load.run(arguments.seconds)
                pair.append((sum(server.cpu for server in servers) - before) / count * 1e6)
            costs.append((pair[0], pair[1]))
        ours, theirs = (statistics.median(cost) for cost in zip(*costs, strict=True))
        ratios = [other / one for one, other in costs]
        ratio = f"{statistics.median(ratios):.2f} times ({min(ratios):.2f} to {max(ratios):.2f})"
        print(f"{label:<26} {words[0]} {ours:7.1f} us, {words[1]} {theirs:7.1f} us: {ratio}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1.0)
    parser.add_argument("--only", default="", metavar="WORDS", help="measure only what has them in its name")
    parser.add_argument("--watching", type=int, default=50, help="who hears what is said")
    parser.add_argument(
        "--redis", action="store_true", help="measure a server that is alone, without Redis and with it"
    )
    arguments = parser.parse_args()
    more = ("accounts.testplayers_per_address=10000", "limits.hash_queue=1000")
    with shared() as common, shared() as others:
        # The settings of one database; Redis comes with those that are behind it.
        first = others[:1] if arguments.redis else common
        servers: list[Ours] = []
        try:
            for settings in (first, common):
                servers.append(Ours(ROOT, (*settings, *more), account=False))
            measure(servers, arguments)
        finally:
            for server in servers:
                server.end()


if __name__ == "__main__":
    main()
