"""Where a Redis is: ``redis://[user:password@]host[:port][/number]``."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

import attrs


@attrs.frozen
class RedisAddress:
    """One Redis and the number of its database."""

    host: str
    port: int = 6379
    database: int = 0
    user: str | None = None
    password: str | None = attrs.field(default=None, repr=False)


def redis_address(url: str) -> RedisAddress:
    """Read an address. Raises ``ValueError`` saying what is wrong; the text never shows the password."""
    parts = urlsplit(url)
    if parts.scheme != "redis" or not parts.hostname:
        raise ValueError("expected redis://[user:password@]host[:port][/number]")
    number = parts.path.strip("/") or "0"
    if not (number.isascii() and number.isdecimal()):
        raise ValueError("the number of a Redis database is a whole number")
    try:
        port = parts.port or 6379
    except ValueError:
        raise ValueError("the port of a Redis is a number up to 65535") from None
    user = unquote(parts.username) if parts.username else None
    password = unquote(parts.password) if parts.password else None
    return RedisAddress(parts.hostname, port, int(number), user, password)
