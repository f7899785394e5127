"""Thousands of blackjack rounds at random, each reckoned a second time from its cards alone."""

from __future__ import annotations

import os
import random
from collections import Counter
from decimal import ROUND_DOWN, Decimal

from twisted.trial.unittest import SynchronousTestCase

from gameserver.errors import GameError
from gameserver.games.fair.blackjack import Action, BlackjackRound, Move, rebuild, start
from gameserver.games.fair.blackjack_hand import Hand
from gameserver.games.fair.cards import SHOE, Card
from gameserver.games.fair.money import Stake, format_amount
from gameserver.games.fair.seeds import Seeds

ROUNDS = 20_000 if os.environ.get("GAMESERVER_LONG") else 1_500
EVERY = [Action(move, hand) for move in Move for hand in (0, 1, 2)]


def points(cards: tuple[Card, ...]) -> int:
    """Points by dropping aces from 11 to 1, one by one."""
    total = sum({"A": 11, "J": 10, "Q": 10, "K": 10}.get(card.rank) or int(card.rank) for card in cards)
    for card in cards:
        if card.rank == "A" and total > 21:
            total -= 10
    return total


def owed(game: BlackjackRound) -> Decimal:
    """What a finished round has to pay, from its cards, bets and the rules as they are described."""
    dealer = points(game.dealer.cards)
    natural = len(game.dealer.cards) == 2 and dealer == 21
    bet = Decimal(format_amount(game.stake.amount, 2))
    total = Decimal(0)
    if game.insurance is not None and natural:
        total += Decimal(format_amount(game.insurance.amount, 2)) * 3
    for hand in game.hands:
        value, stake = points(hand.cards), bet * (2 if hand.is_doubled else 1)
        if len(game.hands) == 1 and len(hand.cards) == 2 and value == 21:
            total += stake if natural else (stake * Decimal("2.5")).quantize(Decimal("0.01"), ROUND_DOWN)
        elif value <= 21 and not natural:
            total += stake * (2 if dealer > 21 or value > dealer else 1 if value == dealer else 0)
    return total


class RandomRoundTests(SynchronousTestCase):
    def test_cards_and_money_are_conserved(self) -> None:
        chance = random.Random(7)
        ends: Counter[str] = Counter()
        for number in range(ROUNDS):
            seeds = Seeds(chance.randbytes(32).hex(), "client seed", number)
            stake = Stake(chance.randint(1, 100_000) * 10**6, 2, 10**15)
            game = start(stake, seeds)
            while not game.is_finished:
                self.check_open(game)
                game = self.stepped(game, chance)
            self.check_finished(game, seeds)
            ends.update(hand.result.value for hand in game.hands if hand.result)
            ends["insured"] += game.insurance is not None
            ends["split"] += len(game.hands) == 2
            ends["doubled"] += any(hand.is_doubled for hand in game.hands)
        self.assertTrue(
            all(ends[word] > 5 for word in ("win", "lose", "push", "blackjack", "insured", "split", "doubled")), ends
        )

    def stepped(self, game: BlackjackRound, chance: random.Random) -> BlackjackRound:
        legal = game.legal_actions()
        for action in EVERY:
            if action not in legal:
                self.assertRaises(GameError, game.apply, action)
        action = chance.choice(legal)
        after = game.apply(action)
        self.assertEqual(after.actions, (*game.actions, action))
        price = {Move.DOUBLE: game.stake.amount, Move.SPLIT: game.stake.amount, Move.INSURE: game.insurance_price}
        forestalled = game.can_insure and after.is_finished and after.dealer.has_blackjack
        costs = 0 if forestalled and action.move is not Move.INSURE else price.get(action.move, 0)
        self.assertEqual(after.total_bet - game.total_bet, costs)
        return after

    def check_open(self, game: BlackjackRound) -> None:
        self.assertEqual(game.total_payout, 0)
        self.assertEqual(len(game.dealer.public_cards), 1)
        self.assertFalse(game.dealer.has_blackjack)
        self.assertTrue(game.legal_actions())
        self.assertTrue(all(hand.result is None and hand.payout is None for hand in game.hands))

    def check_finished(self, game: BlackjackRound, seeds: Seeds) -> None:
        table = [card for cards in (*(hand.cards for hand in game.hands), game.dealer.cards) for card in cards]
        self.assertEqual(Counter(table), Counter(game.shoe[: game.drawn]))
        self.assertEqual(Counter(game.shoe), Counter(SHOE))
        self.assertEqual(Decimal(format_amount(game.total_payout, 2)), owed(game))
        bets = sum(hand.bet for hand in game.hands) + (game.insurance.amount if game.insurance else 0)
        self.assertEqual(game.total_bet, bets)
        live = [hand for hand in game.hands if self.waits(game, hand)]
        if live:
            self.assertGreaterEqual(points(game.dealer.cards), 17)
            self.assertLess(points(game.dealer.cards[:-1]), 17)
        else:
            self.assertEqual(len(game.dealer.cards), 2)
        self.assertEqual(rebuild(game.stake, seeds, game.actions), game)

    def waits(self, game: BlackjackRound, hand: Hand) -> bool:
        """Whether the dealer has to draw for a hand: not busted, not settled as a blackjack by itself."""
        natural = len(game.hands) == 1 and len(hand.cards) == 2 and points(hand.cards) == 21
        return points(hand.cards) <= 21 and not natural
