"""Chance that a match owns: SHA-256 over a seed and a counter, the same on every machine and version."""

from __future__ import annotations

import hashlib
from collections.abc import MutableSequence, Sequence
from typing import TypeVar

T = TypeVar("T")


class Chance:
    """A deterministic source of random choices; every draw depends on the seed and the number of draws before."""

    def __init__(self, seed: int | bytes | str) -> None:
        self._key = seed if isinstance(seed, bytes) else str(seed).encode()
        self._count = 0

    def _word(self) -> int:
        self._count += 1
        return int.from_bytes(hashlib.sha256(self._key + b":%d" % self._count).digest()[:8], "big")

    def below(self, limit: int) -> int:
        """Return a number in ``0 .. limit - 1``, each equally likely. ``ValueError`` unless limit > 0."""
        if limit <= 0:
            raise ValueError("limit must be positive")
        bound = (1 << 64) - (1 << 64) % limit
        while True:
            word = self._word()
            if word < bound:
                return word % limit

    def choice(self, items: Sequence[T]) -> T:
        """Return one of the items. ``ValueError`` if there are none."""
        return items[self.below(len(items))]

    def shuffle(self, items: MutableSequence[T]) -> None:
        """Put the items into a random order, in place (Fisher-Yates)."""
        for last in range(len(items) - 1, 0, -1):
            other = self.below(last + 1)
            items[last], items[other] = items[other], items[last]
