"""What a Close frame says. Clients read it as JSON and show one text of it, so it must be whole when it is cut."""

from __future__ import annotations

import msgspec

#: Longest reason of a Close frame in bytes (RFC 6455, 5.5).
CLOSE_REASON = 123

_json = msgspec.json.Encoder()


def close_reason(key: str, text: str, **more: object) -> str:
    """Return the reason of a Close frame: an object with ``more``, and under ``key`` the text, cut to what fits."""
    while len(reason := _json.encode({**more, key: text})) > CLOSE_REASON:
        text = text[:-1]
    return reason.decode()
