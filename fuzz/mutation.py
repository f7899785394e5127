"""Inputs made from others by chance: nothing here knows what a target does with them."""

from __future__ import annotations

import random
from collections.abc import Sequence

from fuzz.target import LONGEST

#: What formats are made of, and what their readers stumble over.
PIECES = (
    *(bytes([byte]) for byte in b"{}[]\"'\\:;,.=#<>()@%-+ \t\r\n\x00\x1b\x7f\x80\xff0149"),
    b"\r\n\r\n",
    b"\\ud800",
    b"\\u0000",
    b"\xed\xa0\x80",
    b"\xf0\x9f\x98\x80",
    b"\xe2\x80\xa8",
    b"\xef\xbb\xbf",
    b"null",
    b"true",
    b"NaN",
    b"-1",
    b"1e999",
    b"9" * 400,
    b"[" * 2000,
    b'{"a":' * 1500,
    b"\xff\xfa",
    b"\xff\xfd",
    b"PK\x05\x06",
    b"\xff\xff\xff\xff",
    b"\x00\x00\x00\x80",
)


def mutated(chance: random.Random, corpus: Sequence[bytes]) -> bytes:
    """Return one input of the corpus, changed in a few places; one of ten is made as long as inputs get."""
    data = bytearray(chance.choice(corpus))
    for _ in range(chance.randrange(1, 6)):
        at = chance.randrange(len(data) + 1)
        some = chance.randrange(1, 9)
        match chance.randrange(7):
            case 0:
                data[at:at] = chance.choice(PIECES)
            case 1:
                del data[at : at + some]
            case 2:
                data[at : at + 1] = bytes([chance.randrange(256)])
            case 3 if at < len(data):
                data[at] ^= 1 << chance.randrange(8)
            case 4:
                data[at:at] = data[max(0, at - 4 * some) : at]
            case 5:
                other = chance.choice(corpus)
                begin = chance.randrange(len(other) + 1)
                data[at:at] = other[begin : begin + 16 * some]
            case _:
                del data[at:]
    if not chance.randrange(10):
        return stretched(chance, bytes(data))
    return bytes(data[:LONGEST])


def stretched(chance: random.Random, data: bytes) -> bytes:
    """Return an input in which some part is repeated until it is as long as inputs get: work that adds up shows."""
    begin = chance.randrange(len(data) + 1)
    end = chance.choice((begin + 1, begin + 8, len(data), chance.randrange(begin, len(data) + 1)))
    part = data[begin:end] or b"\x00"
    times = max(1, (LONGEST - len(data)) // len(part))
    return (data[:begin] + part * times + data[end:])[:LONGEST]
