"""Every page that a page of ours points to exists, and what the README says to type does, too."""

from __future__ import annotations

import re
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

ROOT = Path(__file__).resolve().parents[2]
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")


class LinkTests(SynchronousTestCase):
    def test_every_relative_link_leads_somewhere(self) -> None:
        pages = [
            ROOT / "README.md",
            ROOT / "CHANGELOG.md",
            *(ROOT / "docs").glob("*.md"),
            *(ROOT / "docs").glob("*/*.md"),
        ]
        broken = [
            f"{page.relative_to(ROOT)}: {target}"
            for page in pages
            if "_build" not in page.parts
            for target in LINK.findall(page.read_text("utf-8"))
            if "://" not in target and not (page.parent / target).exists()
        ]
        self.assertEqual(broken, [])

    def test_the_first_two_commands_of_the_readme_are_targets_of_make(self) -> None:
        readme, makefile = (ROOT / "README.md").read_text("utf-8"), (ROOT / "Makefile").read_text("utf-8")
        commands = re.findall(r"^    (.+)$", readme, re.M)
        self.assertEqual(commands[:2], ["make run", "make test"])
        for target in re.findall(r"\bmake (\w[\w-]*)", readme):
            self.assertIn(f"\n{target}:", makefile)
