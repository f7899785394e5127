"""A real ``twistd gameserver`` in a process of its own, for tests that need the whole thing."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

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

START_TIMEOUT = 60

#: ``twistd -n gameserver`` of the Python that runs the tests.
TWISTD = (sys.executable, "-c", "from twisted.scripts.twistd import run; run()", "--pidfile=", "-n", "gameserver")


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody has at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment() -> dict[str, str]:
    """Return our environment without settings that would change the server's configuration."""
    return {key: value for key, value in os.environ.items() if not key.startswith("GAMESERVER__")}


class Server:
    """Starts on construction and is ready when ``start`` has returned; ``ports`` are by configuration key."""

    def __init__(self, doors: tuple[str, ...] = DOORS, settings: tuple[str, ...] = (), data: Path | None = None):
        self.data = data or Path(tempfile.mkdtemp(prefix="gameserver-test-"))
        self.ports = {door: free_port() for door in doors}
        self.settings = [
            f"{door}={json.dumps([f'tcp:{self.ports[door]}:interface=127.0.0.1'] if door in self.ports else [])}"
            for door in DOORS
        ] + list(settings)
        self.lines: list[str] = []
        self.process: subprocess.Popen[str] | None = None
        self._ready = threading.Event()

    def start(self) -> Server:
        """Start the process and wait for its ready line."""
        command = [
            sys.executable,
            "-c",
            "from twisted.scripts.twistd import run; run()",
            "--pidfile=",
            "-n",
            "gameserver",
        ]
        command += ["--data-dir", str(self.data), *[f"--set={setting}" for setting in self.settings]]
        self._ready.clear()
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment()
        )
        threading.Thread(target=self._read, daemon=True).start()
        if not self._ready.wait(START_TIMEOUT) or self.process.poll() is not None:
            self.kill()
            raise AssertionError("the server did not start:\n" + "\n".join(self.lines))
        return self

    def _read(self) -> None:
        assert self.process is not None and self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))
            if "gameserver ready" in line:
                self._ready.set()
        self._ready.set()

    def stop(self) -> int:
        """Ask for an orderly stop and return the exit status."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(30)
        self._close()
        return status

    def kill(self) -> None:
        """End the process as a power cut would."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait(10)
        self._close()

    def _close(self) -> None:
        if self.process is not None and self.process.stdout is not None:
            time.sleep(0.05)
            self.process.stdout.close()

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the ``gameserver`` command on the same data directory."""
        command = [sys.executable, "-c", "import sys; from gameserver.cli.main import main; sys.exit(main())"]
        return subprocess.run(
            [*command, "--data-dir", str(self.data), *arguments],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            env=environment(),
            stdin=subprocess.DEVNULL,
        )

    @property
    def log(self) -> str:
        """Everything the server has printed so far."""
        return "\n".join(self.lines)
