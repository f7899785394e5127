"""Matches, maps and achievements without a database."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from gameserver.errors import Code, GameError
from gameserver.matches.command_log import Header
from gameserver.matches.store import Achievement, Elsewhere, Holding, LogLine, StoredMap, Summary, check_open_games


class MemoryMatches:
    """A ``MatchStore`` that forgets everything with the process. ``beside`` makes it another node's on the same data.

    Nodes in ``dead`` are taken for gone by all.
    """

    def __init__(self, node: str = "a", beside: MemoryMatches | None = None) -> None:
        self.node = node
        self._kept: dict[int, Summary] = {} if beside is None else beside._kept
        self._lines: dict[int, dict[int, LogLine]] = {} if beside is None else beside._lines
        self._owners: dict[int, str] = {} if beside is None else beside._owners
        self.dead: set[str] = set() if beside is None else beside.dead

    async def create(self, header: Header, most: int) -> int:
        """See ``MatchStore``."""
        check_open_games(sum(open_.creator == header.creator for open_ in self._unfinished()), most)
        taken = (header.kind, header.options.name)
        if any((open_.kind, open_.options.name) == taken for open_ in self._unfinished()):
            raise GameError(Code.GAME_EXISTS, f"GAME {header.options.name} already exists.")
        number = max(self._owners, default=0) + 1
        self._kept[number] = Summary(attrs.evolve(header, id=number, epoch=0), None, "", ())
        self._lines[number] = {}
        self._owners[number] = self.node
        return number

    def _unfinished(self) -> list[Header]:
        return [kept.header for kept in self._kept.values() if kept.finished_ms is None]

    def _still(self, header: Header) -> bool:
        kept = self._kept.get(header.id)
        return kept is not None and kept.header.epoch == header.epoch

    async def append(self, lines: Sequence[LogLine]) -> frozenset[int]:
        """See ``MatchStore``."""
        refused = set()
        for line in lines:
            kept = self._kept.get(line.match)
            if kept is not None and kept.header.epoch == line.epoch:
                self._lines[line.match].setdefault(line.number, attrs.evolve(line, epoch=0))
            elif kept is not None:
                refused.add(line.match)
        return frozenset(refused)

    async def finish(self, header: Header, at_ms: int, winner: str, players: Sequence[str]) -> None:
        """See ``MatchStore``."""
        if self._still(header):
            self._kept[header.id] = Summary(self._kept[header.id].header, at_ms, winner, tuple(players))

    async def discard(self, header: Header) -> None:
        """See ``MatchStore``."""
        if self._still(header):
            self._forget(header.id)

    def _forget(self, match: int) -> None:
        del self._kept[match], self._lines[match]

    async def take_own(self) -> list[Header]:
        """See ``MatchStore``."""
        return [self._take(header) for header in self._unfinished() if self._owners[header.id] == self.node]

    def _take(self, header: Header) -> Header:
        taken = attrs.evolve(header, epoch=header.epoch + 1)
        self._kept[header.id] = attrs.evolve(self._kept[header.id], header=taken)
        self._owners[header.id] = self.node
        return taken

    async def lost(self, headers: Sequence[Header]) -> frozenset[int]:
        """See ``MatchStore``."""
        return frozenset(header.id for header in headers if header.id in self._kept and not self._still(header))

    async def take_over(self, kind: str, name: str) -> Header | None:
        """See ``MatchStore``."""
        found = next(
            (header for header in self._unfinished() if (header.kind, header.options.name) == (kind, name)), None
        )
        owner = self.node if found is None else self._owners[found.id]
        if found is None or owner == self.node:
            return None
        if owner not in self.dead:
            raise Elsewhere(name, owner)
        return self._take(found)

    async def take_orphans(self) -> list[Header]:
        """See ``MatchStore``."""
        return []

    async def give_up(self) -> int:
        """See ``MatchStore``."""
        return 0

    async def summary(self, match: int) -> Summary | None:
        """See ``MatchStore``."""
        return self._kept.get(match)

    async def recent(self, kind: str, limit: int) -> list[Summary]:
        """See ``MatchStore``."""
        over = [kept for kept in self._kept.values() if kept.header.kind == kind and kept.finished_ms is not None]
        return sorted(over, key=lambda kept: (kept.finished_ms or 0, kept.header.id), reverse=True)[:limit]

    async def search(self, text: str, limit: int) -> list[Summary]:
        """See ``MatchStore``."""
        found = [
            kept
            for number, kept in self._kept.items()
            if text.casefold() in kept.header.options.name.casefold() or text == str(number)
        ]
        return sorted(found, key=lambda kept: kept.header.id, reverse=True)[:limit]

    async def holding(self, match: int) -> Holding | None:
        """See ``MatchStore``."""
        kept, lines = self._kept.get(match), await self.lines(match)
        last_ms = lines[-1].at_ms if lines else None
        return Holding(kept, self._owners[match], len(lines), last_ms) if kept is not None else None

    async def lines(self, match: int) -> list[LogLine]:
        """See ``MatchStore``."""
        return [line for _, line in sorted(self._lines.get(match, {}).items())]

    async def prune(self, before_ms: int) -> int:
        """See ``MatchStore``."""
        old = [n for n, kept in self._kept.items() if kept.finished_ms is not None and kept.finished_ms < before_ms]
        for number in old:
            self._forget(number)
        return len(old)


class MemoryMaps:
    """A ``MapStore`` that forgets everything with the process."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], StoredMap] = {}

    async def all(self) -> list[StoredMap]:
        """See ``MapStore``."""
        return [attrs.evolve(stored, picture=b"") for _, stored in sorted(self._kept.items())]

    async def names(self) -> set[tuple[str, str]]:
        """See ``MapStore``."""
        return set(self._kept)

    async def picture(self, kind: str, name: str) -> bytes:
        """See ``MapStore``."""
        stored = self._kept.get((kind, name))
        return stored.picture if stored is not None else b""

    async def remove(self, kind: str, name: str) -> bool:
        """See ``MapStore``."""
        return self._kept.pop((kind, name), None) is not None

    async def put(self, stored: StoredMap, by: str, now_ms: int) -> None:
        """See ``MapStore``."""
        self._kept[stored.kind, stored.name] = stored


class MemoryAchievements:
    """An ``AchievementStore`` that forgets everything with the process."""

    def __init__(self) -> None:
        self._kept: dict[str, Achievement] = {}
        self._reached: set[tuple[str, str]] = set()

    async def all(self) -> list[Achievement]:
        """See ``AchievementStore``."""
        return list(self._kept.values())

    async def put(self, achievement: Achievement, now_ms: int) -> None:
        """See ``AchievementStore``."""
        await self.remove(achievement.name)
        self._kept[achievement.name] = achievement

    async def remove(self, name: str) -> bool:
        """See ``AchievementStore``."""
        self._reached = {found for found in self._reached if found[0] != name}
        return self._kept.pop(name, None) is not None

    async def reach(self, name: str, nickname: str, match: int, now_ms: int) -> bool:
        """See ``AchievementStore``."""
        if name not in self._kept or (name, nickname) in self._reached:
            return False
        self._reached.add((name, nickname))
        return True

    async def reached(self, nickname: str) -> set[str]:
        """See ``AchievementStore``."""
        return {name for name, who in self._reached if who == nickname}
