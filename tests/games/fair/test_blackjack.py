"""Blackjack, rule by rule, with stacked shoes."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from gameserver.errors import Code
from gameserver.games.fair import blackjack
from gameserver.games.fair.blackjack import Action, BlackjackRound, Move, Status, start
from gameserver.games.fair.blackjack_hand import HandStatus, InsuranceStatus, Result
from gameserver.games.fair.cards import shoe
from gameserver.games.fair.money import UNITS, Stake
from gameserver.games.fair.seeds import Seeds
from tests.games.fair.refusals import refused
from tests.games.fair.tables import STAKE, card, dealt, played


class Case(SynchronousTestCase):
    def ends(self, game: BlackjackRound, bet: str, payout: str, *results: Result) -> None:
        """The round is finished, with these results and amounts of units."""
        self.assertIs(game.status, Status.FINISHED)
        self.assertEqual(tuple(hand.result for hand in game.hands), results)
        self.assertEqual((game.total_bet / UNITS, game.total_payout / UNITS), (float(bet), float(payout)))
        self.assertTrue(game.dealer.is_revealed)
        self.assertEqual(game.legal_actions(), ())


class DealTests(Case):
    def test_player_dealer_up_player_dealer_hole(self) -> None:
        source = Seeds("server seed", "client seed", 1)
        game, cards = start(STAKE, source), shoe(source)
        self.assertEqual(game.hands[0].cards, (cards[0], cards[2]))
        self.assertEqual(game.dealer.cards, (cards[1], cards[3]))
        self.assertEqual((game.drawn, game.total_bet, game.total_payout), (4, 10 * UNITS, 0))

    def test_the_hole_card_is_not_public_before_the_end(self) -> None:
        game = dealt("10 9 7 KH")
        self.assertEqual([str(shown) for shown in game.dealer.public_cards], ["9C"])
        self.assertIsNone(game.dealer.hole_card)
        self.assertEqual((game.dealer.show_value, game.dealer.card_count, game.dealer.totals()), (9, 2, (9, 9, 9)))
        self.assertNotIn("'K'", repr(game))
        game = played(game, "stand")
        self.assertEqual(game.dealer.hole_card, card("KH"))
        self.assertEqual(game.dealer.show_value, 19)
        self.assertFalse(game.dealer.has_blackjack)
        self.assertFalse(game.hands[0].can_hit)

    def test_a_peek_under_an_ace_does_not_show_before_insurance_is_settled(self) -> None:
        game = dealt("10 A 7 KH")
        self.assertTrue(game.dealer.secretly_has_blackjack)
        self.assertFalse(game.dealer.has_blackjack)
        self.assertEqual(game.status, Status.PLAYING)
        self.assertTrue(played(game, "decline").dealer.has_blackjack)

    def test_a_dealers_blackjack_under_a_ten_ends_the_round_at_once(self) -> None:
        self.ends(dealt("10 K 7 A"), "10", "0", Result.LOSE)
        self.assertEqual(dealt("10 J 7 A").drawn, 4)

    def test_under_any_other_card_nobody_peeks(self) -> None:
        self.assertIs(dealt("10 9 7 A").status, Status.PLAYING)


class NaturalTests(Case):
    def test_a_blackjack_pays_three_to_two_and_the_dealer_does_not_draw(self) -> None:
        game = dealt("A 5 K 5 10")
        self.ends(game, "10", "25", Result.BLACKJACK)
        self.assertIs(game.hands[0].status, HandStatus.BLACKJACK)
        self.assertEqual(len(game.dealer.cards), 2)

    def test_three_to_two_is_cut_to_the_decimals(self) -> None:
        self.ends(dealt("A 5 K 5", Stake(UNITS // 100, 2, UNITS)), "0.01", "0.02", Result.BLACKJACK)
        self.ends(dealt("A 5 K 5", Stake(1, 8, UNITS)), "0.00000001", "0.00000002", Result.BLACKJACK)

    def test_two_blackjacks_push(self) -> None:
        self.ends(dealt("A K K A"), "10", "10", Result.PUSH)
        self.ends(played(dealt("A A K K"), "decline"), "10", "10", Result.PUSH)

    def test_an_ace_up_offers_insurance_to_a_blackjack_too(self) -> None:
        game = dealt("A A K 9")
        self.assertEqual(list(map(str, game.legal_actions())), ["insure:0", "decline:0", "stand:0"])
        self.ends(played(game, "decline"), "10", "25", Result.BLACKJACK)
        self.ends(played(game, "stand"), "10", "25", Result.BLACKJACK)
        self.ends(played(game, "insure"), "15", "25", Result.BLACKJACK)
        self.ends(played(dealt("A A K K"), "insure"), "15", "25", Result.PUSH)

    def test_21_with_three_cards_is_no_blackjack_and_loses_to_one(self) -> None:
        game = played(dealt("5 A 6 10"), "hit")
        self.ends(game, "10", "0", Result.LOSE)
        self.assertEqual(len(game.hands[0].cards), 2)


class PlayTests(Case):
    def test_win_push_lose(self) -> None:
        self.ends(played(dealt("10 9 10 8"), "stand"), "10", "20", Result.WIN)
        self.ends(played(dealt("10 9 8 9"), "stand"), "10", "10", Result.PUSH)
        self.ends(played(dealt("10 9 7 9"), "stand"), "10", "0", Result.LOSE)

    def test_above_21_is_busted_and_the_dealer_does_not_draw(self) -> None:
        game = played(dealt("10 9 6 3 10 10"), "hit")
        self.ends(game, "10", "0", Result.LOSE)
        self.assertIs(game.hands[0].status, HandStatus.BUSTED)
        self.assertEqual((len(game.dealer.cards), game.drawn), (2, 5))

    def test_21_stands_by_itself(self) -> None:
        game = played(dealt("5 9 6 9 10"), "hit")
        self.ends(game, "10", "20", Result.WIN)

    def test_the_dealer_draws_to_16_and_stands_on_every_17(self) -> None:
        hard = played(dealt("10 6 8 10 A K"), "stand")
        self.assertEqual([str(shown) for shown in hard.dealer.cards], ["6C", "10C", "AC"])
        soft = played(dealt("10 6 8 A K"), "stand")
        self.assertEqual(len(soft.dealer.cards), 2)
        self.ends(soft, "10", "20", Result.WIN)
        self.ends(played(dealt("2 6 3 10 10"), "stand"), "10", "20", Result.WIN)

    def test_the_dealer_draws_card_after_card_in_the_order_of_the_shoe(self) -> None:
        game = played(dealt("10 2 9 3 4 2 5 A K"), "stand")
        self.assertEqual([str(shown) for shown in game.dealer.cards], ["2C", "3C", "4C", "2C", "5C", "AC"])
        self.assertEqual(game.drawn, 8)
        self.ends(game, "10", "20", Result.WIN)

    def test_soft_hands_turn_hard(self) -> None:
        game = played(dealt("A 9 6 9 10"), "hit")
        hand = game.hands[0]
        self.assertEqual((hand.hard_value, hand.soft_value, hand.best_value), (17, 27, 17))
        self.assertTrue(hand.can_hit)

    def test_flags_of_the_first_two_cards_and_after(self) -> None:
        first = dealt("8 9 8 9 2").hands[0]
        flags = (first.can_hit, first.can_stand, first.can_double, first.can_split)
        self.assertEqual(flags, (True, True, True, True))
        later = played(dealt("8 9 8 9 2"), "hit").hands[0]
        self.assertEqual((later.can_hit, later.can_double, later.can_split), (True, False, False))


class DoubleTests(Case):
    def test_one_card_for_twice_the_bet(self) -> None:
        game = played(dealt("5 6 6 10 9 10"), "double")
        self.assertTrue(game.hands[0].is_doubled)
        self.assertEqual(len(game.hands[0].cards), 3)
        self.ends(game, "20", "40", Result.WIN)
        self.ends(played(dealt("5 6 6 10 2 5"), "double"), "20", "0", Result.LOSE)
        self.ends(played(dealt("10 6 6 10 10 5"), "double"), "20", "0", Result.LOSE)
        self.ends(played(dealt("5 6 6 10 10 5"), "double"), "20", "20", Result.PUSH)

    def test_any_two_cards_but_not_three(self) -> None:
        self.assertIn(Action(Move.DOUBLE), dealt("A 6 9 10").legal_actions())
        game = played(dealt("5 6 6 10 2"), "hit")
        refused(self, Code.CANNOT_DOUBLE, game.apply, Action(Move.DOUBLE))


class SplitTests(Case):
    def test_two_hands_played_one_after_the_other(self) -> None:
        game = played(dealt("8 9 8 10 3 2"), "split")
        self.assertEqual([str(shown) for shown in game.hands[0].cards], ["8C", "3C"])
        self.assertEqual([str(shown) for shown in game.hands[1].cards], ["8C", "2C"])
        self.assertEqual([hand.status for hand in game.hands], [HandStatus.ACTIVE, HandStatus.WAITING])
        self.assertTrue(all(hand.is_split and not hand.is_from_aces for hand in game.hands))
        self.assertEqual((game.total_bet, game.active), (20 * UNITS, 0))
        refused(self, Code.ACTION_NOT_ALLOWED, game.apply, Action(Move.HIT, 1))
        game = game.apply(Action(Move.STAND, 0))
        self.assertEqual((game.active, game.hands[1].status), (1, HandStatus.ACTIVE))
        refused(self, Code.ACTION_NOT_ALLOWED, game.apply, Action(Move.STAND, 0))
        game = game.apply(Action(Move.STAND, 1))
        self.ends(game, "20", "0", Result.LOSE, Result.LOSE)

    def test_double_after_a_split(self) -> None:
        game = played(dealt("8 9 8 10 3 2 10 9"), "split double hit stand")
        self.ends(game, "30", "50", Result.WIN, Result.PUSH)

    def test_equal_points_are_enough_and_once_is_all(self) -> None:
        self.assertIn(Action(Move.SPLIT), dealt("K 9 10 8").legal_actions())
        refused(self, Code.CANNOT_SPLIT, dealt("9 9 10 8").apply, Action(Move.SPLIT))
        game = played(dealt("8 9 8 10 8 8"), "split")
        refused(self, Code.ALREADY_SPLIT, game.apply, Action(Move.SPLIT, 0))

    def test_split_aces_get_one_card_each_and_21_is_no_blackjack(self) -> None:
        game = played(dealt("A 9 A 8 K 5"), "split")
        self.assertTrue(all(hand.is_from_aces and not hand.is_blackjack for hand in game.hands))
        self.assertEqual([len(hand.cards) for hand in game.hands], [2, 2])
        self.ends(game, "20", "20", Result.WIN, Result.LOSE)

    def test_a_split_hand_of_21_is_passed_over(self) -> None:
        game = played(dealt("10 9 K 10 A 5"), "split")
        self.assertEqual((game.hands[0].status, game.active), (HandStatus.STAND, 1))
        self.ends(played(game, "stand"), "20", "20", Result.WIN, Result.LOSE)
        other = played(dealt("10 9 K 10 5 A"), "split stand")
        self.ends(other, "20", "20", Result.LOSE, Result.WIN)

    def test_one_busted_hand_does_not_keep_the_dealer_from_drawing(self) -> None:
        game = played(dealt("8 6 8 10 6 10 10 5"), "split hit stand")
        self.assertEqual(game.dealer.totals()[2], 21)
        self.ends(game, "20", "0", Result.LOSE, Result.LOSE)
        self.assertIs(game.hands[0].status, HandStatus.BUSTED)


class InsuranceTests(Case):
    def test_half_the_bet_pays_two_to_one_when_the_dealer_has_a_blackjack(self) -> None:
        game = played(dealt("10 A 7 K"), "insure")
        self.ends(game, "15", "15", Result.LOSE)
        assert game.insurance is not None
        self.assertEqual(game.insurance.status, InsuranceStatus.WON)
        self.assertEqual((game.insurance.amount, game.insurance.payout), (5 * UNITS, 15 * UNITS))

    def test_it_is_lost_otherwise_and_the_round_goes_on(self) -> None:
        game = played(dealt("10 A 9 7"), "insure")
        assert game.insurance is not None
        self.assertEqual((game.insurance.status, game.insurance.payout), (InsuranceStatus.LOST, 0))
        self.assertFalse(game.can_insure)
        refused(self, Code.CANNOT_INSURE, game.apply, Action(Move.INSURE))
        refused(self, Code.CANNOT_INSURE, game.apply, Action(Move.DECLINE))
        self.ends(played(game, "stand"), "15", "20", Result.WIN)

    def test_only_under_an_ace(self) -> None:
        for up in ("2", "9", "10", "K"):
            game = dealt(f"10 {up} 7 9")
            self.assertFalse(game.can_insure)
            refused(self, Code.CANNOT_INSURE, game.apply, Action(Move.INSURE))

    def test_whoever_plays_on_has_declined_and_pays_nothing_for_a_move_the_peek_forestalls(self) -> None:
        for move in ("hit", "stand", "double", "split"):
            self.ends(played(dealt("8 A 8 K"), move), "10", "0", Result.LOSE)
        game = played(dealt("5 A 6 7 9"), "double")
        self.ends(game, "20", "40", Result.WIN)
        self.assertIsNone(game.insurance)

    def test_half_of_the_smallest_bet_cannot_be_paid_so_it_is_not_offered(self) -> None:
        game = dealt("10 A 7 9", Stake(UNITS // 100, 2, UNITS))
        self.assertFalse(game.can_insure)
        self.assertEqual(dealt("10 A 7 9", Stake(UNITS // 100 * 5, 2, UNITS)).insurance_price, UNITS // 100 * 2)


class RoundTests(Case):
    def test_refusals_leave_the_round_as_it_was(self) -> None:
        game = dealt("10 9 7 10")
        for hand in (1, 2, -1, 10**20):
            refused(self, Code.NO_HAND, game.apply, Action(Move.HIT, hand))
        self.assertEqual(game, dealt("10 9 7 10"))
        done = played(game, "stand")
        for move in Move:
            refused(self, Code.ROUND_OVER, done.apply, Action(move))

    def test_a_player_who_went_away_stands(self) -> None:
        self.ends(dealt("10 A 7 8").stand_all(), "10", "0", Result.LOSE)
        self.ends(played(dealt("8 9 8 10 10 10"), "split").stand_all(), "20", "0", Result.LOSE, Result.LOSE)
        self.ends(dealt("A A K 9").stand_all(), "10", "25", Result.BLACKJACK)

    def test_actions_are_kept_as_text(self) -> None:
        game = played(dealt("8 9 8 10 3 2 10 9"), "split double hit")
        texts = [str(action) for action in game.actions]
        self.assertEqual(texts, ["split:0", "double:0", "hit:1"])
        self.assertEqual(tuple(map(Action.parse, texts)), game.actions)
        for text in ("", "hit", "hit:", "hit:x", "surrender:0", "0:hit"):
            self.assertRaises(ValueError, Action.parse, text)

    def test_a_round_pays_in_full_and_wins_four_stakes_at_most(self) -> None:
        stake = Stake(10 * UNITS, 2, 0)
        game = played(dealt("8 9 8 7 3 3 10 10 10", stake), "split double double")
        self.ends(game, "40", "80", Result.WIN, Result.WIN)
        self.assertEqual(game.total_payout - game.total_bet, stake.payout(blackjack.BEST) - stake.amount)
        self.ends(played(dealt("10 A 10 8", stake), "insure stand"), "15", "20", Result.WIN)
        self.ends(played(dealt("A A K K", stake), "insure"), "15", "25", Result.PUSH)
