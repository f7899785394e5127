"""``/techmino/replays``: the rounds somebody has played, and each as a download for its participants."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol

from twisted.web.server import Request

from gameserver.edge.http.json_resource import JsonResource, argument
from gameserver.errors import Code, GameError

#: Most rounds of one answer.
COUNT = 100


class ReplaySource(Protocol):
    """Where the rounds are."""

    async def listed(self, uid: int, begin: int, count: int) -> list[dict[str, object]]:
        """Return a player's rounds with their results, the newest first."""

    async def whole(self, number: int, uid: int) -> dict[str, object] | None:
        """Return a round with everything its players have sent, ``None`` if that player was not in it."""


def replays_resource(who: Callable[[Request], Awaitable[int]], source: ReplaySource) -> JsonResource:
    """Return the resource; ``who`` recognises the account that asks and raises ``GameError``."""

    async def get(request: Request) -> object:
        path = [part for part in request.postpath or [] if part]
        if not path:
            begin, count = _number(request, "begin", 0), _number(request, "count", 20)
            return {"replays": await source.listed(await who(request), begin, min(count, COUNT))}
        number = path[0].decode("ascii", "replace")
        uid = await who(request)
        fits = len(path) == 1 and number.isascii() and number.isdecimal() and len(number) < 10
        found = await source.whole(int(number), uid) if fits else None
        if found is None:
            raise GameError(Code.NOT_FOUND, "You have not played this round.")
        request.setHeader("Content-Disposition", f'attachment; filename="techmino-{number}.json"')
        return found

    return JsonResource(GET=get)


def _number(request: Request, name: str, default: int) -> int:
    text = argument(request, name, str(default))
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise GameError(Code.BAD_REQUEST, f"{name} is a whole number.")
    return int(text)
