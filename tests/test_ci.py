"""The scripts that CI and make use: the floor of the coverage, the oldest versions."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

from twisted.trial.unittest import SynchronousTestCase

ROOT = Path(__file__).resolve().parents[1]


def script(name: str) -> ModuleType:
    """Return a script of .ci, which is no package, as a module."""
    spec = importlib.util.spec_from_file_location(name, ROOT / ".ci" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class FloorTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.floor = script("coverage_floor")

    def rows(self, **branches: tuple[int, int]) -> list[tuple[object, ...]]:
        files = {
            f"gameserver/{name.replace('__', '/')}/x.py": {
                "summary": {
                    "covered_lines": 3,
                    "num_statements": 4,
                    "covered_branches": covered,
                    "num_branches": number,
                }
            }
            for name, (covered, number) in branches.items()
        }
        found: list[tuple[object, ...]] = self.floor.reached(files)
        return found

    def test_packages_are_summed_with_all_that_is_in_them(self) -> None:
        rows = self.rows(protocols__chat=(50, 50), protocols__kwo__crypto=(40, 50), net=(0, 9), wallet=(9, 10))
        self.assertEqual(
            rows,
            [
                ("protocols", 75.0, 90.0, 10),
                ("protocols/chat", 75.0, 100.0, 0),
                ("protocols/kwo", 75.0, 80.0, 10),
                ("wallet", 75.0, 90.0, 1),
            ],
        )

    def test_only_the_sum_of_a_package_has_a_floor(self) -> None:
        self.assertEqual(self.floor.below(self.rows(protocols__chat=(50, 50), protocols__kwo=(40, 50))), [])
        self.assertEqual(
            self.floor.below(self.rows(protocols__chat=(49, 50), protocols__kwo=(40, 50))), ["protocols"]
        )

    def test_the_table_marks_what_is_below(self) -> None:
        header, games, wallet = self.floor.table(self.rows(games=(8, 9), wallet=(0, 0))).split("\n")
        self.assertEqual(header.split(), ["package", "lines", "branches", "missing"])
        self.assertEqual(games.split(), ["games", "75.0%", "88.9%", "1", "below", "90"])
        self.assertEqual(wallet.split(), ["wallet", "75.0%", "100.0%", "0"])


class OldestTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.oldest = script("oldest").oldest

    def test_lower_bounds_become_versions(self) -> None:
        self.assertEqual(
            self.oldest("\ntwisted[tls]>=26.10\ngoogle-re2>=1.1,<2\n"), ["twisted==26.10", "google-re2==1.1"]
        )

    def test_a_requirement_has_a_lower_bound(self) -> None:
        for line in ("twisted", "twisted==26.10", "twisted<27", "twisted>=26.10; python_version<'3.12'"):
            with self.subTest(line):
                self.assertIn(line, str(self.assertRaises(ValueError, self.oldest, line)))

    def test_ours_can_be_tried(self) -> None:
        text = (ROOT / "setup.cfg").read_text("utf-8")
        (required,) = re.findall(r"^install_requires =\n((?:    .+\n)+)", text, re.M)
        self.assertEqual(len(self.oldest(required)), len(required.strip().split("\n")))
