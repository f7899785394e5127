"""What the games ask of every integer that a player sends."""

from __future__ import annotations

from gameserver.errors import Code, GameError


def checked_integer(value: object, low: int, high: int, code: Code, text: str) -> int:
    """Return ``value`` if it is an integer (no bool) within the limits. ``GameError`` with the code if not."""
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise GameError(code, text)
    return value
