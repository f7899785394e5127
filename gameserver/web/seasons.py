"""``/api/seasons``: the lobbies there are, with what a page needs that knows no game by name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from twisted.web.server import Request

from gameserver.edge.http.json_resource import JsonResource
from gameserver.games.kind import Kind
from gameserver.web.static_files import boards


def seasons_resource(kinds: Iterable[Kind[Any]]) -> JsonResource:
    """Return the resource; its answer is the same as long as the server runs."""
    own = boards()
    found = {"seasons": [_shown(kind, kind.name in own) for kind in kinds]}

    async def get(_request: Request) -> object:
        return found

    return JsonResource(GET=get)


def _shown(kind: Kind[Any], board: bool) -> dict[str, Any]:
    season = kind.season
    return {
        "name": season.name,
        "game": kind.name,
        "title": kind.title,
        "path": f"/kassel/{season.name}",
        "greeting": season.greeting,
        "count_option": season.count_option,
        "players": list(kind.players),
        "maps": season.maps is not None,
        "zipped": season.zipped,
        "passwords": season.passwords,
        "achievements": season.achievements is not None,
        "real_time": kind.real_time,
        "collections": sorted(kind.collections),
        "actions": [{"action": action, "arguments": list(names)} for action, names in kind.actions.items()],
        "board": board,
    }
