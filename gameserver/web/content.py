"""What is served again and again: made and compressed once, kept in memory, answered with 304 to who has it."""

from __future__ import annotations

import gzip
import hashlib

from twisted.web.server import Request

from gameserver.net.http import header

#: Kinds of contents that are compressed already.
_DENSE = (b"image/png", b"image/jpeg")


class Content:
    """Bytes of one type. ``lasting`` ones never change at their address, so that nobody asks for them twice."""

    def __init__(self, content: bytes, content_type: bytes, *, lasting: bool = False) -> None:
        self.content = content
        self.type = content_type
        self._cache = b"public, max-age=31536000, immutable" if lasting else b"no-cache"
        self._etag = b'"' + hashlib.sha256(content).hexdigest()[:32].encode()
        packed = content if content_type in _DENSE else gzip.compress(content, 9, mtime=0)
        self._packed = packed if len(packed) < len(content) else None

    def lasting(self) -> Content:
        """Return the same for an address at which it never changes."""
        return Content(self.content, self.type, lasting=True)

    def answer(self, request: Request) -> bytes:
        """Set the headers of an answer and return its body, compressed for who takes that."""
        packed = self._packed if accepts_gzip(header(request, b"Accept-Encoding")) else None
        etag = self._etag + (b'"' if packed is None else b'-gzip"')
        request.setHeader(b"Content-Type", self.type)
        request.setHeader(b"Cache-Control", self._cache)
        request.setHeader(b"ETag", etag)
        request.responseHeaders.addRawHeader(b"Vary", b"Accept-Encoding")
        if _has(request, etag.decode()):
            request.setResponseCode(304)
            return b""
        if packed is None:
            return self.content
        request.setHeader(b"Content-Encoding", b"gzip")
        return packed


def accepts_gzip(accepted: str) -> bool:
    """Say whether an ``Accept-Encoding`` takes gzip (RFC 9110, 12.5.3)."""
    found = dict(map(_weighed, accepted.lower().split(",")))
    return found.get("gzip", found.get("x-gzip", found.get("*", 0.0))) > 0


def _weighed(part: str) -> tuple[str, float]:
    """Return one thing that is accepted, and how much; a weight that is none is 0."""
    name, _, weight = part.partition(";")
    value = weight.strip().removeprefix("q=").strip() if weight else "1"
    try:
        return name.strip(), float(value)
    except ValueError:
        return name.strip(), 0.0


def preferred(accepted: str, offered: list[str], otherwise: str) -> str:
    """Return which of the offered languages an ``Accept-Language`` likes best, by the language without its region."""
    best, most = otherwise, 0.0
    for part in accepted.lower().split(",")[:32]:
        name, weight = _weighed(part)
        name = name.partition("-")[0]
        if name in offered and weight > most:
            best, most = name, weight
    return best


def _has(request: Request, etag: str) -> bool:
    """Say whether the asker has this content: a weak tag, as some proxies make of ours, is as good (RFC 9110)."""
    tags = [tag.strip().removeprefix("W/") for tag in header(request, b"If-None-Match").split(",")]
    return "*" in tags or etag in tags
