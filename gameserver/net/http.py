"""HTTP where it is not expected, what it says in its headers, and which headers every answer of ours has.

A browser, or anything else that speaks HTTP, on a port that does not, is told so and not left waiting.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from twisted.web.server import Request

#: Seconds between the refusal and the close. A close with unread input would cost the client the answer.
READING_TIME = 0.5

#: The first byte of every TLS connection: a handshake record.
TLS_HANDSHAKE = b"\x16"

#: What the ``Server`` header says: no version, which would tell what is known to be weak in it.
SERVER = "gameserver"

#: What a browser may do with an answer that is no page: nothing.
NO_PAGE = "default-src 'none'; frame-ancestors 'none'"

#: What a browser is told with every answer (OWASP Secure Headers): nothing is guessed from contents, nobody else's
#: page may hold or show ours, no address of ours is told to others, no device is asked for. None of the names has
#: ``length`` in it, for which Techmino's clients look in every line.
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
}

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


def safe_headers(hsts: int, policy: str = NO_PAGE) -> dict[str, str]:
    """Return the headers that every answer has, by name.

    ``hsts`` are the seconds for which a browser comes over TLS only from now on (RFC 6797); 0 where the request has
    not come over TLS, or where nobody wants that. ``policy`` is the ``Content-Security-Policy``.
    """
    found = {"Content-Security-Policy": policy, **_HEADERS}
    if hsts:
        found["Strict-Transport-Security"] = f"max-age={hsts}"
    return found


def refusal(status: int, reason: str, text: str, hsts: int = 0, **headers: str) -> bytes:
    """Return a whole answer that ends a connection and says why in one sentence.

    ``hsts`` as for ``safe_headers``; ``headers`` are further ones, with ``_`` for ``-``.
    """
    body = text.encode() + b"\n"
    lines = {
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Length": str(len(body)),
        **{name.replace("_", "-"): value for name, value in headers.items()},
        **safe_headers(hsts),
        "Connection": "close",
    }
    head = f"HTTP/1.1 {status} {reason}\r\n" + "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return head.encode() + b"\r\n" + body


def http_refusal(text: str, hsts: int = 0) -> bytes:
    """Return a whole HTTP response that says in one sentence what this port speaks; ``hsts`` as ``safe_headers``."""
    return refusal(400, "Bad Request", text, hsts)


def wanted(request: Request) -> Callable[[], bool]:
    """Return what says whether anybody still waits for the answer to a request."""
    gone: list[object] = []
    request.notifyFinish().addBoth(gone.append)
    return lambda: not gone


def header(request: Request, name: bytes) -> str:
    """Return the header's text, empty without one; bytes that are not UTF-8 become U+FFFD.

    ``Request.getHeader`` with a text raises ``UnicodeDecodeError`` for them, which anybody could provoke.
    """
    value: bytes | None = request.getHeader(name)
    return (value or b"").decode("utf-8", "replace")
