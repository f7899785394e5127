"""Which pages may open a WebSocket, told by the ``Origin`` that a browser sends with its request to upgrade.

Programs send none and are no pages: they may always ask. Nothing but a browser can be trusted to send a true one, so
this protects people whose browser shows a stranger's page, and nobody else.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

import attrs

#: Every page there is.
ANY = "*"
#: Pages of the host and port that the request itself names.
SAME = "same"
#: What browsers say for a local file, and for a frame that any page may make.
NULL = "null"

_PORTS = {"http": 80, "https": 443}

#: Scheme, host, and port (0: none).
_Origin = tuple[str, str, int]


@attrs.frozen
class Origins:
    """The pages of one path: texts as ``wrong_with`` takes them."""

    texts: tuple[str, ...] = (ANY,)

    def allow(self, headers: Mapping[str, str]) -> bool:
        """Say whether a request with these headers (by their lower-case names) may go on."""
        return ANY in self.texts or "origin" not in headers or self.name(headers)

    def name(self, headers: Mapping[str, str]) -> bool:
        """Say whether one of the texts, apart from ``*``, is about the page of this request."""
        text = headers.get("origin", "")
        if text == NULL:
            return NULL in self.texts
        origin = _parse(text)
        if origin is None:
            return False
        if SAME in self.texts and _parse(f"{origin[0]}://{headers.get('host', '')}") == origin:
            return True
        return origin in [_parse(allowed) for allowed in self.texts]


def wrong_with(text: str) -> str:
    """Return what is wrong with the text for some pages, or an empty text."""
    if text in (ANY, SAME, NULL) or _parse(text) is not None:
        return ""
    return f"expected {ANY}, {SAME}, {NULL}, file:// or an origin such as https://example.org"


def _parse(text: str) -> _Origin | None:
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return None
    # Applications that are made of web pages have schemes of their own, and some no host.
    if not parts.scheme or "://" not in text or parts.path or parts.query or parts.fragment or "@" in parts.netloc:
        return None
    if not parts.hostname and parts.scheme in _PORTS:
        return None
    return parts.scheme, parts.hostname or "", port or _PORTS.get(parts.scheme, 0)
