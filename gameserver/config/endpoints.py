"""Twisted endpoint texts; ``{listen}`` in them stands for the ``listen`` key."""

from __future__ import annotations


def on_port(port: int) -> tuple[str, ...]:
    """Return the default endpoints of a door: one TCP port on the address to listen on."""
    return (f"tcp:{port}:interface={{listen}}",)
