"""Lines out of a byte stream, and texts as lines."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from gameserver.net.lines import Damage, Lines, cut


def read(lines: Lines) -> list[str | Damage]:
    """Return everything that is whole."""
    return list(iter(lines.next, None))


class LinesTests(SynchronousTestCase):
    def test_either_end_of_line_and_none_at_the_end(self) -> None:
        lines = Lines(100)
        lines.feed(b"one\r\ntwo\n\n\xc3\xa9 \xff\nhalf")
        self.assertEqual(read(lines), ["one", "two", "", "\u00e9 \ufffd"])
        self.assertEqual(len(lines), 4)
        lines.end()
        self.assertEqual((read(lines), len(lines)), (["half"], 0))
        lines.end()
        self.assertEqual(read(lines), [])

    def test_too_long_a_line_is_damage_and_is_not_kept(self) -> None:
        lines = Lines(10)
        for _ in range(1000):
            lines.feed(b"x" * 100)
            self.assertEqual(read(lines), [])
            self.assertLessEqual(len(lines), 100)
        lines.feed(b"\nshort\n" + b"y" * 11 + b"\n" + b"z" * 10 + b"\n")
        self.assertEqual(read(lines), [Damage.TOO_LONG, "short", Damage.TOO_LONG, "z" * 10])

    @settings(max_examples=200, deadline=None)
    @given(st.lists(st.text("ab\u00e9", max_size=30)), st.lists(st.integers(0, 400)))
    def test_it_is_the_same_however_the_stream_is_cut(self, texts: list[str], cuts: list[int]) -> None:
        stream = "".join(f"{text}\n" for text in texts).encode()
        expected = [text if len(text.encode()) <= 20 else Damage.TOO_LONG for text in texts]
        lines, found, begin = Lines(20), [], 0
        for end in [*sorted(cuts), len(stream)]:
            lines.feed(stream[begin:end])
            found += read(lines)
            begin = max(begin, end)
        self.assertEqual(found, expected)


class CutTests(SynchronousTestCase):
    def test_a_text_is_cut_at_its_own_lines_and_where_it_is_too_long(self) -> None:
        self.assertEqual(list(cut("one\r\n\ntwo\0three\u2028four", 100)), ["one", "twothree", "four"])
        self.assertEqual(list(cut("abcdefg", 3)), ["abc", "def", "g"])
        self.assertEqual(list(cut("a\u20acb\U0001f600", 4)), ["a\u20ac", "b", "\U0001f600"])
        self.assertEqual(list(cut("half a pair: \ud83d", 100)), ["half a pair: ?"])
        self.assertEqual(list(cut("", 100)), [])

    @settings(max_examples=200, deadline=None)
    @given(st.text(), st.integers(4, 50))
    def test_nothing_is_lost_and_nothing_is_too_long(self, text: str, longest: int) -> None:
        pieces = list(cut(text, longest))
        self.assertEqual("".join(pieces), "".join(text.replace("\0", "").splitlines()))
        for piece in pieces:
            self.assertTrue(0 < len(piece.encode()) <= longest, piece)
            self.assertEqual(len(piece.splitlines()), 1)
