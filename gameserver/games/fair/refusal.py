"""How the games refuse: the code of the Invoker document's error table, the finer cause in the details."""

from __future__ import annotations

from gameserver.errors import GameError


def refusal(code: str, reason: str, text: str) -> GameError:
    """Return the error to send: ``code`` of chapter 7.2 (or 5.1 for keno), ``reason`` the finer word."""
    return GameError(code, text, {"reason": reason})


def invalid(reason: str, text: str) -> GameError:
    """Return the refusal of a parameter: code ``INVALID_PARAMS``."""
    return refusal("INVALID_PARAMS", reason, text)


def whole(value: object, low: int, high: int, reason: str, text: str) -> int:
    """Return ``value`` if it is an integer (no bool) within the limits. ``INVALID_PARAMS`` with ``reason`` if not."""
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise invalid(reason, text)
    return value
