"""What rounds need from storage."""

from __future__ import annotations

from typing import Protocol

import attrs


@attrs.frozen
class PlayerRecord:
    """One player of a round: place, score and survival time (seconds) as in the result.

    ``stream`` is everything they have sent, a zlib-compressed JSON list of texts; ``whole`` says that nothing of it
    was left out.
    """

    uid: int
    username: str
    place: int
    score: int
    survival_time: int
    stream: bytes = b""
    whole: bool = True


@attrs.frozen
class RoundRecord:
    """A round that has been played; times in milliseconds since 1970. ``id`` is 0 until it is kept.

    ``version`` is that of the clients that fit, empty where they say none; ``rules`` are those of the room, a JSON
    object of the clients' own.
    """

    id: int
    rid: str
    room: str
    type: str
    seed: int
    started_ms: int
    ended_ms: int
    players: tuple[PlayerRecord, ...]
    version: str = ""
    rules: str = "{}"


class RoundStore(Protocol):
    """Rounds on disk. Every method returns when the change is durable."""

    async def keep_round(self, record: RoundRecord) -> int:
        """Keep a round and return its number."""

    async def rounds_of(self, uid: int, begin: int, count: int) -> list[RoundRecord]:
        """Return a player's rounds, the newest first, all players without their streams."""

    async def get(self, number: int, uid: int) -> RoundRecord | None:
        """Return a whole round if that player took part in it."""

    async def delete_before(self, at_ms: int) -> int:
        """Forget rounds that ended before a time; return how many."""
