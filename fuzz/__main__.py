"""Every target, two at a time: ``python -m fuzz [TARGET...]``, each for FUZZ_SECONDS (60)."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed

from fuzz.one import unguided
from fuzz.target import FOUND, FUZZ
from fuzz.targets import TARGETS

#: Targets that run at the same time.
AT_ONCE = 2

#: Seconds beyond its time after which a target is taken for hung.
PATIENCE = 240

#: The last lines of a target that fails.
SHOWN = 25


def part(name: str, way: str, seconds: int) -> tuple[bool, str]:
    """Run a target in one way; return whether nothing failed, and what it said."""
    command = [sys.executable, "-W", "ignore", "-m", "fuzz.one", name, way, str(seconds)]
    try:
        done = subprocess.run(
            command, cwd=FUZZ.parent, capture_output=True, text=True, errors="replace", timeout=seconds + PATIENCE
        )
    except subprocess.TimeoutExpired as error:
        output = error.stderr or b""
        return False, f"{output.decode(errors='replace') if isinstance(output, bytes) else output}\nit hangs"
    return done.returncode == 0, done.stdout + done.stderr


def whole(name: str, seconds: int, *, guiding: bool) -> tuple[bool, str]:
    """Run a target: three quarters of its time guided, the rest by chance with the bounds as they are."""
    inputs = ""
    if guiding:
        fine, said = part(name, "guided", max(1, seconds * 3 // 4))
        if not fine:
            return False, said
        count = re.search(r"number_of_executed_units: *(\d+)", said)
        inputs = f"{count[1] if count else '?'} inputs guided, "
    fine, said = part(name, "random", max(1, seconds // 4) if guiding else seconds)
    return fine, inputs + said.strip() if fine else said


def main(names: list[str]) -> int:
    """Run targets and say how they end; return how many have failed."""
    if unknown := [name for name in names if name not in TARGETS]:
        sys.exit(f"there is no target {unknown[0]}; there are {', '.join(TARGETS)}")
    names = names or list(TARGETS)
    seconds = int(os.environ.get("FUZZ_SECONDS", "60"))
    why = unguided()
    if why:
        print(f"by chance only: {why}")
    minutes = len(names) * seconds / AT_ONCE / 60
    print(f"{len(names)} targets, {seconds} s each, {AT_ONCE} at a time: about {minutes:.1f} minutes", flush=True)
    began, failed = time.monotonic(), []
    with ThreadPoolExecutor(AT_ONCE) as pool:
        runs = {pool.submit(whole, name, seconds, guiding=not why): name for name in names}
        for number, run in enumerate(as_completed(runs), 1):
            name, (fine, said) = runs[run], run.result()
            place = f"{number}/{len(names)} {time.monotonic() - began:.0f} s"
            if fine:
                print(f"[{place}] {name}: {said}", flush=True)
            else:
                failed.append(name)
                print(f"[{place}] {name}: FAILED\n" + "\n".join(said.splitlines()[-SHOWN:]), flush=True)
    if failed:
        print(f"failed: {', '.join(failed)}; the inputs are in {FOUND}, 'python -m fuzz.one TARGET FILE' tries one")
    return len(failed)


if __name__ == "__main__":
    sys.exit(min(1, main(sys.argv[1:])))
