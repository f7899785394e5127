"""Zip files of strangers: what is taken, what is refused before it is expanded, and what refusing costs."""

from __future__ import annotations

import io
import struct
import time
import tracemalloc
import warnings
import zipfile
from typing import cast

from twisted.trial.unittest import SynchronousTestCase

from gameserver.matches.zip_files import COMMENT, MEMBERS, BadZip, expanded, is_whole, members

#: Bytes that members may expand to here.
LARGEST = 1 << 20


def zipped(*files: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED, comment: bytes = b"") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive, warnings.catch_warnings(action="ignore"):
        archive.comment = comment
        for name, data in files:
            archive.writestr(name, data)
    return buffer.getvalue()


def bomb(method: int, megabytes: int) -> bytes:
    """Zeros, so many megabytes of them."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(buffer, "w", method) as archive,
        archive.open("map_x.map", "w", force_zip64=False) as member,
    ):
        for _ in range(megabytes):
            member.write(bytes(1 << 20))
    return buffer.getvalue()


def entry(data: bytes, number: int = 0) -> int:
    """Where an entry of the directory begins."""
    at = data.index(b"PK\x01\x02")
    for _ in range(number):
        at = data.index(b"PK\x01\x02", at + 4)
    return at


def changed(data: bytes, at: int, form: str, value: int) -> bytes:
    copy = bytearray(data)
    struct.pack_into(form, copy, at, value)
    return bytes(copy)


class Taken(SynchronousTestCase):
    def test_stored_and_deflated_members(self) -> None:
        files = ("map_x.map", b"8;0\n" * 1000), ("map_x.jpg", b"\xff\xd8\xff")
        for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            data = zipped(*files, method=method, comment=b"mine")
            self.assertEqual(expanded(data, members(data, LARGEST)), dict(files))

    def test_what_a_stream_wrote_whose_sizes_come_behind_the_members(self) -> None:
        class Pipe(io.RawIOBase):
            """Nowhere to go back to, as Java's ZipOutputStream has it."""

            def __init__(self) -> None:
                self.data = bytearray()

            def writable(self) -> bool:
                return True

            def write(self, data: object) -> int:
                piece = bytes(cast("bytes", data))
                self.data += piece
                return len(piece)

        pipe = Pipe()
        with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("map_x.map", b"8;0\n")
        data = bytes(pipe.data)
        self.assertEqual(expanded(data, members(data, LARGEST)), {"map_x.map": b"8;0\n"})

    def test_where_a_file_ends(self) -> None:
        data = zipped(("map_x.map", b"8;0\n"), comment=b"c" * COMMENT)
        self.assertTrue(is_whole(data, len(data)))
        self.assertFalse(is_whole(data, len(data) - 1))


class Refused(SynchronousTestCase):
    def refused(self, data: bytes, sentence: str) -> None:
        with self.assertRaises(BadZip) as caught:
            expanded(data, members(data, LARGEST))
        self.assertIn(sentence, str(caught.exception))

    def test_other_ways_to_pack_are_refused_before_anything_is_expanded(self) -> None:
        # What these two methods read at once is not bounded by what is asked for. 347 bytes were 256 MB.
        for method, megabytes in ((zipfile.ZIP_BZIP2, 256), (zipfile.ZIP_LZMA, 16)):
            data = bomb(method, megabytes)
            tracemalloc.start()
            since = time.monotonic()
            self.refused(data, "stored or deflated")
            took, (_, most) = time.monotonic() - since, tracemalloc.get_traced_memory()
            tracemalloc.stop()
            self.assertLess((took, most), (0.05, 1 << 20))
            # Also when the directory says something else than the bytes are.
            lied = changed(changed(data, entry(data) + 10, "<H", 8), entry(data) + 24, "<L", 1000)
            self.refused(lied, "damaged")

    def test_members_that_expand_to_too_much(self) -> None:
        honest = bomb(zipfile.ZIP_DEFLATED, 64)
        self.refused(honest, f"{LARGEST} bytes at most")
        self.refused(zipped(("a", bytes(600_000)), ("b", bytes(600_000))), f"{LARGEST} bytes at most")
        lied = changed(honest, entry(honest) + 24, "<L", 1000)
        tracemalloc.start()
        self.refused(lied, "larger than the directory says")
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        self.assertLess(most, 1 << 20)

    def test_too_many_members(self) -> None:
        many = zipped(*[(f"m{number}", b"") for number in range(9000)])
        since = time.monotonic()
        self.refused(many, "9000 members")
        self.assertLess(time.monotonic() - since, 0.02)
        end = many.rindex(b"PK\x05\x06")
        lied = changed(changed(many, end + 8, "<H", 2), end + 10, "<H", 2)
        self.refused(lied, "directory is damaged")
        self.refused(zipped(), "0 members")
        exactly = zipped(*[(f"m{number}", b"") for number in range(MEMBERS)])
        self.assertEqual(len(members(exactly, LARGEST)), MEMBERS)

    def test_names(self) -> None:
        for name in ("maps/map_x.map", "../evil", "a\\b", "x" * 101):
            self.refused(zipped((name, b"x")), "no folders")
        self.refused(zipped(("map_x.map", b"x"), ("map_x.map", b"y")), "same name")
        latin = zipped(("mapxx.map", b"x")).replace(b"mapxx", b"map\xff\xfe")
        self.refused(latin, "not UTF-8")

    def test_lies_in_the_directory(self) -> None:
        data = zipped(("map_x.map", b"8;0\n" * 100), ("map_x.jpg", b"picture"), method=zipfile.ZIP_STORED)
        for at, form, value, sentence in (
            (8, "<H", 1, "encrypted"),
            (16, "<L", 1, "not what the directory says"),
            (20, "<L", 10, "not what the directory says"),
            (20, "<L", 1 << 30, "overlap"),
            (24, "<L", 399, "not what the directory says"),
            (28, "<H", 60_000, "directory is damaged"),
            (42, "<L", 1 << 31, "not where the directory says"),
            (42, "<L", 1, "not where the directory says"),
        ):
            self.refused(changed(data, entry(data) + at, form, value), sentence)
        self.refused(data[:-1], "its end is missing")
        self.refused(data + b"x", "directory is damaged")
        self.refused(b"PK\x03\x04 this is no zip file", "its end is missing")
        self.refused(b"before" + data, "directory is damaged")

    def test_members_that_overlap(self) -> None:
        data = zipped(("a", b"x" * 100), ("b", b"y" * 100), method=zipfile.ZIP_STORED)
        # The first is said to go on into the second: one kernel of bytes for many members is how bombs are made.
        self.refused(changed(data, entry(data) + 20, "<L", 150), "overlap")
        # And both to be the same bytes, under names that are the same as well.
        twice = changed(data, entry(data, 1) + 42, "<L", 0).replace(b"b" + data[-22:-21], b"a" + data[-22:-21])
        self.refused(twice, "same name")
