"""Draws docs/development/layers.svg from the contract of the layers in setup.cfg, so that it cannot be wrong.

Run: python docs/layers.py
"""

from __future__ import annotations

from configparser import ConfigParser
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PICTURE = ROOT / "docs" / "development" / "layers.svg"

WIDTH, LEFT, TOP, ROW, GAP = 860, 20, 20, 44, 12

#: What each room is, in a few words.
SUBJECTS = {
    "cli": "the gameserver command",
    "testing": "fakes and drivers",
    "tap": "twistd gameserver",
    "app": "the composition root",
    "web": "the site",
    "protocols": "one package a protocol",
    "storage": "transactions, stores",
    "cluster": "many processes",
    "bots": "computer players",
    "edge": "what every connection owes",
    "config": "every key",
    "net": "bytes",
    "matches": "hosted games",
    "wallet": "play money",
    "moderation": "kick, mute, ban",
    "consoles": "supervised programs",
    "rooms": "who talks to whom",
    "accounts": "who people are",
    "sessions": "who is connected",
    "games": "pure rules",
    "metrics": "counters",
    "reactor": "an interface",
    "errors": "what is refused",
}


def layers() -> list[list[str]]:
    """Return the rows of the contract, the highest first."""
    setup = ConfigParser()
    setup.read(ROOT / "setup.cfg", "utf-8")
    rows = setup["importlinter:contract:layers"]["layers"].strip().splitlines()
    return [[room.strip() for room in row.split("|")] for row in rows]


def drawn() -> str:
    """Return the picture."""
    rows = layers()
    height = TOP * 2 + len(rows) * (ROW + GAP) - GAP
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        'font-family="sans-serif" text-anchor="middle">',
        "<title>The rooms of gameserver; imports go downwards only</title>",
        '<rect width="100%" height="100%" fill="#ffffff"/>',
    ]
    for number, row in enumerate(rows):
        y = TOP + number * (ROW + GAP)
        width = (WIDTH - 2 * LEFT - (len(row) - 1) * GAP) / len(row)
        for place, room in enumerate(row):
            x = LEFT + place * (width + GAP)
            parts += [
                f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="{ROW}" rx="6" fill="#eef3f8" '
                'stroke="#35607f"/>',
                f'<text x="{x + width / 2:.1f}" y="{y + 18}" font-size="14" font-weight="bold" fill="#1c3a50">'
                f"{room}</text>",
                f'<text x="{x + width / 2:.1f}" y="{y + 35}" font-size="11" fill="#444444">{SUBJECTS[room]}</text>',
            ]
    return "\n".join([*parts, "</svg>", ""])


if __name__ == "__main__":
    PICTURE.write_text(drawn(), "utf-8")
