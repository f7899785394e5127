"""What has been released stays: names that plugins import, keys of the configuration, steps of the schema."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from tests.compatibility.promises import PROMISES, kept, plugin_api

#: What to do when something is missing, see docs/compatibility.md.
BROKEN = "this breaks what is promised (docs/compatibility.md): {}"


class PromiseTests(SynchronousTestCase):
    def test_nothing_that_was_promised_has_gone_or_changed(self) -> None:
        for name, lines in PROMISES.items():
            gone = sorted(set(kept(name)) - set(lines()))
            self.assertEqual(gone, [], BROKEN.format(name))

    def test_what_is_new_is_kept_from_its_release_on(self) -> None:
        for name, lines in PROMISES.items():
            new = sorted(set(lines()) - set(kept(name)))
            self.assertEqual(new, [], f"`python -m tests.compatibility.promises` keeps what is new in {name}")

    def test_what_plugins_need_most_is_in_it(self) -> None:
        lines = plugin_api()
        for name in ("gameserver.edge.part.Part: class", "gameserver.edge.stream.StreamConnection: class"):
            self.assertIn(name, lines)
        self.assertGreater(len(lines), 100)
