"""What clients see: the property set and order of dumps, events, prompts, and what must stay hidden."""

from twisted.trial.unittest import SynchronousTestCase

from gameserver.games.api import Command, Participant
from gameserver.games.catan.game import Catan
from gameserver.games.catan.goods import Track
from gameserver.games.entity import Change, Message
from gameserver.testing.game_events import dumped, lines
from tests.games.catan.playing import (
    END,
    START,
    bare,
    build,
    choose,
    deal,
    desert,
    found_city,
    founded,
    give,
    heard,
    knight,
    options,
    pave,
    play,
    ring,
    roll,
    seated,
    stack,
    turn_of,
)
from tests.typed import the

PROPERTIES = {
    "SettlersOfCatanGame": [
        *("users", "map", "name", "running", "round", "speed", "maxPlayers", "testGame", "currentUser", "phase"),
        *("yellowDie", "redDie", "eventDie", "playedCard", "merchantFleet", "barbarian", "robber", "merchant"),
        *("metropolises", "winner"),
    ],
    "UserAssets": [
        *("cards", "progressCards", "revealedCards", "revealedProgressCards", "victoryCards", "settlements"),
        *("cities", "roads", "knights", "cityWalls", "metropolises", "merchant", "user", "game", "color", "visitor"),
        *("victoryPoints", "politics", "science", "trade", "cardCount", "progressCardCount", "longestRoad"),
        "defenderPoints",
    ],
    "User": ["team", "nickname"],
    "Team": ["name", "users"],
    "Map": ["fields", "name", "game"],
    "Field": [
        *("map", "type", "number", "rotation", "north", "northEast", "southEast", "south", "southWest", "northWest"),
        *("intersections", "borders", "harbor", "robber", "merchant"),
    ],
    "Intersection": ["fields", "borders", "building", "knight", "harbor"],
    "Border": ["fields", "intersections", "road"],
    "Harbor": ["type", "rate", "intersections", "field"],
    "Robber": ["field"],
    "Merchant": ["field", "userAssets"],
    "Barbarian": ["position", "attacks"],
    "Metropolis": ["type", "userAssets", "city"],
    "Settlement": ["userAssets", "intersection", "onItsSide"],
    "City": ["userAssets", "intersection", "cityWall", "metropolis"],
    "CityWall": ["userAssets", "city"],
    "Road": ["userAssets", "border"],
    "Knight": ["userAssets", "intersection", "level", "active"],
    "Card": ["type", "userAssets"],
    "ProgressCard": ["name", "category", "userAssets"],
}


class TestDumps(SynchronousTestCase):
    def full(self) -> Catan:
        game = bare(2)
        c = ring(game, desert(game))
        found_city(game, 0, c[0], wall=True)
        pave(game, 0, c[0], c[1])
        knight(game, 0, c[1])
        building = Command("BUILD", {"type": "Settlement", "destination": c[3].id})
        pave(game, 0, c[2], c[3])
        give(game, 0, brick=1, lumber=1, wool=1, grain=1)
        game.apply(0, building)
        give(game, 0, ore=1)
        give(game, 1, wool=2)
        deal(game, 0, "SPY")
        deal(game, 1, "BISHOP")
        return game

    def test_every_class_every_property_in_order(self) -> None:
        game = self.full()
        order = {cls: list(dict.fromkeys(names)) for cls, names in PROPERTIES.items()}
        declared = {}
        for entity in game.model._objects.values():
            declared[type(entity).__name__] = [prop.wire for prop in type(entity).properties]
        self.assertEqual({cls: declared[cls] for cls in order}, order)
        seen: dict[str, list[str]] = {}
        for source, prop, *_ in dumped(game.root, 0):
            names = seen.setdefault(source.partition("@")[0], [])
            if prop not in names:
                names.append(prop)
        for cls, names in seen.items():
            self.assertTrue(set(names) <= set(order[cls]), cls)

    def test_it_starts_at_the_game_with_its_users(self) -> None:
        game = seated(2)
        shown = dumped(game.root)
        self.assertEqual(shown[0], (game.root.id, "users", None, game.assets(0).id))
        self.assertEqual(shown[1], (game.root.id, "users", None, game.assets(1).id))
        self.assertTrue(game.root.id.startswith("SettlersOfCatanGame@"))

    def test_values_and_nulls(self) -> None:
        shown = {(source, prop): new for source, prop, _, new in dumped(seated(2).root)}
        root = next(source for source, prop in shown if prop == "maxPlayers")
        self.assertEqual([shown[root, p] for p in ("running", "round", "speed")], ["false", "0", "1.4"])
        self.assertEqual([shown[root, p] for p in ("winner", "currentUser", "eventDie")], [None] * 3)
        self.assertEqual(shown[root, "phase"], "JOINING")

    def test_absent_members_of_the_team(self) -> None:
        names = [new for _, prop, _, new in dumped(seated(2).root) if prop == "nickname"]
        self.assertEqual(sorted(names), ["absent", "player0", "player1"])


class TestSecrets(SynchronousTestCase):
    def test_hands_and_progress_cards_by_viewer(self) -> None:
        game = bare(2)
        give(game, 0, ore=2)
        give(game, 1, wool=3)
        deal(game, 0, "SPY")
        deal(game, 1, "BISHOP")
        game.join(5, Participant("guest", "club", visitor=True))
        held = {
            seat: [c.id for c in [*game.assets(seat).cards, *game.assets(seat).progress_cards]] for seat in (0, 1)
        }
        for viewer in (0, 1, 5, None):
            text = str(dumped(game.root, viewer))
            for seat in (0, 1):
                for name in held[seat]:
                    self.assertEqual(name in text, viewer == seat)
            self.assertIn((game.assets(1).id, "cardCount", None, "3"), dumped(game.root, viewer))
            self.assertIn((game.assets(1).id, "progressCardCount", None, "1"), dumped(game.root, viewer))

    def happened(self, game: Catan, seat: int, command: Command) -> list[Change | Message]:
        game.model.take()
        game.apply(seat, command)
        return game.model.take()

    def test_others_see_only_counts_change(self) -> None:
        game = bare(3)
        give(game, 0, ore=4)
        happened = self.happened(game, 0, Command("TRADE", {"give": "ORE", "take": "WOOL"}))
        for viewer in (1, None):
            me = game.assets(0).id
            seen = [(s, p, o, n) for s, p, o, n in lines(happened, viewer)]
            self.assertEqual({(s, p) for s, p, *_ in seen}, {(me, "cardCount")})
        mine = {prop for _, prop, *_ in lines(happened, 0)}
        self.assertEqual(mine, {"cards", "userAssets", "type", "cardCount"})

    def test_a_stolen_card_is_seen_by_the_two(self) -> None:
        game = bare(3)
        game.state.barbarian.attacks = 1
        land = next(land for land in game.state.board.land if land.number == 5)
        found_city(game, 1, ring(game, land)[0])
        give(game, 1, ore=1)
        roll(game, 3, 4)
        old = game.assets(1).cards[0].id
        happened = self.happened(game, 0, choose(land))
        new = game.assets(0).cards[0].id
        self.assertNotEqual(old, new)
        texts = {viewer: str(lines(happened, viewer)) for viewer in (0, 1, 2, None)}
        self.assertEqual([new in texts[v] for v in (0, 1, 2, None)], [True, False, False, False])
        self.assertEqual([old in texts[v] for v in (0, 1, 2, None)], [False, True, False, False])
        self.assertEqual(["ORE" in texts[v] for v in (0, 1, 2, None)], [True, False, False, False])

    def test_a_drawn_progress_card(self) -> None:
        game = bare(3)
        game.assets(1).trade = 1
        stack(game, Track.TRADE, "MERCHANT_FLEET")
        game.model.take()
        roll(game, 1, 2, "TRADE")
        happened = game.model.take()
        self.assertEqual(
            ["MERCHANT_FLEET" in str(lines(happened, viewer)) for viewer in (0, 1, 2, None)],
            [False, True, False, False],
        )

    def test_a_progress_card_put_back_is_not_told(self) -> None:
        game = bare(3)
        game.assets(1).trade = 1
        for name in ("SPY", "SMITH", "CRANE", "MINING"):
            deal(game, 1, name)
        roll(game, 1, 2, "TRADE")
        happened = self.happened(game, 1, choose(options(game, 1)[0]))
        self.assertNotIn("ProgressCard", str(lines(happened, 0)))
        told = [entry for entry in happened if isinstance(entry, Message) and entry.seat != 1]
        self.assertNotIn("SPY", str(told))

    def test_revealed_cards_are_for_one(self) -> None:
        game = bare(3)
        for name in ("SMITH", "CRANE"):
            deal(game, 1, name)
        game.model.take()
        play(game, 0, "SPY")
        happened = game.model.take()
        self.assertEqual(
            ["SMITH" in str(lines(happened, viewer)) for viewer in (0, 1, 2, None)], [True, False, False, False]
        )

    def test_prompts_go_to_their_seat(self) -> None:
        game = bare(3)
        give(game, 1, ore=8)
        game.model.take()
        roll(game, 3, 4)
        said = [entry for entry in game.model.take() if isinstance(entry, Message)]
        self.assertEqual({entry.seat for entry in said}, {1})


class TestEvents(SynchronousTestCase):
    def test_a_new_piece_is_introduced_with_its_associations(self) -> None:
        game = bare(2)
        c = ring(game, desert(game))
        pave(game, 0, c[0], c[1])
        give(game, 0, brick=1, lumber=1, wool=1, grain=1)
        game.model.take()
        game.apply(0, build("Settlement", c[0]))
        placed, me = the(c[0].building), game.assets(0)
        seen = [line for line in lines(game.model.take()) if placed.id in line]
        self.assertEqual(
            seen,
            [
                (placed.id, "userAssets", None, me.id),
                (placed.id, "intersection", None, None),
                (placed.id, "onItsSide", None, "false"),
                (me.id, "settlements", None, placed.id),
                (placed.id, "intersection", None, c[0].id),
                (c[0].id, "building", None, placed.id),
            ],
        )

    def test_a_lost_piece_leaves_its_associations(self) -> None:
        game = bare(2)
        c = ring(game, desert(game))
        city = found_city(game, 0, c[0])
        me = game.assets(0)
        game.state.barbarian.position = 6
        game.model.take()
        roll(game, 1, 1, "SHIP")
        seen = [line for line in lines(game.model.take()) if city.id in line]
        self.assertEqual(
            seen,
            [
                (city.id, "intersection", c[0].id, None),
                (c[0].id, "building", city.id, None),
                (city.id, "userAssets", me.id, None),
                (me.id, "cities", city.id, None),
            ],
        )

    def test_turns(self) -> None:
        game = founded(2)
        me, other = game.assets(0), game.assets(1)
        turn_of(game, 0)
        game.apply(0, END)
        self.assertEqual(
            lines(game.model.take()),
            [
                (game.root.id, "phase", "ACTING", "ROLLING"),
                (game.root.id, "currentUser", me.id, None),
                (game.root.id, "currentUser", None, other.id),
            ],
        )


class TestPrompts(SynchronousTestCase):
    def test_one_prompt_for_each_command_of_a_turn(self) -> None:
        game = bare(2)
        roll(game, 1, 1)
        self.assertEqual(heard(game, 0), ["OK - endTurn"])
        give(game, 0, ore=4)
        game.model.take()
        game.apply(0, Command("TRADE", {"give": "ORE", "take": "WOOL"}))
        self.assertEqual(heard(game, 0), ["OK - endTurn"])
        game.apply(0, END)
        self.assertEqual((heard(game, 0), list(game.prompts(1))), ([], ["OK - rollDies"]))

    def test_the_start(self) -> None:
        game = seated(2)
        game.apply(0, START)
        self.assertEqual(heard(game, 0), list(game.prompts(0)))
        self.assertEqual(len(game.prompts(0)), 2)
        self.assertEqual(list(game.prompts(1)), [])

    def test_colours_prompt_nobody(self) -> None:
        game = founded(2)
        game.apply(0, Command("CHANGE_USER_COLOR", {"color": "123456"}))
        self.assertEqual(heard(game, 0), [])

    def test_who_comes_back_gets_his_question_again(self) -> None:
        game = bare(2)
        give(game, 1, ore=8)
        game.model.take()
        roll(game, 3, 4)
        self.assertEqual(heard(game, 1), list(game.prompts(1)))
