"""The process of who attacks, so that no interpreter of ours makes anybody wait but its own.

``main`` reads a ``Target`` as JSON from standard input, calls an attack with it, and prints the ``Report``.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import attrs

from tests.leftovers import has_ended, kill_at_the_end

#: How much an attacker yields to the others of this machine. They would have a machine of their own.
NICE = 5

#: Seconds beyond its time that an attacker may need to begin and to come to an end.
GRACE = 90.0


@attrs.define
class Target:
    """What is attacked, for how long, and with what chance."""

    ports: dict[str, int]
    #: Seconds that the attack lasts.
    seconds: float
    seed: int
    #: What was prepared for it: tokens, names.
    given: dict[str, str] = attrs.Factory(dict)
    began: float = attrs.Factory(time.monotonic)

    def begin(self) -> None:
        """Let the time begin now: what was prepared before is no attack."""
        self.began = time.monotonic()

    @property
    def rng(self) -> random.Random:
        """The attack's chance, from its beginning."""
        return random.Random(self.seed)

    @property
    def left(self) -> float:
        """Seconds until the end; 0 or less when it is over."""
        return self.began + self.seconds - time.monotonic()


@attrs.define
class Report:
    """What an attacker has seen: counts by a word each, and what no document of the server has."""

    counts: Counter[str] = attrs.Factory(Counter)
    wrong: list[str] = attrs.Factory(list)
    #: Seconds that something took, by what it was.
    took: dict[str, list[float]] = attrs.Factory(dict)

    def expect(self, holds: bool, what: str) -> None:
        """Note what should not have been, unless it holds."""
        if not holds:
            self.wrong.append(what)

    def add(self, other: Report) -> None:
        """Add what another attacker has seen."""
        self.counts.update(other.counts)
        self.wrong.extend(other.wrong)
        for word, seconds in other.took.items():
            self.took.setdefault(word, []).extend(seconds)


Act = Callable[[Target], Report]


class Attacker:
    """Starts the process of an attack and gets its report."""

    def __init__(self, act: Act, target: Target) -> None:
        self._seconds = target.seconds
        # Not ``-m``: the package imports this module, and the process would have it twice.
        program = "import sys; from chaos.attacks.attacker import main; main(sys.argv[1])"
        command = [sys.executable, "-c", program, f"{act.__module__}:{act.__name__}"]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            # Linux weighs sessions against each other before it looks at what a process yields.
            start_new_session=True,
        )
        kill_at_the_end(self._process.pid)
        assert self._process.stdin is not None
        asked = {"ports": target.ports, "seconds": target.seconds, "seed": target.seed, "given": target.given}
        self._process.stdin.write(json.dumps(asked))
        self._process.stdin.close()
        self._process.stdin = None

    def report(self) -> Report:
        """Wait for the end and return what was seen. Raises ``AssertionError`` when the attack itself has failed."""
        try:
            said, errors = self._process.communicate(timeout=self._seconds + GRACE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()
            raise AssertionError("the attack has not come to an end") from None
        has_ended(self._process.pid)
        if self._process.returncode:
            raise AssertionError(f"the attack has failed: {errors[-2000:]}")
        found = json.loads(said)
        return Report(Counter(found["counts"]), found["wrong"], found["took"])


def main(name: str) -> None:
    """Attack with a function, ``MODULE:FUNCTION``; see the module."""
    os.nice(NICE)
    with contextlib.suppress(OSError):
        Path("/proc/self/autogroup").write_text(str(NICE))
    module, _, function = name.partition(":")
    act: Act = getattr(importlib.import_module(module), function)
    report = act(Target(**json.load(sys.stdin)))
    sys.stdout.write(json.dumps({"counts": report.counts, "wrong": report.wrong[:20], "took": report.took}))
