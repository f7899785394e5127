"""Every fault, one after the other: ``python -m chaos [FAULT...]``.

CHAOS_SEED is what chance begins with, the same every time unless it is set. CHAOS_TIMES is a factor: 0.1 makes a
tenth of the faults.
"""

from __future__ import annotations

import os
import random
import re
import sys
import time
import traceback

from chaos import table
from chaos.fault import BOUND, Fault, Outcome
from chaos.faults import FAULTS

#: What chance begins with.
SEED = 20261130


def listed() -> str:
    """Return what faults there are, a line each."""
    width = max(map(len, FAULTS), default=0)
    return "\n".join(f"{name:{width}}  {fault.times:4} times: {fault.what}" for name, fault in FAULTS.items())


def one(fault: Fault, times: int, seed: int, place: str) -> Outcome:
    """Make one fault so many times, and say how it goes on."""
    began = time.monotonic()

    def say(line: str) -> None:
        passed = time.monotonic() - began
        # A line that begins with "3 of 10" says how far it is.
        far = re.match(r"(\d+) of (\d+),", line)
        left = f"; about {passed * (int(far[2]) / int(far[1]) - 1):.0f} s left" if far else ""
        print(f"[{place} {passed:.0f} s] {fault.name}: {line}{left}", flush=True)

    say(f"{times} times: {fault.what}")
    # A fault's chance is its own: it does the same alone and among others.
    try:
        found = fault.run(random.Random(f"{seed} {fault.name}"), times, say)
    except Exception as error:
        # The others are made all the same.
        traceback.print_exc()
        found = Outcome(times, 0, 0, 1, None, None, None, (f"broke off: {type(error).__name__}: {error}"[:500],))
    say(f"{found.times} times, {found.confirmed} acts confirmed, {found.lost} lost, {found.wrong} wrong")
    return found


def main(names: list[str]) -> int:
    """Make faults and print the table; return how many of them did something that they must not."""
    if {"-h", "--help"} & set(names):
        print(f"{__doc__}\n{listed()}")
        return 0
    if unknown := [name for name in names if name not in FAULTS]:
        sys.exit(f"there is no fault {unknown[0]}; there are {', '.join(FAULTS)}")
    chosen = [FAULTS[name] for name in names or FAULTS]
    seed, factor = int(os.environ.get("CHAOS_SEED", SEED)), float(os.environ.get("CHAOS_TIMES", "1"))
    times = {fault.name: max(1, round(fault.times * factor)) for fault in chosen}
    print(f"{len(chosen)} kinds, {sum(times.values())} faults, seed {seed}", flush=True)
    began, outcomes, done = time.monotonic(), dict[str, Outcome](), 0
    for number, fault in enumerate(chosen, 1):
        outcomes[fault.name] = one(fault, times[fault.name], seed, f"{number}/{len(chosen)}")
        done += times[fault.name]
        print(f"{done} of {sum(times.values())} faults in {time.monotonic() - began:.0f} s", flush=True)
        table.keep(outcomes)
    print(f"\n{table.text(outcomes)}\nkept in {table.LAST}")
    failed = [name for name, outcome in outcomes.items() if not outcome.fine]
    if failed:
        print(f"lost, wrong, or a bystander that waited {BOUND * 1000:.0f} ms or longer: {', '.join(failed)}")
    return len(failed)


if __name__ == "__main__":
    sys.exit(min(1, main(sys.argv[1:])))
