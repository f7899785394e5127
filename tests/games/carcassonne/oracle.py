"""What a turn of Carcassonne scores, from public snapshots and the page about the cards alone.

Nothing of the game's package is used: tiles are read out of the table in docs/kassel.md, cells are found along
``north``, ``east``, ``south`` and ``west``, and features by joining the ends of places over the edges of cells.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from pathlib import Path

import attrs

from tests.games.snapshot import Snapshot

_PAGE = (Path(__file__).parents[3] / "docs" / "kassel.md").read_text(encoding="utf-8")

Cell = tuple[int, int]
#: The edge between two cells, and of a meadow the half of it, as the first of both cells sees it.
End = tuple[Cell, Cell, str]

_AWAY = {"N": (0, -1), "E": (1, 0), "S": (0, 1), "W": (-1, 0)}
_LINKS = {"north": "N", "east": "E", "south": "S", "west": "W"}


@attrs.frozen
class Printed:
    """A place as the page prints it: its kind, its ends (``N``, ``EL``), pennant, and the cities a meadow borders."""

    kind: str
    ends: tuple[str, ...]
    pennant: bool
    cities: tuple[str, ...]


def _place(text: str) -> tuple[str, Printed]:
    found = re.fullmatch(r"(\d+) (city|road|abbey|meadow)((?: [NESWLR]+)*)( with pennant)?(?: \(([\d, ]+)\))?", text)
    assert found is not None, text
    number, kind, words, pennant, cities = found.groups()
    ends = tuple(words.split()) if kind == "meadow" else tuple(words.replace(" ", ""))
    return number, Printed(kind, ends, pennant is not None, tuple((cities or "").split(", ")) if cities else ())


#: The cards by their letters, as printed.
CARDS: dict[str, dict[str, Printed]] = {
    letter: dict(map(_place, places.split("; ")))
    for letter, places in re.findall(r"^\| ([A-X]) \| \d+ \| ([^|]+) \|$", _PAGE, re.M)
}


def _turned(end: str, quarters: int) -> str:
    return "NESW"[("NESW".index(end[0]) + quarters) % 4] + end[1:]


def _joint(cell: Cell, end: str) -> End:
    """Return an end as both cells at it name it: what one sees to the left the other sees to the right."""
    beyond = (cell[0] + _AWAY[end[0]][0], cell[1] + _AWAY[end[0]][1])
    if cell < beyond:
        return cell, beyond, end[1:]
    return beyond, cell, {"L": "R", "R": "L", "": ""}[end[1:]]


@attrs.frozen
class Feature:
    """Places that belong together, by the names of their positions, and the cells they lie on."""

    kind: str
    places: frozenset[str]
    cells: frozenset[Cell]
    pennants: int
    complete: bool


class Board:
    """The laid cards of a snapshot. A place is the name of its ``MeeplePosition``."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.places: dict[str, tuple[Cell, Printed]] = {}
        self._siblings: dict[str, dict[str, str]] = {}
        self.cells: dict[str, Cell] = {}
        laid = [name for name in snapshot.named("Field") if any(snapshot.one(name, link) for link in _LINKS)]
        waiting = [(laid[0] if laid else next(snapshot.named("Field")), (0, 0))]
        while waiting:
            field, cell = waiting.pop()
            if field in self.cells:
                assert self.cells[field] == cell, "the neighbours do not fit together"
                continue
            self.cells[field] = cell
            for link, side in _LINKS.items():
                beside = snapshot.one(field, link)
                if beside is not None:
                    waiting.append((beside, (cell[0] + _AWAY[side][0], cell[1] + _AWAY[side][1])))
            self._lay(snapshot, field, cell)
        assert len(set(self.cells.values())) == len(self.cells), "two cards on one cell"

    def _lay(self, snapshot: Snapshot, field: str, cell: Cell) -> None:
        quarters = int((snapshot.one(field, "rotation") or "R0")[1:]) // 90
        printed = CARDS[snapshot.one(field, "name") or ""]
        numbers = {snapshot.one(place, "name") or "": place for place in snapshot.many(field, "meeplePositions")}
        assert set(numbers) == set(printed), field
        for number, place in numbers.items():
            ends = tuple(_turned(end, quarters) for end in printed[number].ends)
            self.places[place] = cell, attrs.evolve(printed[number], ends=ends)
            self._siblings[place] = numbers

    def features(self) -> list[Feature]:
        """Flood from place to place over shared ends."""
        at: dict[End, list[str]] = defaultdict(list)
        for place, (cell, printed) in self.places.items():
            for end in printed.ends:
                at[_joint(cell, end)].append(place)
        left, found = set(self.places), []
        while left:
            flood, edge, is_open = set[str](), [left.pop()], False
            while edge:
                place = edge.pop()
                if place in flood:
                    continue
                flood.add(place)
                cell, printed = self.places[place]
                for end in printed.ends:
                    joined = at[_joint(cell, end)]
                    is_open |= len(joined) < 2
                    assert {self.places[other][1].kind for other in joined} == {printed.kind}, "edges do not match"
                    edge += joined
            left -= flood
            found.append(self._feature(flood, is_open))
        return found

    def _feature(self, flood: set[str], is_open: bool) -> Feature:
        cells = frozenset(self.places[place][0] for place in flood)
        kind = self.places[next(iter(flood))][1].kind
        pennants = sum(self.places[place][1].pennant for place in flood)
        complete = len(self._around(next(iter(cells)))) == 9 if kind == "abbey" else not is_open
        return Feature(kind, frozenset(flood), cells, pennants, complete)

    def _around(self, cell: Cell) -> list[Cell]:
        return [(x, y) for x, y in self.cells.values() if abs(x - cell[0]) <= 1 and abs(y - cell[1]) <= 1]

    def worth(self, feature: Feature, features: list[Feature]) -> int:
        """Return the points of a feature as it lies there."""
        if feature.kind == "road":
            return len(feature.cells)
        if feature.kind == "abbey":
            return len(self._around(next(iter(feature.cells))))
        if feature.kind == "city":
            return (len(feature.cells) + feature.pennants) * (1 + feature.complete)
        beside = {
            self._siblings[place][number] for place in feature.places for number in self.places[place][1].cities
        }
        return 3 * sum(other.kind == "city" and other.complete and bool(other.places & beside) for other in features)


class Oracle:
    """Keeps scores and followers of its own; followers are owners by the place they stand on."""

    def __init__(self) -> None:
        self.scores: Counter[str] = Counter()
        self.standing: dict[str, str] = {}

    def turn(self, board: Board, place: str | None, owner: str | None) -> None:
        """Score what a turn has completed, a follower put on ``place`` or none."""
        features = board.features()
        if place is not None and owner is not None:
            crowd = next(feature for feature in features if place in feature.places)
            assert not crowd.places & self.standing.keys(), "a follower on a taken feature"
            self.standing[place] = owner
        for feature in features:
            if feature.complete and feature.kind != "meadow":
                self._pay(board, feature, features)
                self.standing = {spot: who for spot, who in self.standing.items() if spot not in feature.places}

    def end(self, board: Board) -> None:
        """Add what is scored when the cards are used up."""
        features = board.features()
        for feature in features:
            self._pay(board, feature, features)

    def _pay(self, board: Board, feature: Feature, features: list[Feature]) -> None:
        crowd = Counter(who for spot, who in self.standing.items() if spot in feature.places)
        for who, count in crowd.items():
            if count == max(crowd.values()):
                self.scores[who] += board.worth(feature, features)
