"""The header by which a proxy for TCP says for whom it connects (HAProxy's PROXY protocol, versions 1 and 2).

What the document leaves to the receiver is decided here: both versions are taken, a header is refused with its first
wrong byte, and what is longer than any proxy makes it is refused before it has come.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address

import attrs

#: What a header of version 1 begins with, and its longest line with the line end (2.1).
TEXT, LONGEST_TEXT = b"PROXY ", 107

#: What one of version 2 begins with, the bytes before its addresses, and the most that may follow them: addresses
#: take 216 bytes at most, the rest are notes (2.2) that we do not read.
BINARY, BINARY_HEAD, LONGEST_BINARY = b"\r\n\r\n\0\r\nQUIT\n", 16, 4096

_FAMILIES = {b"TCP4": IPv4Address, b"TCP6": IPv6Address}

#: Families of version 2 that have addresses of the internet (the high half of a byte), with the bytes of one.
_SIZES = {0x1: 4, 0x2: 16}

#: Those that it knows at all, and its transports (the low half).
_KNOWN_FAMILIES, _KNOWN_TRANSPORTS = range(4), range(3)

_LOCAL, _PROXY = 0, 1


class BadProxyHeader(Exception):
    """Bytes that are no PROXY header."""


@attrs.frozen
class ProxyHeader:
    """A whole header: how many bytes it takes, and the client's address and port; ``host`` is empty if it names none.

    None is named by a proxy that asks for itself (to see whether we are there), or does not know.
    """

    length: int
    host: str = ""
    port: int = 0


def read_header(data: bytes) -> ProxyHeader | None:
    """Return the header at the beginning of what has come, ``None`` while it may still become one.

    Raises ``BadProxyHeader``.
    """
    if data.startswith(BINARY):
        return _binary(data)
    if data.startswith(TEXT):
        return _text(data)
    if BINARY.startswith(data) or TEXT.startswith(data):
        return None
    raise BadProxyHeader("it begins like none")


def _text(data: bytes) -> ProxyHeader | None:
    line, end, _ = data[:LONGEST_TEXT].partition(b"\r\n")
    if not end:
        if len(data) >= LONGEST_TEXT:
            raise BadProxyHeader("the line is too long")
        return None
    length = len(line) + 2
    match line.split(b" "):
        case [_, b"UNKNOWN", *_]:
            return ProxyHeader(length)
        case [_, family, source, target, source_port, target_port] if family in _FAMILIES:
            kind = _FAMILIES[family]
            try:
                host, _ = kind(source.decode("ascii")), kind(target.decode("ascii"))
            except ValueError:
                raise BadProxyHeader("no addresses") from None
            port, _ = _port(source_port), _port(target_port)
            return ProxyHeader(length, str(host), port)
        case _:
            raise BadProxyHeader("no two addresses and ports")


def _port(digits: bytes) -> int:
    if not (digits.isdigit() and len(digits) <= 5 and int(digits) <= 0xFFFF):
        raise BadProxyHeader("no port")
    return int(digits)


def _binary(data: bytes) -> ProxyHeader | None:
    if len(data) > 12 and data[12] not in (0x20 | _LOCAL, 0x20 | _PROXY):
        raise BadProxyHeader("another version or command")
    if len(data) > 13 and (data[13] >> 4 not in _KNOWN_FAMILIES or data[13] & 0xF not in _KNOWN_TRANSPORTS):
        raise BadProxyHeader("an unknown family or transport")
    if len(data) < BINARY_HEAD:
        return None
    follows = int.from_bytes(data[14:BINARY_HEAD], "big")
    if follows > LONGEST_BINARY:
        raise BadProxyHeader("too long")
    length = BINARY_HEAD + follows
    command, family = data[12] & 0xF, data[13] >> 4
    size = _SIZES.get(family, 0) if command == _PROXY and data[13] & 0xF else 0
    if size and follows < 2 * size + 4:
        raise BadProxyHeader("addresses that are cut off")
    if len(data) < length:
        return None
    if not size:
        return ProxyHeader(length)
    source = data[BINARY_HEAD : BINARY_HEAD + size]
    port = int.from_bytes(data[BINARY_HEAD + 2 * size : BINARY_HEAD + 2 * size + 2], "big")
    return ProxyHeader(length, str(IPv4Address(source) if size == 4 else IPv6Address(source)), port)
