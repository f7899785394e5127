"""Measures a scenario: all its servers at once, in rounds that go through them forwards and backwards."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from bench import peers
from bench.generator import Generator
from bench.scenarios import Scenario
from bench.servers import ROOT, Missing, Ours, Server

#: The name of our server among the others.
US = "gameserver"

#: Each figure of each round, by the name of the figure.
Figures = dict[str, list[float]]


class Side:
    """A server with the load that stands ready for it."""

    def __init__(self, label: str, scenario: Scenario, tree: Path | None) -> None:
        self.label = label
        self.server: Server
        self._scenario = scenario
        self._generators: list[Generator] = []
        self.figures: Figures = {}
        beside = scenario.beside
        if tree is not None:
            doors = (scenario.door, *scenario.doors)
            ours = Ours(tree, scenario.settings, doors)
            self.server, port, prepare = ours, ours.ports[scenario.door], lambda: scenario.ours(ours)
        else:
            peer = self.server = peers.start(label)
            port, prepare = peer.ports["peer"], lambda: scenario.theirs(peer)
            beside = None
        try:
            self._generators.append(Generator(port, self.server.pids, prepare()))
            if beside is not None:
                self._generators.append(Generator(self.server.ports[beside[0]], self.server.pids, beside[1]))
                self._generators[-1].first()
        except BaseException:
            self.end()
            raise

    def round(self, seconds: float) -> None:
        """Measure once more."""
        if self._scenario.fresh:
            opening = self._generators[0].opening
            count = opening["ready"]
            self._note(
                cpu=opening["server_cpu"] / count * 1e6,
                memory=opening["memory"] / count / 1024,
                rate=count / opening["seconds"],
            )
            return
        for generator in self._generators:
            generator.begin(seconds)
        told, *meanwhile = [generator.finish() for generator in self._generators]
        if not told["messages"]:
            raise Missing("nothing was answered")
        self._note(
            cpu=told["server_cpu"] / told["messages"] * 1e6,
            kernel=told["server_kernel"] / told["messages"] * 1e6,
            rate=told["messages"] / told["seconds"],
            load=told["own_cpu"] / told["seconds"],
            p50=told["p50"] / 1000,
            p99=told["p99"] / 1000,
        )
        for other in meanwhile:
            self._note(beside_p50=other["p50"] / 1000, beside_p99=other["p99"] / 1000)

    def _note(self, **figures: float) -> None:
        for name, value in figures.items():
            self.figures.setdefault(name, []).append(round(value, 3))

    def end(self) -> None:
        for generator in self._generators:
            generator.end()
        self.server.end()


def measure(
    scenario: Scenario,
    rounds: int,
    seconds: float,
    trees: Mapping[str, Path],
    others: bool = True,
    say: Callable[[str], None] = print,
) -> dict[str, Any]:
    """Return what was found: the figures by server, and why those are missing that are.

    ``trees`` are the checkouts whose server is measured, by the label it gets.
    """
    labels = [*trees, *(scenario.peers if others else ())]
    skipped: dict[str, str] = {}
    figures: dict[str, Figures] = {}
    sides: list[Side] = []

    def start(label: str) -> None:
        try:
            sides.append(Side(label, scenario, trees.get(label)))
        except Missing as why:
            if label in trees:
                raise
            skipped[label] = str(why)
            say(f"  without {label}: {why}")

    def end() -> None:
        while sides:
            sides.pop().end()

    try:
        for number in range(rounds):
            order = labels if number % 2 == 0 else labels[::-1]
            if scenario.fresh:
                for label in order:
                    if label in skipped:
                        continue
                    start(label)
                    for side in sides:
                        side.round(seconds)
                        known = figures.setdefault(label, {})
                        for name, values in side.figures.items():
                            known.setdefault(name, []).extend(values)
                    end()
                continue
            if not sides:
                for label in labels:
                    start(label)
                figures = {side.label: side.figures for side in sides}
            for side in sides if number % 2 == 0 else sides[::-1]:
                side.round(seconds)
    finally:
        end()
    return {
        "title": scenario.title,
        "unit": scenario.unit,
        "shows": scenario.shows,
        "figures": figures,
        "skipped": skipped,
    }


def here() -> dict[str, Path]:
    return {US: ROOT}
