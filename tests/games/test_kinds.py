"""Our own games keep the contract of all games."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from gameserver.app.games import installed_kinds
from gameserver.testing import game_contract


class Carcassonne(game_contract.KindContract):
    kind = installed_kinds()["carcassonne"]


class Catan(game_contract.KindContract):
    kind = installed_kinds()["catan"]


class CreepSmash(game_contract.KindContract):
    kind = installed_kinds()["creepsmash"]
    #: The shortest way, so that a game ends after minutes of its own time.
    map_name = "map_sprint"


class All(SynchronousTestCase):
    def test_every_kind_keeps_the_contract(self) -> None:
        tested = {case.kind.name for case in game_contract.KindContract.__subclasses__()}
        self.assertLessEqual(set(installed_kinds()), tested)
