"""What an HTTP request says in its headers, whatever bytes they are made of."""

from __future__ import annotations

from twisted.web.server import Request


def header(request: Request, name: bytes) -> str:
    """Return the header's text, empty without one; bytes that are not UTF-8 become U+FFFD.

    ``Request.getHeader`` with a text raises ``UnicodeDecodeError`` for them, which anybody could provoke.
    """
    value: bytes | None = request.getHeader(name)
    return (value or b"").decode("utf-8", "replace")
