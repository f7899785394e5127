"""A real ``twistd gameserver`` in a process of its own, for tests that need the whole thing."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import threading
from contextlib import ExitStack
from pathlib import Path

from tests.directories import temporary_directory
from tests.integration.commands import environment, gameserver
from tests.leftovers import has_ended, kill_at_the_end

#: Every key that opens a port, so that a test opens only those it names.
DOORS = (
    "web.endpoints",
    "chat.tcp",
    "chat.tls",
    "kassel.ss14",
    "kassel.ss13",
    "kassel.ss12",
    "techmino.endpoints",
    "invoker.endpoints",
    "kwo.endpoints",
)

#: Seconds a process gets for anything; much more than it needs, for machines that do other things too.
PATIENCE = 180

#: ``twistd -n gameserver`` of the Python that runs the tests.
TWISTD = (sys.executable, "-c", "from twisted.scripts.twistd import run; run()", "--pidfile=", "-n", "gameserver")


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody has at this moment."""
    return free_ports(1)[0]


def free_ports(count: int) -> list[int]:
    """Return different ports of 127.0.0.1 that nobody has at this moment."""
    with ExitStack() as stack:
        # All are held until the last is known: where few are free, the system gives the same one again.
        probes = [stack.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]


class Server:
    """A server on ports of its own; ``ports`` are by configuration key. After an end it may be started again.

    ``program`` is what runs: ``TWISTD``, or something that ends up there.
    """

    def __init__(
        self,
        protocols: tuple[str, ...] = DOORS,
        settings: tuple[str, ...] = (),
        data: Path | None = None,
        program: tuple[str, ...] = TWISTD,
    ):
        self.data = data or temporary_directory()
        self._program = program
        self.ports = dict(zip(protocols, free_ports(len(protocols)), strict=True))
        self._extra = settings
        self.lines: list[str] = []
        self.process: subprocess.Popen[str] | None = None
        self._reader: threading.Thread | None = None
        self._ready = threading.Event()

    @property
    def settings(self) -> list[str]:
        """What is set on the command line: the protocols' endpoints, then what the test wants."""
        endpoints = {
            protocol: [f"tcp:{self.ports[protocol]}:interface=127.0.0.1"] if protocol in self.ports else []
            for protocol in DOORS
        }
        return [f"{protocol}={json.dumps(texts)}" for protocol, texts in endpoints.items()] + list(self._extra)

    def start(self) -> Server:
        """Start the process and wait for its ready line."""
        for _ in range(3):
            if self._started():
                return self
            # Somebody else may have taken one of the ports since we looked.
            if "Address already in use" not in self.log:
                break
            self.ports = dict(zip(self.ports, free_ports(len(self.ports)), strict=True))
        raise AssertionError("the server did not start:\n" + self.log)

    def _started(self) -> bool:
        command = [*self._program, "--data-dir", str(self.data), *[f"--set={setting}" for setting in self.settings]]
        # A test may have seen to the end of the process before by itself.
        self._close()
        self._ready.clear()
        self.lines.clear()
        self.process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=environment(),
            start_new_session=True,
        )
        kill_at_the_end(self.process.pid)
        self._reader = threading.Thread(target=self._read, args=(self.process,), daemon=True)
        self._reader.start()
        if self._ready.wait(PATIENCE) and "gameserver ready" in self.log:
            return True
        self.kill()
        return False

    def _read(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            self.lines.append(line.rstrip("\n"))
            if "gameserver ready" in line:
                self._ready.set()
        self._ready.set()

    def stop(self) -> int:
        """Ask for an orderly stop and return the exit status."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(PATIENCE)
        self._close()
        return status

    def kill(self) -> None:
        """End the process as a power cut would."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait(PATIENCE)
        self._close()

    @property
    def running(self) -> bool:
        """Whether the process is there."""
        return self.process is not None and self.process.poll() is None

    def _close(self) -> None:
        if self.process is not None and self.process.stdout is not None and self._reader is not None:
            has_ended(self.process.pid)
            # It ends with the process, when everything has been read.
            self._reader.join(PATIENCE)
            self.process.stdout.close()

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the ``gameserver`` command on the same data directory."""
        return gameserver("--data-dir", str(self.data), *arguments)

    @property
    def log(self) -> str:
        """Everything the server has printed so far."""
        return "\n".join(self.lines)
