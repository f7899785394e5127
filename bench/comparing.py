"""Paired comparisons: what a peer took in a round, over what our server took in the same one."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

#: What the figures are, and how they are written.
UNITS = {
    "cpu": "µs of CPU",
    "memory": "KiB",
    "p50": "ms",
    "wait": "µs",
    "seconds": "s",
}


class Spread(NamedTuple):
    """The median, the least and the greatest of some figures."""

    median: float
    least: float
    greatest: float

    def __str__(self) -> str:
        return f"{short(self.median)} ({short(self.least)} to {short(self.greatest)})"


def short(value: float) -> str:
    """Return a figure with as many digits as mean something."""
    return (
        f"{value:,.0f}"
        if value >= 1000
        else f"{value:.1f}"
        if value >= 10
        else f"{value:.2f}"
        if value >= 0.1
        else f"{value:.2g}"
    )


def spread(values: Sequence[float]) -> Spread:
    return Spread(statistics.median(values), min(values), max(values))


def ratio(theirs: Sequence[float], ours: Sequence[float]) -> Spread:
    """Return how many times as much theirs are, round by round."""
    return spread([one / max(other, 1e-3) for one, other in zip(theirs, ours, strict=True)])


def table(found: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Return the rows of a scenario's table: who, how much, how many times the first, which is ours."""
    shows, figures = found["shows"], found["figures"]
    us = next(iter(figures))
    rows = []
    for label, known in figures.items():
        times = "" if label == us else str(ratio(known[shows], figures[us][shows]))
        rows.append((label, str(spread(known[shows])), times))
    return rows
