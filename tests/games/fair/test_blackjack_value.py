"""The value of blackjack: its parts against plain counting, and all of it against what is kept."""

from __future__ import annotations

import os
from fractions import Fraction
from itertools import permutations

from twisted.trial.unittest import SkipTest, SynchronousTestCase

from gameserver.games.fair import blackjack_value as value
from gameserver.games.fair.blackjack_value import EVERY_UP_CARD, NATURAL, RETURN, UpCard
from gameserver.games.fair.rtp import percent

LONG = os.environ.get("GAMESERVER_LONG") == "1"

#: A shoe of a few cards, by points from the ace on, to be counted to the last order.
FEW = (2, 0, 1, 0, 1, 2, 1, 0, 1, 3)


def dealers_ends(up: int, left: tuple[int, ...], first: bool = True) -> dict[int, Fraction]:
    """The chances of 17 to 21 and 22 for busted, card by card in order, a blackjack ruled out at the hole card."""
    return _ends(up + 1, up == 0, {0: 9, 9: 0}.get(up), left, first)


def _ends(points: int, ace: bool, natural: int | None, left: tuple[int, ...], first: bool) -> dict[int, Fraction]:
    best = points + 10 if ace and points <= 11 else points
    if not first and best >= 17:
        return {min(best, 22): Fraction(1)}
    allowed = [kind for kind in range(10) if left[kind] and not (first and kind == natural)]
    cards = sum(left[kind] for kind in allowed)
    found: dict[int, Fraction] = {}
    for kind in allowed:
        rest = tuple(count - (other == kind) for other, count in enumerate(left))
        for end, chance in _ends(points + kind + 1, ace or kind == 0, natural, rest, False).items():
            found[end] = found.get(end, Fraction(0)) + Fraction(left[kind], cards) * chance
    return found


class ValueCase(SynchronousTestCase):
    def near(self, found: float, wanted: float, distance: float = 1e-12) -> None:
        self.assertLess(abs(found - wanted), distance, (found, wanted))


class PartTests(ValueCase):
    def test_the_dealers_ends_are_those_of_drawing_card_by_card(self) -> None:
        left = tuple(count - 3 for count in value.SHOE_COUNTS)
        for up in (9, 8):
            plain = dealers_ends(up, left)
            ends = UpCard(up).dealer(left)
            for index, end in enumerate(range(17, 23)):
                self.near(ends[index], float(plain.get(end, 0)))

    def test_the_next_card_knows_that_the_hole_card_is_no_blackjack(self) -> None:
        cards = [kind for kind, count in enumerate(FEW) for _ in range(count)]
        for up, natural in ((0, 9), (9, 0), (5, None)):
            orders = [(hole, drawn) for hole, drawn in permutations(cards, 2) if hole != natural]
            chances = UpCard(up).chances(FEW)
            for kind in range(10):
                plain = Fraction(sum(drawn == kind for _, drawn in orders), len(orders))
                self.near(chances[kind], float(plain))

    def test_standing_weighs_every_end(self) -> None:
        up = UpCard(9)
        left = tuple(count - 1 for count in value.SHOE_COUNTS)
        ends = dict(zip(range(17, 23), up.dealer(left), strict=True))
        for points in range(12, 22):
            profit = sum(
                chance * (1 if end == 22 or end < points else -1 if end > points else 0)
                for end, chance in ends.items()
            )
            self.near(up.stand(points, left), profit)

    def test_a_paid_blackjack_by_counting(self) -> None:
        # Of 312 cards 24 are aces and 96 tens; the dealer's two come out of what the player's leave.
        player = Fraction(24 * 96, 312 * 311 // 2)
        dealer = Fraction(23 * 95, 310 * 309 // 2)
        self.assertEqual(NATURAL, player * (1 - dealer))


class WholeTests(ValueCase):
    def test_what_is_declared(self) -> None:
        self.assertEqual(
            (percent(RETURN), percent(RETURN, 2), sorted(EVERY_UP_CARD)), ("99.5431", "99.54", [*range(1, 11)])
        )

    def test_the_commonest_up_card_again(self) -> None:
        self.near(UpCard(9).value, EVERY_UP_CARD[10])

    def test_every_up_card_again(self) -> None:
        if not LONG:
            raise SkipTest("takes half a minute: GAMESERVER_LONG=1 (make test-long)")
        for points, kept in EVERY_UP_CARD.items():
            self.near(UpCard(points - 1).value, kept)

    def test_many_decks_come_to_what_is_known_of_endless_ones(self) -> None:
        """With decks without end the same rules are known to return 99.43 %."""
        if not LONG:
            raise SkipTest("takes half a minute: GAMESERVER_LONG=1 (make test-long)")
        decks = 100_000
        self.patch(value, "SHOE_COUNTS", (*(4 * decks for _ in range(9)), 16 * decks))
        self.patch(value, "_CARDS", 52 * decks)
        total = sum(UpCard(up).value for up in range(10))
        self.near(1 + total, 0.9943, 0.00005)
