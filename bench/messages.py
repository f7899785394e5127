"""Messages and broadcasts through the real server, beside what others would take: CPU of the server each.

Run: python bench/messages.py [--rounds N] [--seconds S] [--only NAME,…] [--members N] [--against DIRECTORY [--alone]]

Every server is a process of its own; the rounds go through them in turns, forwards and backwards, because the machine
does other things too. Quote the ratios of one run, not the times. ``--against`` measures the server of another
checkout as well, as "before". A peer that is not there (Node, its package ``ws`` in bench/.peers or ``$NODE_PEERS``)
is left out with a line that says so.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from clients import Asking, Telling, drain, frame, tcp, websocket

HERE = Path(__file__).resolve().parent
TICK = os.sysconf("SC_CLK_TCK")
CONNECTIONS = 50
PAYLOAD = b'{"op":"say","id":123456,"t":"sixty-four bytes of text, more or less"}'

#: So that what is measured is the messages and not their refusal; the rest is the default configuration.
LIMITS = (
    "limits.messages_per_second=10000000",
    "limits.burst=10000000",
    "limits.logins=100000",
    "limits.logins_per_address=100000",
    "limits.connections_per_address=20000",
    "web.burst=100000",
    "chat.heartbeat=0",
)
DOORS = ("web.endpoints", "chat.tcp", "chat.tls", "kassel.ss14", "kassel.ss13", "kassel.ss12", "kwo.endpoints")
MEASURED = {
    "chat": "chat.tcp",
    "kassel": "kassel.ss14",
    "techmino": "techmino.endpoints",
    "invoker": "invoker.endpoints",
}

Load = Asking | Telling


class Server:
    """A process under load."""

    def __init__(self, command: list[str], directory: Path | str = ".") -> None:
        self.process = subprocess.Popen(
            command, cwd=directory, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        assert self.process.stdout is not None
        self.first = self.process.stdout.readline()

    @property
    def cpu(self) -> float:
        """The CPU seconds it has used."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICK

    def end(self) -> None:
        self.process.kill()
        self.process.communicate()


class Peer(Server):
    """A bare server of somebody else's; ``port`` is 0 if it could not start."""

    def __init__(self, command: list[str], directory: Path | str = ".") -> None:
        super().__init__(command, directory)
        self.port = int(self.first) if self.first.strip().isdigit() else 0


class Ours(Server):
    """The real server of a checkout, with its own data directory and an account's token.

    ``settings`` are for the server only; with ``account`` false nobody has a token.
    """

    def __init__(self, tree: Path, settings: Sequence[str] = (), *, account: bool = True) -> None:
        self.data = tempfile.mkdtemp(prefix="gameserver-bench-")
        self.ports = {name: _free_port() for name in MEASURED}
        closed = [f"--set={key}=[]" for key in DOORS if key not in MEASURED.values()]
        opened = [
            f"--set={MEASURED[name]}={json.dumps([f'tcp:{port}:interface=127.0.0.1'])}"
            for name, port in self.ports.items()
        ]
        raised = [f"--set={setting}" for setting in (*LIMITS, *settings)]
        run = "from twisted.scripts.twistd import run; run()"
        data = ["--data-dir", self.data]
        self._tree = tree
        self.token = ""
        if account:
            self._command("user", "add", "anne", "--password", "secret1")
            self.token = self._command("token", "anne")
        command = [sys.executable, "-c", run, "--pidfile=", "-n", "gameserver", *data, *closed, *opened, *raised]
        super().__init__(command, tree)
        assert self.process.stdout is not None
        said = ""
        while "gameserver ready" not in self.first:
            said += self.first
            self.first = self.process.stdout.readline()
            if not self.first:
                raise SystemExit(f"the server did not start:\n{said}")

    def _command(self, *arguments: str) -> str:
        main = "import sys; from gameserver.cli.main import main; sys.exit(main())"
        command = [sys.executable, "-c", main, "--data-dir", self.data, *arguments]
        return subprocess.run(command, cwd=self._tree, check=True, capture_output=True, text=True).stdout.strip()

    def end(self) -> None:
        super().end()
        shutil.rmtree(self.data, ignore_errors=True)


def _free_port() -> int:
    """Return a port below those that the system gives to clients, of which the benchmarks have thousands."""
    for port in random.sample(range(15000, 32000), 100):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise SystemExit("no free port")


# What is measured of the real server.


def guests(server: Ours, count: int) -> list[socket.socket]:
    clients = []
    for number in range(count):
        client = tcp(server.ports["chat"])
        client.sendall(json.dumps({"Command": "01", "Name": f"guest{number:05}"}).encode() + b"\n")
        clients.append(client)
        if number % 50 == 49:
            drain(clients, 0.05)
    drain(clients, 1.5)
    return clients


def app(server: Ours) -> Load:
    clients = [websocket(server.ports["techmino"], "/tech/socket/v1/app") for _ in range(CONNECTIONS)]
    drain(clients)
    return Asking(clients, lambda _: frame(b'{"action":1}'), 1)


def balance(server: Ours) -> Load:
    path = f"/v1/ws?token={server.token}"
    clients = [websocket(server.ports["invoker"], path) for _ in range(CONNECTIONS)]
    drain(clients)
    return Asking(clients, lambda _: frame(b'{"i":"1","t":"GET_BALANCE","p":{}}'), 1)


def tell(depth: int) -> Callable[[Ours], Load]:
    def load(server: Ours) -> Load:
        def request(number: int) -> bytes:
            message = {"Command": "04", "FriendName": f"guest{number:05}", "Message": "sixty-four bytes or so"}
            return json.dumps(message).encode() + b"\n"

        return Asking(guests(server, CONNECTIONS), request, depth)

    return load


def noop(depth: int) -> Callable[[Ours], Load]:
    def load(server: Ours) -> Load:
        clients = [tcp(server.ports["kassel"]) for _ in range(CONNECTIONS)]
        drain(clients)
        return Asking(clients, lambda _: b"NOOP\r\n", depth)

    return load


def say(burst: int) -> Callable[[Ours], Load]:
    def load(server: Ours) -> Load:
        said = json.dumps({"Command": "05", "Message": "sixty-four bytes of text, more or less"}).encode() + b"\n"
        return Telling(guests(server, ARGUMENTS.members), said, burst)

    return load


# And of the others.


def ws_echo(server: Peer) -> Load:
    return Asking([websocket(server.port, "/") for _ in range(CONNECTIONS)], lambda _: frame(PAYLOAD), 1)


def line_echo(depth: int) -> Callable[[Peer], Load]:
    return lambda server: Asking([tcp(server.port) for _ in range(CONNECTIONS)], lambda _: PAYLOAD + b"\n", depth)


def line_all(burst: int) -> Callable[[Peer], Load]:
    def load(server: Peer) -> Load:
        clients = [tcp(server.port) for _ in range(ARGUMENTS.members)]
        # They say nothing by which one could see that they have accepted everybody.
        time.sleep(1)
        return Telling(clients, PAYLOAD + b"\n", burst)

    return load


#: By name: how the real server is loaded, which peers stand beside it, and how those are.
SCENARIOS: dict[str, tuple[Callable[[Ours], Load], tuple[str, ...], Callable[[Peer], Load]]] = {
    "app": (app, ("stock ws-echo", "node ws-echo"), ws_echo),
    "balance": (balance, ("stock ws-echo", "node ws-echo"), ws_echo),
    "chat-1": (tell(1), ("stock line-echo", "node net-echo"), line_echo(1)),
    "chat-16": (tell(16), ("stock line-echo", "node net-echo"), line_echo(16)),
    "kassel-1": (noop(1), ("stock line-echo", "node net-echo"), line_echo(1)),
    "kassel-16": (noop(16), ("stock line-echo", "node net-echo"), line_echo(16)),
    "say-1": (say(1), ("stock line-all", "node net-all"), line_all(1)),
    "say-8": (say(8), ("stock line-all", "node net-all"), line_all(8)),
}


def peer(name: str) -> Peer | None:
    """Return a running peer, or ``None`` and a line that says why there is none."""
    kind, what = name.split()
    if kind == "stock":
        return Peer([sys.executable, str(HERE / "peers" / "stock.py"), what], HERE.parent)
    node = shutil.which("node")
    modules = Path(os.environ.get("NODE_PEERS", HERE / ".peers"))
    if node is None or (what == "ws-echo" and not (modules / "node_modules" / "ws").is_dir()):
        print(f"  without {name}: " + ("no node here" if node is None else f"no package ws in {modules}"))
        return None
    return Peer([node, str(HERE / "peers" / "node.mjs"), what], modules if modules.is_dir() else HERE)


def measure(name: str) -> None:
    """Measure one scenario and print its table."""
    ours, peers, theirs = SCENARIOS[name]
    started: list[Server] = []
    servers: list[tuple[str, Server, Load]] = []
    try:
        trees = {"gameserver": HERE.parent} | ({"before": ARGUMENTS.against} if ARGUMENTS.against else {})
        for label, tree in trees.items():
            real = Ours(tree)
            started.append(real)
            servers.append((label, real, ours(real)))
        for label in () if ARGUMENTS.alone else peers:
            found = peer(label)
            if found is not None:
                started.append(found)
                servers.append((label, found, theirs(found)))
        costs: dict[str, list[float]] = {label: [] for label, _, _ in servers}
        for number in range(ARGUMENTS.rounds):
            for label, server, load in servers if number % 2 else servers[::-1]:
                before = server.cpu
                count = load.run(ARGUMENTS.seconds)
                costs[label].append((server.cpu - before) / count * 1e6)
    finally:
        # Also those whose clients could not be connected.
        for server in started:
            server.end()
    print(f"{name}: CPU us each, {ARGUMENTS.rounds} rounds of {ARGUMENTS.seconds:g} s, median (min to max)")
    for label, found_costs in costs.items():
        ratios = [theirs / ours for theirs, ours in zip(found_costs, costs["gameserver"], strict=True)]
        middle, ratio = statistics.median(found_costs), statistics.median(ratios)
        spread = f"({min(found_costs):.1f} to {max(found_costs):.1f})"
        of = "" if label == "gameserver" else f"{ratio:8.2f} times ours ({min(ratios):.2f} to {max(ratios):.2f})"
        print(f"  {label:<16}{middle:8.1f} {spread:<18}{of}", flush=True)


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1.0)
    parser.add_argument("--only", default=",".join(SCENARIOS), help="of " + ",".join(SCENARIOS))
    parser.add_argument("--members", type=int, default=1000, help="who hears what is said")
    parser.add_argument("--against", type=Path, help="another checkout")
    parser.add_argument("--alone", action="store_true", help="without the peers")
    return parser.parse_args()


if __name__ == "__main__":
    ARGUMENTS = parsed()
    for scenario in ARGUMENTS.only.split(","):
        measure(scenario)
