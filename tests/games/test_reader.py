"""A client's side of a game: objects rebuilt from events, and prompts answered once."""

from __future__ import annotations

from enum import StrEnum
from types import ModuleType

from twisted.trial.unittest import SynchronousTestCase

from gameserver.games.api import Command, Participant
from gameserver.games.entity import Attribute, Entity, Model, ToMany, ToOne
from gameserver.games.hosted import Assets, GameRoot
from gameserver.games.mirror import Mirror, collections, entity_classes
from gameserver.games.participants import Roster
from gameserver.games.reader import PromptReader
from gameserver.games.rng import Chance
from gameserver.testing.game_events import Line, dumped, lines


class Wind(StrEnum):
    CALM = "CALM"
    STORM = "STORM"


class UserAssets(Assets):
    boats = ToMany["Boat"]("user_assets")


class Boat(Entity):
    user_assets = ToOne[UserAssets]("boats")
    wind = Attribute[Wind](Wind.CALM)
    afloat = Attribute(True)
    knots = Attribute(1.5)
    cargo = Attribute[int | None](None)


class Regatta(GameRoot[UserAssets]):
    favourite = ToOne[Boat]()


def model() -> ModuleType:
    """The module that a game would have for its classes."""
    made = ModuleType(__name__)
    vars(made).update(UserAssets=UserAssets, Boat=Boat, Regatta=Regatta, Entity=Entity, GameRoot=GameRoot)
    return made


ENTITIES = entity_classes(model())


class Classes(SynchronousTestCase):
    def test_those_of_the_module_and_the_people(self) -> None:
        self.assertEqual(set(ENTITIES), {"UserAssets", "Boat", "Regatta", "User", "Team"})
        self.assertEqual(collections(ENTITIES), {"users", "boats"})


class Mirrored(SynchronousTestCase):
    def setUp(self) -> None:
        self.model = Model(7)
        self.root = Regatta(self.model, name="r", num_players=2)
        roster = Roster(self.model)
        for name in ("anne", "bob"):
            user = roster.user(Participant(name, "SE"))
            self.root.users.add(UserAssets(self.model, user=user, visitor=name == "bob"))
        self.boat = Boat(self.model, user_assets=self.root.users[0])
        self.root.favourite = self.boat
        self.root.announce()
        self.mirror: Mirror[Regatta] = Mirror(ENTITIES)
        self.hear(*dumped(self.root))
        self.model.take()

    def hear(self, *told: Line) -> None:
        for line in told:
            self.mirror.apply(*line)

    def assertSame(self) -> None:
        assert self.mirror.game is not None
        self.assertEqual(dumped(self.mirror.game), dumped(self.root))

    def test_values_have_their_types(self) -> None:
        self.assertSame()
        self.boat.wind, self.boat.afloat, self.boat.knots, self.boat.cargo = Wind.STORM, False, 3.0, 12
        self.hear(*lines(self.model.take()))
        self.assertSame()
        mirrored = self.mirror.find(self.boat.id)
        assert isinstance(mirrored, Boat)
        self.assertIs(mirrored.wind, Wind.STORM)
        self.assertEqual((mirrored.afloat, mirrored.knots, mirrored.cargo), (False, 3.0, 12))
        self.boat.cargo = None
        self.hear(*lines(self.model.take()))
        self.assertIsNone(mirrored.cargo)

    def test_links_are_made_and_undone(self) -> None:
        self.boat.user_assets = self.root.users[1]
        self.root.favourite = None
        self.hear(*lines(self.model.take()))
        self.assertSame()
        self.root.users.remove(self.root.users[1])
        self.hear(*lines(self.model.take()))
        self.assertSame()

    def test_a_player_is_found_by_name_a_visitor_is_none(self) -> None:
        self.assertEqual(self.mirror.player("anne").id, self.root.users[0].id)
        self.assertIsNone(self.mirror.player("bob"))
        self.assertIsNone(Mirror(ENTITIES).player("anne"))

    def test_what_it_does_not_know_is_passed_over(self) -> None:
        self.hear(("SERVER", "USER_MESSAGE", None, "hello"), ("Ghost@1", "name", None, "x"))
        self.hear((self.boat.id, "paint", None, "red"), (self.root.id, "favourite", None, "Ghost@1"))
        self.assertIsNone(self.mirror.find("Ghost@1"))
        assert self.mirror.game is not None
        self.assertIsNone(self.mirror.game.favourite)


class Prompts(SynchronousTestCase):
    def setUp(self) -> None:
        self.told: list[Line] = []
        self.seen: object = "table"
        self.reader = PromptReader(lambda *line: self.told.append(line), lambda: self.seen)

    def decide(self) -> Command | None:
        return self.reader.decide(lambda seen, chance: Command(str(seen), {"die": str(chance.below(1))}), Chance(1))

    def test_each_is_answered_once(self) -> None:
        self.assertTrue(self.reader.ready)
        self.assertIsNone(self.decide())
        self.reader.hear("SERVER", "USER_MESSAGE", None, "OK - move")
        self.reader.hear("Boat@1", "knots", None, "2")
        self.assertEqual(self.decide(), Command("table", {"die": "0"}))
        self.assertIsNone(self.decide())
        self.assertEqual(self.told, [("Boat@1", "knots", None, "2")])

    def test_what_asks_for_nothing_is_not_answered(self) -> None:
        for text in ("OK - NOOP received!", "ERROR: move - wait", "FLOOD DETECTED! This is warning #0!"):
            self.reader.hear("SERVER", "USER_MESSAGE", None, "OK - move")
            self.reader.hear("SERVER", "USER_MESSAGE", None, text)
            self.assertIsNone(self.decide(), text)
        self.seen = None
        self.reader.hear("SERVER", "USER_MESSAGE", None, "OK - move")
        self.assertIsNone(self.decide())
