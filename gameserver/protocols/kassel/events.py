"""Batches as bytes for a transport, encoded once for all who see the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from gameserver.games.entity import Audience
from gameserver.matches.batch import Batch, Item
from gameserver.matches.wire import item_line

#: Puts one line into the frame of a transport.
Framing = Callable[[bytes], bytes]


def crlf(line: bytes) -> bytes:
    """Return a line as telnet has it."""
    return line + b"\r\n"


def encode(batch: Batch, seat: Audience, framing: Framing) -> bytes:
    """Return what a seat may see of a batch, framed; encoded once for all who see the same."""
    key = (framing, batch.view(seat))
    found = batch.cache.get(key)
    if found is None:
        found = batch.cache[key] = encode_items(batch.at_ms, batch.seen_by(seat), framing)
    return found


def encode_items(at_ms: int, items: Iterable[Item], framing: Framing) -> bytes:
    """Return events, framed, as one chunk."""
    return b"".join([framing(item_line(at_ms, item)) for item in items])
