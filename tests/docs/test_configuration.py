"""The configuration reference: made from the tree, and complete."""

from __future__ import annotations

from pathlib import Path

import attrs
from twisted.trial.unittest import SynchronousTestCase

from gameserver.app.parts import config_class
from gameserver.config.reference import keys, reference

PAGE = Path(__file__).resolve().parents[2] / "docs" / "configuration.md"


class ReferenceTests(SynchronousTestCase):
    def test_the_page_is_the_program_s(self) -> None:
        self.assertEqual(
            PAGE.read_text("utf-8"),
            reference(config_class()),
            "run: gameserver check-config --reference > docs/configuration.md",
        )

    def test_every_key_is_in_it(self) -> None:
        page = reference(config_class())
        found = keys(config_class())
        self.assertEqual([key for key in found if f"| `{key}` | " not in page], [])
        for key in (
            "chat.pace_ms",
            "kassel.ss14",
            "storage.url",
            "limits.burst",
            "listen",
            "kwo.servers.<name>.command",
        ):
            self.assertIn(key, found)
        self.assertGreater(len(found), len(attrs.fields(config_class())))
