"""How long one command of one user takes: a lobby's NOOP here, a command that Evennia's telnet door does not know."""

from __future__ import annotations

import os
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.measuring import US
from bench.peers import INSTALLED, environment
from bench.servers import LOAD_CORES, SERVER_CORES, Missing, Ours, free_port, on_cores

EVENNIA = "Evennia"
#: Seconds for an answer.
ANSWER = 30.0
USER, PASSWORD = "bench", "Xk39fjdkLq"


class Evennia:
    """Its portal and server with a game as it comes, and one user."""

    def __init__(self) -> None:
        self._bin = environment("evennia", ("evennia",))
        self._game = INSTALLED / "game"
        self._environment = os.environ | {
            "PATH": f"{self._bin}:{os.environ['PATH']}",
            "EVENNIA_SUPERUSER_USERNAME": USER,
            "EVENNIA_SUPERUSER_EMAIL": "bench@localhost",
            "EVENNIA_SUPERUSER_PASSWORD": PASSWORD,
        }
        if not (self._game / "server" / "evennia.db3").exists():
            print("  making a game of Evennia (once)", flush=True)
            self._run("--init", "game", directory=INSTALLED)
            self._run("migrate")
        self.port, *others = (free_port() for _ in range(6))
        settings = (
            f"TELNET_PORTS = [{self.port}]\nWEBSERVER_PORTS = [({others[0]}, {others[1]})]\n"
            f"WEBSOCKET_CLIENT_PORT = {others[2]}\nAMP_PORT = {others[3]}\nTELNET_INTERFACES = ['127.0.0.1']\n"
        )
        (self._game / "server" / "conf" / "secret_settings.py").write_text(settings)
        with on_cores(SERVER_CORES):
            self._run("start")

    def _run(self, *words: str, directory: Path | None = None) -> None:
        # A file: what it starts in the background would keep a pipe open.
        with tempfile.TemporaryFile("w+") as said:
            ran = subprocess.run(
                [str(self._bin / "evennia"), *words],
                cwd=directory or self._game,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                timeout=120,
            )
            if ran.returncode:
                said.seek(0)
                raise Missing(f"evennia {words[0]} failed: {said.read().strip()[-300:]}")

    def end(self) -> None:
        self._run("stop")


class Client:
    """One user at a door of lines."""

    def __init__(self, port: int, command: bytes, mark: bytes) -> None:
        deadline = time.monotonic() + 60
        while True:
            try:
                self._socket = socket.create_connection(("127.0.0.1", port), 30)
                break
            except ConnectionRefusedError:
                if time.monotonic() > deadline:
                    raise Missing(f"nobody listens on {port}") from None
                time.sleep(0.2)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._command, self._mark = command, mark

    def log_in(self) -> None:
        """Come into Evennia's game. Its first start makes the world only then, so it is tried for a while."""
        for _ in range(30):
            self._socket.sendall(f"connect {USER} {PASSWORD}\r\n".encode())
            said = self.quiet(1.0)
            if b"Limbo" in said or b"You become" in said:
                return
        raise Missing(f"nobody comes into Evennia: {said[-200:]!r}")

    def quiet(self, seconds: float) -> bytes:
        self._socket.settimeout(seconds)
        said = b""
        try:
            while got := self._socket.recv(65536):
                said += got
        except TimeoutError:
            self._socket.settimeout(30)
        return said

    def wait(self) -> float:
        """Send the command once; return the milliseconds until it is answered."""
        began = time.perf_counter()
        self._socket.sendall(self._command)
        said = b""
        while self._mark not in said:
            # Evennia's signs of life are no answer.
            if time.perf_counter() - began > ANSWER:
                raise Missing(f"a server does not answer: {said[-200:]!r}")
            got = self._socket.recv(65536)
            if not got:
                raise Missing("a server has closed the connection")
            said += got
        return (time.perf_counter() - began) * 1000


def measure(rounds: int, seconds: float) -> dict[str, Any]:
    """Return the figures of both. Without Evennia there are only ours."""
    figures: dict[str, dict[str, list[float]]] = {}
    ours = Ours(doors=("kassel",))
    evennia = None
    try:
        clients = {US: Client(ours.ports["kassel"], b"NOOP\r\n", b"OK")}
        clients[US].quiet(0.5)
        try:
            evennia = Evennia()
            clients[EVENNIA] = Client(evennia.port, b"nosuchcommand\r\n", b"is not available")
            clients[EVENNIA].log_in()
        except Missing as why:
            print(f"  without Evennia: {why}", flush=True)
            clients.pop(EVENNIA, None)
        with on_cores(LOAD_CORES):
            for _ in range(rounds):
                for label, client in clients.items():
                    end = time.monotonic() + seconds
                    waits: list[float] = []
                    while time.monotonic() < end or len(waits) < 10:
                        waits.append(client.wait())
                    waits.sort()
                    known = figures.setdefault(label, {"p50": [], "p99": []})
                    known["p50"].append(round(waits[len(waits) // 2], 3))
                    known["p99"].append(round(waits[len(waits) * 99 // 100], 3))
    finally:
        ours.end()
        if evennia is not None:
            evennia.end()
    return figures
