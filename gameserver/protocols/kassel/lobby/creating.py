"""Making a game: what CREATE GAME and the site's own page do alike."""

from __future__ import annotations

from gameserver.errors import Code, GameError
from gameserver.games.api import Options
from gameserver.matches.turn_clock import LONGEST, SHORTEST
from gameserver.protocols.kassel.lobby.arguments import Creation
from gameserver.protocols.kassel.shared import SeasonShared
from gameserver.sessions.players import Player

#: How long a name of a game may be, in characters; a client's Java escapes make one character six.
_LONGEST_NAME = 256


async def make_game(shared: SeasonShared, wanted: Creation, creator: Player, turn_seconds: int = 0) -> None:
    """Make a game; its creator still has to join it.

    ``turn_seconds`` is the time of a turn, 0 for no turn clocks. Raises ``GameError`` ``bad_name``, ``bad_options``,
    or as ``Matches.create`` and ``MapLibrary.for_game`` do.
    """
    if "=" in wanted.name or len(wanted.name) > _LONGEST_NAME:
        raise GameError(Code.BAD_NAME, f"A name of a game has at most {_LONGEST_NAME} characters and no '='.")
    if turn_seconds and shared.kind.real_time:
        raise GameError(Code.BAD_OPTIONS, "In this game time passes by itself: it has no turns.")
    if turn_seconds and not SHORTEST <= turn_seconds <= LONGEST:
        raise GameError(Code.BAD_OPTIONS, f"The time of a turn is {SHORTEST} to {LONGEST} seconds.")
    season = shared.season
    map_name, text = shared.maps.for_game(shared.kind.name, wanted.map_name) if season.maps else (None, None)
    options = Options(wanted.name, wanted.count, wanted.test_game, map_name, text, turn_seconds=turn_seconds)
    await shared.matches.create(shared.kind.name, options, creator.key)
