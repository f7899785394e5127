"""What a process takes, from /proc, and how fast that grows."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import attrs

_PAGE = os.sysconf("SC_PAGE_SIZE")


@attrs.frozen
class Sample:
    """What a process had at ``seconds`` since the beginning; ``memory`` is resident, in MiB."""

    seconds: float
    memory: float
    descriptors: int
    threads: int


def sample(pid: int, seconds: float) -> Sample:
    """Look at a process. Raises ``OSError`` for one that has gone."""
    place = Path(f"/proc/{pid}")
    resident = int((place / "statm").read_text().split()[1]) * _PAGE
    threads = next(line for line in (place / "status").read_text().splitlines() if line.startswith("Threads:"))
    return Sample(seconds, resident / (1 << 20), len(os.listdir(place / "fd")), int(threads.split()[1]))


#: What may grow, and how much of it in a minute over the second half of a run. Some eight hundred connections come
#: and go in a minute, and how many are open varies by ten: one lost in four hundred would show. Memory is never quite
#: still in Python; what grew by some tens of kilobytes a second would show.
BOUNDS = {"memory": 1.0, "descriptors": 2.0, "threads": 0.2}

#: Descriptors and threads more than before that may be there when everybody has gone: the pools of the database and
#: of hashing have grown with what came at the same time.
LEFT = {"descriptors": 12, "threads": 12}

UNITS = {"memory": "MiB", "descriptors": "", "threads": ""}


def second_half(samples: Sequence[Sample]) -> list[Sample]:
    """Return those from the second half of the time: in the first caches fill and pools grow."""
    middle = (samples[0].seconds + samples[-1].seconds) / 2
    return [one for one in samples if one.seconds >= middle]


def slope(samples: Sequence[Sample], what: str) -> float:
    """Return how much of something there is more with each minute: the line through the samples, by least squares."""
    times = [one.seconds / 60 for one in samples]
    values = [float(getattr(one, what)) for one in samples]
    mean, level = sum(times) / len(times), sum(values) / len(values)
    spread = sum((time - mean) ** 2 for time in times)
    if not spread:
        return 0.0
    return sum((time - mean) * (value - level) for time, value in zip(times, values, strict=True)) / spread


def left_over(before: Sample, after: Sample) -> list[str]:
    """Return a sentence for each thing of which too much is left when everybody has gone."""
    return [
        f"{what} were {getattr(before, what)} and are {getattr(after, what)} with nobody here"
        for what, allowed in LEFT.items()
        if getattr(after, what) > getattr(before, what) + allowed
    ]


def too_steep(samples: Sequence[Sample]) -> list[str]:
    """Return a sentence for each thing that grows above its bound in the second half."""
    late = second_half(samples)
    return [
        f"{what} grow by {found:.2f} {UNITS[what]} a minute in the second half, at most {bound} is allowed"
        for what, bound in BOUNDS.items()
        if (found := slope(late, what)) > bound
    ]
