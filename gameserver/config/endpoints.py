"""Keys that hold endpoints; ``{listen}`` in a text stands for the ``listen`` key."""

from __future__ import annotations

from gameserver.config.option import option
from gameserver.net.endpoints import wrong_with


def on_port(port: int) -> tuple[str, ...]:
    """Return the default endpoints of a protocol: one TCP port on the address to listen on."""
    return (f"tcp:{port}:interface={{listen}}",)


def listeners(default: tuple[str, ...], about: str) -> tuple[str, ...]:
    """Describe a key that holds endpoints; each is parsed before anything listens."""
    return option(default, about, check=wrong_with)
