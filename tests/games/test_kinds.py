"""Our own games keep the contract of all games."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from gameserver.app.games import installed_kinds
from gameserver.games.kind import Kind
from tests.games.contract import KindContract


class Carcassonne(KindContract, SynchronousTestCase):
    kind = installed_kinds()["carcassonne"]


class Catan(KindContract, SynchronousTestCase):
    kind = installed_kinds()["catan"]


class CreepSmash(KindContract, SynchronousTestCase):
    kind = installed_kinds()["creepsmash"]
    #: The shortest way, so that a game ends after minutes of its own time.
    map_name = "map_sprint"


class All(SynchronousTestCase):
    def test_every_kind_has_its_tests(self) -> None:
        tested = {case.kind.name for case in KindContract.__subclasses__()}
        self.assertLessEqual(set(installed_kinds()), tested)

    def test_ours_are_found_by_their_entry_points(self) -> None:
        for name, kind in installed_kinds().items():
            self.assertIsInstance(kind, Kind)
            self.assertEqual(kind.name, name)
