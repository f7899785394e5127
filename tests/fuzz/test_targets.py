"""A short form of ``make fuzz``: every target on its corpus and on some inputs made from it, always the same."""

from __future__ import annotations

import random
import subprocess
import sys
import time

from twisted.trial.unittest import SynchronousTestCase

from fuzz import one, target
from fuzz.mutation import mutated, stretched
from fuzz.target import CORPUS, FUZZ, LONGEST, Target, TooMuch, packets
from fuzz.targets import TARGETS
from tests.directories import temporary_directory

#: Inputs made by chance for each target, and the seconds of them at most.
INPUTS, SECONDS = 150, 0.6


class CorpusTests(SynchronousTestCase):
    def test_every_target_has_a_corpus_and_every_corpus_a_target(self) -> None:
        self.assertEqual({folder.name for folder in CORPUS.iterdir()}, set(TARGETS))
        for one_target in TARGETS.values():
            with self.subTest(target=one_target.name):
                self.assertGreater(len(list(one_target.inputs())), 2)

    def test_the_corpora_are_refused_or_understood(self) -> None:
        for one_target in TARGETS.values():
            for data in one_target.inputs():
                with self.subTest(target=one_target.name, data=data[:80]):
                    one_target.time(data)

    def test_inputs_as_long_as_they_get_cost_what_their_bytes_are_worth(self) -> None:
        for one_target in TARGETS.values():
            chance = random.Random(64)
            for data in list(one_target.inputs())[:4]:
                long = stretched(chance, data)
                with self.subTest(target=one_target.name, data=long[:80]):
                    one_target.time(long)
            with self.subTest(target=one_target.name):
                one_target.weigh(long)

    def test_changed_inputs(self) -> None:
        for one_target in TARGETS.values():
            chance, corpus = random.Random(1300), list(one_target.inputs())
            end = time.monotonic() + SECONDS
            for _ in range(INPUTS):
                data = mutated(chance, corpus)
                with self.subTest(target=one_target.name, data=data[:200]):
                    one_target.time(data)
                if time.monotonic() > end:
                    break


class BoundTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.patch(target, "FOUND", temporary_directory())

    def test_what_is_slow_fails_and_is_kept(self) -> None:
        def slow(data: bytes) -> None:
            end = time.thread_time() + 0.004
            while time.thread_time() < end:
                pass

        with self.assertRaises(TooMuch) as caught:
            one.trial(Target("slow", slow, milliseconds=2), b"xyz", weighed=False)
        (file,) = target.FOUND.iterdir()
        self.assertEqual(file.read_bytes(), b"xyz")
        self.assertEqual(caught.exception.__notes__, [f"kept as {file}"])
        Target("slow", slow, milliseconds=2).time(b"x" * 8 * LONGEST)

    def test_what_takes_memory_fails_and_is_kept(self) -> None:
        def big(data: bytes) -> None:
            self.assertEqual(len(bytes(64 << 20)), 64 << 20)

        with self.assertRaises(TooMuch):
            one.trial(Target("big", big), b"xyz", weighed=True)
        self.assertEqual(len(list(target.FOUND.iterdir())), 1)

    def test_what_a_decoder_lets_out_fails_and_is_kept(self) -> None:
        def lets_out(data: bytes) -> None:
            raise KeyError(data)

        with self.assertRaises(KeyError):
            one.trial(Target("leaky", lets_out), b"xyz", weighed=True)
        self.assertEqual(len(list(target.FOUND.iterdir())), 1)


class InputTests(SynchronousTestCase):
    def test_packets_are_the_input_cut_the_same_every_time(self) -> None:
        for size in (0, 1, 2, 100, 5000):
            data = random.Random(size).randbytes(size)
            self.assertEqual(b"".join(packets(data)), data)
            self.assertEqual(packets(data), packets(data))

    def test_no_input_is_longer_than_the_longest(self) -> None:
        chance = random.Random(5)
        corpus = [b"", b"x", b"abc" * 40_000]
        inputs = [mutated(chance, corpus) for _ in range(2000)]
        self.assertLessEqual(max(map(len, inputs)), LONGEST)
        self.assertGreater(len(set(inputs)), 500)


class RunnerTests(SynchronousTestCase):
    def run_one(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-W", "ignore", "-m", "fuzz.one", *arguments]
        return subprocess.run(command, cwd=FUZZ.parent, capture_output=True, text=True, timeout=120)

    def test_a_file_is_tried_as_it_is(self) -> None:
        file = temporary_directory() / "input"
        file.write_bytes(b'{"Command":"03"}')
        done = self.run_one("chat", str(file))
        self.assertEqual((done.returncode, done.stdout), (0, f"{file}: nothing wrong\n"))

    def test_an_unknown_target_is_told_the_known_ones(self) -> None:
        done = self.run_one("chess", "x")
        self.assertEqual(done.returncode, 1)
        self.assertIn("there is no target chess; there are chat, telnet", done.stderr)

    def test_without_atheris_it_says_why_inputs_are_made_by_chance(self) -> None:
        self.patch(one, "find_spec", lambda name: None)
        self.assertIn("atheris is not installed", one.unguided())
