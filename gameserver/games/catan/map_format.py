"""The map file format: reading it and checking it completely, every complaint with its line number.

A file is lines of text::

    CREATOR: SE
    VERSION: 1
    # a comment
    1;DESERT;0;N,2;
    2;MOUNTAIN;360;S,1;

``VERSION`` (a whole number from 1) must be there. ``CREATOR`` is written by the server: whoever uploads a map may
leave it out. Other ``KEY: value`` lines are allowed and mean nothing. A field line is
``id;TYPE;rotation;DIRECTION,id;...;``. ``DIRECTION,id`` says that **this field lies in that direction of field id**:
field 2 above lies south of field 1. Rotation is in degrees, clockwise, a multiple of
60; it matters for harbours (at 0 the harbour serves its southern edge) and for the barbarians' track (at 0 it
leads south). Every field but the one with the smallest id names at least one neighbour with a smaller id, so that
a reader can place the fields in the order of their ids.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import attrs

from gameserver.games.catan.geometry import Direction, Point, corners, ends, opposite, step, turned
from gameserver.games.catan.goods import HARBORS, LAND, RESOURCE_OF, Terrain
from gameserver.games.maps import BadMap, MapFacts

#: More fields than any table holds, and more text than they need: bounds for uploads.
MAX_FIELDS = 150
MAX_TEXT = 64 * 1024
#: Six players found two places each. A place bars itself and at most three others, so that eleven of them leave
#: the twelfth a choice on a board with this many intersections.
MIN_INTERSECTIONS = 48

_HEADER = re.compile(r"([A-Z][A-Z ]*): ?(.*)")
_NUMBER = re.compile(r"[0-9]{1,6}")
_STAMP = re.compile(r"(CREATOR|VERSION): ?.*")


@attrs.frozen
class PlacedField:
    """One field of a map: where its line stands, what it is, and where it lies."""

    line: int
    id: int
    terrain: Terrain
    rotation: int
    neighbours: Mapping[Direction, int]
    point: Point

    @property
    def edge(self) -> Direction:
        """The edge a harbour serves, or through which the barbarians' ship leaves its first field."""
        return turned(Direction.S, self.rotation)


@attrs.frozen
class MapFile:
    """A map as read: who made it ("" if it does not say), its version, and its fields by ascending id."""

    creator: str
    version: int
    fields: tuple[PlacedField, ...]


@attrs.frozen
class _Line:
    number: int
    id: int
    terrain: Terrain
    rotation: int
    #: By direction the field that lies on the other side: this field lies DIRECTION of it.
    names: Mapping[Direction, int]


def parse_map(text: str) -> MapFile:
    """Read a map and check its form and its geometry. Raises ``BadMap`` at the first thing that is wrong."""
    if len(text) > MAX_TEXT:
        raise BadMap(1, f"a map has at most {MAX_TEXT} characters")
    headers: dict[str, tuple[int, str]] = {}
    lines: dict[int, _Line] = {}
    number = 1
    for number, raw in enumerate(_lines(text), start=1):
        if any(not char.isprintable() and char != "\t" for char in raw):
            raise BadMap(number, "the line has control characters")
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        header = _HEADER.fullmatch(line)
        if header is not None:
            if header[1] in headers:
                raise BadMap(number, f"{header[1]} is given twice")
            headers[header[1]] = (number, header[2].strip())
            continue
        field = _field(number, line)
        if field.id in lines:
            raise BadMap(number, f"field {field.id} was already given in line {lines[field.id].number}")
        if len(lines) == MAX_FIELDS:
            raise BadMap(number, f"a map has at most {MAX_FIELDS} fields")
        lines[field.id] = field
    if "VERSION" not in headers:
        raise BadMap(number, "the line 'VERSION: <number>' is missing")
    version = headers["VERSION"]
    if not _NUMBER.fullmatch(version[1]) or int(version[1]) < 1:
        raise BadMap(version[0], "VERSION must be a whole number from 1 to 999999")
    if not lines:
        raise BadMap(number, "the map has no fields")
    return MapFile(headers.get("CREATOR", (0, ""))[1], int(version[1]), _placed(lines))


def _lines(text: str) -> list[str]:
    return [line.removesuffix("\r") for line in text.split("\n")]


def read_map(text: str) -> MapFile:
    """Read a map that can be played: ``parse_map``, and the board must be usable. Raises ``BadMap``."""
    found = parse_map(text)
    _check_playable(found.fields)
    return found


def facts(text: str) -> MapFacts:
    """Return who a map that can be played says it is by, and its version. Raises ``BadMap``."""
    found = read_map(text)
    return MapFacts(found.creator, found.version)


def stamp(text: str, owner: str, version: int) -> str:
    """Return a map text with these ``CREATOR`` and ``VERSION`` lines in place of any others, without empty lines."""
    rest = [line for line in text.splitlines() if line.strip() and not _STAMP.fullmatch(line.strip())]
    return "\n".join([f"CREATOR: {owner}", f"VERSION: {version}", *rest]) + "\n"


def _field(number: int, line: str) -> _Line:
    if not line.endswith(";"):
        raise BadMap(number, "a field line is 'id;TYPE;rotation;DIRECTION,id;...;' and ends with a semicolon")
    parts = line[:-1].split(";")
    if len(parts) < 4:
        raise BadMap(number, "a field line has an id, a type, a rotation and at least one neighbour")
    if not _NUMBER.fullmatch(parts[0]):
        raise BadMap(number, "a field id is a whole number of at most six digits")
    try:
        terrain = Terrain(parts[1])
    except ValueError:
        raise BadMap(number, f"unknown field type; known are {', '.join(Terrain)}") from None
    if not _NUMBER.fullmatch(parts[2]) or int(parts[2]) % 60:
        raise BadMap(number, "a rotation is a multiple of 60 degrees")
    names: dict[Direction, int] = {}
    for part in parts[3:]:
        direction, comma, other = part.partition(",")
        if not comma or direction not in Direction.__members__ or not _NUMBER.fullmatch(other):
            raise BadMap(number, f"a neighbour is 'DIRECTION,id' with one of the directions {', '.join(Direction)}")
        if Direction(direction) in names:
            raise BadMap(number, f"direction {direction} is given twice")
        if int(other) == int(parts[0]):
            raise BadMap(number, "a field is no neighbour of itself")
        if int(other) in names.values():
            raise BadMap(number, f"field {int(other)} is named twice as a neighbour")
        names[Direction(direction)] = int(other)
    return _Line(number, int(parts[0]), terrain, int(parts[2]) % 360, names)


def _placed(lines: Mapping[int, _Line]) -> tuple[PlacedField, ...]:
    points: dict[int, Point] = {}
    taken: dict[Point, int] = {}
    for id in sorted(lines):
        line = lines[id]
        for other in line.names.values():
            if other not in lines:
                raise BadMap(line.number, f"neighbour {other} is no field of this map")
        earlier = [(direction, other) for direction, other in line.names.items() if other < id]
        if points and not earlier:
            raise BadMap(line.number, f"field {id} names no neighbour with a smaller id, so it cannot be placed")
        points[id] = step(points[earlier[0][1]], earlier[0][0]) if earlier else (0, 0)
        if points[id] in taken:
            raise BadMap(line.number, f"field {id} would lie on field {taken[points[id]]}")
        taken[points[id]] = id
    for id, line in lines.items():
        for direction, other in line.names.items():
            if step(points[other], direction) != points[id]:
                raise BadMap(line.number, f"field {id} does not lie {direction} of field {other}")
    fields = []
    for id in sorted(lines):
        line = lines[id]
        around = {}
        for direction in Direction:
            beside = taken.get(step(points[id], direction))
            if beside is not None:
                around[direction] = beside
        fields.append(PlacedField(line.number, id, line.terrain, line.rotation, around, points[id]))
    return tuple(fields)


def _check_playable(fields: tuple[PlacedField, ...]) -> None:
    by_point = {field.point: field for field in fields}
    last = max(field.line for field in fields)
    land = [field for field in fields if field.terrain in LAND]
    for terrain in RESOURCE_OF:
        if not any(field.terrain is terrain for field in land):
            raise BadMap(last, f"the map has no {terrain} field, so its resource could not be earned")
    if not any(field.terrain is Terrain.DESERT for field in land):
        raise BadMap(last, "the map has no DESERT field for the robber to start on")
    _check_connected(land, last)
    places = {corner for field in land for corner in corners(field.point)}
    if len(places) < MIN_INTERSECTIONS:
        raise BadMap(last, f"the land has {len(places)} intersections, six players need {MIN_INTERSECTIONS}")
    served: dict[Point, int] = {}
    for field in fields:
        if field.terrain in HARBORS:
            facing = by_point.get(step(field.point, field.edge))
            if facing is None or facing.terrain not in LAND:
                raise BadMap(field.line, f"the harbour's edge {field.edge} does not touch land; turn it")
            for corner in ends(field.point, field.edge):
                if corner in served:
                    raise BadMap(field.line, f"the harbour shares an intersection with harbour {served[corner]}")
                served[corner] = field.id
    _check_track(fields, by_point, last)


def _check_connected(land: list[PlacedField], last: int) -> None:
    # There are no ships in this game: land that no road reaches could never be settled after the founding.
    ids = {field.id: field for field in land}
    reached = {land[0].id}
    todo = [land[0]]
    while todo:
        for other in todo.pop().neighbours.values():
            if other in ids and other not in reached:
                reached.add(other)
                todo.append(ids[other])
    if len(reached) < len(land):
        raise BadMap(last, "the land is not in one piece, and there are no ships to cross the sea")


def _check_track(fields: tuple[PlacedField, ...], by_point: Mapping[Point, PlacedField], last: int) -> None:
    starts = [field for field in fields if field.terrain is Terrain.BARBARIAN_START]
    stops = [field for field in fields if field.terrain is Terrain.BARBARIAN_END]
    if len(starts) != 1 or len(stops) != 1:
        raise BadMap(last, "a map has exactly one BARBARIAN_START and one BARBARIAN_END field")
    start, stop = starts[0], stops[0]
    if by_point.get(step(start.point, start.edge)) is not stop:
        raise BadMap(start.line, f"BARBARIAN_END must lie {start.edge} of BARBARIAN_START as that is turned")
    if stop.rotation != start.rotation:
        raise BadMap(stop.line, f"BARBARIAN_END is entered from the {opposite(stop.edge)}; turn it like the start")
