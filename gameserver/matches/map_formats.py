"""The map files of the seasons as the lobby handles them: checked whole, owned by a team, numbered by version."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib.resources import files

import attrs

from gameserver.errors import Code, GameError
from gameserver.games.catan import map_format as catan
from gameserver.games.creepsmash import mapfile as creepsmash

_CATAN_HEAD = re.compile(r"(CREATOR|VERSION): ?.*")


@attrs.frozen
class MapFacts:
    """Who a map says it is by, and its version."""

    owner: str
    version: int


@attrs.frozen
class MapFormat:
    """One season's format. ``package`` holds the maps that come with the server, ``default`` is one of them.

    ``facts`` reads and checks a text, ``stamp`` puts owner and version into it; both raise ``GameError`` ``bad_map``.
    """

    package: str
    default: str
    facts: Callable[[str], MapFacts]
    stamp: Callable[[str, str, int], str]

    def built_in(self) -> dict[str, tuple[str, bytes]]:
        """Return text and picture (empty if there is none) of the maps that come with the server, by name."""
        folder = files(self.package) / "maps"
        found: dict[str, tuple[str, bytes]] = {}
        for file in sorted(folder.iterdir(), key=lambda file: file.name):
            name, dot, ending = file.name.rpartition(".")
            if dot and ending == "map":
                picture = folder / f"{name}.jpg"
                found[name] = (file.read_text("utf-8"), picture.read_bytes() if picture.is_file() else b"")
        return found


def _bad_map(line: int, sentence: str) -> GameError:
    return GameError(Code.BAD_MAP, f"The map cannot be used: line {line}: {sentence}")


def _catan_facts(text: str) -> MapFacts:
    try:
        found = catan.read_map(text)
    except catan.BadMap as error:
        raise _bad_map(error.line, error.sentence) from None
    return MapFacts(found.creator, found.version)


def _catan_stamp(text: str, owner: str, version: int) -> str:
    rest = [line for line in text.splitlines() if line.strip() and not _CATAN_HEAD.fullmatch(line.strip())]
    return "\n".join([f"CREATOR: {owner}", f"VERSION: {version}", *rest]) + "\n"


def _creepsmash_facts(text: str) -> MapFacts:
    try:
        found = creepsmash.read_map(text)
    except creepsmash.MapError as error:
        raise _bad_map(error.line, error.sentence) from None
    return MapFacts(found.owner, found.version)


def _creepsmash_stamp(text: str, owner: str, version: int) -> str:
    try:
        return creepsmash.stamp(text, owner, version)
    except creepsmash.MapError as error:
        raise _bad_map(error.line, error.sentence) from None


CATAN_MAPS = MapFormat("gameserver.games.catan", "map_balanced", _catan_facts, _catan_stamp)
CREEPSMASH_MAPS = MapFormat("gameserver.games.creepsmash", "map_meadow", _creepsmash_facts, _creepsmash_stamp)
