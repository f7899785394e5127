"""docs/performance.md and its pictures, out of the kept results: python -m bench.report writes them anew."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.comparing import UNITS, short, spread, table
from bench.goals import GOALS
from bench.measuring import US
from bench.peers import NAMES
from bench.plot import picture
from bench.servers import ROOT

RESULTS = Path(__file__).resolve().parent / "results.json"
#: Written by hand: why what is missed is missed. A section for each number of a goal.
FLOORS = Path(__file__).resolve().parent / "floors.md"
PAGE = ROOT / "docs" / "performance.md"
PICTURES = ROOT / "docs" / "performance"

INTRODUCTION = """\
# Performance

What the real server (`twistd gameserver` with its default configuration, limits raised so that nothing is refused)
costs beside what its users would take instead. The others are bare: an echo, or what one says is written to all.
Ours does what it does for everybody: sessions, validation, limits, dispatch, the answer.

This page is made by `make bench` from its last run, which takes a quarter of an hour. `make bench-quick` measures the
most important of it in two minutes and writes nothing; `make bench ONLY=app,chat-1` measures some of it and keeps the
rest. It needs gcc and make; without libssl-dev there is no TLS, without Node.js and npm there are none of Node's
servers, and whatever else cannot be had is left out with a line that says why.

All servers of a scenario run at once, each a process of its own, on one core; the load generator (`bench/load`, in C)
has another one. The rounds go through the servers forwards and backwards. Processor time is what the kernel has
counted for the process. Every ratio is paired: what one took in a round over what the other took in the same round.
Figures are medians of the rounds, with the least and the greatest. **Quote the ratios, not the times**: those are the
machine's.
"""


def floors(text: str) -> dict[int, str]:
    """Return why goals are missed, by their number."""
    parts = re.split(r"^## (\d+)\n", text, flags=re.MULTILINE)
    return {int(number): words.strip() for number, words in zip(parts[1::2], parts[2::2], strict=True)}


def page(results: Mapping[str, Any], why: Mapping[int, str]) -> str:
    """Return the whole page."""
    run, found = results["run"], results["scenarios"]
    lines = [INTRODUCTION, "## The run", ""]
    lines += [f"* {name}: {value}" for name, value in run.items()]
    lines += ["", "## Goals", "", *_goals(found, why), "## What was measured", ""]
    for name, scenario in found.items():
        lines += _scenario(name, scenario)
    return "\n".join(lines).rstrip() + "\n"


def _goals(found: Mapping[str, Any], why: Mapping[int, str]) -> Iterator[str]:
    yield "| # | what | goal | reached | |"
    yield "|---|---|---|---|---|"
    missed: list[int] = []
    for goal in GOALS:
        reached = goal.reached(found)
        state = "not measured" if reached is None else "reached" if goal.met(reached) else "missed"
        if state == "missed" and goal.number not in missed:
            missed.append(goal.number)
        unit = f" {goal.unit}" if goal.unit else ""
        much = "" if reached is None else f"{reached}{unit}"
        yield f"| {goal.number} | {goal.what} | {goal.wanted} | {much} | {state} |"
    yield ""
    if not missed:
        return
    yield "### Why what is missed is missed"
    yield ""
    for number in missed:
        yield f"{number}. {' '.join(why.get(number, 'Not looked into yet.').split())}"
        yield ""


def _scenario(name: str, scenario: Mapping[str, Any]) -> Iterator[str]:
    unit = f"{UNITS[scenario['shows']]} a {scenario['unit']}"
    yield f"### {scenario['title']}"
    yield ""
    yield f"`{name}`, {scenario['rounds']} rounds of {scenario['seconds']:g} s, {scenario['at']} (UTC)."
    yield ""
    yield f"![{scenario['title']}](performance/{name}.svg)"
    yield ""
    first = next(iter(scenario["figures"]))
    head = ["server" if first == US else "", unit, f"times {'ours' if first == US else 'the first'}"]
    kernel = scenario["shows"] == "cpu" and "kernel" in scenario["figures"][first]
    head += ["of it in the kernel"] if kernel else []
    yield _row(head)
    yield _row(["---"] * len(head))
    for label, much, times in table(scenario):
        cells = [NAMES.get(label, label), much, times]
        if kernel:
            cells.append(short(spread(scenario["figures"][label]["kernel"]).median))
        yield _row(cells)
    yield ""
    for label, reason in scenario["skipped"].items():
        yield f"Without {NAMES.get(label, label)}: {reason}"
        yield ""


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def pictures(results: Mapping[str, Any]) -> dict[str, str]:
    """Return the pictures by the name of the file."""
    made = {}
    for name, scenario in results["scenarios"].items():
        bars = [(label, spread(figures[scenario["shows"]])) for label, figures in scenario["figures"].items()]
        unit = f"{UNITS[scenario['shows']]} a {scenario['unit']}"
        made[f"{name}.svg"] = picture(scenario["title"], unit, bars)
    return made


def kept() -> dict[str, Any]:
    """Return the results of the last run."""
    if not RESULTS.exists():
        return {"run": {}, "scenarios": {}}
    results: dict[str, Any] = json.loads(RESULTS.read_text("utf-8"))
    return results


def write(results: Mapping[str, Any]) -> None:
    """Keep the results, and make the page and its pictures of them."""
    RESULTS.write_text(json.dumps(results, indent=1) + "\n", "utf-8")
    PAGE.write_text(page(results, floors(FLOORS.read_text("utf-8"))), "utf-8")
    PICTURES.mkdir(exist_ok=True)
    made = pictures(results)
    for old in PICTURES.glob("*.svg"):
        if old.name not in made:
            old.unlink()
    for name, text in made.items():
        (PICTURES / name).write_text(text, "utf-8")


if __name__ == "__main__":
    write(kept())
