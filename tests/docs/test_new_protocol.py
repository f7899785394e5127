"""The page about a new protocol: its guest book is run as the page has it, its figures and files are right."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from tests.directories import temporary_directory
from tests.integration.server import PATIENCE

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "development" / "new-protocol.md"
EXAMPLE = ROOT / "examples" / "ircd" / "gameserver_ircd"

#: A file's name at the end of a line, perhaps with a word behind it, then what is in it.
_FILE = re.compile(
    r"`([^`\n]+\.(?:toml|py))`[^`\n]*(?:`[^`\n]+`)?:\n\n```[a-z]+\n(.*?)^```$", re.MULTILINE | re.DOTALL
)


def code(text: str) -> list[str]:
    """Return the lines that are no blank ones, no comments and no docstrings of one line."""
    return [line for line in text.splitlines() if not re.fullmatch(r'\s*(?:|#.*|""".*""")', line)]


class NewProtocolTests(SynchronousTestCase):
    timeout = 2 * PATIENCE

    def setUp(self) -> None:
        self.text = PAGE.read_text("utf-8")
        self.files = dict(_FILE.findall(self.text))

    def test_the_guest_book_keeps_the_contract(self) -> None:
        self.assertEqual(
            set(self.files), {"pyproject.toml", "gameserver_guestbook/__init__.py", "tests/test_guestbook.py"}
        )
        place = temporary_directory()
        for name, text in {**self.files, "tests/__init__.py": ""}.items():
            (place / name).parent.mkdir(exist_ok=True)
            (place / name).write_text(text, "utf-8")
        ran = subprocess.run(
            [sys.executable, "-m", "twisted.trial", "tests.test_guestbook"],
            cwd=place,
            env={**os.environ, "PYTHONPATH": os.pathsep.join([str(place), str(ROOT)])},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)
        self.assertRegex(ran.stdout, r"PASSED \(successes=[0-9]{2}\)")

    def test_its_entry_point_names_the_part(self) -> None:
        points = tomllib.loads(self.files["pyproject.toml"])["project"]["entry-points"]["gameserver.protocols"]
        self.assertEqual(points, {"guestbook": "gameserver_guestbook:PART"})
        self.assertIn('PART = Part("guestbook", ', self.files["gameserver_guestbook/__init__.py"])

    def test_its_figures_are_right(self) -> None:
        book = self.files["gameserver_guestbook/__init__.py"]
        said = re.search(r"These are (\d+) lines, (\d+) without blank lines and docstrings\.", self.text)
        assert said is not None
        self.assertEqual((int(said[1]), int(said[2])), (len(book.splitlines()), len(code(book))))
        said = re.search(r"IRC for any client: (\d+) lines of code", self.text)
        assert said is not None
        lines = sum(len(code(file.read_text("utf-8"))) for file in EXAMPLE.glob("*.py"))
        self.assertEqual(int(said[1]), lines)

    def test_its_table_has_the_files_of_the_example(self) -> None:
        table = self.text.partition("## A larger example: IRC")[2].partition("`shared.py`")[0]
        files = {file.name for file in EXAMPLE.glob("*.py")} - {"__init__.py"}
        self.assertEqual(set(re.findall(r"^\| `(\w+\.py)` \|", table, re.MULTILINE)), files)
