"""The maps of a game that is played on maps: how its files are checked and marked, and what is wrong with one."""

from __future__ import annotations

from collections.abc import Callable

import attrs


class BadMap(ValueError):
    """A map text that breaks its format. ``line`` counts from 1; the text names it."""

    def __init__(self, line: int, sentence: str) -> None:
        super().__init__(f"line {line}: {sentence}")
        self.line = line
        self.sentence = sentence


@attrs.frozen
class MapFacts:
    """Who a map says it is by, and its version."""

    owner: str
    version: int


@attrs.frozen
class MapFormat:
    """One game's format. ``package`` has a folder ``maps`` with the maps that come with the game.

    There ``<name>.map`` is a text and ``<name>.jpg``, if there is one, its picture. ``default`` is the map of a game
    that names none. ``facts`` reads and checks a text, ``stamp`` puts owner and version into one; both raise
    ``BadMap``.
    """

    package: str
    default: str
    facts: Callable[[str], MapFacts]
    stamp: Callable[[str, str, int], str]
