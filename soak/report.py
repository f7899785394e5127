"""A run as a table and as a picture."""

from __future__ import annotations

from collections.abc import Sequence

from soak.run import Outcome
from soak.samples import BOUNDS, UNITS, Sample, second_half, slope

#: Lines of the table.
LINES = 12

#: Width and height of the picture, and of the margin around each of its curves, in pixels.
WIDTH, HEIGHT, MARGIN = 900, 220, 46


def line(one: Sample) -> str:
    """Return a sample as a line of the table."""
    return f"{one.seconds:8.0f} s {one.memory:9.1f} MiB {one.descriptors:6d} descriptors {one.threads:4d} threads"


def table(outcome: Outcome) -> str:
    """Return a run as text: some of its samples, the slopes, what has been done, what went wrong."""
    samples = outcome.samples
    step = max(1, -(-len(samples) // LINES))
    rows = [line(one) for one in samples[::step]]
    if samples and samples[::step][-1] is not samples[-1]:
        rows.append(line(samples[-1]))
    late = second_half(samples)
    rows += [
        f"{what}: {slope(late, what):+.3f} {UNITS[what]} a minute in the second half (at most {bound})"
        for what, bound in BOUNDS.items()
    ]
    for name, one in (("before", outcome.before), ("after", outcome.after)):
        if one is not None:
            rows.append(f"nobody here, {name}: {line(one).strip()}")
    rows.append("visits: " + ", ".join(f"{name} {count}" for name, count in sorted(outcome.done.items())))
    if outcome.failures:
        rows.append(f"{len(outcome.failures)} visits went wrong, the first: {outcome.failures[0]}")
    return "\n".join(rows)


def picture(samples: Sequence[Sample]) -> str:
    """Return three curves as SVG: memory, descriptors, threads over the time in minutes."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT * len(BOUNDS)}" '
        'font-family="sans-serif" font-size="12">',
        '<rect width="100%" height="100%" fill="white"/>',
    ]
    parts += [_curve(samples, what, HEIGHT * number) for number, what in enumerate(BOUNDS)]
    return "\n".join([*parts, "</svg>\n"])


def _curve(samples: Sequence[Sample], what: str, top: int) -> str:
    values = [float(getattr(one, what)) for one in samples]
    low, high = min(values), max(values)
    high = high if high > low else low + 1
    longest = max(one.seconds for one in samples) or 1
    width, height = WIDTH - 2 * MARGIN, HEIGHT - 2 * MARGIN
    points = " ".join(
        f"{MARGIN + one.seconds / longest * width:.1f},{top + MARGIN + (high - value) / (high - low) * height:.1f}"
        for one, value in zip(samples, values, strict=True)
    )
    bottom = top + HEIGHT - MARGIN
    return "\n".join(
        [
            f'<text x="{MARGIN}" y="{top + MARGIN - 12}">{what} {UNITS[what]}</text>',
            f'<text x="4" y="{top + MARGIN + 4}">{high:.0f}</text>',
            f'<text x="4" y="{bottom}">{low:.0f}</text>',
            f'<text x="{WIDTH - MARGIN - 40}" y="{bottom + 18}">{longest / 60:.1f} min</text>',
            f'<path d="M{MARGIN} {top + MARGIN}V{bottom}H{WIDTH - MARGIN}" fill="none" stroke="gray"/>',
            f'<polyline points="{points}" fill="none" stroke="#15609c" stroke-width="1.5"/>',
        ]
    )
