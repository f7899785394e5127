"""Objects out of a byte stream, however it is cut and whatever stands between them."""

from __future__ import annotations

import itertools
import json
import re
import time
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from gameserver.net import json_objects
from gameserver.net.json_objects import Damage, JsonObjects

GOOD = b'{"Command":"05","Message":"x"}'

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
objects = st.dictionaries(st.text(max_size=5), values, max_size=4)
separators = st.sampled_from([b"", b"\n", b"\r\n", b" ", b"\0", b"\n\n", b"\t \0\n"])


def cut(data: bytes, places: list[int]) -> list[bytes]:
    """Return data in packets, cut at places (taken modulo its length)."""
    ends = sorted({place % (len(data) + 1) for place in places} | {0, len(data)})
    return [data[start:end] for start, end in itertools.pairwise(ends)]


def scan(packets: list[bytes], longest: int = 100_000, deepest: int = 32) -> list[bytes | Damage]:
    scanner = JsonObjects(longest, deepest)
    found: list[bytes | Damage] = []
    for packet in packets:
        found += scanner.scan(packet)
    return found


class FlatTests(SynchronousTestCase):
    """Objects without another bracket in them are found by one pattern; what comes of a stream is the same."""

    @settings(max_examples=1000, deadline=None)
    @given(
        st.lists(
            st.sampled_from([b'"', b"\\", b"{", b"}", b"[", b"]", b",", b":", b"a", b"\n", b" ", b'{"a":1}', GOOD]),
            max_size=30,
        ),
        st.lists(st.integers(min_value=0), max_size=4),
    )
    def test_with_the_pattern_and_without(self, pieces: list[bytes], places: list[int]) -> None:
        packets = cut(b"".join(pieces), places)
        with_it = scan(packets, 25, 3)
        with patch.object(json_objects, "_FLAT", re.compile(b"(?!)")):
            self.assertEqual(scan(packets, 25, 3), with_it, packets)


class GoodStreamTests(SynchronousTestCase):
    @settings(max_examples=300, deadline=None)
    @given(
        st.lists(st.tuples(objects, separators, st.sampled_from([None, 0, 2]), st.booleans()), max_size=6),
        st.lists(st.integers(min_value=0), max_size=12),
        st.booleans(),
    )
    def test_every_object_comes_whole_however_the_stream_is_cut(
        self, items: list[tuple[dict[str, object], bytes, int | None, bool]], places: list[int], mark: bool
    ) -> None:
        texts = [json.dumps(item, indent=indent, ensure_ascii=escaped) for item, _, indent, escaped in items]
        encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
        stream = b"".join(text + separator for text, (_, separator, _, _) in zip(encoded, items, strict=True))
        self.assertEqual(scan(cut((b"\xef\xbb\xbf" if mark else b"") + stream, places)), encoded)

    def test_a_byte_at_a_time(self) -> None:
        stream = b'{"a":"\xe4\xbd\xa0\\"}{[\\\\"}\r\n{"b":[{"c":{}},[]]} {}'
        found = scan([bytes([byte]) for byte in stream])
        self.assertEqual(found, [b'{"a":"\xe4\xbd\xa0\\"}{[\\\\"}', b'{"b":[{"c":{}},[]]}', b"{}"])

    def test_no_byte_is_looked_at_twice(self) -> None:
        """A quadratic scanner would take minutes for this."""
        packet = b'{"Message":"' + b"x" * 200_000 + b'","a":[' + b"1," * 100_000 + b"1]}"
        began = time.process_time()
        found = scan([packet[at : at + 7] for at in range(0, len(packet), 7)], longest=1 << 20)
        self.assertEqual(found, [packet])
        self.assertLess(time.process_time() - began, 5)


class DamageTests(SynchronousTestCase):
    def check(self, stream: bytes, *expected: bytes | Damage, longest: int = 1000, deepest: int = 8) -> None:
        self.assertEqual(scan([stream], longest, deepest), list(expected), stream)

    def test_nothing_in_a_list_is_an_object(self) -> None:
        for items in (
            GOOD,
            b"[" + GOOD + b",[]]",
            GOOD + b", " + GOOD,
            b'"]","\\"[{",' + GOOD,
            b'{"a":[' + GOOD + b"]}",
        ):
            self.check(b"[" + items + b"]" + GOOD, Damage.GARBAGE, GOOD)
            self.check(b"[" + items + b"]\n" + GOOD, Damage.GARBAGE, GOOD)
        # One without an end is damage like any other, and looked at once.
        self.check(b"[1,2 " + GOOD, Damage.GARBAGE, GOOD)
        began = time.process_time()
        self.check(b"[ {" * 100_000, *[Damage.GARBAGE], longest=1_000_000)
        self.assertLess(time.process_time() - began, 5)

    def test_after_damage_it_goes_on_at_the_next_line(self) -> None:
        for garbage, damage in (
            (b"garbage", Damage.GARBAGE),
            (b'[1,{"a":1}]', Damage.GARBAGE),
            (b'"text"', Damage.GARBAGE),
            (b"}}}", Damage.GARBAGE),
            (b'{"Message":"raw', Damage.NEWLINE_IN_STRING),
            (b'{"Command":', Damage.CUT_OFF),
            (b'{"Command":"05"', Damage.CUT_OFF),
            (b'{"Command":"05",', Damage.CUT_OFF),
        ):
            with self.subTest(garbage):
                self.check(GOOD + b"\n" + garbage + b"\n" + GOOD + b"\n", GOOD, damage, GOOD)

    def test_brackets_that_nobody_closes_end_with_their_line(self) -> None:
        for count in (1, 2, 7, 8, 9, 20_000):
            for inside in (b"", b"1,", b'"x",', b"[],", b'{"a":1},'):
                damaged = b'{"Command":"05","Message":' + b"[" * count + inside
                stream = damaged + b"\n" + GOOD + b"\n" + GOOD + b"\n"
                for packets in (
                    [stream],
                    cut(stream, list(range(0, len(stream), 997))),
                    [damaged, b"\n", GOOD, GOOD],
                ):
                    with self.subTest(count=count, inside=inside, packets=len(packets)):
                        found = scan(packets, longest=100_000, deepest=8)
                        self.assertEqual([item for item in found if isinstance(item, bytes)], [GOOD, GOOD])

    def test_items_of_a_list_on_lines_of_their_own_are_no_messages(self) -> None:
        self.check(b'{\n"a":[\n{"b":1},\n{"b":2}\n]\n}\n', b'{\n"a":[\n{"b":1},\n{"b":2}\n]\n}')

    def test_many_lines_inside_a_list_are_counted_once(self) -> None:
        """A scanner that counts anew at each of them would take minutes."""
        packet = b'{\n"a":[' + b"\n{}," * 300_000 + b"1]}"
        began = time.process_time()
        self.assertEqual(scan([packet], longest=1 << 21), [packet])
        self.assertLess(time.process_time() - began, 5)

    @settings(max_examples=500, deadline=None)
    @given(
        st.lists(st.sampled_from([b"[", b"[", b"{", b"]", b"}", b",", b":", b'"a":', b"1", b" "]), max_size=40),
        st.lists(st.integers(min_value=0), max_size=6),
    )
    def test_the_line_after_one_with_any_brackets_is_heard(self, pieces: list[bytes], places: list[int]) -> None:
        stream = b'{"Message":' + b"".join(pieces) + b"\n" + GOOD + b"\n"
        self.assertIn(GOOD, scan(cut(stream, places), 200, 4), stream)

    def test_a_client_without_newlines_goes_on_at_the_next_object(self) -> None:
        self.check(GOOD + b"garbage" + GOOD, GOOD, Damage.GARBAGE, GOOD)

    def test_too_long_is_told_once_and_not_kept(self) -> None:
        long = b'{"a":"' + b"x" * 2000 + b'"}'
        self.check(long + b"\n" + GOOD + b"\n", Damage.TOO_LONG, GOOD)
        scanner = JsonObjects(1000, 8)
        for packet in cut(long, list(range(0, 2000, 50))):
            scanner.scan(packet)
            self.assertLessEqual(len(scanner._held), 1000)

    def test_an_object_without_an_end_is_told_again_and_again(self) -> None:
        scanner = JsonObjects(1000, 8)
        told = [item for _ in range(100) for item in scanner.scan(b'{"a":"' + b"x" * 100)]
        self.assertGreater(len(told), 5)
        self.assertEqual({type(item) for item in told}, {Damage})

    def test_too_deep_is_told_once(self) -> None:
        self.check(b'{"a":' + b"[" * 20 + b"]" * 20 + b"}\n" + GOOD + b"\n", Damage.TOO_DEEP, GOOD)
        self.check(b'{"a":' * 8 + b"1" + b"}" * 8 + b"\n", b'{"a":' * 8 + b"1" + b"}" * 8)

    def test_half_an_object_can_be_forgotten(self) -> None:
        scanner = JsonObjects(1000, 8)
        scanner.scan(b'{"a":"x\\')
        self.assertTrue(scanner.pending)
        scanner.forget()
        self.assertFalse(scanner.pending)
        self.assertEqual(scanner.scan(GOOD), [GOOD])

    @settings(max_examples=500, deadline=None)
    @given(
        st.lists(
            st.binary(max_size=20)
            | st.sampled_from(
                [b"{", b"}", b'"', b"\\", b"\n", b"[", b"]", b":", b",", b"\xef\xbb\xbf", GOOD, b'{"a":']
            ),
            max_size=20,
        )
    )
    def test_whatever_comes_it_is_bounded_and_finds_its_way_back(self, pieces: list[bytes]) -> None:
        scanner = JsonObjects(200, 4)
        for piece in pieces:
            scanner.scan(piece)
            self.assertLessEqual(len(scanner._held), 200)
            self.assertLessEqual(len(scanner._nesting), 4)
        later = scanner.scan(b"\n" + GOOD + b"\n" + GOOD + b"\n" + GOOD + b"\n")
        self.assertIn(GOOD, later)
