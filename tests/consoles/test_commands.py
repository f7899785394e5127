"""The queue of what is typed: one thing at a time, each its own output, nothing before the program is ready."""

from __future__ import annotations

from collections.abc import Sequence

from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from gameserver.consoles.commands import OUTPUT, AnswerTimes, CommandQueue
from gameserver.errors import Code, GameError


class QueueTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.typed: list[str] = []
        self.rest = ""
        self.late: list[float] = []
        self.deaf = False
        self.queue = self.made()
        self.queue.program_started()

    def made(self, ready: float = 0.0) -> CommandQueue:
        times = AnswerTimes(first=2.0, quiet=0.5, settle=1.0, longest=10.0, lines=3, waiting=4, ready=ready)
        return CommandQueue(
            self.clock, times, self.write, lambda: self.rest, lambda: self.late.append(self.clock.seconds())
        )

    def write(self, lines: Sequence[str]) -> float:
        if self.deaf:
            raise GameError(Code.BUSY, "It does not read.")
        self.typed += lines
        return 0.0

    def settle(self) -> None:
        self.clock.advance(1.0)

    def test_the_first_command_waits_until_the_program_has_settled(self) -> None:
        answer = self.queue.submit("list")
        self.clock.advance(0.9)
        self.queue.line("Loading")
        self.clock.advance(0.9)
        self.assertEqual(self.typed, [])
        self.clock.advance(0.1)
        self.assertEqual(self.typed, ["list"])
        self.queue.line("nobody")
        self.clock.advance(0.5)
        self.assertEqual(self.successResultOf(answer), "nobody")

    def test_a_program_that_never_settles_is_not_waited_for(self) -> None:
        self.queue.submit("list")
        for _ in range(20):
            self.clock.advance(0.5)
            self.queue.line("noise")
        self.assertEqual(self.typed, ["list"])

    def test_nothing_is_typed_before_the_program_says_that_it_is_ready(self) -> None:
        queue = self.made(ready=60.0)
        queue.program_started()
        answer = queue.submit("list")
        queue.show(["say hello"], echoed=True)
        for _ in range(20):
            # A server that is silent for seconds at its start, and prints a banner now and then.
            self.clock.advance(2.0)
            queue.line("Loading")
        self.assertEqual(self.typed, [])
        queue.program_ready()
        self.clock.advance(0.9)
        queue.line("the last word of the start")
        self.clock.advance(0.9)
        queue.program_ready()
        self.assertEqual(self.typed, [])
        self.clock.advance(0.1)
        self.assertEqual(self.typed, ["list"])
        queue.line("nobody")
        self.clock.advance(0.5)
        self.assertEqual(self.successResultOf(answer), "nobody")
        self.assertEqual((self.typed, self.late), (["list", "say hello"], []))

    def test_a_program_that_never_says_it_is_waited_for_until_its_deadline(self) -> None:
        queue = self.made(ready=60.0)
        queue.program_started()
        queue.submit("list")
        self.clock.advance(59.9)
        self.assertEqual((self.typed, self.late), ([], []))
        self.clock.advance(0.1)
        self.assertEqual((self.typed, self.late), ([], [60.0]))
        self.clock.advance(1.0)
        self.assertEqual(self.typed, ["list"])

    def test_what_a_text_prints_is_no_output_of_the_next_command(self) -> None:
        self.settle()
        self.queue.show(["say hello"], echoed=True)
        answer = self.queue.submit("list")
        self.clock.advance(1.9)
        self.queue.line("[Server] hello")
        self.rest = "half a line of its"
        self.clock.advance(0.4)
        self.assertEqual(self.typed, ["say hello"])
        self.clock.advance(0.1)
        self.assertEqual(self.typed, ["say hello", "list"])
        self.rest = ""
        self.queue.line("nobody")
        self.clock.advance(0.5)
        self.assertEqual(self.successResultOf(answer), "nobody")

    def test_what_a_command_prints_is_not_mixed_with_a_text(self) -> None:
        self.settle()
        first = self.queue.submit("list")
        self.queue.show(["say hello"], echoed=True)
        self.queue.line("nobody")
        self.clock.advance(0.4)
        self.assertEqual(self.typed, ["list"])
        self.clock.advance(0.1)
        self.assertEqual(self.typed, ["list", "say hello"])
        self.queue.line("[Server] hello")
        self.assertEqual(self.successResultOf(first), "nobody")

    def test_texts_wait_for_no_other_text_and_a_command_not_long_for_a_silent_one(self) -> None:
        self.settle()
        for text in ("tell a", "tell b", "tell c", "tell d", "tell e", "tell f"):
            self.queue.show([text], echoed=False)
        self.assertEqual(len(self.typed), 6)
        self.queue.submit("list")
        self.queue.show(["tell g"], echoed=False)
        self.clock.advance(0.5)
        self.assertEqual(self.typed[6:], ["list"])

    def test_what_cannot_be_typed_is_answered_with_an_error(self) -> None:
        self.settle()
        first, second = self.queue.submit("a"), self.queue.submit("b")
        self.deaf = True
        self.clock.advance(2.0)
        self.assertEqual(self.successResultOf(first), "")
        self.assertEqual(self.failureResultOf(second, GameError).value.code, "busy")
        self.assertEqual(len(self.queue), 0)

    def test_one_in_flight_and_each_its_own_output(self) -> None:
        self.settle()
        first, second = self.queue.submit("a"), self.queue.submit("b")
        self.queue.line("1")
        self.clock.advance(0.4)
        self.queue.line("2")
        self.clock.advance(0.4)
        self.assertEqual(self.typed, ["a"])
        self.clock.advance(0.1)
        self.assertEqual(self.successResultOf(first), "1\n2")
        self.assertEqual(self.typed, ["a", "b"])
        self.clock.advance(1.9)
        self.assertNoResult(second)
        self.clock.advance(0.1)
        self.assertEqual(self.successResultOf(second), "")

    def test_the_limit_of_lines_answers_at_once_but_the_next_waits_for_silence(self) -> None:
        self.settle()
        first = self.queue.submit("a")
        self.queue.submit("b")
        for number in range(5):
            self.queue.line(str(number))
        self.assertEqual(self.successResultOf(first), "0\n1\n2")
        self.assertEqual(self.typed, ["a"])
        self.clock.advance(0.5)
        self.assertEqual(self.typed, ["a", "b"])

    def test_output_without_end_is_cut_by_the_clock_and_by_its_size(self) -> None:
        self.settle()
        first = self.queue.submit("a")
        self.queue.stirred()
        for _ in range(24):
            self.clock.advance(0.4)
            self.queue.stirred()
        self.assertNoResult(first)
        self.clock.advance(0.4)
        self.assertEqual(self.successResultOf(first), "")
        second = self.queue.submit("b")
        self.queue.line("x" * OUTPUT)
        self.assertEqual(len(self.successResultOf(second)), OUTPUT)
        self.clock.advance(1)

    def test_what_stands_without_newline_is_part_of_the_output(self) -> None:
        self.settle()
        answer = self.queue.submit("a")
        self.rest = "half"
        self.queue.stirred()
        self.clock.advance(0.5)
        self.assertEqual(self.successResultOf(answer), "half")

    def test_a_command_repeated_behind_a_prompt_is_no_output(self) -> None:
        self.settle()
        first = self.queue.submit("help")
        self.queue.line("help", prompted=True)
        self.queue.line("help", prompted=False)
        self.queue.line("help", prompted=True)
        self.clock.advance(0.5)
        self.assertEqual(self.successResultOf(first), "help\nhelp")

    def test_death_answers_everything_once_and_a_full_queue_refuses(self) -> None:
        self.settle()
        answers = [self.queue.submit(text) for text in "abcd"]
        self.assertRaises(GameError, self.queue.submit, "e")
        self.queue.line("1")
        self.queue.program_ended()
        self.assertEqual([self.successResultOf(answer) for answer in answers], ["1", "", "", ""])
        self.assertEqual(self.clock.getDelayedCalls(), [])
        self.queue.line("2")
        self.queue.program_ended()
