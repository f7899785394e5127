"""``/techmino/replays``: the rounds somebody has played, and each as a download for its participants.

An addition of this server.
"""

from __future__ import annotations

import zlib

import msgspec
from twisted.internet.interfaces import IReactorTime
from twisted.internet.task import deferLater
from twisted.web.server import Request

from gameserver.accounts.tokens import LOGIN
from gameserver.edge.context import Context
from gameserver.edge.http.json_resource import JsonResource, address, argument, bearer
from gameserver.errors import Code, GameError
from gameserver.matches.techmino_rounds import PlayerRecord, RoundRecord, RoundStore
from gameserver.protocols.techmino.identities import ACCESS

#: Most rounds of one answer.
COUNT = 100


def replays_page(context: Context) -> JsonResource:
    """Return the resource of the path."""
    replays = Replays(context.reactor, context.stores.rounds)

    async def get(request: Request) -> object:
        path = [part for part in request.postpath or [] if part]
        if not path:
            begin, count = _number(request, "begin", 0), _number(request, "count", 20)
            return {"replays": await replays.listed(await _uid_of(context, request), begin, min(count, COUNT))}
        number = path[0].decode("ascii", "replace")
        uid = await _uid_of(context, request)
        fits = len(path) == 1 and number.isascii() and number.isdecimal() and len(number) < 10
        found = await replays.whole(int(number), uid) if fits else None
        if found is None:
            raise GameError(Code.NOT_FOUND, "You have not played this round.")
        request.setHeader("Content-Disposition", f'attachment; filename="techmino-{number}.json"')
        return found

    return JsonResource(GET=get)


async def _uid_of(context: Context, request: Request) -> int:
    """Return who asks, by the site's own token or by the accessToken that the game has. Raises ``GameError``."""
    token = argument(request, "accessToken") or bearer(request)
    context.sessions.check_banned(address(request))
    try:
        return (await context.accounts.tokens.owner(LOGIN, token)).id
    except GameError as error:
        if error.code == Code.BANNED:
            raise
        return (await context.accounts.tokens.owner(ACCESS, token)).id


def _number(request: Request, name: str, default: int) -> int:
    text = argument(request, name, str(default))
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise GameError(Code.BAD_REQUEST, f"{name} is a whole number.")
    return int(text)


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
        return _shown(record, players) | {"rules": msgspec.Raw(record.rules.encode())}


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
        "version": record.version,
        "seed": record.seed,
        "started_ms": record.started_ms,
        "ended_ms": record.ended_ms,
        "players": players,
    }
