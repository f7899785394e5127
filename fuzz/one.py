"""One target in a process of its own: ``python -m fuzz.one TARGET guided|random SECONDS`` or ``... TARGET FILE...``.

``guided`` lets atheris look for inputs that reach other code, and keeps them. It makes everything slower, so that
only what is slow beyond doubt fails there. ``random`` tries what is kept, then changes it by chance, with the bounds
of time and memory as they are. Files are tried as they are: an input that has failed, say.
"""

from __future__ import annotations

import random
import sys
import time
import traceback
from importlib.util import find_spec
from pathlib import Path

from fuzz.mutation import mutated, stretched
from fuzz.target import FOUND, LONGEST, Target

#: How much slower code is that atheris watches.
SLOWER = 20

#: Packages that it watches, besides our own.
WATCHED = ["gameserver", "fuzz", "tomllib", "zipfile"]

#: Of so many inputs made by chance one is weighed: counting memory takes long.
WEIGHED = 50


def named(name: str) -> Target:
    """Return a target. Ends the process with a sentence for what is none."""
    from fuzz.targets import TARGETS

    if name not in TARGETS:
        sys.exit(f"there is no target {name}; there are {', '.join(TARGETS)}")
    found: Target = TARGETS[name]
    return found


def unguided() -> str:
    """Return why there is no guided run on this machine, or an empty text."""
    if find_spec("atheris") is None:
        return "atheris is not installed; make fuzz installs it where it is there for the Python in use"
    return ""


def guided(name: str, seconds: int) -> None:
    """Let atheris look for inputs until the time is up or one fails; never returns."""
    import atheris

    with atheris.instrument_imports(include=WATCHED):
        target = named(name)
    target.grown.mkdir(parents=True, exist_ok=True)
    FOUND.mkdir(parents=True, exist_ok=True)
    options = [
        f"-max_total_time={seconds}",
        f"-max_len={LONGEST}",
        f"-artifact_prefix={FOUND}/{name}-",
        "-rss_limit_mb=1024",
        "-timeout=60",
        "-verbosity=0",
        "-print_final_stats=1",
    ]
    atheris.Setup(
        [sys.argv[0], *options, str(target.grown), str(target.corpus)], lambda data: target.time(data, SLOWER)
    )
    atheris.Fuzz()


def at_random(target: Target, seconds: float, seed: int) -> int:
    """Try what is kept, then changed inputs until the time is up; return how many. Raises what one of them did."""
    end = time.monotonic() + seconds
    chance = random.Random(seed)
    corpus = list(target.inputs(grown=True))
    tried = 0
    for data in corpus:
        for one in (data, stretched(chance, data)):
            trial(target, one, weighed=True)
            tried += 1
        if time.monotonic() > end:
            return tried
    while time.monotonic() < end:
        trial(target, mutated(chance, corpus), weighed=tried % WEIGHED == 0)
        tried += 1
    return tried


def trial(target: Target, data: bytes, *, weighed: bool) -> None:
    """Try one input; one that fails is written down. Raises what it raised."""
    try:
        target.time(data)
        if weighed:
            target.weigh(data)
    except Exception as error:
        error.add_note(f"kept as {target.keep(data)}")
        raise


def main(arguments: list[str]) -> None:
    """Do what the arguments say; the exit status is 0 if nothing has failed."""
    match arguments:
        case [name, "guided", seconds]:
            guided(name, int(seconds))
        case [name, "random", seconds]:
            seed = random.randrange(1 << 32)
            tried = at_random(named(name), float(seconds), seed)
            print(f"{tried} inputs by chance, seed {seed}")
        case [name, *files] if files:
            target = named(name)
            for file in files:
                data = Path(file).read_bytes()
                target.time(data)
                target.weigh(data)
                print(f"{file}: nothing wrong")
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except Exception:
        traceback.print_exc()
        sys.exit(1)
