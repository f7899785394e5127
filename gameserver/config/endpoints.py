"""Twisted endpoint texts; ``{listen}`` in them stands for the ``listen`` key."""

from __future__ import annotations

from twisted.internet.endpoints import TCP4ServerEndpoint, TCP6ServerEndpoint, serverFromString

from gameserver.config.option import option

_LAST_PORT = 65535


def on_port(port: int) -> tuple[str, ...]:
    """Return the default endpoints of a protocol: one TCP port on the address to listen on."""
    return (f"tcp:{port}:interface={{listen}}",)


def listeners(default: tuple[str, ...], about: str) -> tuple[str, ...]:
    """Describe a key that holds endpoints; each is parsed before anything listens."""
    return option(default, about, check=wrong_with)


def wrong_with(text: str) -> str:
    """Return what is wrong with an endpoint text, or an empty text. Whether the port is free shows when it opens."""
    try:
        endpoint = serverFromString(None, text.replace("{listen}", "127.0.0.1"))
    except (ValueError, KeyError, TypeError, OSError) as error:
        return f"not an endpoint such as tcp:4004:interface=127.0.0.1: {error}"
    except Exception as error:
        # Parsers of other packages may fail in any way.
        return f"not an endpoint: {type(error).__name__}: {error}"
    if isinstance(endpoint, (TCP4ServerEndpoint, TCP6ServerEndpoint)) and not 0 <= endpoint._port <= _LAST_PORT:
        return f"a port is 0 to {_LAST_PORT}"
    return ""
