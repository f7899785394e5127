"""The stream of chance: HMAC-SHA256 keyed by the server seed as text over ``clientSeed:nonce:round``.

A round gives 32 bytes, eight words of four bytes, big-endian. The published rule turns a word ``b0 b1 b2 b3`` into
the float ``b0/256 + b1/256**2 + b2/256**3 + b3/256**4`` and an outcome into ``floor(float * n)``. Every term has a
power of two below the line and the sum at most 32 significant bits, the product with an n below 2**21 at most 53, so
a double holds float and product exactly. ``word * n >> 32`` is therefore the same number for every word and needs
no float at all.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Sequence
from itertools import count, islice
from typing import TypeVar

from gameserver.games.fair.seeds import Seeds

T = TypeVar("T")

#: Bytes of a word, words of a round.
WORD = 4
WORDS = 8


def message(seeds: Seeds, turn: int) -> str:
    """Return the text that round ``turn`` (0, 1, 2, …) hashes."""
    return f"{seeds.client_seed}:{seeds.nonce}:{turn}"


def digest(seeds: Seeds, turn: int = 0) -> bytes:
    """Return the 32 bytes of round ``turn``."""
    return hmac.digest(seeds.server_seed.encode(), message(seeds, turn).encode(), "sha256")


def words(seeds: Seeds) -> Iterator[int]:
    """Yield the words of round 0, 1, 2 … without end, each in ``0 .. 2**32 - 1``."""
    for turn in count():
        block = digest(seeds, turn)
        for start in range(0, WORD * WORDS, WORD):
            yield int.from_bytes(block[start : start + WORD], "big")


def floats(seeds: Seeds, number: int) -> list[float]:
    """Return the first ``number`` floats of the published rule, exact, each in [0, 1)."""
    return [word / 2**32 for word in islice(words(seeds), number)]


def below(word: int, limit: int) -> int:
    """Return ``floor(float * limit)`` for the float of a word."""
    return word * limit >> 32


def draw(seeds: Seeds, items: Sequence[T], number: int) -> list[T]:
    """Return ``number`` of the items in the order drawn, each taken out of the rest (which keeps its order)."""
    rest = list(items)
    return [rest.pop(below(word, len(rest))) for word in islice(words(seeds), number)]
