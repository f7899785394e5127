"""A scenario as a picture: a bar for each server, as long as the median; a line is the least to the greatest."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape

from bench.comparing import Spread, short

WIDTH, LEFT, RIGHT, ROW, TOP = 760, 150, 150, 30, 44
OURS, THEIRS = "#2166ac", "#9e9e9e"


def picture(title: str, unit: str, bars: Sequence[tuple[str, Spread]]) -> str:
    """Return an SVG. The first bar is ours."""
    height = TOP + ROW * len(bars) + 8
    room = WIDTH - LEFT - RIGHT
    scale = room / max(spread.greatest for _, spread in bars)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif"'
        f' font-size="13" role="img" aria-label="{escape(title, {chr(34): "&quot;"})}">',
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        f'<text x="8" y="18" font-weight="bold">{escape(title)}</text>',
        f'<text x="8" y="34" fill="#555">{escape(unit)}, less is better; median, and least to greatest</text>',
    ]
    for number, (label, spread) in enumerate(bars):
        top = TOP + ROW * number
        middle = top + ROW / 2
        length, least, greatest = (max(value, 0) * scale for value in spread)
        parts += [
            f'<text x="{LEFT - 8}" y="{middle + 4:.0f}" text-anchor="end">{escape(label)}</text>',
            f'<rect x="{LEFT}" y="{top + 4}" width="{length:.1f}" height="{ROW - 8}"'
            f' fill="{THEIRS if number else OURS}"/>',
            f'<path d="M{LEFT + least:.1f} {middle:.0f}H{LEFT + greatest:.1f}" stroke="#000" stroke-width="2"/>',
            f'<text x="{LEFT + greatest + 6:.1f}" y="{middle + 4:.0f}">{short(spread.median)}</text>',
        ]
    return "\n".join([*parts, "</svg>", ""])
