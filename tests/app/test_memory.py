"""Memory that is given back to the system."""

from __future__ import annotations

import errno
import gc
import subprocess
import sys
import weakref
from collections.abc import Awaitable, Callable
from unittest import SkipTest

from twisted.internet.defer import succeed
from twisted.trial.unittest import TestCase

from gameserver.app.memory import GROWN, RESTS, Lasting, Memory, trimmer

MEBIBYTE = 1 << 20

#: Prints what a process has before and after a thread of it, which goes on, has used 19 MiB once.
HASHED = """
import threading
from argon2 import PasswordHasher
from gameserver.app.memory import resident, trimmer
trim, hashed, seen = trimmer(), threading.Event(), threading.Event()
PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("x")
before = resident()
def work():
    PasswordHasher(time_cost=1, memory_cost=19 * 1024, parallelism=1).hash("x")
    hashed.set()
    seen.wait()
thread = threading.Thread(target=work)
thread.start()
hashed.wait()
trim()
print(before, resident())
seen.set()
thread.join()
"""


class MemoryTests(TestCase):
    def setUp(self) -> None:
        self.used = 100 * MEBIBYTE
        self.free = 0
        self.trims = 0
        self.memory = Memory(self.trim, self.measure, self.in_thread)

    def measure(self) -> int:
        if self.used < 0:
            raise OSError(errno.EMFILE, "Too many open files")
        return self.used

    def trim(self) -> None:
        self.trims += 1
        self.used, self.free = self.used - self.free, 0

    def in_thread(self, work: Callable[[], object]) -> Awaitable[object]:
        return succeed(work())

    async def test_without_a_descriptor_to_look_with_it_is_the_next_look_that_counts(self) -> None:
        rush, self.used = self.used + 200 * MEBIBYTE, -1
        await self.memory.look()
        self.used = rush
        await self.memory.look()
        self.assertEqual(self.trims, 1)

    async def test_what_is_free_after_a_rush_is_given_back(self) -> None:
        await self.memory.look()
        self.assertEqual(self.trims, 0)
        self.used += 200 * MEBIBYTE
        self.free = 190 * MEBIBYTE
        await self.memory.look()
        self.assertEqual((self.trims, self.used), (1, 110 * MEBIBYTE))

    async def test_what_is_in_use_is_looked_at_less_and_less_often(self) -> None:
        self.used += 2 * GROWN
        for _ in range(100):
            await self.memory.look()
        self.assertLess(self.trims, 100 / RESTS)
        self.assertGreater(self.trims, 10)
        # Once it is free it is given back soon, and the next rush is noticed at once.
        self.free = 2 * GROWN
        for _ in range(RESTS + 1):
            await self.memory.look()
        self.assertEqual(self.free, 0)
        await self.memory.look()
        self.used += 2 * GROWN
        trims = self.trims
        await self.memory.look()
        self.assertEqual(self.trims, trims + 1)

    def test_a_thread_that_has_hashed_a_password_keeps_nothing(self) -> None:
        if trimmer() is None:
            raise SkipTest("the C library is not glibc")
        ran = subprocess.run([sys.executable, "-c", HASHED], capture_output=True, text=True, check=True)
        before, after = map(int, ran.stdout.split())
        self.assertLess(after - before, 8 * MEBIBYTE)

    def test_the_library_s_own_way(self) -> None:
        trim = trimmer()
        if trim is not None:
            self.assertIn(trim(), (0, 1))


class Cycle:
    """Something that only the collector frees."""

    def __init__(self) -> None:
        self.itself = self


class LastingTests(TestCase):
    def setUp(self) -> None:
        self.later: list[Callable[[], object]] = []
        self.lasting = Lasting(self.later.append)
        self.before = gc.get_threshold()
        self.lasting.start()

    def tearDown(self) -> None:
        self.lasting.stop()
        self.assertEqual((gc.get_threshold(), gc.get_freeze_count()), (self.before, 0))

    def test_what_outlives_a_full_collection_is_put_aside(self) -> None:
        before = gc.get_freeze_count()
        made = [Cycle() for _ in range(1000)]
        gc.collect()
        self.assertGreaterEqual(gc.get_freeze_count(), before + len(made))
        self.assertEqual(self.later, [])

    def test_everything_is_looked_at_when_that_has_become_much(self) -> None:
        self.patch(Lasting, "GROWTH", 0)
        self.patch(Lasting, "LEAST", 100)
        made = [Cycle() for _ in range(1000)]
        known = weakref.ref(made[0])
        gc.collect()
        made.clear()
        gc.collect()
        self.assertIsNotNone(known())
        self.assertEqual(len(self.later), 1)
        self.later.pop()()
        self.assertIsNone(known())
