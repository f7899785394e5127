"""What the site's pages need of a lobby beside its lines: who is away, how much time is left, games with a clock."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import Any

import msgspec
from twisted.web.server import Request

from gameserver.edge.context import Context
from gameserver.edge.http.json_resource import JsonResource, argument, body
from gameserver.edge.http.people import operator, who
from gameserver.errors import Code, GameError
from gameserver.matches.match import Match
from gameserver.matches.seat import Seat
from gameserver.moderation import MODERATORS
from gameserver.protocols.kassel.lobby.arguments import creation
from gameserver.protocols.kassel.lobby.creating import make_game
from gameserver.protocols.kassel.shared import SeasonShared


class NewGame(msgspec.Struct, forbid_unknown_fields=True):
    """The body of ``POST /api/games``: ``game`` is what stands behind CREATE GAME, by the season's grammar."""

    season: str
    game: str
    turn_seconds: int = 0


class Closing(msgspec.Struct, forbid_unknown_fields=True):
    """The body of ``POST /api/operator/close``: the number of an open match."""

    match: int


class SitePages:
    """``GET /api/seats?season=ss14&name=table``, ``POST /api/games``, and ``POST /api/operator/close``."""

    def __init__(self, context: Context, seasons: Sequence[SeasonShared]) -> None:
        self._context = context
        self._seasons = {shared.season.name: shared for shared in seasons}

    def resources(self) -> dict[str, JsonResource]:
        """Return the resources by path."""
        return {
            "api/seats": JsonResource(GET=self._seats),
            "api/games": JsonResource(POST=self._create),
            "api/operator/close": JsonResource(POST=self._close),
        }

    def _season(self, name: str) -> SeasonShared:
        if name not in self._seasons:
            raise GameError(Code.BAD_REQUEST, f"season must be one of {', '.join(self._seasons)}.")
        return self._seasons[name]

    async def _create(self, request: Request) -> object:
        account = await who(self._context, request)
        wanted = body(request, NewGame)
        shared = self._season(wanted.season)
        game = creation(shared.season, wanted.game)
        await make_game(shared, game, account.player, wanted.turn_seconds)
        return {"name": game.name}

    async def _close(self, request: Request) -> object:
        asker = await operator(self._context, request, *MODERATORS)
        number = body(request, Closing).match
        for shared in self._seasons.values():
            match = next((one for one in shared.matches.open(shared.kind.name) if one.header.id == number), None)
            if match is not None:
                match.dismiss()
                await self._context.moderation.note(asker.name, "close", f"match:{number}", match.name)
                return {"closed": number}
        if any(one.get("id") == number for one in self._context.open_matches()):
            raise GameError(Code.ELSEWHERE, f"Match {number} is at another server of this community: close it there.")
        raise GameError(Code.NO_GAME, f"There is no open match {number}.")

    async def _seats(self, request: Request) -> object:
        shared = self._season(argument(request, "season"))
        name = argument(request, "name")
        match = next((one for one in shared.matches.open(shared.kind.name) if one.name == name), None)
        if match is None:
            # Over, or at another node, which is nobody's mistake who looks again and again.
            return {"turn_seconds": 0, "seats": []}
        return {
            "turn_seconds": match.header.options.turn_seconds,
            "seats": [self._shown(shared, match, seat) for seat in match.seats()],
        }

    @staticmethod
    def _shown(shared: SeasonShared, match: Match, seat: Seat) -> dict[str, Any]:
        return {
            "name": seat.participant.nickname,
            "visitor": seat.participant.visitor,
            "computer": seat.participant.computer,
            "away_s": _whole(shared.matches.grace.left(seat)),
            "turn_s": _whole(shared.matches.turn_clocks.left(match, seat)),
        }


def _whole(seconds: float | None) -> int | None:
    return None if seconds is None else ceil(seconds)
