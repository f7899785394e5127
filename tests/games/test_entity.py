import re
from typing import TypeVar

from twisted.trial.unittest import SynchronousTestCase

from gameserver.games.entity import Attribute, Audience, Change, Entity, Message, Model, ToMany, ToOne, dump
from gameserver.testing.game_events import Line, changes, dumped, lines, said
from tests.typed import the

E = TypeVar("E", bound=Entity)


class Harbor(Entity):
    name = Attribute("")
    ships = ToMany["Ship"]("harbor")
    master = ToOne["Person"]("harbor")
    old_names = ToMany["Harbor"]()


class Ship(Entity):
    harbor = ToOne[Harbor]("ships")
    home_port = ToOne[Harbor]()
    cargo = Attribute[int | None](None)
    speed = Attribute(0, lossy=True)


class Person(Entity):
    harbor = ToOne[Harbor]("master")
    friends = ToMany["Person"]("friends")
    secret = Attribute("")
    purse = ToOne["Purse"]()
    seat = Attribute(0)

    def audience(self, name: str) -> Audience:
        return self.seat if name in ("secret", "purse") else None


class Purse(Entity):
    coins = Attribute(3)


class Yacht(Ship):
    sails = Attribute(2)


class EntityCase(SynchronousTestCase):
    def setUp(self) -> None:
        self.model = Model(1)

    def known(self, kind: type[E], **values: object) -> E:
        entity = kind(self.model, **values)
        entity.announce()
        self.model.take()
        return entity

    def happened(self) -> list[Line]:
        return lines(self.model.take())


class TestAttributeChanges(EntityCase):
    def test_value_to_value_carries_both(self) -> None:
        harbor = self.known(Harbor, name="Kiel")
        harbor.name = "Lee"
        self.assertEqual(self.happened(), [(harbor.id, "name", "Kiel", "Lee")])

    def test_none_to_value_carries_the_new_one_only(self) -> None:
        ship = self.known(Ship)
        ship.cargo = 0
        ship.cargo = None
        self.assertEqual(self.happened(), [(ship.id, "cargo", None, "0"), (ship.id, "cargo", "0", None)])

    def test_same_value_is_no_change(self) -> None:
        ship = self.known(Ship, cargo=1)
        ship.cargo = 1
        self.assertEqual(self.happened(), [])

    def test_equal_value_of_another_type_is_a_change(self) -> None:
        ship = self.known(Ship, cargo=1)
        ship.cargo = True
        self.assertEqual(self.happened(), [(ship.id, "cargo", "1", "true")])

    def test_unknown_objects_change_silently(self) -> None:
        ship = Ship(self.model, cargo=1)
        ship.cargo = 2
        self.assertEqual(self.model.take(), [])
        self.assertEqual(ship.cargo, 2)

    def test_lossy_is_marked(self) -> None:
        ship = self.known(Ship)
        ship.speed = 4
        ship.cargo = 1
        self.assertEqual([change.lossy for change in changes(self.model.take())], [True, False])

    def test_objects_do_not_share_values(self) -> None:
        one, other = self.known(Ship), self.known(Ship)
        one.cargo = 5
        self.assertIsNone(other.cargo)


class TestReferenceChanges(EntityCase):
    def test_both_ends_say_so(self) -> None:
        harbor, ship = self.known(Harbor), self.known(Ship)
        ship.harbor = harbor
        self.assertEqual(self.happened(), [(ship.id, "harbor", None, harbor.id), (harbor.id, "ships", None, ship.id)])
        ship.harbor = None
        self.assertEqual(self.happened(), [(ship.id, "harbor", harbor.id, None), (harbor.id, "ships", ship.id, None)])

    def test_collection_changes_say_the_same_from_the_other_side(self) -> None:
        harbor, ship = self.known(Harbor), self.known(Ship)
        harbor.ships.add(ship)
        self.assertIs(ship.harbor, harbor)
        self.assertEqual(self.happened(), [(harbor.id, "ships", None, ship.id), (ship.id, "harbor", None, harbor.id)])
        harbor.ships.remove(ship)
        self.assertIsNone(ship.harbor)
        self.assertEqual(self.happened(), [(harbor.id, "ships", ship.id, None), (ship.id, "harbor", harbor.id, None)])

    def test_change_of_reference_is_removal_then_addition(self) -> None:
        kiel, lee, ship = self.known(Harbor), self.known(Harbor), self.known(Ship)
        ship.harbor = kiel
        self.model.take()
        ship.harbor = lee
        self.assertEqual(
            self.happened(),
            [
                (ship.id, "harbor", kiel.id, None),
                (kiel.id, "ships", ship.id, None),
                (ship.id, "harbor", None, lee.id),
                (lee.id, "ships", None, ship.id),
            ],
        )

    def test_adding_takes_from_the_other_collection(self) -> None:
        kiel, lee, ship = self.known(Harbor), self.known(Harbor), self.known(Ship)
        kiel.ships.add(ship)
        lee.ships.add(ship)
        self.assertEqual((list(kiel.ships), list(lee.ships)), ([], [ship]))

    def test_adding_twice_and_removing_what_is_not_there_are_silent(self) -> None:
        harbor, ship, other = self.known(Harbor), self.known(Ship), self.known(Ship)
        harbor.ships.add(ship)
        self.model.take()
        harbor.ships.add(ship)
        harbor.ships.remove(other)
        ship.harbor = harbor
        self.assertEqual(self.happened(), [])

    def test_one_to_one_steals_at_both_ends(self) -> None:
        kiel, lee = self.known(Harbor), self.known(Harbor)
        anna, berta = self.known(Person), self.known(Person)
        kiel.master, lee.master = anna, berta
        self.model.take()
        lee.master = anna
        self.assertEqual((kiel.master, lee.master), (None, anna))
        self.assertEqual((anna.harbor, berta.harbor), (lee, None))
        happened = self.happened()
        self.assertEqual(
            sorted(happened[:-2]),
            sorted(
                [
                    (lee.id, "master", berta.id, None),
                    (berta.id, "harbor", lee.id, None),
                    (anna.id, "harbor", kiel.id, None),
                    (kiel.id, "master", anna.id, None),
                ]
            ),
        )
        self.assertEqual(happened[-2:], [(lee.id, "master", None, anna.id), (anna.id, "harbor", None, lee.id)])

    def test_one_way_reference_has_one_end(self) -> None:
        harbor, ship = self.known(Harbor), self.known(Ship)
        ship.home_port = harbor
        self.assertEqual(self.happened(), [(ship.id, "homePort", None, harbor.id)])

    def test_one_way_collection_has_one_end(self) -> None:
        kiel, lee = self.known(Harbor), self.known(Harbor)
        kiel.old_names.add(lee)
        kiel.old_names.remove(lee)
        self.assertEqual(self.happened(), [(kiel.id, "oldNames", None, lee.id), (kiel.id, "oldNames", lee.id, None)])

    def test_many_to_many(self) -> None:
        anna, berta = self.known(Person), self.known(Person)
        anna.friends.add(berta)
        self.assertEqual(list(berta.friends), [anna])
        self.assertEqual(
            self.happened(), [(anna.id, "friends", None, berta.id), (berta.id, "friends", None, anna.id)]
        )

    def test_a_collection_keeps_its_order_and_may_change_while_it_is_read(self) -> None:
        harbor = self.known(Harbor)
        ships = [self.known(Ship) for _ in range(4)]
        for ship in ships:
            harbor.ships.add(ship)
        self.assertEqual(list(harbor.ships), ships)
        self.assertIs(harbor.ships[2], ships[2])
        for ship in harbor.ships:
            harbor.ships.remove(ship)
        self.assertEqual(len(harbor.ships), 0)


class TestNewObjects(EntityCase):
    def test_a_snapshot_comes_before_the_change(self) -> None:
        harbor = self.known(Harbor, name="Kiel")
        ship = Ship(self.model, cargo=7)
        harbor.ships.add(ship)
        happened = self.model.take()
        self.assertEqual(
            lines(happened),
            [
                (ship.id, "harbor", None, harbor.id),
                (ship.id, "homePort", None, None),
                (ship.id, "cargo", None, "7"),
                (ship.id, "speed", None, "0"),
                (harbor.id, "ships", None, ship.id),
            ],
        )
        self.assertEqual([change.snapshot for change in changes(happened)], [True] * 4 + [False])

    def test_it_is_the_same_from_the_side_of_the_new_object(self) -> None:
        harbor = self.known(Harbor)
        ship = Ship(self.model)
        ship.harbor = harbor
        happened = lines(self.model.take())
        self.assertEqual(happened[0], (ship.id, "harbor", None, harbor.id))
        self.assertEqual(happened[-1], (harbor.id, "ships", None, ship.id))
        self.assertEqual(len(happened), 5)

    def test_known_objects_behind_it_are_not_repeated_unknown_ones_are_introduced(self) -> None:
        kiel, lee = self.known(Harbor), Harbor(self.model, name="Lee")
        ship = Ship(self.model, home_port=lee)
        kiel.ships.add(ship)
        sources = [source for source, *_ in self.happened()]
        self.assertEqual(sources, [ship.id, ship.id, lee.id, lee.id, ship.id, ship.id, kiel.id])

    def test_announcing_twice_says_nothing_new(self) -> None:
        harbor = self.known(Harbor)
        harbor.announce()
        self.assertEqual(self.model.take(), [])


class TestDump(EntityCase):
    def test_depth_first_with_bare_lines_and_silent_empty_collections(self) -> None:
        # A graph with a cycle, a shared object and a null, in the form of the recorded streams.
        kiel = Harbor(self.model, name="Kiel")
        lee = Harbor(self.model, name="Lee")
        one, two = Ship(self.model, home_port=lee), Ship(self.model, cargo=1)
        kiel.ships.add(one)
        kiel.ships.add(two)
        two.home_port = lee
        anna = Person(self.model, harbor=kiel, seat=4)
        self.assertEqual(
            dumped(kiel),
            [
                (kiel.id, "name", None, "Kiel"),
                (kiel.id, "ships", None, one.id),
                (kiel.id, "ships", None, two.id),
                (one.id, "harbor", None, kiel.id),
                (one.id, "homePort", None, lee.id),
                (lee.id, "name", None, "Lee"),
                (lee.id, "master", None, None),
                (one.id, "cargo", None, None),
                (one.id, "speed", None, "0"),
                (two.id, "harbor", None, kiel.id),
                (two.id, "homePort", None, lee.id),
                (two.id, "cargo", None, "1"),
                (two.id, "speed", None, "0"),
                (kiel.id, "master", None, anna.id),
                (anna.id, "harbor", None, kiel.id),
                (anna.id, "seat", None, "4"),
            ],
        )

    def test_a_dump_changes_nothing(self) -> None:
        harbor = self.known(Harbor)
        first = dumped(harbor)
        self.assertEqual(dumped(harbor), first)
        self.assertEqual(self.model.take(), [])

    def test_properties_of_the_base_class_come_first(self) -> None:
        self.assertEqual(
            [prop for _, prop, *_ in dumped(Yacht(self.model))],
            ["harbor", "homePort", "cargo", "speed", "sails"],
        )

    def test_a_property_that_is_declared_again_stands_where_it_is_declared_last(self) -> None:
        class Ferry(Ship):
            cars = Attribute(0)
            home_port = Ship.home_port
            speed = Attribute(12)

        ferry = Ferry(self.model)
        self.assertEqual(
            [(prop, new) for _, prop, _, new in dumped(ferry)],
            [("harbor", None), ("cargo", None), ("cars", "0"), ("homePort", None), ("speed", "12")],
        )
        self.assertEqual([prop for _, prop, *_ in dumped(Ship(self.model))], ["harbor", "homePort", "cargo", "speed"])

    def test_an_attribute_may_have_another_name_on_the_wire(self) -> None:
        class Tug(Ship):
            power = Attribute(0, wire="kilowatts")

        tug = self.known(Tug)
        tug.power = 300
        self.assertEqual(lines(self.model.take()), [(tug.id, "kilowatts", "0", "300")])

    def test_graphs_deeper_than_the_interpreter(self) -> None:
        first = person = Person(self.model)
        for _ in range(20_000):
            following = Person(self.model)
            person.friends.add(following)
            person = following
        shown = dump(first, None)
        self.assertEqual(len({change.source for change in shown}), 20_001)
        self.assertEqual(shown[-1].source, first)
        first.announce()
        self.assertTrue(person.known)


class TestAudience(EntityCase):
    def setUp(self) -> None:
        super().setUp()
        self.anna = Person(self.model, seat=1, secret="red", purse=Purse(self.model))
        self.anna.announce()
        self.snapshot = changes(self.model.take())

    def test_a_dump_shows_private_things_to_their_seat_only(self) -> None:
        props = {viewer: [prop for _, prop, *_ in dumped(self.anna, viewer)] for viewer in (1, 2, None)}
        self.assertEqual(props[1], ["harbor", "secret", "purse", "coins", "seat"])
        self.assertEqual(props[2], ["harbor", "seat"])
        self.assertEqual(props[None], props[2])

    def test_what_is_public_is_reached_by_another_way(self) -> None:
        friend = Person(self.model, seat=2, purse=self.anna.purse)
        self.anna.friends.add(friend)
        self.assertIn((the(self.anna.purse).id, "coins", None, "3"), dumped(self.anna, 2))
        self.assertNotIn((the(self.anna.purse).id, "coins", None, "3"), dumped(self.anna, 3))

    def test_changes_carry_their_audience(self) -> None:
        self.anna.secret = "blue"
        self.anna.purse = None
        self.anna.seat = 1
        self.assertEqual([change.audience for change in changes(self.model.take())], [1, 1])

    def test_the_first_snapshot_carries_it_too(self) -> None:
        self.assertEqual(
            {change.prop: change.audience for change in self.snapshot if change.source is self.anna},
            {"harbor": None, "secret": 1, "purse": 1, "seat": None},
        )


class TestModel(EntityCase):
    def test_names_have_the_form_of_the_recordings_and_never_repeat(self) -> None:
        names = [Ship(self.model).id for _ in range(5000)]
        self.assertEqual(len(set(names)), 5000)
        for name in names:
            self.assertTrue(re.fullmatch("Ship@[1-9a-f][0-9a-f]{0,7}", name), name)

    def test_names_depend_on_seed_and_order_only(self) -> None:
        def names(seed: int) -> list[str]:
            model = Model(seed)
            return [Ship(model).id for _ in range(5)]

        self.assertEqual(names(3), names(3))
        self.assertNotEqual(names(3), names(4))

    def test_find_asks_for_the_kind(self) -> None:
        ship = Ship(self.model)
        self.assertIs(self.model.find(ship.id, Ship), ship)
        self.assertIsNone(self.model.find(ship.id, Harbor))
        self.assertIsNone(self.model.find("Ship@0", Ship))
        self.model.forget(ship)
        self.assertIsNone(self.model.find(ship.id, Ship))

    def test_sentences_come_behind_everything_that_they_follow_from(self) -> None:
        harbor = self.known(Harbor)
        harbor.name = "a"
        self.model.say(2, "OK - drawCard")
        harbor.name = "b"
        happened = self.model.take()
        self.assertEqual([type(entry) for entry in happened], [Change, Change, Message])
        self.assertEqual(said(happened), [(2, "OK - drawCard")])
        self.assertEqual(self.model.take(), [])
