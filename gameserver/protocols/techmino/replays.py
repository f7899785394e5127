"""Rounds as they are kept, and as their participants download them (an addition of this server)."""

from __future__ import annotations

import zlib

import attrs
import msgspec
from twisted.internet.interfaces import IReactorTime
from twisted.internet.task import deferLater

from gameserver.matches.techmino_rounds import PlayerRecord, RoundRecord, RoundStore
from gameserver.protocols.techmino.seat import Seat

#: Bytes of a record that are compressed within one reactor turn: some milliseconds.
SLICE = 1 << 17

#: Faster than the default by three, for a twentieth of the size.
LEVEL = 1


async def recorded(clock: IReactorTime, head: RoundRecord, result: list[Seat]) -> RoundRecord:
    """Return a round's record with everything its players have sent; a long round takes many reactor turns."""
    players = []
    for seat in result:
        packer, text, packed = zlib.compressobj(LEVEL), seat.recorded(), []
        for start in range(0, len(text), SLICE):
            packed.append(packer.compress(text[start : start + SLICE]))
            await deferLater(clock, 0)
        stream = b"".join([*packed, packer.flush()])
        line = (seat.uid, seat.username, seat.place, seat.score, seat.survival_time)
        players.append(PlayerRecord(*line, stream=stream, whole=seat.whole))
    return attrs.evolve(head, players=tuple(players))


class Replays:
    """Rounds as JSON values."""

    def __init__(self, clock: IReactorTime, store: RoundStore) -> None:
        self._clock = clock
        self._store = store

    async def listed(self, uid: int, begin: int, count: int) -> list[dict[str, object]]:
        """Return a player's rounds with their results, the newest first."""
        rounds = await self._store.rounds_of(uid, begin, count)
        return [_shown(record, [_player(player) for player in record.players]) for record in rounds]

    async def whole(self, number: int, uid: int) -> dict[str, object] | None:
        """Return a round with everything its players have sent, ``None`` if that player was not in it.

        ``stream`` lists the pieces in order, each as it was sent; with ``seed`` they replay the round. ``whole`` is
        false if a player sent more than is kept.
        """
        record = await self._store.get(number, uid)
        if record is None:
            return None
        players = []
        for player in record.players:
            stream = msgspec.Raw(zlib.decompress(player.stream))
            players.append({**_player(player), "whole": player.whole, "stream": stream})
            # The streams of a large round take time; nobody else waits for them.
            await deferLater(self._clock, 0)
        return _shown(record, players)


def _player(player: PlayerRecord) -> dict[str, object]:
    return {
        "uid": player.uid,
        "username": player.username,
        "place": player.place,
        "score": player.score,
        "survivalTime": player.survival_time,
    }


def _shown(record: RoundRecord, players: list[dict[str, object]]) -> dict[str, object]:
    return {
        "id": record.id,
        "rid": record.rid,
        "room": record.room,
        "type": record.type,
        "seed": record.seed,
        "started_ms": record.started_ms,
        "ended_ms": record.ended_ms,
        "players": players,
    }
