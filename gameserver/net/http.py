"""HTTP where it is not expected, and what it says in its headers, whatever bytes they are made of.

A browser, or anything else that speaks HTTP, on a port that does not, is told so and not left waiting.
"""

from __future__ import annotations

import re

from twisted.web.server import Request

#: Seconds between the refusal and the close. A close with unread input would cost the client the answer.
READING_TIME = 0.5

#: The first byte of every TLS connection: a handshake record.
TLS_HANDSHAKE = b"\x16"

_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT", "TRACE", "PRI")
#: One of the usual methods, or any other in a whole request line: no command of ours ends like that.
_REQUEST = re.compile(("(?:" + "|".join(_METHODS) + r") |[A-Z-]{1,20} \S{1,2000} HTTP/[0-9]").encode())
_BEGUN = {f"{method} "[:length].encode() for method in _METHODS for length in range(1, len(method) + 1)}


class HttpSniffer:
    """Looks at the first bytes of a connection, and at no others. ``held`` may still become a request."""

    __slots__ = ("held",)

    def __init__(self) -> None:
        self.held = b""

    def feed(self, data: bytes) -> bytes | None:
        """Return the bytes to go on with, ``b""`` while they may still become a request, ``None`` if it is one."""
        data = self.held + data
        if data in _BEGUN:
            self.held = data
            return b""
        self.held = b""
        return None if _REQUEST.match(data) else data


def http_refusal(text: str) -> bytes:
    """Return a whole HTTP response that says in one sentence what this port speaks."""
    body = text.encode() + b"\n"
    head = (
        "HTTP/1.1 400 Bad Request\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n"
        f"Content-Length: {len(body)}\r\n"
        "Connection: close\r\n\r\n"
    )
    return head.encode() + body


def header(request: Request, name: bytes) -> str:
    """Return the header's text, empty without one; bytes that are not UTF-8 become U+FFFD.

    ``Request.getHeader`` with a text raises ``UnicodeDecodeError`` for them, which anybody could provoke.
    """
    value: bytes | None = request.getHeader(name)
    return (value or b"").decode("utf-8", "replace")
