"""The process is killed, stopped in order, or stands still, under the mixed load."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable

from chaos.actors.bets import Bets
from chaos.actors.chat import Messages, Registrations
from chaos.actors.match import Match
from chaos.actors.people import Bans, Passwords
from chaos.actors.techmino import Techmino
from chaos.acts import DOORS, SETTINGS, Actor, Load, failures, resident
from chaos.fault import Fault, Outcome
from chaos.judgement import judged
from tests.integration.server import Server

#: Confirmed acts before a fault, so that there is something to lose however slow the machine is.
ENOUGH = 40

#: Seconds a process stands still at most.
STANDSTILL = 0.5


def everybody(chance: random.Random, pace: float = 1.0) -> list[Actor]:
    """Return those of the mixed load; ``pace`` is how many times the usual they wait between two acts."""
    return [
        Registrations(chance, 0.05 * pace),
        Messages(chance, 0.01 * pace),
        Techmino(chance, 0.05 * pace),
        Bets(chance, 0.005 * pace, "alexandra"),
        Bets(chance, 0.005 * pace, "bartholomew"),
        Match(chance, 0.005 * pace),
        Passwords(chance, 0.05 * pace),
        Bans(chance, 0.05 * pace),
    ]


def _again_and_again(
    chance: random.Random, times: int, say: Callable[[str], None], end: Callable[[Server], list[str]]
) -> Outcome:
    """End a server in some way so often, each time under load, and recount after each start."""
    server = Server(DOORS, SETTINGS)
    wrong: list[str] = []
    try:
        load = Load(server.start(), everybody(chance))
        load.prepare()
        memory = None
        for number in range(1, times + 1):
            load.start()
            load.wait(ENOUGH, each=1)
            time.sleep(chance.uniform(0.0, 0.3))
            memory = memory or resident(server)
            wrong += end(server)
            load.stop()
            wrong += failures(server.lines)
            server.start()
            load.recount()
            if number % max(1, times // 20) == 0:
                say(f"{number} of {times}, {load.confirmed} acts, {len(load.lost)} lost, {len(load.wrong)} wrong")
        audit = server.run("wallet", "audit")
        if audit.returncode:
            wrong.append(f"the books do not balance: {audit.stdout}{audit.stderr}")
        after = resident(server)
        if server.stop():
            wrong.append("the last stop was not in order")
        wrong += failures(server.lines)
        return judged(load, times, wrong=wrong, memory=(memory, after))
    finally:
        server.kill()


def _killed(server: Server) -> list[str]:
    server.kill()
    return []


def _stopped(server: Server) -> list[str]:
    status = server.stop()
    return [f"an orderly stop has the status {status}"] if status else []


def kill(chance: random.Random, times: int, say: Callable[[str], None]) -> Outcome:
    """Kill the process as a power cut would."""
    return _again_and_again(chance, times, say, _killed)


def stop(chance: random.Random, times: int, say: Callable[[str], None]) -> Outcome:
    """Stop the process in order."""
    return _again_and_again(chance, times, say, _stopped)


def standstill(chance: random.Random, times: int, say: Callable[[str], None]) -> Outcome:
    """Let the process stand still and go on, as a machine that is suspended or starved does."""
    server = Server(DOORS, SETTINGS)
    wrong: list[str] = []
    try:
        load = Load(server.start(), everybody(chance, 4.0))
        load.prepare()
        load.start()
        load.wait(ENOUGH, each=1)
        before = resident(server)
        assert server.process is not None
        for number in range(1, times + 1):
            time.sleep(chance.uniform(0.0, 0.2))
            os.kill(server.process.pid, signal.SIGSTOP)
            try:
                time.sleep(chance.uniform(0.01, STANDSTILL))
            finally:
                os.kill(server.process.pid, signal.SIGCONT)
            load.wait(5)
            if number % max(1, times // 10) == 0:
                say(f"{number} of {times}, {load.confirmed} acts")
        load.stop()
        load.recount()
        after = resident(server)
        wrong += [f"a connection has ended: {line}" for line in load.cuts]
        if server.stop():
            wrong.append("the server did not end in order")
        wrong += failures(server.lines)
        return judged(load, times, wrong=wrong, memory=(before, after))
    finally:
        server.kill()


FAULTS = (
    Fault("kill", "kill -9 under mixed load, and a start", kill, times=300, short=1),
    Fault("stop", "SIGTERM under mixed load, and a start", stop, times=30, short=0),
    Fault(
        "standstill", "SIGSTOP for up to half a second under mixed load, then SIGCONT", standstill, times=60, short=0
    ),
)
