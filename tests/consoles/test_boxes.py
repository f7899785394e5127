"""The small parts: lines, cleaning, the writer, restarts, what is left of a program."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from gameserver.consoles.cleaning import clean, one_line, pieces, without_prompts
from gameserver.consoles.dialects import DIALECTS
from gameserver.consoles.leftovers import MARK, end_marked, marked
from gameserver.consoles.line_reader import LineReader
from gameserver.consoles.lines import Line, Lines
from gameserver.consoles.plan import Restarts, usable_encoding
from gameserver.consoles.stdin_writer import PUSHES, StdinWriter
from gameserver.consoles.usage import usage
from tests.typed import the


class LinesTests(SynchronousTestCase):
    def test_lines_come_whole_however_they_arrive(self) -> None:
        lines = Lines(100)
        self.assertEqual(lines.feed(b"one\r\ntw"), [Line(b"one")])
        self.assertEqual(lines.pending, b"tw")
        self.assertEqual(lines.feed(b"o\n\n\nthree\n"), [Line(b"two"), Line(b"three")])
        self.assertEqual(lines.feed(b"four"), [])
        self.assertEqual(lines.end(), [Line(b"four")])
        self.assertEqual(lines.end(), [])

    def test_a_long_line_is_cut_once_and_its_rest_is_no_line(self) -> None:
        lines = Lines(5)
        self.assertEqual(lines.feed(b"1234567"), [Line(b"12345", False)])
        self.assertEqual(lines.feed(b"xxxxxxxxxx"), [])
        self.assertEqual(lines.feed(b"fake\nnext\n1234567\n"), [Line(b"next"), Line(b"12345", False)])

    def test_what_has_been_shown_is_not_shown_again(self) -> None:
        lines = Lines(100)
        lines.feed(b"half")
        self.assertEqual((lines.show(), lines.show()), (b"half", b""))
        self.assertEqual(lines.feed(b" and half\nx\n"), [Line(b"half and half", True, 4), Line(b"x")])

    @settings(max_examples=200, deadline=None)
    @given(st.binary(max_size=300), st.lists(st.integers(1, 20)))
    def test_cuts_change_nothing(self, data: bytes, cuts: list[int]) -> None:
        whole, parts = Lines(30), Lines(30)
        expected = [*whole.feed(data), *whole.end()]
        found = []
        for cut in cuts:
            found += parts.feed(data[:cut])
            data = data[cut:]
        found += [*parts.feed(data), *parts.end()]
        self.assertEqual(found, expected)


class LineReaderTests(SynchronousTestCase):
    def test_a_line_behind_a_prompt_that_was_shown_loses_its_prefix(self) -> None:
        reader = LineReader(DIALECTS["flying-squid"], "utf-8")
        shown = b"> "
        line = Line(shown + b"\x1b[1GNovember 30th 2026, 20:13:56 [ERROR]: Command not found", shown=len(shown))
        self.assertEqual(the(reader.read(line)).output, "Command not found")

    def test_of_a_line_that_was_shown_only_the_rest_is_output(self) -> None:
        reader = LineReader(DIALECTS["flying-squid"], "utf-8")
        self.assertEqual(the(reader.read(Line(b"half a line", shown=4))).output, "a line")
        self.assertIsNone(the(reader.read(Line(b"half", shown=4))).output)


class CleaningTests(SynchronousTestCase):
    def test_escapes_controls_and_marks_go(self) -> None:
        self.assertEqual(clean("\x1b[1GNovember [\x1b[32mINFO\x1b[39m]: x"), "November [INFO]: x")
        self.assertEqual(clean("\x1b]0;title\x07a\x1b(Bb\x1bMc\x1b]8;;http://x\x1b\\d\x9b31me\x1b"), "abcde")
        self.assertEqual(clean("\u200e*** x\ufeff\0\x07\x08"), "*** x")
        self.assertEqual(clean("§ahi§l", section_codes=True), "hi")
        self.assertEqual(clean("你好\t\u200d x"), "你好\t\u200d x")

    def test_what_stands_behind_a_carriage_return_is_no_start_of_a_line(self) -> None:
        self.assertEqual(clean("10%\r20%"), "10% 20%")

    def test_prompts(self) -> None:
        self.assertEqual(without_prompts("> > x", ("> ",)), "x")
        self.assertEqual(without_prompts(">", ("> ",)), "")
        self.assertEqual(without_prompts(": : x", (": ",)), "x")
        self.assertEqual(without_prompts("> x", ()), "> x")

    def test_one_line_and_pieces(self) -> None:
        self.assertEqual(one_line("a\nb\r\0c\u2028d\x85e"), "a b  c d e")
        self.assertEqual(pieces("你好吗", 6, "utf-8"), ["你好", "吗"])
        self.assertEqual(pieces("", 6, "utf-8"), [""])

    def test_encodings(self) -> None:
        for name in ("utf-8", "gbk", "cp936", "ascii", "latin-1", "shift_jis", "big5"):
            self.assertTrue(usable_encoding(name), name)
        for name in ("utf-16", "utf-32", "rot13", "hex", "nosuch", "cp037"):
            self.assertFalse(usable_encoding(name), name)


class KeyboardTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.typed: list[bytes] = []

    def write(self, data: bytes) -> bool:
        self.typed.append(data)
        return True

    def test_without_a_pace_everything_goes_at_once(self) -> None:
        writer = StdinWriter(Clock(), self.write, 0)
        self.assertTrue(writer.type([b"a", b"b"]))
        self.assertTrue(writer.type([]))
        self.assertEqual(self.typed, [b"a\nb\n"])
        self.assertFalse(StdinWriter(Clock(), lambda data: False, 0).type([b"a"]))

    def test_a_paced_program_gets_a_line_at_a_time_and_some_pushes(self) -> None:
        clock = Clock()
        writer = StdinWriter(clock, self.write, 0.1)
        writer.type([b"a", b"b"])
        clock.advance(0)
        self.assertEqual(self.typed, [b"a\n"])
        clock.advance(0.1)
        self.assertEqual(self.typed, [b"a\n", b"b\n"])
        clock.advance(0.1)
        writer.type([b"c"])
        self.assertEqual(self.typed, [b"a\n", b"b\n", b"\n"])
        clock.pump([0.1] * 300)
        self.assertEqual(self.typed, [b"a\n", b"b\n", b"\n", b"c\n", *[b"\n"] * PUSHES])
        self.assertFalse(writer.type([b"x"] * 201))
        writer.type([b"x"] * 200)
        writer.forget()
        clock.pump([0.1] * 20)
        self.assertNotIn(b"x\n", self.typed)
        writer.type([b"y"])
        writer.stop_typing()
        self.assertEqual(clock.getDelayedCalls(), [])

    def test_a_line_does_not_wait_for_the_next_push(self) -> None:
        clock = Clock()
        writer = StdinWriter(clock, self.write, 0.1)
        writer.type([b"a"])
        clock.pump([0.1] * 60)
        before = len(self.typed)
        writer.type([b"b"])
        clock.advance(0)
        self.assertEqual(self.typed[before:], [b"b\n"])

    def test_lines_that_were_taken_in_one_gulp_are_pushed_through(self) -> None:
        for pause in (0.0, 0.5, 1.0, 3.0, 8.0):
            clock = Clock()
            program = OneLineAtALook()
            writer = StdinWriter(clock, program.write, 0.08)
            writer.type([b"%d" % number for number in range(8)])
            clock.pump([0.01] * int(100 * pause))
            for _ in range(400):
                clock.advance(0.03)
                program.look()
            self.assertEqual(program.done, [b"%d\n" % number for number in range(8)], pause)


class OneLineAtALook:
    """Reads its console as OpenTTD does: looks whether the pipe has something, then takes one line by a buffer."""

    def __init__(self) -> None:
        self._pipe: list[bytes] = []
        self._buffer: list[bytes] = []
        self.done: list[bytes] = []

    def write(self, data: bytes) -> bool:
        self._pipe += data.splitlines(True)
        return True

    def look(self) -> None:
        if self._pipe:
            if not self._buffer:
                self._buffer, self._pipe = self._pipe, []
            line = self._buffer.pop(0)
            if line != b"\n":
                self.done.append(line)


class RestartTests(SynchronousTestCase):
    def test_the_pause_doubles_to_a_limit_and_the_row_ends(self) -> None:
        restarts = Restarts("crash", 1.0, 5.0, 4, 60.0)
        self.assertEqual([restarts.after(clean=False, lasted=1.0) for _ in range(5)], [1.0, 2.0, 4.0, 5.0, None])
        self.assertEqual(restarts.after(clean=False, lasted=61.0), 1.0)
        restarts.forget()
        self.assertEqual(restarts.after(clean=False, lasted=1.0), 1.0)

    def test_policies(self) -> None:
        self.assertIsNone(Restarts("never").after(clean=False, lasted=1.0))
        self.assertIsNone(Restarts("crash").after(clean=True, lasted=1.0))
        self.assertEqual(Restarts("always").after(clean=True, lasted=1.0), 1.0)
        self.assertIsNone(Restarts("always", limit=0).after(clean=True, lasted=1.0))


class LeftoversTests(SynchronousTestCase):
    def test_a_process_is_known_by_its_mark_and_by_nothing_else(self) -> None:
        value = "0123456789abcdef"
        child = subprocess.Popen(["sleep", "600"], env={MARK: value})
        self.addCleanup(child.wait)
        self.addCleanup(child.kill)
        while not marked(value):
            self.assertIsNone(child.poll())
            time.sleep(0.005)
        self.assertEqual(marked(value), [child.pid])
        self.assertEqual(marked(value[:-1]), [])
        self.assertTrue(end_marked(value[1:]))
        self.assertIsNone(child.poll())
        self.assertTrue(end_marked(value))
        self.assertEqual(child.wait(10), -signal.SIGKILL)


class UsageTests(SynchronousTestCase):
    def test_a_process_and_what_is_none(self) -> None:
        own = usage(os.getpid())
        self.assertGreater(own.memory, 1e6)
        self.assertGreater(own.cpu, 0.0)
        self.assertEqual(usage(1, Path("/nowhere")).memory, 0.0)
