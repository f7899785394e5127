"""A server with its default limits, somebody who chats there, and who attacks it: what that costs the first."""

from __future__ import annotations

import contextlib
import os
import random
import statistics
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import attrs

from chaos.attacks.attacker import Act, Attacker, Report, Target
from chaos.bystander import Bystander, percentile
from chaos.fault import Fault, Outcome
from tests.integration.server import DOORS, Server

#: Seconds that an attack lasts, each time, and that the bystander chats alone before.
ATTACK, QUIET = 6.0, 2.0

#: What a bystander's round trip may take, 99 times of 100, in seconds.
BOUND = 0.05

#: How much before others the server and the bystander run; an attacker's machine is not the server's.
FIRST = -15

#: Memory that a server may keep of an attack once it is over: bytes, and a part of what it had. The allocator gives
#: back whole arenas only.
KEPT, KEPT_PART = 30 << 20, 0.1

#: Seconds after which connections of an attack are forgotten for good.
SETTLING = 40.0

#: What a log has when something failed that should have been refused.
FAILURES = ("Traceback", "Unhandled", "[critical]")

Prepare = Callable[[Server], dict[str, str]]


def _nothing(_server: Server) -> dict[str, str]:
    return {}


@attrs.frozen
class Attack:
    """One way to be a nuisance. ``act`` runs in processes of its own, as many as ``processes``."""

    name: str
    what: str
    act: Act
    #: What is open besides the chat.
    doors: tuple[str, ...] = DOORS
    #: Adds accounts before the start; what it returns the attackers are given.
    prepare: Prepare = _nothing
    #: Asks the running server for what the attackers need.
    begin: Prepare = _nothing
    settings: tuple[str, ...] = ()
    seconds: float = ATTACK
    processes: int = 1
    #: Bytes that the server may have more afterwards because it keeps what it may be asked for again.
    kept: int = 0
    #: What others do at the same time, from an address of their own.
    beside: Act | None = None
    #: Seconds after which what the attack has left must be gone.
    settling: float = SETTLING

    @property
    def fault(self) -> Fault:
        """The attack as one kind of fault."""
        return Fault(f"attack-{self.name}", self.what, self.run, times=1, short=0)

    def run(self, rng: random.Random, times: int, say: Callable[[str], None]) -> Outcome:
        """Attack a server ``times`` times and return what the others noticed of it.

        ``confirmed`` are the bystander's answers, ``lost`` those they did not get, ``wrong`` what no document has:
        failures in the log, answers to the attackers that were not foreseen, memory that is not given back.
        """
        server = Server(tuple(dict.fromkeys(("chat.tcp", *self.doors))), self.settings)
        given = self.prepare(server)
        server.start()
        try:
            given |= self.begin(server)
            return self._measured(server, given, rng, times, say)
        finally:
            server.kill()

    def _measured(
        self, server: Server, given: dict[str, str], rng: random.Random, times: int, say: Callable[[str], None]
    ) -> Outcome:
        port = server.ports["chat.tcp"]
        assert server.process is not None
        come_first(server.process.pid)
        quiet = _chatted(port, lambda: time.sleep(QUIET))
        memory = Memory(server)
        waited_before = memory.waited_for_processor
        before = memory.resident
        report = Report()
        lost = 0
        beside: list[float] = []
        for number in range(times):

            def attack() -> None:
                target = Target(server.ports, self.seconds, 0, given)
                acts = [self.act] * self.processes + ([self.beside] if self.beside is not None else [])
                attackers = [Attacker(act, attrs.evolve(target, seed=rng.getrandbits(32))) for act in acts]
                for attacker in attackers:
                    report.add(attacker.report())

            try:
                waited = _chatted(port, attack)
            except AssertionError as error:
                say(f"{self.name}: {error}")
                report.wrong.append(str(error))
                lost += 1
                continue
            beside += waited
            say(f"{self.name} {number + 1}/{times}: {_described(waited)}; {_counted(report.counts)}")
        highest = memory.stop()
        after = memory.settled(allowance(before) + self.kept, self.settling)
        report.expect(
            after <= allowance(before) + self.kept, f"{(after - before) >> 20} MiB have not been given back"
        )
        report.expect(server.running, "the server has ended")
        failures = [number for number, line in enumerate(server.lines) if any(word in line for word in FAILURES)]
        first = server.lines[max(0, failures[0] - 3) : failures[0] + 30] if failures else []
        report.expect(not failures, f"{len(failures)} failures in the log; around the first: {' | '.join(first)}")
        notes = (
            f"bystander alone: {_described(quiet)}",
            f"beside the attack: {_described(beside)}",
            f"memory: {before >> 20} MiB before, {highest >> 20} at most, {after >> 20} after",
            f"the server waited {memory.waited_for_processor - waited_before:.2f} s for a processor",
            f"the attackers: {_counted(report.counts)}",
            *(f"{word}: {_described(seconds)}" for word, seconds in report.took.items()),
            *(f"wrong: {what}" for what in dict.fromkeys(report.wrong)),
        )
        p99 = percentile(beside) if beside else None
        return Outcome(times, len(beside), lost, len(report.wrong), p99, before, after, notes)


def come_first(process: int) -> None:
    """Let a process run before what else this machine does, where we may: the measure is the server's work alone."""
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, process, FIRST)
    with contextlib.suppress(OSError):
        Path(f"/proc/{process}/autogroup").write_text(str(FIRST))


def allowance(before: int) -> int:
    """Return how many bytes a server may have after an attack that had so many before it."""
    return int(before * (1 + KEPT_PART)) + KEPT


class Memory:
    """The resident bytes of a server, now and at most, and how long it has waited for a processor."""

    def __init__(self, server: Server) -> None:
        assert server.process is not None
        self._path = Path(f"/proc/{server.process.pid}/statm")
        self._schedule = Path(f"/proc/{server.process.pid}/schedstat")
        self._ended = threading.Event()
        self._highest = 0
        self._watching = threading.Thread(target=self._watch, daemon=True)
        self._watching.start()

    @property
    def resident(self) -> int:
        """Bytes in memory, 0 when the process has ended."""
        try:
            return int(self._path.read_text().split()[1]) * os.sysconf("SC_PAGESIZE")
        except (OSError, IndexError):
            return 0

    @property
    def waited_for_processor(self) -> float:
        """Seconds that the server could have run and did not, because others did: what that costs is not its own."""
        try:
            return int(self._schedule.read_text().split()[1]) / 1e9
        except (OSError, IndexError):
            return 0.0

    def _watch(self) -> None:
        while not self._ended.wait(0.1):
            self._highest = max(self._highest, self.resident)

    def stop(self) -> int:
        """Return the highest that was seen."""
        self._ended.set()
        self._watching.join()
        return self._highest

    def settled(self, allowed: int, patience: float) -> int:
        """Wait until no more than what is allowed is in memory, so many seconds at most, and return what is."""
        end = time.monotonic() + patience
        while self.resident > allowed and time.monotonic() < end:
            time.sleep(0.25)
        return self.resident


def _chatted(port: int, work: Callable[[], None]) -> list[float]:
    """Do something while somebody chats, and return what they waited."""
    bystander = Bystander()
    bystander.start(port)
    come_first(bystander.process)
    try:
        work()
    finally:
        waited = bystander.stop()
    return waited


def _described(waited: list[float]) -> str:
    if not waited:
        return "nothing"
    middle, most, longest = (1000 * value for value in (statistics.median(waited), percentile(waited), max(waited)))
    return f"{len(waited)} times, median {middle:.1f} ms, p99 {most:.1f} ms, longest {longest:.0f} ms"


def _counted(counts: Counter[str]) -> str:
    return ", ".join(f"{count:,} {word}" for word, count in sorted(counts.items())) or "nothing"
