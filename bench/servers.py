"""Processes under load: the real server of a checkout, and those of others. They have one core, the load another."""

from __future__ import annotations

import json
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TICK = os.sysconf("SC_CLK_TCK")
CORES = sorted(os.sched_getaffinity(0))
#: Where the servers run, and where the load does. On a machine with one core they share it.
SERVER_CORES, LOAD_CORES = CORES[:1], CORES[-1:]

#: So that what is measured is the messages and not their refusal; the rest is the default configuration.
LIMITS = (
    "limits.messages_per_second=10000000",
    "limits.burst=10000000",
    "invoker.messages_per_second=10000000",
    "invoker.burst=10000000",
    "limits.logins=100000",
    "limits.logins_per_address=100000",
    "limits.connections_per_address=20000",
    "web.burst=100000",
    "chat.heartbeat=0",
)
#: The listeners that are measured; the others are closed, or their fixed ports would be in the way.
DOORS = {
    "chat": "chat.tcp",
    "tls": "chat.tls",
    "kassel": "kassel.ss14",
    "techmino": "techmino.endpoints",
    "invoker": "invoker.endpoints",
    "web": "web.endpoints",
}
CLOSED = ("kassel.ss13", "kassel.ss12", "kwo.endpoints")
TWISTD = "from twisted.scripts.twistd import run; run()"
COMMAND = "import sys; from gameserver.cli.main import main; sys.exit(main())"


class Missing(Exception):
    """Something that is needed for a measurement is not there; the text says what and why."""


@contextmanager
def on_cores(cores: Sequence[int]) -> Iterator[None]:
    """Have what is started meanwhile run on these cores only."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


class Server:
    """A process under load. ``ports`` are by the name of what listens there."""

    def __init__(
        self,
        command: Sequence[str],
        directory: Path = ROOT,
        environment: dict[str, str] | None = None,
        cores: Sequence[int] = SERVER_CORES,
    ) -> None:
        self.ports: dict[str, int] = {}
        with on_cores(cores):
            self.process = subprocess.Popen(
                command,
                cwd=directory,
                env=os.environ | (environment or {}),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
        self.pids = [self.process.pid]

    def lines(self) -> Iterable[str]:
        assert self.process.stdout is not None
        return self.process.stdout

    @property
    def cpu(self) -> float:
        """The CPU seconds it has used."""
        total = 0
        for pid in self.pids:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            total += int(fields[11]) + int(fields[12])
        return total / TICK

    def end(self) -> None:
        self.process.kill()
        self.process.communicate()


class Peer(Server):
    """A server of somebody else's. It prints its port; what it prints before goes to a file, if there is one."""

    def __init__(self, name: str, command: Sequence[str], directory: Path = ROOT, before: Path | None = None) -> None:
        super().__init__(command, directory)
        said = ""
        for line in self.lines():
            if line.strip().isdigit():
                self.ports["peer"] = int(line)
                if before is not None:
                    before.write_text(said)
                return
            said += line
        self.end()
        raise Missing(f"{name} did not start: {said.strip()[-300:]}")


class Ours(Server):
    """The real server of a checkout with its own data directory.

    ``settings`` are for the server only. ``token`` is that of the account ``anne``, which others have no use for
    when the server has a database elsewhere: ``account`` false.
    """

    def __init__(
        self,
        tree: Path = ROOT,
        settings: Sequence[str] = (),
        doors: Sequence[str] = tuple(DOORS),
        *,
        account: bool = True,
        data: Path | None = None,
        workers: int = 1,
        cores: Sequence[int] = SERVER_CORES,
    ) -> None:
        self._temporary = data is None
        self.data = data or Path(tempfile.mkdtemp(prefix="gameserver-bench-"))
        self._tree = tree
        ports = {name: free_port() for name in doors}
        opened = [f"{DOORS[name]}={json.dumps([self._endpoint(name, port)])}" for name, port in ports.items()]
        closed = [f"{key}=[]" for key in (*CLOSED, *(key for name, key in DOORS.items() if name not in ports))]
        self.token = ""
        if account and ("techmino" in ports or "invoker" in ports):
            self.command("user", "add", "anne", "--password", "secret1")
            self.token = self.command("token", "anne")
        sets = [f"--set={setting}" for setting in (*closed, *opened, *LIMITS, *settings)]
        sets += [f"--workers={workers}"] if workers > 1 else []
        command = [sys.executable, "-c", TWISTD, "--pidfile=", "-n", "gameserver", f"--data-dir={self.data}"]
        super().__init__([*command, *sets], tree, {"PYTHONPATH": str(tree)}, cores)
        self.ports = ports
        said = ""
        for line in self.lines():
            said += line
            if "gameserver ready" in line:
                return
        self.end()
        raise Missing(f"the server did not start:\n{said}")

    def _endpoint(self, name: str, port: int) -> str:
        if name == "tls":
            key, certificate = certified(self.data)
            return f"ssl:{port}:privateKey={key}:certKey={certificate}:interface=127.0.0.1"
        return f"tcp:{port}:interface=127.0.0.1"

    def command(self, *arguments: str) -> str:
        """Run a command of the operator's on its data directory; return what it prints."""
        command = [sys.executable, "-c", COMMAND, "--data-dir", str(self.data), *arguments]
        environment = os.environ | {"PYTHONPATH": str(self._tree)}
        ran = subprocess.run(command, cwd=self._tree, env=environment, check=True, capture_output=True, text=True)
        return ran.stdout.strip()

    def end(self) -> None:
        super().end()
        if self._temporary:
            shutil.rmtree(self.data, ignore_errors=True)


def certified(directory: Path) -> tuple[Path, Path]:
    """Make a key and a certificate for it, as an operator would with OpenSSL's tool."""
    key, certificate = directory / "bench.key", directory / "bench.crt"
    if not key.exists():
        if shutil.which("openssl") is None:
            raise Missing("no certificate without the program openssl")
        command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
        subprocess.run([*command, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    return key, certificate


def free_port() -> int:
    """Return a port below those that the system gives to clients, of which the benchmarks have thousands."""
    for port in random.sample(range(15000, 32000), 100):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise Missing("no free port")
