"""A client of another node in a match that is here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping

from twisted.internet.defer import ensureDeferred
from twisted.logger import Logger
from twisted.python.failure import Failure

from gameserver.edge.relay.relays import Serve, Served
from gameserver.errors import Code, GameError
from gameserver.games.api import Command, Participant
from gameserver.matches.store import Elsewhere
from gameserver.protocols.kassel.encoders import FRAMES
from gameserver.protocols.kassel.game.ingame import InGame
from gameserver.protocols.kassel.game.relay_messages import (
    AWAITED,
    Act,
    Clogged,
    Colored,
    Done,
    Opening,
    Say,
    Welcomed,
    decode_asked,
    decode_opening,
    encode,
)
from gameserver.protocols.kassel.shared import SeasonShared
from gameserver.sessions.players import Player


def service(seasons: Mapping[str, SeasonShared]) -> Serve:
    """Return what lets people of other nodes into the matches of some seasons."""

    def serve(served: Served, payload: bytes) -> ServedClient:
        opening = decode_opening(payload)
        shared = seasons.get(opening.season)
        if shared is None or opening.frame not in FRAMES:
            raise GameError(Code.NO_GAME, f"There is no season {opening.season} at the server of this game.")
        return ServedClient(shared, served, opening)

    return serve


class ServedClient:
    """The ``Client`` of an ``InGame``, and a ``Guest`` of ``edge.relay``.

    Who they are has been found out by the node they came in by.
    """

    _log = Logger()

    def __init__(self, shared: SeasonShared, served: Served, opening: Opening) -> None:
        self.shared = shared
        self.frame = FRAMES[opening.frame]
        self.write: Callable[[bytes], None] = served.tell
        #: Whether the client is behind with reading.
        self.clogged = False
        self.beating = opening.beating
        self._served = served
        self._player = opening.player
        self._color = opening.color
        self._game: InGame | None = None
        self._gone = False
        ensureDeferred(self._join(opening)).addErrback(self._failed)

    async def _join(self, opening: Opening) -> None:
        try:
            match = await self.shared.matches.find(self.shared.kind.name, opening.game)
            if self._gone:
                return
            game = InGame(self, match)
            player = self._player
            await game.take_seat(
                Participant(player.name, player.team, tuple(opening.members), opening.color, opening.visitor)
            )
        except Elsewhere:
            self._end(Code.BUSY, f"GAME {opening.game} is moving to another server; please try again.")
        except GameError as error:
            self._end(error.code, error.text)
        else:
            self._game = game
            game.welcomed.addCallback(self._welcomed)

    def _welcomed(self, _result: None) -> None:
        self._served.note(encode(Welcomed()))
        self._served.entered()

    def _failed(self, failure: Failure) -> None:
        self._log.failure("somebody of node {node} cannot be served", failure, node=self._served.node)
        self._end(Code.INTERNAL, "Internal error.")

    def _end(self, code: str, text: str) -> None:
        self._gone = True
        self._served.end(code, text)

    # What the client of the other node sends.

    def asked(self, message: bytes) -> None:
        """See ``Guest``."""
        asked, game = decode_asked(message), self._game
        if isinstance(asked, Clogged):
            self.clogged = asked.clogged
        elif game is None:
            self._log.warn("node {node} speaks for somebody who has no seat", node=self._served.node)
        elif isinstance(asked, Say):
            game.say(asked.text)
        else:
            self._act(game, asked)

    def _act(self, game: InGame, asked: Act) -> None:
        work = game.act(Command(asked.action, asked.arguments))
        if asked.action in AWAITED:
            ensureDeferred(self._later(work)).addErrback(self._failed)

    async def _later(self, work: Awaitable[None] | None) -> None:
        if work is not None:
            await work
        self._served.note(encode(Done()))

    def gone(self) -> None:
        """See ``Guest``; a seat is kept for a while."""
        self._gone = True
        if self._game is not None:
            self._game.connection_lost()

    # What the match sees.

    @property
    def color(self) -> str | None:
        """The colour chosen in this session."""
        return self._color

    @color.setter
    def color(self, color: str | None) -> None:
        self._color = color
        self._served.note(encode(Colored(color)))

    def require_player(self) -> Player:
        """Return who has logged in at the other node."""
        return self._player

    def send(self, lines: Iterable[str]) -> None:
        """Send lines of text in one write."""
        self.write(b"".join([self.frame(line.encode("utf-8", "replace")) for line in lines]))

    def left_game(self) -> None:
        """The other node has noted it already."""

    def close(self, code: str, text: str) -> None:
        """Serve the client no more, saying why."""
        self._end(code, text)
