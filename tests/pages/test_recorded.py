"""The recorded games beside this file are what the rules give today."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from tests.pages.recorded import DATA, recordings


class RecordedTests(SynchronousTestCase):
    def test_the_recordings_are_those_of_the_rules(self) -> None:
        for name, text in recordings().items():
            kept = (DATA / name).read_text("utf-8")
            self.assertTrue(kept == text, f"{name} is not what the rules give: python -m tests.pages.recorded")
