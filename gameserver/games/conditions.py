"""The conditions of achievements: English sentences with placeholders, read and held against a game.

* ``You have NUMBER of your meeples in COMPARE NUMBER TYPE``: at least so many of one's followers stand on features
  of that type, and the number of those features compares as said;
* ``You have all played meeples in COMPARE NUMBER TYPE``: one has followers in play, all of them stand there;
* ``You have received TYPE with COMPARE NUMBER points``: one feature of that type has given so many points.

COMPARE is ``more than``, ``less than`` or ``exactly``; TYPE is ``meadow``, ``city``, ``abbey`` or ``road``.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Sequence

import attrs

from gameserver.errors import Code, GameError

_NUMBER, _COMPARE, _TYPE = r"([1-9][0-9]{0,5})", "(more than|less than|exactly)", "(meadow|city|abbey|road)"
_SOME = re.compile(f"You have {_NUMBER} of your meeples in {_COMPARE} {_NUMBER} {_TYPE}", re.IGNORECASE)
_ALL = re.compile(f"You have all played meeples in {_COMPARE} {_NUMBER} {_TYPE}", re.IGNORECASE)
_POINTS = re.compile(f"You have received {_TYPE} with {_COMPARE} {_NUMBER} points", re.IGNORECASE)

_COMPARISONS: dict[str, Callable[[int, int], bool]] = {
    "more than": operator.gt,
    "less than": operator.lt,
    "exactly": operator.eq,
}


@attrs.frozen
class Standing:
    """What counts: for each follower in play its terrain and feature, and what features have given, with terrain."""

    followers: Sequence[tuple[str, int]]
    points: Iterable[tuple[str, int]]


@attrs.frozen
class Condition:
    """A sentence, and whether it is true of somebody."""

    sentence: str
    holds: Callable[[Standing], bool]


def parse(sentence: str) -> Condition:
    """Read a condition; blanks and case do not matter. Raises ``GameError`` ``bad_condition``."""
    words = " ".join(sentence.split()).rstrip(".")
    if some := _SOME.fullmatch(words):
        followers, compare, features, kind = some.groups()
        return Condition(words, _in_features(kind.lower(), int(followers), compare, int(features)))
    if everyone := _ALL.fullmatch(words):
        compare, features, kind = everyone.groups()
        return Condition(words, _in_features(kind.lower(), None, compare, int(features)))
    if points := _POINTS.fullmatch(words):
        kind, compare, number = points.groups()
        return Condition(words, _with_points(kind.lower(), compare, int(number)))
    raise GameError(Code.BAD_CONDITION, "This is no condition: HELP CREATE ACHIEVEMENT shows the three kinds.")


def _in_features(kind: str, followers: int | None, compare: str, number: int) -> Callable[[Standing], bool]:
    compared = _COMPARISONS[compare.lower()]

    def holds(standing: Standing) -> bool:
        there = [feature for terrain, feature in standing.followers if terrain == kind]
        wanted = len(standing.followers) if followers is None else followers
        return bool(there) and len(there) >= wanted and compared(len(set(there)), number)

    return holds


def _with_points(kind: str, compare: str, number: int) -> Callable[[Standing], bool]:
    compared = _COMPARISONS[compare.lower()]

    def holds(standing: Standing) -> bool:
        return any(terrain == kind and compared(points, number) for terrain, points in standing.points)

    return holds
