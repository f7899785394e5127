"""The text format of maps: ``<name>.map``, one for all four segments, drawn for the top left one.

A map is read line by line: ``#`` begins a comment, three of them frame the title; a line with ``.jpg`` names the
background picture; ``VERSION: n``, ``OWNER: team`` and ``SET_ALPHA_BACKGROUND_COLOR: colour`` are the head;
``x;y`` is a cell on which no tower may stand; ``x,y`` is a point of the way, first the entry, last the exit. Two
points that follow each other share a column, a row or a 45 degree diagonal. Cells count 0..15, x to the right, y
down. (SS12 map format, as published with the tournament maps.)
"""

from __future__ import annotations

import re
from functools import lru_cache

import attrs

from gameserver.games.maps import BadMap, MapFacts

#: Cells along each side of a segment.
SIZE = 16
#: Longest map text, in characters.
MAX_TEXT = 64 * 1024
#: Longest way, in cells; ways may cross themselves, so it may exceed the number of cells.
MAX_WAY = 1024

ALPHA_COLORS = ("OFF", "GRAY", "WHITE", "BLUE", "RED", "YELLOW", "MAGENTA", "CYAN", "GREEN")

_POINT = re.compile(r"([0-9]{1,2})[ \t]*([,;])[ \t]*([0-9]{1,2})")
_PICTURE = re.compile(r"[A-Za-z0-9_. -]*[A-Za-z0-9_-]\.jpg", re.IGNORECASE)
_HEAD = re.compile(r"([A-Za-z_]+)[ \t]*:[ \t]*(.*)")
_NUMBER = re.compile(r"[0-9]{1,9}")
_OWNER = re.compile(r"[^\x00-\x1f\x7f]{1,64}")

Point = tuple[int, int]


@attrs.frozen
class MapFile:
    """What a map text says. ``way`` are the points as written, ``cells`` all cells creeps walk over, in order."""

    title: str
    background: str
    version: int
    owner: str
    alpha_color: str
    holy: frozenset[Point]
    way: tuple[Point, ...]
    cells: tuple[Point, ...]
    #: For every point of the way its index in ``cells``.
    stops: tuple[int, ...]


class _Reader:
    """The state of one reading; every method gets the number of the line for its complaint."""

    def __init__(self) -> None:
        self.title = ""
        self.background = ""
        self.version = 1
        self.owner = "SE"
        self.alpha_color = "OFF"
        self.holy: set[Point] = set()
        self.way: list[Point] = []
        self.cells: list[Point] = []
        self.stops: list[int] = []
        self._framed = False

    def line(self, number: int, line: str) -> None:
        if line.startswith("#"):
            self._comment(line)
        elif point := _POINT.fullmatch(line):
            x, kind, y = int(point[1]), point[2], int(point[3])
            if x >= SIZE or y >= SIZE:
                raise BadMap(number, f"cell {x}{kind}{y} is outside 0..{SIZE - 1}")
            if kind == ";":
                self.holy.add((x, y))
            else:
                self._step(number, (x, y))
        elif re.search(r"\.(jpg|jpeg|png|bmp|gif)$", line, re.IGNORECASE):
            if not _PICTURE.fullmatch(line):
                raise BadMap(number, "the background must be the plain name of a .jpg file")
            self.background = line
        elif head := _HEAD.fullmatch(line):
            self._head(number, head[1].upper(), head[2].strip())
        else:
            raise BadMap(number, "expected x,y or x;y, a head line, a .jpg name or a comment with #")

    def _comment(self, line: str) -> None:
        # The title stands between two lines of nothing but ###; later frames are ordinary comments.
        text = line.strip("#").strip()
        if line.startswith("###"):
            if text and self._framed and not self.title:
                self.title = text
            self._framed = not text and not self.title

    def _head(self, number: int, key: str, value: str) -> None:
        if key == "VERSION":
            if not _NUMBER.fullmatch(value):
                raise BadMap(number, "VERSION must be a plain number")
            self.version = int(value)
        elif key == "OWNER":
            if value and not _OWNER.fullmatch(value):
                raise BadMap(number, "OWNER must be the name of a team")
            self.owner = value or self.owner
        elif key == "SET_ALPHA_BACKGROUND_COLOR":
            if value and value.upper() not in ALPHA_COLORS:
                raise BadMap(number, f"the colour must be one of {', '.join(ALPHA_COLORS)}")
            self.alpha_color = value.upper() or self.alpha_color
        else:
            raise BadMap(number, f"{key} is not a head line of a map")

    def _step(self, number: int, point: Point) -> None:
        if self.way:
            (from_x, from_y), (x, y) = self.way[-1], point
            across, down = x - from_x, y - from_y
            if across and down and abs(across) != abs(down):
                raise BadMap(
                    number,
                    f"{x},{y} lies neither in the column nor in the row nor on a diagonal of {from_x},{from_y}",
                )
            length = max(abs(across), abs(down))
            for step in range(1, length + 1):
                self.cells.append((from_x + across // length * step, from_y + down // length * step))
        else:
            self.cells.append(point)
        if len(self.cells) > MAX_WAY or len(self.way) >= MAX_WAY:
            raise BadMap(number, f"the way is longer than {MAX_WAY} cells")
        self.way.append(point)
        self.stops.append(len(self.cells) - 1)


@lru_cache(maxsize=64)
def read_map(text: str) -> MapFile:
    """Read a map. Raises ``BadMap`` with the number of the offending line.

    Files in use are met halfway: any line end, blanks around everything, a byte order mark, small letters in head
    lines, an empty colour, repeated cells, ways that cross themselves or stand still, cells both holy and way.
    """
    if len(text) > MAX_TEXT:
        raise BadMap(1, f"the map is longer than {MAX_TEXT} characters")
    reader = _Reader()
    number = 0
    for number, line in enumerate(_lines(text), 1):
        if line.strip():
            reader.line(number, line.strip())
    if len(reader.cells) < 2:
        raise BadMap(max(number, 1), "the way needs at least two cells")
    return MapFile(
        title=reader.title,
        background=reader.background,
        version=reader.version,
        owner=reader.owner,
        alpha_color=reader.alpha_color,
        holy=frozenset(reader.holy) - frozenset(reader.cells),
        way=tuple(reader.way),
        cells=tuple(reader.cells),
        stops=tuple(reader.stops),
    )


def facts(text: str) -> MapFacts:
    """Return who a map says it is by, and its version. Raises ``BadMap``."""
    found = read_map(text)
    return MapFacts(found.owner, found.version)


def stamp(text: str, owner: str, version: int) -> str:
    """Return the map text with these ``OWNER`` and ``VERSION`` lines in place of any others; the rest is unchanged.

    Raises ``BadMap`` if the owner is no name that fits into a line.
    """
    if not _OWNER.fullmatch(owner):
        raise BadMap(1, "OWNER must be the name of a team")
    kept = [line for line in _lines(text) if not _is_stamp(line)]
    # After the title: readers of old look for it in the first three lines.
    at = next((index for index, line in enumerate(kept) if not line.startswith("#")), len(kept))
    return "\n".join([*kept[:at], f"VERSION: {version}", f"OWNER: {owner}", *kept[at:]]).rstrip("\n") + "\n"


def _is_stamp(line: str) -> bool:
    head = _HEAD.fullmatch(line.strip())
    return head is not None and head[1].upper() in ("VERSION", "OWNER")


def _lines(text: str) -> list[str]:
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
