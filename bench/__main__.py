"""The real server beside what its users would take instead, measured in turns.

Every server is a process of its own on one core, the load has another. The rounds go through the servers forwards and
backwards, because the machine does other things too: quote the ratios of one run, not the times.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench import bets, commands, starting, workers
from bench.comparing import UNITS, table
from bench.machine import described
from bench.measuring import here, measure
from bench.report import kept, write
from bench.scenarios import SCENARIOS
from bench.servers import Missing
from bench.slopes import SLOPES

#: What is no load of the generator's: the title, the figure that matters, what it is of, how it is measured.
OTHERS: dict[str, tuple[str, str, str, Callable[[int, float], dict[str, Any]]]] = {
    "bets": ("Durable bets in process, 64 bettors", "wait", "bet", bets.measure),
    "command": ("One command of one user, until it is answered", "p50", "command", commands.measure),
    "start": ("Start, until every listener is open", "seconds", "start", starting.measure),
    "workers-ws": ("Two workers: Techmino /app, 200 WebSockets", "wait", "message", workers.websocket),
    "workers-chat": ("Two workers: chat, 200 guests", "wait", "message", workers.chat),
}
USUAL = (*SCENARIOS, *OTHERS)
OTHERS |= SLOPES
NAMES = (*USUAL, *SLOPES)


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1.0, help="of each round")
    parser.add_argument("--only", default="", help="of " + ",".join(NAMES))
    parser.add_argument("--quick", action="store_true", help="the most important ones, three short rounds")
    parser.add_argument("--slopes", action="store_true", help="also the same while more is there; takes long")
    parser.add_argument("--against", type=Path, help='measure the server of another checkout too, as "before"')
    parser.add_argument("--alone", action="store_true", help="without the servers of others")
    parser.add_argument("--keep", action="store_true", help="write docs/performance.md with what was measured")
    return parser.parse_args()


def one(name: str, rounds: int, seconds: float, arguments: argparse.Namespace) -> dict[str, Any]:
    """Measure a scenario. Raises ``Missing`` if that cannot be."""
    if name in OTHERS:
        title, shows, unit, find = OTHERS[name]
        found: dict[str, Any] = {"title": title, "unit": unit, "shows": shows, "figures": find(rounds, seconds)}
        found["skipped"] = {}
    else:
        trees = here() | ({"before": arguments.against.resolve()} if arguments.against else {})
        found = measure(SCENARIOS[name], rounds, seconds, trees, not arguments.alone)
    return found | {
        "rounds": rounds,
        "seconds": seconds,
        "at": time.strftime("%Y-%m-%d %H:%M", time.gmtime()),
    }


def again(name: str, rounds: int, seconds: float, arguments: argparse.Namespace) -> dict[str, Any]:
    """Measure a scenario, a second time if something came between. Raises ``Missing`` if that cannot be."""
    try:
        return one(name, rounds, seconds, arguments)
    except Missing as why:
        print(f"  once more: {why}", flush=True)
        return one(name, rounds, seconds, arguments)


def main() -> int:
    arguments = parsed()
    rounds, seconds = (3, 0.5) if arguments.quick else (arguments.rounds, arguments.seconds)
    names = arguments.only.split(",") if arguments.only else list(NAMES if arguments.slopes else USUAL)
    if unknown := set(names) - set(NAMES):
        print(f"not known: {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}", file=sys.stderr)
        return 2
    if arguments.quick and not arguments.only:
        names = [name for name in SCENARIOS if SCENARIOS[name].quick]
    began, before = time.monotonic(), kept()
    scenarios = dict(before["scenarios"])
    # Some of it measured anew has its own time in the page; the run is that of the rest.
    run = before["run"] if arguments.only and before["run"] else described()
    for number, name in enumerate(names, 1):
        title = OTHERS[name][0] if name in OTHERS else SCENARIOS[name].title
        print(f"[{number}/{len(names)}, {time.monotonic() - began:.0f} s] {name}: {title}", flush=True)
        try:
            found = again(name, rounds, seconds, arguments)
        except Missing as why:
            print(f"  skipped: {why}", flush=True)
            continue
        scenarios[name] = found
        print(f"  {'':<18}{UNITS[found['shows']]} a {found['unit']:<22} times ours", flush=True)
        for label, much, times in table(found):
            print(f"  {label:<18}{much:<32} {times}", flush=True)
        if arguments.keep:
            write({"run": run, "scenarios": {name: scenarios[name] for name in NAMES if name in scenarios}})
    return 0


if __name__ == "__main__":
    sys.exit(main())
