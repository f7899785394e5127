"""Zip files of strangers: small ones only, checked before anything in them is expanded.

Only what uploads need is read: members that are stored or deflated, one behind the other, with a directory at the
end. Nothing that the file says about itself is believed. Format: PKWARE's APPNOTE 6.3, 4.3 and 4.4.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping

import attrs

#: Members that a zip file may have.
MEMBERS = 16

#: Characters that the name of a member may have; folders are none.
NAME_LENGTH = 100

#: Bytes of comment that a zip file may end with.
COMMENT = 1024

_STORED, _DEFLATED = 0, 8
_ENCRYPTED = 1

#: Signature, disk, disk of the directory, members on this disk, members, size and offset of the directory, comment.
_END = struct.Struct("<4s4H2LH")
#: Signature, versions, flags, method, time, date, CRC-32, size, expanded size, lengths of name, extra and comment,
#: disk, attributes inside and outside, offset.
_ENTRY = struct.Struct("<4s6H3L5H2L")
#: The same of a member, without what only the directory has.
_LOCAL = struct.Struct("<4s5H3L2H")

_END_MARK = b"PK\x05\x06"


class BadZip(ValueError):
    """A zip file that is damaged, too large, or made in a way that is not read here. The text says what it is."""


@attrs.frozen
class Member:
    """A file in a zip file, as the directory tells of it. ``data`` is where its bytes begin."""

    name: str
    method: int
    crc: int
    size: int
    expanded: int
    begin: int
    data: int


def is_whole(data: bytes | bytearray, end: int) -> bool:
    """Say whether a zip file that is so many bytes long has its end, however many end marks it has had before."""
    at = data.rfind(_END_MARK, max(0, end - _END.size - COMMENT), end)
    return at >= 0 and end >= at + _END.size + int.from_bytes(data[at + 20 : at + 22], "little")


def members(data: bytes, largest: int) -> list[Member]:
    """Return what is in a zip file, whose members expand to ``largest`` bytes at most, all of them together.

    Nothing is expanded. Raises ``BadZip``.
    """
    at = data.rfind(_END_MARK, max(0, len(data) - _END.size - COMMENT))
    if at < 0 or len(data) - at < _END.size:
        raise BadZip("its end is missing")
    _, disk, first_disk, here, count, length, offset, comment = _END.unpack_from(data, at)
    if disk or first_disk or here != count or at + _END.size + comment != len(data) or offset + length != at:
        raise BadZip("its directory is damaged")
    if not 0 < count <= MEMBERS:
        raise BadZip(f"it has {count} members, and may have 1 to {MEMBERS}")
    found: list[Member] = []
    for _ in range(count):
        member, offset = _entry(data, offset, at)
        found.append(member)
    if offset != at:
        raise BadZip("its directory is damaged")
    if sum(member.expanded for member in found) > largest:
        raise BadZip(f"it may expand to {largest} bytes at most")
    _check_places(found, at - length)
    return found


def _entry(data: bytes, at: int, end: int) -> tuple[Member, int]:
    """Return the member that an entry of the directory tells of, and where the next entry begins."""
    if at + _ENTRY.size > end:
        raise BadZip("its directory is damaged")
    entry = _ENTRY.unpack_from(data, at)
    mark, _, _, flags, method, _, _, crc, size, expanded, name_length, extra, comment = entry[:13]
    begin = entry[16]
    behind = at + _ENTRY.size + name_length + extra + comment
    if mark != b"PK\x01\x02" or behind > end:
        raise BadZip("its directory is damaged")
    if flags & _ENCRYPTED:
        raise BadZip("it is encrypted")
    if method not in (_STORED, _DEFLATED):
        raise BadZip("its members must be stored or deflated")
    raw = data[at + _ENTRY.size :][:name_length]
    try:
        name = raw.decode()
    except UnicodeDecodeError:
        raise BadZip("the name of a member is not UTF-8") from None
    if not name or len(name) > NAME_LENGTH or "/" in name or "\\" in name:
        raise BadZip("it may have no folders and no names that are empty or too long")
    return Member(name, method, crc, size, expanded, begin, _data_of(data, begin, raw)), behind


def _data_of(data: bytes, begin: int, name: bytes) -> int:
    """Return where the bytes of a member begin that begins there itself."""
    if begin + _LOCAL.size > len(data):
        raise BadZip("a member is not where the directory says")
    local = _LOCAL.unpack_from(data, begin)
    name_length, extra = local[9:]
    at = begin + _LOCAL.size
    if local[0] != b"PK\x03\x04" or data[at : at + name_length] != name:
        raise BadZip("a member is not where the directory says")
    return int(at + name_length + extra)


def _check_places(found: list[Member], end: int) -> None:
    """Refuse members that share bytes, with each other or with the directory; and one name twice."""
    if len({member.name for member in found}) < len(found):
        raise BadZip("two members have the same name")
    free = 0
    for member in sorted(found, key=lambda member: member.begin):
        if member.begin < free or member.data + member.size > end:
            raise BadZip("its members overlap")
        free = member.data + member.size


def expanded(data: bytes, found: list[Member]) -> Mapping[str, bytes]:
    """Return the bytes of members by name. No more is expanded than the directory has announced.

    Raises ``BadZip``.
    """
    return {member.name: _expanded(data, member) for member in found}


def _expanded(data: bytes, member: Member) -> bytes:
    packed = data[member.data : member.data + member.size]
    if member.method == _DEFLATED:
        # One byte more than announced is enough to know that it is a lie.
        inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            packed = inflater.decompress(packed, member.expanded + 1)
        except zlib.error:
            raise BadZip(f"{member.name} is damaged") from None
        if not inflater.eof:
            raise BadZip(f"{member.name} is damaged, or larger than the directory says")
    if len(packed) != member.expanded or zlib.crc32(packed) != member.crc:
        raise BadZip(f"{member.name} is damaged, or not what the directory says")
    return packed
