"""The page about a new game shows the example as it is."""

from __future__ import annotations

import re
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "development" / "new-game.md"

#: A file's name on a line of its own, then what is in it.
_FILE = re.compile(r"^`([^`\n]+)`:\n\n```[a-z]+\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class NewGameTests(SynchronousTestCase):
    def test_its_files_are_those_of_the_example(self) -> None:
        shown = dict(_FILE.findall(PAGE.read_text("utf-8")))
        example = ROOT / "examples" / "nim"
        files = {
            str(file.relative_to(example)): file.read_text("utf-8")
            for file in (example / "pyproject.toml", *example.glob("gameserver_nim/*.py"))
        }
        self.assertEqual({name: text for name, text in shown.items() if name in files}, files)
        # The tests of the example are among the project's.
        self.assertEqual(set(shown) - set(files), set())
