"""Every page that a page of ours points to exists, and what the README says to type does, too."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

ROOT = Path(__file__).resolve().parents[2]
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")

#: Code may have brackets and parentheses in a row, too.
CODE = re.compile(r"^(```+).*?^\1$|^ {4}.*?$|`[^`]*`", re.M | re.S)


#: What GitHub shows and what lies in docs.
PAGES = (
    *ROOT.glob("*.md"),
    *(ROOT / ".github").glob("*.md"),
    *(ROOT / "docs").glob("*.md"),
    *ROOT.glob("docs/[!_]*/*.md"),
)


class LinkTests(SynchronousTestCase):
    def test_every_relative_link_leads_somewhere(self) -> None:
        self.assertIn(ROOT / "CONTRIBUTING.md", PAGES)
        self.assertIn(ROOT / "docs" / "development" / "testing.md", PAGES)
        broken = [
            f"{page.relative_to(ROOT)}: {target}"
            for page in PAGES
            for target in LINK.findall(CODE.sub("", page.read_text("utf-8")))
            if "://" not in target and not (page.parent / target).exists()
        ]
        self.assertEqual(broken, [])

    def test_the_first_two_commands_of_the_readme_are_targets_of_make(self) -> None:
        commands = re.findall(r"^    (.+)$", (ROOT / "README.md").read_text("utf-8"), re.M)
        self.assertEqual(commands[:2], ["make run", "make test"])


class MakeTests(SynchronousTestCase):
    def setUp(self) -> None:
        makefile = (ROOT / "Makefile").read_text("utf-8")
        self.targets = set(re.findall(r"^([a-z-]+):", makefile, re.M))
        (phony,) = re.findall(r"^\.PHONY: (.+)$", makefile, re.M)
        self.assertEqual(self.targets, set(phony.split()))

    def test_help_lists_every_target(self) -> None:
        told = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
        self.assertEqual(set(re.findall(r"^make ([a-z-]+) +\S", told, re.M)), self.targets)

    def test_what_pages_and_ci_tell_to_make_can_be_made(self) -> None:
        for file in (
            *PAGES,
            ROOT / ".ci" / "run",
            ROOT / ".pre-commit-config.yaml",
            ROOT / ".github/workflows/ci.yml",
        ):
            told = file.read_text("utf-8")
            for words in re.findall(r"(?:^ {4}|`|run: |entry: |\n)make ((?:[a-z=0-9-]+ ?)+)", told):
                with self.subTest(file=file.name, words=words):
                    targets = {word for word in words.split() if not word.startswith("-")}
                    self.assertLessEqual(targets, self.targets)
