"""What clients see: the order of dumps, the events of a whole turn, and what they must not see."""

from twisted.trial.unittest import SynchronousTestCase

from gameserver.games.api import Command, Participant
from gameserver.games.carcassonne.model import CarcassonneGame, Field, MeeplePosition
from gameserver.games.carcassonne.strategy import random_legal
from gameserver.games.carcassonne.tiles import TILES
from gameserver.games.rng import Chance
from gameserver.testing.game_events import Line, dumped, lines
from tests.games.carcassonne.playing import DRAW, END, START, follow, place, play_out, seated, started
from tests.typed import the


class TestDumps(SynchronousTestCase):
    def test_the_order_of_a_dump(self) -> None:
        game = seated(2)
        shown = dumped(game.root)
        props: dict[str, dict[str, None]] = {}
        for source, prop, *_ in shown:
            props.setdefault(source.split("@")[0], {})[prop] = None
        self.assertEqual(
            {kind: list(seen) for kind, seen in props.items()},
            {
                "CarcassonneGame": [
                    *("users", "name", "running", "winner", "numPlayers", "testGame"),
                    *("fields", "currentPlayer", "currentField", "remainingCards", "setAside"),
                ],
                "UserAssets": ["user", "game", "color", "visitor", "score", "meeples"],
                "User": ["team", "nickname"],
                "Team": ["name", "users"],
                "Meeple": ["userAssets", "position"],
                "Field": ["rotation", "name", "meeplePositions", "north", "east", "south", "west", "game"],
                "MeeplePosition": ["field", "name", "meeple"],
            },
        )
        self.assertEqual(shown[0], (game.root.id, "users", None, game.assets(0).id))
        self.assertEqual(shown[2], (game.assets(0).id, "user", None, the(game.assets(0).user).id))

    def test_members_outside_the_game_are_shown(self) -> None:
        names = [new for _, prop, _, new in dumped(seated(2).root) if prop == "nickname"]
        # A user's team comes before his nickname, so the others of the team are told first.
        self.assertEqual(names, ["player1", "absent", "player0"])

    def test_before_the_first_draw_there_is_one_field(self) -> None:
        for game in (seated(2), started(2)):
            fields = {source for source, *_ in dumped(game.root) if source.startswith("Field@")}
            self.assertEqual(len(fields), 1)
            start = game.root.fields[0]
            self.assertEqual((start.name, start.rotation, start.game), ("D", "R0", game.root))
            self.assertEqual(game.root.remaining_cards, 71)

    def test_visitors_and_players_see_the_same(self) -> None:
        game = started(2)
        game.join(4, Participant("guest", "SE", visitor=True))
        game.apply(0, DRAW)
        self.assertEqual(dumped(game.root, 4), dumped(game.root, 0))

    def test_names_do_not_give_the_seed_away(self) -> None:
        # Two games whose seeds differ in the high bits only have different names and different piles.
        one, other = seated(2, seed=5), seated(2, seed=5 + (1 << 64))
        self.assertNotEqual(one.root.id, other.root.id)


class TestEventsOfATurn(SynchronousTestCase):
    def setUp(self) -> None:
        self.game = seated(2, letters="AUB")
        self.root = self.game.root

    def happened(self, seat: int, command: Command) -> list[Line]:
        self.game.model.take()
        self.game.apply(seat, command)
        return lines(self.game.model.take())

    def test_start(self) -> None:
        self.assertEqual(
            self.happened(0, START),
            [
                (self.root.id, "running", "false", "true"),
                (self.root.id, "currentPlayer", None, self.game.assets(0).id),
            ],
        )

    def test_a_drawn_tile_is_introduced_turned_by_nothing_and_linked_to_nothing(self) -> None:
        self.game.apply(0, START)
        happened = self.happened(0, DRAW)
        field = the(self.root.current_field)
        one, two, three = field.meeple_positions
        self.assertEqual(
            happened,
            [
                (field.id, "rotation", None, "R0"),
                (field.id, "name", None, "A"),
                *((field.id, "meeplePositions", None, position.id) for position in (one, two, three)),
                *self.position(field, one, "1"),
                *self.position(field, two, "2"),
                *self.position(field, three, "3"),
                *((field.id, prop, None, None) for prop in ("north", "east", "south", "west", "game")),
                (self.root.id, "currentField", None, field.id),
                (self.root.id, "remainingCards", "3", "2"),
            ],
        )

    def position(self, field: Field, position: MeeplePosition, name: str) -> list[Line]:
        return [
            (position.id, "field", None, field.id),
            (position.id, "name", None, name),
            (position.id, "meeple", None, None),
        ]

    def test_laying_links_both_ends(self) -> None:
        self.game.apply(0, START)
        self.game.apply(0, DRAW)
        field, start = the(self.root.current_field), self.root.fields[0]
        self.assertEqual(
            self.happened(0, place(self.game, 0, "EAST", "R90")),
            [
                (field.id, "rotation", "R0", "R90"),
                (field.id, "west", None, start.id),
                (start.id, "east", None, field.id),
                (self.root.id, "fields", None, field.id),
                (field.id, "game", None, self.root.id),
            ],
        )

    def test_a_follower_ends_the_turn(self) -> None:
        self.game.apply(0, START)
        self.game.apply(0, DRAW)
        self.game.apply(0, place(self.game, 0, "EAST", "R90"))
        field, meeple = the(self.root.current_field), self.game.assets(0).meeples[0]
        position = field.meeple_positions[0]
        self.assertEqual(
            self.happened(0, follow(self.game, 0, "1")),
            [
                (meeple.id, "position", None, position.id),
                (position.id, "meeple", None, meeple.id),
                (self.root.id, "currentField", field.id, None),
                (self.root.id, "currentPlayer", self.game.assets(0).id, None),
                (self.root.id, "currentPlayer", None, self.game.assets(1).id),
            ],
        )

    def test_points_and_the_follower_that_comes_home(self) -> None:
        # Abbeys end the start tile's road on both sides: three tiles, 3 points.
        self.game = started(2, letters="AA")
        self.root = self.game.root
        for command in (DRAW, place(self.game, 0, "EAST", "R90"), follow(self.game, 0, "1")):
            self.game.apply(0, command)
        self.game.apply(1, DRAW)
        self.game.apply(1, place(self.game, 0, "WEST", "R270"))
        meeple, last = self.game.assets(0).meeples[0], the(self.root.current_field)
        position, assets = the(meeple.position), self.game.assets(0)
        self.assertEqual(
            self.happened(1, END),
            [
                (assets.id, "score", "0", "3"),
                (meeple.id, "position", position.id, None),
                (position.id, "meeple", meeple.id, None),
                (self.root.id, "currentField", last.id, None),
                (self.root.id, "currentPlayer", self.game.assets(1).id, None),
                (self.root.id, "winner", None, the(assets.user).id),
                (self.root.id, "running", "true", "false"),
            ],
        )

    def test_a_newcomer_is_introduced_before_he_is_hung_in(self) -> None:
        game = seated(2)
        game.join(2, Participant("guest", "Visitors", visitor=True))
        happened = lines(game.model.take())
        assets = game.assets(2)
        self.assertEqual(happened[0], (assets.id, "user", None, the(assets.user).id))
        self.assertIn((assets.id, "visitor", None, "true"), happened)
        self.assertIn((assets.id, "game", None, game.root.id), happened[:-1])
        self.assertEqual(happened[-1], (game.root.id, "users", None, assets.id))


class TestSecrets(SynchronousTestCase):
    def test_the_pile_never_shows(self) -> None:
        """No event names a tile that has not been drawn: the Fields of a stream are the start tile and the draws."""
        game = started(2, seed=3)
        log = play_out(game, [random_legal] * 2, Chance(3))
        letters = [line[3] for line in lines(game.model.take()) if line[0].startswith("Field@") and line[1] == "name"]
        draws = sum(command == Command("DRAW_CARD") for _, command in log)
        self.assertLessEqual(len(letters), draws)
        self.assertEqual(letters, [field.name for field in game.root.fields][1:])

    def test_positions_are_the_places_of_the_letter(self) -> None:
        game = started(2, seed=3)
        play_out(game, [random_legal] * 2, Chance(3))
        for field in game.root.fields:
            names = [position.name for position in field.meeple_positions]
            self.assertEqual(names, [str(n + 1) for n in range(len(TILES[field.name].places))])

    def test_the_root_is_called_as_its_family(self) -> None:
        self.assertTrue(seated(2).root.id.startswith("CarcassonneGame@"))
        self.assertIsInstance(seated(2).root, CarcassonneGame)
