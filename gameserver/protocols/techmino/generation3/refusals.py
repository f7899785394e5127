"""How "no" is said to generation 3: numbers for HTTP, and names that the client shows in its player's language.

A name is ``Techrater``, an area and a reason; the client has texts for the reasons below. A message with a blank in
it is shown as it stands, so that everything else is said in a sentence.
"""

from __future__ import annotations

from gameserver.errors import Code, GameError

#: The client says nothing to its player for these two.
BAD_ACCESS_TOKEN = "Techrater.PlayerManager.invalidAccessToken"
BAD_REFRESH_TOKEN = "Techrater.PlayerManager.invalidRefreshToken"

#: The official server's numbers, which are also the status here; 403 for everything else.
NUMBERS = {
    Code.BAD_REQUEST: 400,
    Code.WRONG_FIELDS: 401,
    Code.NO_ACCOUNT: 404,
    Code.NOT_FOUND: 404,
    Code.METHOD: 405,
    Code.TOO_LARGE: 413,
    Code.TOO_FAST: 429,
    Code.TOO_MANY_REQUESTS: 429,
    Code.INTERNAL: 500,
    Code.BUSY: 503,
}

_ACCOUNTS = {
    Code.BAD_REQUEST: "invalidFormat",
    Code.WRONG_FIELDS: "invalidArguments",
    Code.BAD_CREDENTIALS: "invalidEmailPass",
    Code.NO_ACCOUNT: "playerNotFound",
    Code.BAD_TOKEN: "invalidAccessToken",
    Code.TOKEN_EXPIRED: "invalidAccessToken",
    Code.TOO_FAST: "tooFrequent",
    Code.TOO_MANY_REQUESTS: "tooFrequent",
    Code.INTERNAL: "internalError",
}

_ROOMS = {
    Code.WRONG_FIELDS: "invalidArguments",
    Code.FORBIDDEN: "noPermission",
    Code.NO_SEAT: "notAvailable",
    Code.SEATED: "notAvailable",
    Code.NOT_PLAYING: "notAvailable",
    Code.WATCHING: "notAvailable",
    Code.DEAD: "notAvailable",
    Code.TOO_FAST: "tooFrequent",
    Code.INTERNAL: "internalError",
}

#: Reasons that have an area of their own, whatever was asked.
_ELSEWHERE = {
    Code.NO_ROOM: "Techrater.RoomManager.roomNotFound",
    Code.BAD_PASSWORD: "Techrater.RoomJoin.wrongPassword",
    Code.ROOM_FULL: "Techrater.PlayerType.roomFull",
    Code.UNKNOWN_COMMAND: "Techrater.HandlerManager.invalidArguments",
    Code.WRONG_FORMAT: "Techrater.HandlerManager.invalidFormat",
}


def about_accounts(error: GameError) -> tuple[int, str]:
    """Return number and message for a request over HTTP."""
    reason = _ACCOUNTS.get(error.code)
    return NUMBERS.get(error.code, 403), f"Techrater.PlayerManager.{reason}" if reason else error.text


def about_rooms(error: GameError, area: str) -> str:
    """Return the message for a request over the WebSocket; ``area`` is that of what was asked."""
    if error.code in _ELSEWHERE:
        return _ELSEWHERE[error.code]
    reason = _ROOMS.get(error.code)
    return f"Techrater.{area}.{reason}" if reason else error.text
