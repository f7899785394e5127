"""The ``gameserver`` command, each time in a process of its own, which has imported everything already.

To import it all takes a second, what a command does a tenth of that. So one process imports, and forks for each
command. It has no reactor and no threads; a command makes its own, as if it had begun from nothing.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import select
import subprocess
import sys
import tempfile
import threading
from typing import Any

from tests.leftovers import has_ended, kill_at_the_end

#: Seconds a command may take; much more than it needs, for machines that do other things too.
LONGEST = 120


def environment() -> dict[str, str]:
    """Return our environment without settings that would change the server's configuration."""
    return {key: value for key, value in os.environ.items() if not key.startswith("GAMESERVER__")}


class _Commands:
    """The process that forks, one for as long as the environment stays the same."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._environment: dict[str, str] = {}
        self._process: subprocess.Popen[str] | None = None

    def run(self, arguments: list[str]) -> subprocess.CompletedProcess[str]:
        """Run one and return what it has printed. Raises ``TimeoutError``."""
        with self._lock:
            process = self._ready()
            assert process.stdin is not None and process.stdout is not None
            process.stdin.write(json.dumps(arguments) + "\n")
            process.stdin.flush()
            if not select.select([process.stdout], [], [], LONGEST)[0]:
                self._end()
                raise TimeoutError(f"gameserver {' '.join(arguments)} takes longer than {LONGEST} s")
            done: dict[str, Any] = json.loads(process.stdout.readline())
            return subprocess.CompletedProcess(arguments, done["status"], done["output"], done["errors"])

    def _ready(self) -> subprocess.Popen[str]:
        wanted = environment()
        if self._process is not None and (self._process.poll() is not None or self._environment != wanted):
            self._end()
        if self._process is None:
            self._environment = wanted
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.integration.commands"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                env=wanted,
                start_new_session=True,
            )
            kill_at_the_end(self._process.pid)
            atexit.register(self._end)
        return self._process

    def _end(self) -> None:
        atexit.unregister(self._end)
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            has_ended(self._process.pid)
            self._process = None


_commands = _Commands()


def gameserver(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the ``gameserver`` command."""
    return _commands.run(list(arguments))


def serve() -> None:
    """Fork for each line with arguments, and answer with what came of it."""
    from gameserver.cli.main import main, parser

    parser()
    # A command that ends would look at all of it once more, for what can be collected.
    gc.freeze()
    assert "twisted.internet.reactor" not in sys.modules, "all commands would share one reactor"
    for line in sys.stdin:
        with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
            child = os.fork()
            if not child:
                sys.stdin = open(os.devnull)  # noqa: SIM115
                for number, file in enumerate((sys.stdin, output, errors)):
                    os.dup2(file.fileno(), number)
                sys.exit(main(json.loads(line)))
            status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            texts = {}
            for name, file in (("output", output), ("errors", errors)):
                file.seek(0)
                texts[name] = file.read()
        sys.stdout.write(json.dumps({"status": status, **texts}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    serve()
