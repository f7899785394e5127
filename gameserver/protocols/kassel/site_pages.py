"""What the site's pages need of a lobby beside its lines: who is away, how much time is left, games with a clock."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import ceil
from typing import Any, TypeVar

import msgspec
from twisted.web.server import Request

from gameserver.edge.context import Context
from gameserver.edge.http.json_resource import JsonResource, argument, body
from gameserver.edge.http.people import operator, who
from gameserver.edge.relay.asking import answering, ask
from gameserver.errors import Code, GameError
from gameserver.matches.match import Match
from gameserver.matches.seat import Seat
from gameserver.moderation import MODERATORS
from gameserver.protocols.kassel.listings import MATCH
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


class Seats(msgspec.Struct, frozen=True, tag="seats"):
    """A node asks for the seats of a game of another one."""

    season: str
    name: str


class Said(msgspec.Struct, frozen=True, tag="said"):
    """A node asks for what was said in a game of another one."""

    season: str
    name: str


class Close(msgspec.Struct, frozen=True, tag="close"):
    """A node lets another one close its match, for an operator."""

    match: int
    by: str


Question = Seats | Said | Close
W = TypeVar("W", Seats, Said)

#: What answers other nodes.
SERVICE = "kassel site"

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder().decode
_decode_question = msgspec.json.Decoder(Question).decode


class SitePages:
    """``GET /api/seats?season=ss14&name=table``, ``/api/talk``, ``POST /api/games``, ``/api/operator/close``."""

    def __init__(self, context: Context, seasons: Sequence[SeasonShared]) -> None:
        self._context = context
        self._seasons = {shared.season.name: shared for shared in seasons}
        context.relays.serve(SERVICE, answering(self._answer))

    def resources(self) -> dict[str, JsonResource]:
        """Return the resources by path."""
        return {
            "api/seats": JsonResource(GET=self._seats),
            "api/talk": JsonResource(GET=self._talk),
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
        wanted = Close(number, asker.name)
        if not await self._close_here(wanted) and await self._elsewhere(number, wanted) is None:
            raise GameError(Code.NO_GAME, f"There is no open match {number}.")
        return {"closed": number}

    async def _close_here(self, wanted: Close) -> bool:
        for shared in self._seasons.values():
            for match in shared.matches.open(shared.kind.name):
                if match.header.id == wanted.match:
                    match.dismiss()
                    await self._context.moderation.note(wanted.by, "close", f"match:{wanted.match}", match.name)
                    return True
        return False

    async def _seats(self, request: Request) -> object:
        wanted = Seats(argument(request, "season"), argument(request, "name"))
        # Over: nobody's mistake who looks again and again.
        return await self._of_game(wanted, self._seats_here) or {"turn_seconds": 0, "seats": []}

    async def _talk(self, request: Request) -> object:
        await who(self._context, request)
        wanted = Said(argument(request, "season"), argument(request, "name"))
        return await self._of_game(wanted, self._said_here) or {"messages": []}

    async def _of_game(self, wanted: W, here: Callable[[W], dict[str, Any] | None]) -> Any:
        """Return what is wanted of an open game, from here or from its node; ``None`` for a game that is none."""
        shared = self._season(wanted.season)
        found = here(wanted)
        if found is not None:
            return found
        there = (one for one in shared.listings.elsewhere() if one.kind == shared.kind.name)
        match = next((one.id for one in there if one.name == wanted.name), None)
        return await self._elsewhere(match, wanted) if match is not None else None

    def _game(self, wanted: Seats | Said) -> tuple[SeasonShared, Match | None]:
        shared = self._season(wanted.season)
        return shared, next((one for one in shared.matches.open(shared.kind.name) if one.name == wanted.name), None)

    def _said_here(self, wanted: Said) -> dict[str, Any] | None:
        _, match = self._game(wanted)
        if match is None:
            return None
        return {"messages": [{"from": chat.speaker, "text": chat.text, "at_ms": at_ms} for at_ms, chat in match.talk]}

    def _seats_here(self, wanted: Seats) -> dict[str, Any] | None:
        shared, match = self._game(wanted)
        if match is None:
            return None
        return {
            "turn_seconds": match.header.options.turn_seconds,
            "seats": [self._shown(shared, match, seat) for seat in match.seats()],
        }

    async def _elsewhere(self, match: int, wanted: Question) -> Any:
        """Ask the node that has a match; ``None`` if none has it, or not any more."""
        found = self._context.directory.find(MATCH, str(match))
        if found is None:
            return None
        context = self._context
        return _decode(await ask(context.relays, context.reactor, found[0], SERVICE, _encode(wanted)))

    async def _answer(self, question: bytes) -> bytes:
        """Answer another node."""
        wanted = _decode_question(question)
        if isinstance(wanted, Seats):
            return _encode(self._seats_here(wanted))
        if isinstance(wanted, Said):
            return _encode(self._said_here(wanted))
        return _encode(await self._close_here(wanted) or None)

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
