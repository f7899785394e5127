"""Money: income, prices, bounties, sales."""

from twisted.trial.unittest import SynchronousTestCase

from gameserver.games.creepsmash.tables import CREEPS, MOST_CREDITS
from gameserver.testing.game_events import lines
from tests.games.creepsmash.stage import assets, build, creeps, rich, root, sell, send, started, ticks, upgrade


class TestIncome(SynchronousTestCase):
    def test_every_fifteen_seconds(self) -> None:
        game = started()
        ticks(game, 299)
        self.assertEqual(assets(game, 0).balance, 200)
        ticks(game, 1)
        self.assertEqual([assets(game, seat).balance for seat in (0, 1)], [400, 400])
        ticks(game, 299)
        self.assertEqual(assets(game, 0).balance, 400)
        ticks(game, 1)
        self.assertEqual(assets(game, 0).balance, 600)

    def test_the_countdown_is_told_every_second(self) -> None:
        game = started()
        ticks(game, 320)
        told = [new for source, prop, _, new in lines(game.model.take()) if prop == "nextIncome"]
        self.assertEqual(told, [f"{left}.0" for left in (*range(14, 0, -1), 15, 14)])

    def test_every_creep_sent_raises_it_for_good(self) -> None:
        for kind in CREEPS.values():
            game = started()
            rich(game, 0)
            send(game, 0, kind.type)
            self.assertEqual(assets(game, 0).balance, 10_000_000 - kind.price)
            self.assertEqual(assets(game, 0).income, 200 + kind.income)
            ticks(game, 300)
            self.assertEqual(assets(game, 0).balance, 10_000_000 - kind.price + 200 + kind.income)

    def test_credits_and_income_stay_within_what_clients_can_read(self) -> None:
        game = started()
        rich(game, 0, credits=MOST_CREDITS - 100)
        ticks(game, 300)
        self.assertEqual(assets(game, 0).balance, MOST_CREDITS)
        assets(game, 0).income = MOST_CREDITS - 1
        send(game, 0, "MERCURY")
        self.assertEqual(assets(game, 0).income, MOST_CREDITS)


class TestTime(SynchronousTestCase):
    def test_what_is_left_of_a_tick_counts_for_the_next_call(self) -> None:
        game = started()
        for _ in range(299):
            game.advance(50)
        game.advance(49)
        self.assertEqual(assets(game, 0).balance, 200)
        game.advance(1)
        self.assertEqual(assets(game, 0).balance, 400)

    def test_one_long_step_is_many_short_ones(self) -> None:
        one, many = started(), started()
        for game in (one, many):
            send(game, 0, "MERCURY")
        one.advance(20_000)
        for _ in range(2_000):
            many.advance(10)
        self.assertEqual(lines(one.model.take()), lines(many.model.take()))

    def test_no_or_negative_time_changes_nothing(self) -> None:
        game = started()
        game.advance(0)
        game.advance(-5_000)
        self.assertEqual(game.model.take(), [])

    def test_after_the_end_time_stands_still(self) -> None:
        game = started()
        game.leave(1)
        game.model.take()
        ticks(game, 1_000)
        self.assertEqual((game.model.take(), assets(game, 0).balance), ([], 200))


class TestBounty(SynchronousTestCase):
    def test_goes_to_whose_tower_kills(self) -> None:
        game = started(test_game=True)
        for x in (2, 3, 4):
            build(game, 1, "SPEED", x, 7)
        before = assets(game, 1).balance
        send(game, 0, "MERCURY")
        spent = assets(game, 0).balance
        ticks(game, 150)
        self.assertEqual(creeps(game), [])
        self.assertEqual((assets(game, 1).balance, assets(game, 0).balance), (before + 5, spent))
        self.assertEqual(assets(game, 1).lives, 100)


class TestSale(SynchronousTestCase):
    def test_three_quarters_of_all_that_was_paid_when_the_tower_is_gone(self) -> None:
        game = started(test_game=True)
        tower = build(game, 0, "SLOW", 3, 3)
        ticks(game, 50)
        upgrade(game, 0, tower, 2)
        ticks(game, 50)
        before = assets(game, 0).balance
        sell(game, 0, tower)
        ticks(game, 49)
        self.assertEqual((assets(game, 0).balance, len(assets(game, 0).towers)), (before, 1))
        ticks(game, 1)
        self.assertEqual((assets(game, 0).balance, len(assets(game, 0).towers)), (before + 225, 0))

    def test_nothing_comes_back_for_the_towers_of_the_dead(self) -> None:
        game = started(players=3)
        assets(game, 1).lives = 1
        tower = build(game, 1, "BASIC", 3, 3)
        send(game, 0, "MERCURY")
        ticks(game, 50 + 215 - 20)
        sell(game, 1, tower)
        ticks(game, 200)
        self.assertEqual((assets(game, 1).lives, assets(game, 1).balance), (0, 150))
        self.assertEqual((list(assets(game, 1).towers), tower.selling), ([tower], False))
        self.assertTrue(root(game).running)
