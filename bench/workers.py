"""Two workers behind one port beside one, all cores for everybody: what a message takes, and what it costs.

The load needs a core as well, so on two cores two workers cannot be twice as fast. ``cpu`` and ``load`` are what
server and load took of a core for each message, in microseconds.
"""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Any

from bench.generator import Generator
from bench.measuring import US
from bench.scenarios import app, told
from bench.servers import CORES, Ours, on_cores
from bench.stores import shared

CONNECTIONS = ("--connections", "200")
ONE = "one worker"


class _Side:
    def __init__(self, stack: ExitStack, workers: int, door: str, options: tuple[str, ...]) -> None:
        server = Ours(
            settings=stack.enter_context(shared()), doors=(door,), account=False, workers=workers, cores=CORES
        )
        stack.callback(server.end)
        children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text().split()
        # One process serves by itself; several are started by one that serves nobody.
        pids = [server.process.pid, *map(int, children)] if workers > 1 else [server.process.pid]
        self.generator = Generator(server.ports[door], pids, options, cores=CORES)
        stack.callback(self.generator.end)
        self.figures: dict[str, list[float]] = {"wait": [], "cpu": [], "load": []}

    def round(self, seconds: float) -> None:
        found = self.generator.run(seconds)
        self.figures["wait"].append(round(found["seconds"] / found["messages"] * 1e6, 3))
        self.figures["cpu"].append(round(found["server_cpu"] / found["messages"] * 1e6, 3))
        self.figures["load"].append(round(found["own_cpu"] / found["messages"] * 1e6, 3))


def _measure(door: str, options: tuple[str, ...], rounds: int, seconds: float) -> dict[str, Any]:
    with ExitStack() as stack, on_cores(CORES):
        sides = {US: _Side(stack, 2, door, options), ONE: _Side(stack, 1, door, options)}
        for number in range(rounds):
            for label in list(sides) if number % 2 else list(sides)[::-1]:
                sides[label].round(seconds)
        return {label: side.figures for label, side in sides.items()}


def websocket(rounds: int, seconds: float) -> dict[str, Any]:
    """Return the figures over WebSocket, ours with two workers. Raises ``Missing``."""
    return _measure("techmino", tuple(app("echo", *CONNECTIONS)(None)), rounds, seconds)


def chat(rounds: int, seconds: float) -> dict[str, Any]:
    """Return the figures of chat lines. Raises ``Missing``."""
    return _measure("chat", tuple(told(1, *CONNECTIONS)(None)), rounds, seconds)
