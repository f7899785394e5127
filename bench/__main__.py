"""The real server beside what its users would take instead, measured in turns.

Every server is a process of its own on one core, the load has another. The rounds go through the servers forwards and
backwards, because the machine does other things too: quote the ratios of one run, not the times.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from bench.comparing import UNITS, table
from bench.measuring import US, here, measure
from bench.scenarios import SCENARIOS
from bench.servers import Missing


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1.0, help="of each round")
    parser.add_argument("--only", default="", help="of " + ",".join(SCENARIOS))
    parser.add_argument("--quick", action="store_true", help="the most important ones, three short rounds")
    parser.add_argument("--against", type=Path, help='measure the server of another checkout too, as "before"')
    parser.add_argument("--alone", action="store_true", help="without the servers of others")
    return parser.parse_args()


def main() -> int:
    arguments = parsed()
    rounds, seconds = (3, 0.5) if arguments.quick else (arguments.rounds, arguments.seconds)
    names = arguments.only.split(",") if arguments.only else list(SCENARIOS)
    if unknown := set(names) - set(SCENARIOS):
        print(f"not known: {', '.join(sorted(unknown))}; there are {', '.join(SCENARIOS)}", file=sys.stderr)
        return 2
    if arguments.quick and not arguments.only:
        names = [name for name in names if SCENARIOS[name].quick]
    trees = here() | ({"before": arguments.against.resolve()} if arguments.against else {})
    began = time.monotonic()
    for number, name in enumerate(names, 1):
        scenario = SCENARIOS[name]
        print(f"[{number}/{len(names)}, {time.monotonic() - began:.0f} s] {name}: {scenario.title}", flush=True)
        try:
            found = measure(scenario, rounds, seconds, trees, not arguments.alone)
        except Missing as why:
            print(f"  skipped: {why}", flush=True)
            continue
        print(f"  {'':<18}{UNITS[scenario.shows]} a {scenario.unit:<22} times ours", flush=True)
        for label, much, times in table(found, US):
            print(f"  {label:<18}{much:<32} {times}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
