"""What two nodes tell each other about clients of the one that the other serves."""

from __future__ import annotations

import msgspec


class Opened(msgspec.Struct, frozen=True, tag=1, array_like=True):
    """A client of the front wants to be served by ``service``; ``opening`` says as whom, in its own form."""

    relay: int
    service: str
    opening: bytes


class Asked(msgspec.Struct, frozen=True, tag=2, array_like=True):
    """What a client wants, decoded by the front and in the service's own form."""

    relay: int
    message: bytes


class Gone(msgspec.Struct, frozen=True, tag=3, array_like=True):
    """A client's connection to the front has ended."""

    relay: int


class Told(msgspec.Struct, frozen=True, tag=4, array_like=True):
    """Bytes for some clients, as they are; the same for all of them come once."""

    relays: list[int]
    payload: bytes


class Noted(msgspec.Struct, frozen=True, tag=5, array_like=True):
    """What the front has to know about a client, in the service's own form."""

    relay: int
    message: bytes


class Ended(msgspec.Struct, frozen=True, tag=6, array_like=True):
    """The owner serves a client no more. ``code`` is a word for programs, ``text`` a sentence for the client."""

    relay: int
    code: str
    text: str


Entry = Opened | Asked | Gone | Told | Noted | Ended


class Frame(msgspec.Struct, frozen=True, tag=7, array_like=True):
    """What one node has told another over a link in one turn.

    ``node`` is who says it, ``number`` counts the frames of a link and direction from 1, ``seen`` is the number of
    the last one of the other direction. One without entries is a sign of life; its number is that of the last one
    with some.
    """

    link: str
    node: str
    number: int
    seen: int
    entries: list[Entry]


class Cut(msgspec.Struct, frozen=True, tag=8, array_like=True):
    """A link has ended, for whatever reason."""

    link: str


Message = Frame | Cut
