"""Cards, their order and their points."""

from __future__ import annotations

from collections import Counter

from twisted.trial.unittest import SynchronousTestCase

from gameserver.games.fair.cards import DECK, SHOE, best_value, hard_value, shoe, soft_value
from gameserver.games.fair.rng import floats
from tests.games.fair.data_files import VECTORS, seeds
from tests.games.fair.tables import card


class CardTests(SynchronousTestCase):
    def test_the_published_order(self) -> None:
        self.assertEqual(len(DECK), 52)
        self.assertEqual(
            [str(DECK[index]) for index in (0, 1, 2, 3, 4, 32, 48, 51)],
            ["2D", "2H", "2S", "2C", "3D", "10D", "AD", "AC"],
        )

    def test_points(self) -> None:
        for cards, hard, soft, best in (
            ("2 10", 12, 12, 12),
            ("A 6", 7, 17, 17),
            ("A A", 2, 12, 12),
            ("A K", 11, 21, 21),
            ("A 6 10", 17, 27, 17),
            ("J Q K", 30, 30, 30),
            ("A A 9", 11, 21, 21),
        ):
            held = [card(text) for text in cards.split()]
            self.assertEqual((hard_value(held), soft_value(held), best_value(held)), (hard, soft, best), cards)
        self.assertEqual(
            [card(rank).value for rank in ("2", "9", "10", "J", "Q", "K", "A")], [2, 9, 10, 10, 10, 10, 11]
        )

    def test_a_shoe_is_six_decks_drawn_by_the_published_floats(self) -> None:
        for vector in VECTORS[:8]:
            made = shoe(seeds(vector))
            self.assertEqual(Counter(made), Counter(dict.fromkeys(DECK, 6)))
            rest = list(SHOE)
            expected = [rest.pop(int(float_ * len(rest))) for float_ in floats(seeds(vector), 312)]
            self.assertEqual(list(made), expected)
