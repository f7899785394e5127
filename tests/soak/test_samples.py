"""What a process takes, and when that is said to grow."""

from __future__ import annotations

import os
import threading
from xml.etree import ElementTree

from twisted.trial.unittest import SynchronousTestCase

from soak.report import LINES, picture, table
from soak.run import Outcome
from soak.samples import BOUNDS, LEFT, Sample, left_over, sample, second_half, slope, too_steep


def line(memory: float, descriptors: float = 0.0, threads: float = 0.0, minutes: int = 10) -> list[Sample]:
    """Samples every three seconds of something that grows by so much a minute."""
    return [
        Sample(3.0 * n, 100 + memory * n / 20, int(50 + descriptors * n / 20), int(4 + threads * n / 20))
        for n in range(20 * minutes + 1)
    ]


class SampleTests(SynchronousTestCase):
    def test_a_process_is_looked_at(self) -> None:
        before = sample(os.getpid(), 1.0)
        self.assertGreater(before.memory, 5)
        gate = threading.Event()
        threads = [threading.Thread(target=gate.wait) for _ in range(5)]
        for thread in threads:
            thread.start()
        ends = [os.pipe() for _ in range(10)]
        kept = bytearray(os.urandom(1)) * (40 << 20)
        after = sample(os.getpid(), 2.0)
        for end in ends:
            os.close(end[0])
            os.close(end[1])
        gate.set()
        for thread in threads:
            thread.join()
        self.assertEqual(after.threads - before.threads, 5)
        self.assertEqual(after.descriptors - before.descriptors, 20)
        self.assertGreater(after.memory - before.memory, 0.8 * len(kept) / (1 << 20))

    def test_a_slope_is_what_is_more_with_each_minute(self) -> None:
        samples = line(memory=2.0)
        self.assertAlmostEqual(slope(samples, "memory"), 2.0)
        self.assertAlmostEqual(slope(samples, "threads"), 0.0)
        self.assertEqual(slope(samples[:1], "memory"), 0.0)
        self.assertEqual(second_half(samples)[0].seconds, 300.0)

    def test_what_grows_slowly_or_only_at_first_passes_and_the_rest_does_not(self) -> None:
        self.assertEqual(too_steep(line(BOUNDS["memory"] / 2)), [])
        filling = [Sample(one.seconds, min(one.memory, 200), 50, 4) for one in line(memory=50)]
        self.assertEqual(too_steep(filling), [])
        for samples, what in (
            (line(memory=BOUNDS["memory"] * 1.2), "memory"),
            (line(0, descriptors=3), "descriptors"),
            (line(0, threads=1), "threads"),
        ):
            (said,) = too_steep(samples)
            self.assertTrue(said.startswith(what), said)

    def test_what_is_left_when_everybody_has_gone(self) -> None:
        before, most = Sample(0, 100, 26, 3), (26 + LEFT["descriptors"], 3 + LEFT["threads"])
        self.assertEqual(left_over(before, Sample(600, 300, *most)), [])
        found = left_over(before, Sample(600, 100, most[0] + 1, most[1] + 1))
        self.assertEqual([said.split()[0] for said in found], ["descriptors", "threads"])


class ReportTests(SynchronousTestCase):
    def test_the_table_has_the_last_sample_and_what_went_wrong(self) -> None:
        outcome = Outcome(line(2.0), failures=["chat: it broke"])
        outcome.done.update(chat=3, kwo=2)
        rows = table(outcome).splitlines()
        self.assertLessEqual(len(rows), LINES + 8)
        self.assertTrue(any(row.lstrip().startswith("600 s") for row in rows))
        self.assertIn("memory: +2.000 MiB a minute in the second half (at most 1.0)", rows)
        self.assertIn("visits: chat 3, kwo 2", rows)
        self.assertEqual(rows[-1], "1 visits went wrong, the first: chat: it broke")

    def test_the_picture_has_a_curve_for_each_within_its_bounds(self) -> None:
        for samples in (line(2.0, 1.0), line(0.0), line(1.0)[:1]):
            root = ElementTree.fromstring(picture(samples))
            curves = root.findall("{http://www.w3.org/2000/svg}polyline")
            self.assertEqual(len(curves), len(BOUNDS))
            _, _, width, height = map(float, root.attrib["viewBox"].split())
            for curve in curves:
                points = [point.split(",") for point in curve.attrib["points"].split()]
                self.assertEqual(len(points), len(samples))
                self.assertTrue(all(0 <= float(x) <= width and 0 <= float(y) <= height for x, y in points))
