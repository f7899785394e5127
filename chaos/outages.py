"""What happens to the way between a server and what it needs, whatever that is."""

from __future__ import annotations

import random

from chaos.proxy import Proxy
from chaos.running import lasting


def gone(proxy: Proxy, chance: random.Random, most: float) -> None:
    """Cut every connection and let none in, for so many seconds at most."""
    proxy.refuse()
    proxy.cut()
    try:
        lasting(chance, most / 25, most)
    finally:
        proxy.listen()


def cut(proxy: Proxy, chance: random.Random, most: int) -> None:
    """Cut every connection in the middle of a reply, after so many bytes at most; the next ones are let in."""
    proxy.cut_after(chance.randrange(1, most))
    # Somebody acts all the time, so the bytes come.
    for _ in range(500):
        lasting(chance, 0.005, 0.015)
        if not proxy.armed:
            return
    proxy.cut()


def slow(proxy: Proxy, chance: random.Random) -> None:
    """Let every reply wait for up to a tenth of a second, for a while."""
    proxy.delay = chance.uniform(0.01, 0.1)
    try:
        lasting(chance, 0.1, 0.5)
    finally:
        proxy.delay = 0.0
