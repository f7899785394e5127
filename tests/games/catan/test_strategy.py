"""Computer players, and the reader of events that lets them play as clients."""

from collections.abc import Iterable

from twisted.trial.unittest import SynchronousTestCase

from gameserver.games.api import Command, Illegal, Participant
from gameserver.games.catan.game import Catan
from gameserver.games.catan.model import Phase
from gameserver.games.catan.reading import Reading
from gameserver.games.catan.strategy import Strategy, random_legal, sensible
from gameserver.games.catan.strategy import choose as decide
from gameserver.games.catan.view import View
from gameserver.games.entity import Change, Message
from gameserver.games.rng import Chance
from gameserver.testing.game_events import Line, dumped, lines
from tests.games.catan.playing import (
    START,
    bare,
    choose,
    deal,
    desert,
    found_city,
    founded,
    give,
    hand,
    knight,
    options,
    pave,
    play,
    play_out,
    ring,
    roll,
    seated,
    settle,
)
from tests.typed import the


def by_name(commands: Iterable[Command]) -> list[tuple[object, ...]]:
    """Commands without regard to their order."""
    return sorted((command.action, *sorted(command.arguments.items())) for command in commands)


class TestStrategies(SynchronousTestCase):
    def test_the_same_chance_gives_the_same_game(self) -> None:
        logs = []
        for _ in range(2):
            game = seated(2, seed=8)
            game.apply(0, START)
            logs.append(play_out(game, [sensible, random_legal], Chance(8)))
        self.assertEqual(logs[0], logs[1])

    def test_choosing_changes_nothing_and_needs_a_prompt(self) -> None:
        game = founded(2)
        for _ in range(30):
            seat = game.waiting()[0]
            command = the(decide(game, seat, Chance(1)))
            self.assertEqual(decide(game, seat, Chance(1)), command)
            self.assertEqual(game.model.take(), [])
            self.assertIsNone(decide(game, 1 - seat, Chance(1)))
            game.apply(seat, command)
            game.model.take()
        for strategy in (sensible, random_legal):
            self.assertRaises(ValueError, strategy, game.view(1 - game.waiting()[0]), Chance(1))

    def test_sensible_beats_random(self) -> None:
        wins = 0
        for seed in range(8):
            game = seated(2, seed=seed)
            game.apply(0, START)
            strategies = [sensible, random_legal] if seed % 2 else [random_legal, sensible]
            play_out(game, strategies, Chance(seed))
            wins += the(game.root.winner).nickname == f"player{1 - seed % 2}"
        self.assertGreaterEqual(wins, 7)

    def test_games_come_to_an_end(self) -> None:
        for players in range(2, 7):
            game = seated(players, seed=players)
            game.apply(0, START)
            log = play_out(game, [sensible] * players, Chance(players))
            self.assertLess(len(log), 5000)
            self.assertLess(game.root.round, 120)


class TestSense(SynchronousTestCase):
    """What a sensible player does when the case is clear."""

    def setUp(self) -> None:
        self.game = bare(2)
        self.c = ring(self.game, desert(self.game))

    def decided(self, seat: int = 0) -> Command:
        return the(decide(self.game, seat, Chance(1)))

    def test_a_city_before_anything_else(self) -> None:
        game, c = self.game, self.c
        settle(game, 0, c[0])
        pave(game, 0, c[0], c[1])
        give(game, 0, grain=2, ore=3, brick=1, lumber=1)
        self.assertEqual(self.decided(), Command("BUILD", {"type": "City", "destination": c[0].id}))

    def test_a_trade_for_what_is_lacking(self) -> None:
        game, c = self.game, self.c
        settle(game, 0, c[0])
        give(game, 0, grain=1, ore=7)
        self.assertEqual(self.decided(), Command("TRADE", {"give": "ORE", "take": "GRAIN"}))

    def test_knights_wake_when_the_barbarians_come(self) -> None:
        game, c = self.game, self.c
        found_city(game, 0, c[0])
        pave(game, 0, c[0], c[1])
        sleeper = knight(game, 0, c[1], active=False)
        give(game, 0, grain=1)
        self.assertEqual(self.decided().action, "END_TURN")
        game.state.barbarian.position = 5
        self.assertEqual(self.decided(), Command("ACTIVATE_KNIGHT", {"id": sleeper.id}))

    def test_nothing_to_do(self) -> None:
        self.assertEqual(self.decided(), Command("END_TURN"))
        self.game.root.phase = Phase.ROLLING
        self.assertEqual(self.decided(), Command("ROLL_DIES"))

    def test_discards_what_it_has_most_of(self) -> None:
        game = self.game
        give(game, 0, ore=6, coin=1, wool=1)
        roll(game, 3, 4)
        for _ in range(4):
            game.apply(0, self.decided())
        self.assertEqual(hand(game, 0), {"coin": 1, "ore": 2, "wool": 1})

    def test_the_robber_goes_to_the_opponent(self) -> None:
        game = self.game
        game.state.barbarian.attacks = 1
        land = next(land for land in game.state.board.land if land.number == 8)
        found_city(game, 1, ring(game, land)[0])
        roll(game, 3, 4)
        self.assertIn(self.decided(), [choose(place) for place in game.state.board.lands_at[ring(game, land)[0]]])

    def test_offers_the_least_missed_card_and_ends(self) -> None:
        game = self.game
        give(game, 0, ore=4, wool=1)
        give(game, 1, coin=1)
        play(game, 0, "COMMERCIAL_HARBOR")
        command = self.decided()
        self.assertEqual(command.action, "OFFER")
        self.assertIn(command.arguments["id"], [held.id for held in game.assets(0).cards if held.type == "ORE"])

    def test_plays_its_cards_but_keeps_some(self) -> None:
        game = self.game
        deal(game, 0, "DIPLOMAT")
        pave(game, 0, self.c[0], self.c[1])
        self.assertEqual(self.decided(), Command("END_TURN"))
        monopoly = deal(game, 0, "RESOURCE_MONOPOLY")
        give(game, 1, ore=1)
        self.assertEqual(self.decided(), Command("PLAY", {"id": monopoly.id}))

    def test_an_alchemist_chooses_dice_that_bring_something(self) -> None:
        game = self.game
        land = next(land for land in game.state.board.land if land.number == 10)
        found_city(game, 0, ring(game, land)[0])
        game.root.phase = Phase.ROLLING
        play(game, 0, "ALCHEMIST")
        for _ in range(2):
            game.apply(0, self.decided())
        total = game.root.yellow_die + game.root.red_die
        self.assertIn(total, [place.number for place in game.state.board.lands_at[ring(game, land)[0]]])


class Client:
    """A player that gets nothing but its lines."""

    def __init__(self, game: Catan, seat: int, strategy: Strategy, chance: Chance) -> None:
        self.game, self.seat, self.strategy, self.chance = game, seat, strategy, chance
        self.reading = Reading(f"player{seat}")
        self.feed(dumped(game.root, seat))
        self.refused = 0

    def feed(self, stream: Iterable[Line]) -> None:
        for line in stream:
            self.reading.replica.apply(*line)

    def take(self, happened: Iterable[Change | Message]) -> None:
        for entry in happened:
            if isinstance(entry, Message):
                if entry.seat in (None, self.seat):
                    self.feed([("SERVER", "USER_MESSAGE", None, entry.text)])
            else:
                self.feed(lines([entry], self.seat))

    def error(self, text: str) -> None:
        self.refused += 1
        self.feed([("SERVER", "USER_MESSAGE", None, f"ERROR: {text}")])


class TestReadersPlay(SynchronousTestCase):
    def test_whole_games_by_clients_that_see_what_the_rules_see(self) -> None:
        for seed in range(3):
            with self.subTest(seed=seed):
                self.play(seed)

    def play(self, seed: int) -> None:
        players = 2 + seed
        chance = Chance(f"clients {seed}")
        game = seated(players, seed=seed)
        clients = [Client(game, s, sensible if s else random_legal, chance) for s in range(players)]
        game.apply(0, START)
        steps = 0
        while not game.over:
            happened = game.model.take()
            for client in clients:
                client.take(happened)
            seats = game.waiting()
            for client in clients:
                view = client.reading.view()
                if client.seat in seats and steps % 7 == 0:
                    self.compare(game, client, the(view))
            client = clients[chance.choice(seats)]
            self.move(game, client)
            steps += 1
            self.assertLess(steps, 20_000)
        for client in clients:
            client.take(game.model.output)
            self.assertFalse(client.reading.running)
            self.assertIsNone(client.reading.view())
            self.assertIsNone(client.reading.decide(sensible, chance))
        self.assertLess(sum(client.refused for client in clients), steps / 20 + 5)

    def compare(self, game: Catan, client: Client, view: View) -> None:
        theirs, mine = by_name(game.legal(client.seat)), by_name(view.commands())
        if client.seat == game.turn and not game._flows.active:
            # The bank is hidden: a client may think that it has what it has not.
            extra = [entry for entry in mine if entry not in theirs]
            self.assertTrue(all(entry[0] == "TRADE" for entry in extra), extra)
            mine = [entry for entry in mine if entry not in extra]
            self.assertEqual(mine, theirs)
        elif view.kind:
            chosen = {entry[1] for entry in mine if entry[0] == "CHOOSE"}
            self.assertEqual(chosen, {("id", value) for value in options(game, client.seat)})
            self.assertEqual(("END_PLAY",) in mine, ("END_PLAY",) in theirs)
        else:
            # Which offered card went back is hidden.
            self.assertTrue(all(entry in theirs for entry in mine))
            self.assertIn(("END_PLAY",), mine)

    def move(self, game: Catan, client: Client) -> None:
        for _ in range(20):
            command = client.reading.decide(client.strategy, client.chance)
            assert command is not None, game.prompts(client.seat)
            # Until the answer comes nothing more is said.
            self.assertIsNone(client.reading.decide(client.strategy, client.chance))
            try:
                game.apply(client.seat, command)
                return
            except Illegal as error:
                client.error(str(error))
        self.fail("a client did not find a legal command")


class TestReading(SynchronousTestCase):
    def test_knights_are_known_to_be_tired(self) -> None:
        game = bare(2)
        c = ring(game, desert(game))
        pave(game, 0, c[0], c[1])
        sleeper = knight(game, 0, c[0], active=False)
        client = Client(game, 0, sensible, Chance(1))
        give(game, 0, grain=1)
        game.apply(0, Command("ACTIVATE_KNIGHT", {"id": sleeper.id}))
        client.take(game.model.take())
        self.assertNotIn("USE_KNIGHT", str(the(client.reading.view()).commands()))

    def test_who_comes_late_sees_the_same_table(self) -> None:
        game = founded(3)
        chance = Chance(2)
        for _ in range(200):
            seat = game.waiting()[0]
            game.apply(seat, sensible(game.view(seat), chance))
            game.model.take()
        seat = game.waiting()[0]
        client = Client(game, seat, sensible, chance)
        for line in game.prompts(seat):
            client.feed([("SERVER", "USER_MESSAGE", None, line)])
        command = the(client.reading.decide(sensible, chance))
        game.apply(seat, command)

    def test_a_remark_to_all_is_no_part_of_a_question(self) -> None:
        game = bare(2)
        c = ring(game, desert(game))
        found_city(game, 1, c[0])
        found_city(game, 1, c[2])
        client = Client(game, 1, sensible, Chance(1))
        game.state.barbarian.position = 6
        roll(game, 1, 1, "SHIP")
        client.take(game.model.take())
        self.assertEqual(the(client.reading.view()).lines, list(game.prompts(1)))
        self.assertEqual(the(client.reading.view()).subject, "loseCity")

    def test_visitors_and_strangers_never_move(self) -> None:
        game = founded(2)
        game.join(5, Participant("player7", "SE", visitor=True))
        for seat in (5, 7):
            reading = Reading(f"player{seat}")
            for line in dumped(game.root, seat):
                reading.replica.apply(*line)
            self.assertIsNone(reading.view())
            self.assertIsNone(reading.decide(sensible, Chance(1)))

    def test_an_answer_is_given_once(self) -> None:
        game = founded(2)
        client = Client(game, 0, sensible, Chance(1))
        client.feed([("SERVER", "USER_MESSAGE", None, line) for line in game.prompts(0)])
        self.assertIsNotNone(client.reading.decide(sensible, Chance(1)))
        client.feed([("SERVER", "USER_MESSAGE", None, "FLOOD DETECTED! This is warning #0!")])
        self.assertIsNone(client.reading.decide(sensible, Chance(1)))

    def test_offers_that_are_surely_legal(self) -> None:
        game = bare(3)
        give(game, 0, ore=1, wool=1)
        give(game, 2, coin=1)
        client = Client(game, 0, sensible, Chance(1))
        play(game, 0, "COMMERCIAL_HARBOR")
        client.take(game.model.take())
        self.assertEqual(by_name(the(client.reading.view()).commands()), by_name(game.legal(0)))
        offer = next(c for c in game.legal(0) if c.arguments.get("user") == game.assets(1).id)
        client.reading.decide(lambda _view, _chance: offer, Chance(1))
        game.apply(0, offer)
        client.take(game.model.take())
        # The card went back, for player1 has no commodity; that is hidden.
        mine, theirs = by_name(the(client.reading.view()).commands()), by_name(game.legal(0))
        self.assertEqual((len(mine), len(theirs)), (2, 3))
        self.assertTrue(all(entry in theirs for entry in mine))

    def test_unknown_classes_and_properties_are_passed_over(self) -> None:
        reading = Reading("x")
        reading.replica.apply("Goblin@1", "name", None, "x")
        reading.replica.apply("Team@2", "size", None, "3")
        self.assertIsNone(reading.replica.find("Goblin@1"))
