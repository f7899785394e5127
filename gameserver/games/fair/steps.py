"""The intermediate steps of an outcome, for whoever wants to follow it: hashes, floats, draws."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

import msgspec

from gameserver.games.fair.rng import WORD, WORDS, below, digest, message, words
from gameserver.games.fair.seeds import Seeds

#: How the stream is made, in one line.
ALGORITHM = "HMAC-SHA256(key = serverSeed as text, message = clientSeed:nonce:round), 4 bytes a float"


class Round(msgspec.Struct, frozen=True):
    """One hash: the message and its HMAC in hexadecimal digits."""

    round: int
    message: str
    hmac: str


class Float(msgspec.Struct, frozen=True):
    """Four bytes, the float they make (exact in a double) and what it selects: ``floor(float * of)``."""

    bytes: tuple[int, ...]
    float: float
    of: int
    index: int


class Draw(msgspec.Struct, frozen=True):
    """One draw: the float, and the item it took out of the rest."""

    bytes: tuple[int, ...]
    float: float
    of: int
    index: int
    taken: int | str


def rounds(seeds: Seeds, number: int) -> list[Round]:
    """Return the hashes that ``number`` floats need."""
    turns = range((number + WORDS - 1) // WORDS)
    return [Round(turn, message(seeds, turn), digest(seeds, turn).hex()) for turn in turns]


def scaled(word: int, limit: int) -> Float:
    """Return how a word selects one of ``limit``."""
    return Float(tuple(word.to_bytes(WORD, "big")), word / 2**32, limit, below(word, limit))


def draws(seeds: Seeds, items: Sequence[int | str], number: int) -> list[Draw]:
    """Return each of ``number`` draws out of the items."""
    rest = list(items)
    made = []
    for word in islice(words(seeds), number):
        step = scaled(word, len(rest))
        made.append(Draw(step.bytes, step.float, step.of, step.index, rest.pop(step.index)))
    return made
