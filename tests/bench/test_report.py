"""The page of figures is what the kept results say, and calls a goal reached only when it is."""

from __future__ import annotations

from xml.etree import ElementTree

from twisted.trial.unittest import SynchronousTestCase

from bench import report
from bench.__main__ import NAMES
from bench.comparing import Spread
from bench.goals import GOALS, Goal
from bench.measuring import US
from bench.plot import picture
from bench.scenarios import SCENARIOS


class TestKept(SynchronousTestCase):
    def test_the_page_is_made_of_the_kept_results(self) -> None:
        why = report.floors(report.FLOORS.read_text("utf-8"))
        self.assertEqual(report.PAGE.read_text("utf-8"), report.page(report.kept(), why))

    def test_so_are_the_pictures(self) -> None:
        there = {file.name: file.read_text("utf-8") for file in report.PICTURES.glob("*.svg")}
        self.assertEqual(there, report.pictures(report.kept()))

    def test_every_goal_can_be_measured(self) -> None:
        self.assertEqual([goal.what for goal in GOALS if goal.scenario not in NAMES], [])
        against = [goal for goal in GOALS if goal.scenario in SCENARIOS and goal.against]
        self.assertEqual([goal.what for goal in against if goal.against not in SCENARIOS[goal.scenario].peers], [])


class TestGoals(SynchronousTestCase):
    results = {  # noqa: RUF012
        "it": {"figures": {US: {"cpu": [10.0, 20.0, 10.0]}, "them": {"cpu": [40.0, 40.0, 30.0]}}},
    }

    def test_times_are_paired(self) -> None:
        goal = Goal(1, "it", "it", "times", 3, "them")
        self.assertEqual(goal.reached(self.results), Spread(3.0, 2.0, 4.0))
        self.assertTrue(goal.met(Spread(3.0, 2.0, 4.0)))
        self.assertFalse(goal.met(Spread(2.9, 2.0, 4.0)))

    def test_a_share_is_the_other_way_round(self) -> None:
        goal = Goal(1, "it", "it", "share", 0.5, "them")
        self.assertEqual(goal.reached(self.results), Spread(1 / 3, 0.25, 0.5))
        self.assertTrue(goal.met(Spread(0.5, 0.25, 0.5)))
        self.assertFalse(goal.met(Spread(0.51, 0.25, 0.5)))

    def test_a_value_is_ours_alone(self) -> None:
        self.assertEqual(Goal(1, "it", "it", "value", 10).reached(self.results), Spread(10.0, 10.0, 20.0))

    def test_without_the_other_nothing_was_reached(self) -> None:
        self.assertIsNone(Goal(1, "it", "it", "times", 3, "nobody").reached(self.results))
        self.assertIsNone(Goal(1, "it", "that", "value", 3).reached(self.results))

    def test_the_reason_stands_with_what_is_missed_only(self) -> None:
        ours, theirs = {"cpu": [10.0]}, {"cpu": [5.0]}
        scenario = {
            "title": "t",
            "unit": "message",
            "shows": "cpu",
            "figures": {US: ours, "stock ws-echo": theirs},
            "skipped": {},
            "rounds": 1,
            "seconds": 1.0,
            "at": "then",
        }
        why = report.floors("Words.\n\n## 1\nBecause\nof that.\n\n## 11\nOther.\n")
        made = report.page({"run": {"machine": "one"}, "scenarios": {"app": scenario}}, why)
        self.assertIn("0.50 (0.50 to 0.50) | missed |", made)
        self.assertIn("\n1. Because of that.\n", made)
        self.assertNotIn("Other.", made)
        theirs["cpu"] = [50.0]
        better = report.page({"run": {}, "scenarios": {"app": scenario}}, why)
        self.assertIn("5.00 (5.00 to 5.00) | reached |", better)
        self.assertNotIn("Because", better)


class TestPictures(SynchronousTestCase):
    def test_bars_are_as_long_as_their_medians(self) -> None:
        text = picture('a "b" & <c>', "ms", [("us", Spread(5, 4, 10)), ("them", Spread(10, 9, 20))])
        drawing = ElementTree.fromstring(text)
        widths = [float(one.attrib["width"]) for one in drawing.iter("{http://www.w3.org/2000/svg}rect")]
        self.assertAlmostEqual(widths[2], 2 * widths[1], places=1)
        self.assertEqual(drawing.attrib["aria-label"], 'a "b" & <c>')
