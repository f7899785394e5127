from twisted.trial.unittest import SynchronousTestCase

from gameserver.games.replica import Replica


class TestReplica(SynchronousTestCase):
    def setUp(self) -> None:
        self.replica = Replica({"ships"})

    def test_plain_values_are_replaced_and_removed(self) -> None:
        self.replica.apply("Harbor@1", "name", None, "Kiel")
        self.replica.apply("Harbor@1", "name", "Kiel", "Lee")
        self.assertEqual(self.replica.one("Harbor@1", "name"), "Lee")
        self.replica.apply("Harbor@1", "name", "Lee", None)
        self.assertIsNone(self.replica.one("Harbor@1", "name"))

    def test_collections_are_sets_in_the_order_of_adding(self) -> None:
        for ship in ("Ship@a", "Ship@b", "Ship@a"):
            self.replica.apply("Harbor@1", "ships", None, ship)
        self.assertEqual(self.replica.many("Harbor@1", "ships"), ["Ship@a", "Ship@b"])
        self.replica.apply("Harbor@1", "ships", "Ship@a", None)
        self.replica.apply("Harbor@1", "ships", "Ship@c", None)
        self.assertEqual(self.replica.many("Harbor@1", "ships"), ["Ship@b"])

    def test_what_nobody_told_is_nothing(self) -> None:
        self.assertIsNone(self.replica.one(None, "name"))
        self.assertIsNone(self.replica.one("Harbor@9", "name"))
        self.assertEqual(self.replica.many(None, "ships"), [])

    def test_objects_of_a_class(self) -> None:
        for source in ("Ship@1", "Shipyard@2", "Ship@3"):
            self.replica.apply(source, "name", None, "x")
        self.assertEqual(self.replica.of_class("Ship"), ["Ship@1", "Ship@3"])
