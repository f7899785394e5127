"""The load generator of ``bench/load``: built when it is older than its sources, started, told when to run."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from bench.servers import LOAD_CORES, Missing, on_cores

SOURCES = Path(__file__).resolve().parent / "load"
BUILT = Path(__file__).resolve().parent / ".peers"


@cache
def program(directory: Path = BUILT) -> Path:
    """Return the program, built if need be. Raises ``Missing`` without a compiler; has no TLS without libssl-dev."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None or shutil.which("make") is None:
        raise Missing("no load generator without gcc and make")
    directory.mkdir(exist_ok=True)
    out = directory / "load"
    openssl = _has_openssl(compiler)
    with (directory / "load.lock").open("w") as lock:
        # Tests in several processes begin with this at the same time.
        fcntl.flock(lock, fcntl.LOCK_EX)
        ran = subprocess.run(
            ["make", "-s", "-C", str(SOURCES), f"CC={compiler}", f"OUT={out}", f"TLS={'yes' if openssl else ''}"],
            capture_output=True,
            text=True,
        )
    if ran.returncode:
        raise Missing(f"the load generator could not be built:\n{ran.stderr}")
    return out


@cache
def _has_openssl(compiler: str) -> bool:
    source = "#include <openssl/ssl.h>\nint main(void) { return SSL_CTX_new(TLS_client_method()) == 0; }\n"
    command = [compiler, "-x", "c", "-", "-o", "/dev/null", "-lssl", "-lcrypto"]
    return subprocess.run(command, input=source, capture_output=True, text=True).returncode == 0


class Generator:
    """A load generator whose connections are open. ``opening`` is what it told of that.

    All that it tells: messages, seconds; server_cpu, server_kernel (what of it was in the kernel) and own_cpu in
    seconds; times of a round in microseconds (p50, p99, max); memory in bytes.
    Raises ``Missing`` when it cannot do what it is asked for.
    """

    def __init__(
        self, port: int, pids: Iterable[int], options: Sequence[str], cores: Sequence[int] = LOAD_CORES
    ) -> None:
        if "--tls" in options and not _has_openssl(shutil.which("gcc") or shutil.which("cc") or "cc"):
            raise Missing("no TLS without libssl-dev")
        mode, *rest = options
        watched = [word for pid in pids for word in ("--pid", str(pid))]
        with on_cores(cores):
            self.process = subprocess.Popen(
                [str(program()), mode, "--port", str(port), *watched, *rest],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
        self.opening: dict[str, Any] = {} if mode == "churn" else self._told()

    def _told(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            why = self.process.communicate()[1].strip()
            raise Missing(f"the load generator has ended: {why}")
        told: dict[str, Any] = json.loads(line)
        return told

    def begin(self, seconds: float) -> None:
        """Begin a run; ``finish`` returns what came of it."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"run {seconds}\n")
        self.process.stdin.flush()

    def first(self) -> None:
        """Let it have its core before other load, where this is allowed: what it waits for is the server alone."""
        with suppress(PermissionError):
            os.sched_setscheduler(self.process.pid, os.SCHED_RR, os.sched_param(1))

    def finish(self) -> dict[str, Any]:
        return self._told()

    def run(self, seconds: float) -> dict[str, Any]:
        self.begin(seconds)
        return self.finish()

    def end(self) -> None:
        self.process.kill()
        self.process.communicate()
