"""Rounds and saves of Techmino without a database."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from gameserver.matches.techmino_rounds import RoundRecord


class MemoryRounds:
    """A ``RoundStore`` that forgets everything with the process."""

    def __init__(self) -> None:
        self._kept: dict[int, RoundRecord] = {}

    async def keep_round(self, record: RoundRecord) -> int:
        """See ``RoundStore``."""
        number = max(self._kept, default=0) + 1
        ordered = tuple(sorted(record.players, key=lambda player: (player.place, player.uid)))
        self._kept[number] = attrs.evolve(record, id=number, players=ordered)
        return number

    async def rounds_of(self, uid: int, begin: int, count: int) -> list[RoundRecord]:
        """See ``RoundStore``."""
        own = [record for record in self._kept.values() if any(player.uid == uid for player in record.players)]
        return [
            attrs.evolve(record, players=tuple(attrs.evolve(player, stream=b"") for player in record.players))
            for record in own[::-1][begin : begin + count]
        ]

    async def get(self, number: int, uid: int) -> RoundRecord | None:
        """See ``RoundStore``."""
        record = self._kept.get(number)
        return record if record and any(player.uid == uid for player in record.players) else None

    async def delete_before(self, at_ms: int) -> int:
        """See ``RoundStore``."""
        old = [number for number, record in self._kept.items() if record.ended_ms < at_ms]
        for number in old:
            del self._kept[number]
        return len(old)


class MemorySaves:
    """A ``SaveStore`` that forgets everything with the process."""

    def __init__(self) -> None:
        self._kept: dict[int, dict[int, str]] = {}

    async def keep_sections(self, uid: int, sections: Mapping[int, str]) -> None:
        """See ``SaveStore``."""
        self._kept.setdefault(uid, {}).update(sections)

    async def sections_of(self, uid: int) -> dict[int, str]:
        """See ``SaveStore``."""
        return dict(sorted(self._kept.get(uid, {}).items()))
