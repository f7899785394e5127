from twisted.trial.unittest import SynchronousTestCase

from gameserver.games.api import Command
from gameserver.games.carcassonne.strategy import choose, greedy, random_legal
from gameserver.games.rng import Chance
from tests.games.carcassonne.playing import DRAW, END, follow, place, play_out, seated, started
from tests.typed import the


class TestStrategies(SynchronousTestCase):
    def test_the_same_chance_gives_the_same_game(self) -> None:
        logs = [play_out(started(2, seed=8), [greedy, random_legal], Chance(8)) for _ in range(2)]
        self.assertEqual(logs[0], logs[1])

    def test_choosing_changes_nothing(self) -> None:
        game = started(2)
        for _ in range(20):
            seat = the(game.turn)
            command = the(choose(game, seat, Chance(1)))
            self.assertEqual(choose(game, seat, Chance(1)), command)
            self.assertEqual(game.model.take(), [])
            game.apply(seat, command)
            game.model.take()

    def test_greedy_beats_random(self) -> None:
        wins = 0
        for seed in range(6):
            game = started(2, seed=seed)
            play_out(game, [greedy, random_legal], Chance(seed))
            wins += the(game.root.winner).nickname == "player0"
        self.assertEqual(wins, 6)

    def test_greedy_closes_its_city(self) -> None:
        # One's own city needs one more side: E closes it, anywhere else it gives less.
        game = started(2, letters="REEB")
        game.apply(0, DRAW)
        game.apply(0, place(game, 0, "NORTH", "R180"))
        game.apply(0, follow(game, 0, "1"))
        game.apply(1, DRAW)
        game.apply(1, place(game, 1, "WEST", "R90"))
        game.apply(1, END)
        game.apply(0, DRAW)
        game.apply(0, the(choose(game, 0, Chance(1))))
        game.apply(0, the(choose(game, 0, Chance(1))))
        self.assertEqual(game.assets(0).score, 8)

    def test_who_is_not_on_turn_has_no_choice(self) -> None:
        game = started(2)
        for strategy in (greedy, random_legal):
            self.assertRaises(ValueError, strategy, game.view(1), Chance(1))
        self.assertIsNone(choose(seated(2), 0, Chance(1)))

    def test_random_takes_every_choice(self) -> None:
        game = started(2, letters="VB")
        game.apply(0, DRAW)
        chance = Chance(1)
        taken = {repr(random_legal(game.view(0), chance).arguments) for _ in range(200)}
        self.assertEqual(len(taken), len(game.view(0).commands()))
        self.assertEqual(game.view(1).commands(), [])
        self.assertIsInstance(game.view(0).commands()[0], Command)
