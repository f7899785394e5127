"""Data frames of RFC 6455 that are whole and alone: made without a mask, read with one."""

from __future__ import annotations

_TEXT, _BINARY = 0x81, 0x82


def frame(payload: bytes, binary: bool = False) -> bytes:
    """Return one unfragmented server frame around a payload; the same bytes serve every receiver."""
    size = len(payload)
    kind = _BINARY if binary else _TEXT
    if size < 126:
        return bytes((kind, size)) + payload
    if size < 65536:
        return bytes((kind, 126, size >> 8, size & 255)) + payload
    return bytes((kind, 127)) + size.to_bytes(8, "big") + payload


def read(data: bytes, start: int, longest: int) -> tuple[bytes, bool, int] | None:
    """Return payload, whether it is binary, and the end of the masked data frame that begins at ``start``.

    ``None`` for anything else: a frame that is not complete here, a fragment, a control frame, an empty or a very
    long one, a wrong one. Those are Autobahn's.
    """
    size = len(data) - start
    if size < 7:
        return None
    kind, length = data[start], data[start + 1] ^ 0x80
    if kind not in (_TEXT, _BINARY) or not 0 < length < 127:
        return None
    begin = start + 2
    if length == 126:
        length = data[begin] << 8 | data[begin + 1]
        begin += 2
        if length < 126:
            return None
    end = begin + 4 + length
    if end > len(data) or length > longest:
        return None
    # One exclusive-or of two big integers is the fastest way to unmask that Python has.
    mask = data[begin : begin + 4] * (length // 4 + 1)
    masked = int.from_bytes(data[begin + 4 : end], "little")
    payload = (masked ^ int.from_bytes(mask[:length], "little")).to_bytes(length, "little")
    return payload, kind == _BINARY, end


def is_utf8(payload: bytes) -> bool:
    """Say whether a text is one."""
    if payload.isascii():
        return True
    try:
        payload.decode()
    except UnicodeDecodeError:
        return False
    return True
