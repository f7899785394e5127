"""What a perfect player gets back at blackjack, computed from every hand that six decks can deal.

The rules are those of ``blackjack``: the dealer peeks under an ace and a ten and stands on all 17, a blackjack pays
3:2, double on any first two cards, after a split too, split once, split aces get one card each. The player takes no
insurance and knows every card of the hand that is played, but of two hands out of a split decides each without a
look at the other. Doubles, splits and draws are weighed against the cards that are left; nothing is sampled.

All of it takes half a minute; ``EVERY_UP_CARD`` keeps what came out, and the long tests compute it again.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import cached_property

from gameserver.games.fair.cards import DECKS

#: Points of the ten kinds of cards, an ace as 1, and how many of each six decks have.
POINTS = tuple(range(1, 11))
SHOE_COUNTS = (*(4 * DECKS for _ in range(9)), 16 * DECKS)
_CARDS = 52 * DECKS
_ACE, _TEN = 0, 9
_KINDS = range(10)

#: Cards of each kind.
Counts = tuple[int, ...]

#: The dealer's ends: 17 to 21, then busted.
_BUSTED = 5

#: Profit of a stake of 1 by the points of the dealer's up card, weighted with the chance of that card.
EVERY_UP_CARD = {
    1: -0.02628742373273422,
    2: 0.007084388821763537,
    3: 0.00965520208514106,
    4: 0.012442858738948272,
    5: 0.015533930595565099,
    6: 0.018017191810714577,
    7: 0.011051044349379655,
    8: 0.0043981077003232795,
    9: -0.0031771728424497526,
    10: -0.053286973979954626,
}

#: What comes back of a first stake, played perfectly; 99.5431 %.
RETURN = Fraction(1 + sum(EVERY_UP_CARD.values()))

#: The chance of a blackjack that is paid 3:2, the dealer having none.
NATURAL = Fraction(2 * SHOE_COUNTS[_ACE] * SHOE_COUNTS[_TEN], _CARDS * (_CARDS - 1)) * (
    1 - Fraction(2 * (SHOE_COUNTS[_ACE] - 1) * (SHOE_COUNTS[_TEN] - 1), (_CARDS - 2) * (_CARDS - 3))
)


def _added(counts: Counts, kind: int, number: int = 1) -> Counts:
    return (*counts[:kind], counts[kind] + number, *counts[kind + 1 :])


def _best(counts: Counts) -> int:
    """Return the points of a hand: one ace as 11 if that is not above 21."""
    hard = sum(points * count for points, count in zip(POINTS, counts, strict=True))
    return hard + 10 if counts[_ACE] and hard <= 11 else hard


class UpCard:
    """Everything that can happen under one up card of the dealer, named by its kind (0 the ace, 9 the tens)."""

    def __init__(self, up: int) -> None:
        self.up = up
        #: The kind of hole card that would have ended the round at the peek.
        self._natural = {_ACE: _TEN, _TEN: _ACE}.get(up)
        self._left = _added(SHOE_COUNTS, up, -1)
        self._dealer = list(self._ends())
        self._known: dict[Counts, tuple[float, ...]] = {}

    def _ends(self) -> Iterator[tuple[int, int, tuple[tuple[int, int], ...], int]]:
        """Yield every set of cards that ends the dealer's hand: its end, its orders, kinds and counts, its size."""
        found: dict[tuple[Counts, int], int] = {}

        def draw(drawn: Counts, size: int) -> None:
            points = _best(_added(drawn, self.up))
            if size and points >= 17:
                end = points - 17 if points <= 21 else _BUSTED
                found[drawn, end] = found.get((drawn, end), 0) + 1
                return
            for kind in _KINDS:
                if size or kind != self._natural:
                    draw(_added(drawn, kind), size + 1)

        draw((0,) * 10, 0)
        for (drawn, end), orders in found.items():
            yield end, orders, tuple((kind, count) for kind, count in enumerate(drawn) if count), sum(drawn)

    def dealer(self, left: Counts) -> tuple[float, ...]:
        """Return the chances of the dealer's ends, given the cards left and no blackjack of the dealer's."""
        known = self._known.get(left)
        if known is not None:
            return known
        cards = sum(left)
        ways = [[1.0] for _ in _KINDS]
        for kind, count in enumerate(left):
            for taken in range(12):
                ways[kind].append(ways[kind][-1] * (count - taken))
        orders = [1.0]
        for taken in range(12):
            orders.append(orders[-1] * (cards - taken))
        open_cards = cards - (left[self._natural] if self._natural is not None else 0)
        chances = [0.0] * 6
        for end, count, kinds, size in self._dealer:
            chance = count / orders[size]
            for kind, number in kinds:
                chance *= ways[kind][number]
            chances[end] += chance
        result = tuple(chance * cards / open_cards for chance in chances)
        self._known[left] = result
        return result

    def stand(self, points: int, left: Counts) -> float:
        """Return the profit of standing."""
        ends = self.dealer(left)
        lower = sum(ends[: max(0, points - 17)])
        higher = sum(ends[max(0, points - 16) : _BUSTED])
        return lower + ends[_BUSTED] - higher

    def chances(self, left: Counts) -> list[float]:
        """Return the chance of each kind of card to be drawn next, given no blackjack of the dealer's."""
        cards, natural = sum(left), self._natural
        if natural is None:
            return [count / cards for count in left]
        # The hole card is one of the others, so it leaves those a card short and the natural's kind none.
        others = cards - left[natural]
        return [
            count / (cards - 1) * (1.0 if kind == natural else (others - 1) / others)
            for kind, count in enumerate(left)
        ]

    @cached_property
    def value(self) -> float:
        """The profit of a stake of 1 under this up card, weighted with the chance of the card."""
        total = 0.0
        whole = Table(self, self._left)
        for one in _KINDS:
            for two in range(one, 10):
                hand = _added(_added((0,) * 10, one), two)
                left = whole.left(hand)
                if min(left) < 0:
                    continue
                pairs = self._left[one] * (self._left[two] - (one == two)) * (1 if one == two else 2)
                chance = pairs / ((_CARDS - 1) * (_CARDS - 2))
                total += chance * self._dealt(whole, one, two, hand, left)
        return total * SHOE_COUNTS[self.up] / _CARDS

    def _dealt(self, whole: Table, one: int, two: int, hand: Counts, left: Counts) -> float:
        lost = left[self._natural] / sum(left) if self._natural is not None else 0.0
        if _best(hand) == 21:
            return 1.5 * (1 - lost)
        best = whole.first(hand)
        if one == two:
            best = max(best, self._split(one))
        return (1 - lost) * best - lost

    def _split(self, kind: int) -> float:
        """Return the profit of both hands of a pair."""
        table = Table(self, _added(self._left, kind, -1))
        single = _added((0,) * 10, kind)
        left = table.left(single)
        total = 0.0
        for drawn, chance in enumerate(self.chances(left)):
            hand = _added(single, drawn)
            total += chance * (table.standing(hand) if kind == _ACE else table.first(hand))
        return 2 * total


class Table:
    """The player's decisions: ``cards`` are those that are not in other hands, the player's own included."""

    def __init__(self, up: UpCard, cards: Counts) -> None:
        self._up = up
        self._cards = cards
        self._going_on: dict[Counts, float] = {}

    def left(self, hand: Counts) -> Counts:
        """Return the cards that are not seen beside a hand, the dealer's hole card among them."""
        return tuple(there - held for there, held in zip(self._cards, hand, strict=True))

    def standing(self, hand: Counts) -> float:
        """Return the profit of standing with a hand."""
        return self._up.stand(_best(hand), self.left(hand))

    def going_on(self, hand: Counts) -> float:
        """Return the profit of the better of standing and taking a card, and so on."""
        known = self._going_on.get(hand)
        if known is None:
            points = _best(hand)
            known = self.standing(hand) if points == 21 else max(self._drawing(hand), self._standing_at(hand, points))
            self._going_on[hand] = known
        return known

    def _standing_at(self, hand: Counts, points: int) -> float:
        # A card more never busts a hand of 11 or less, and stands at least as well.
        return -1.0 if points <= 11 else self.standing(hand)

    def _drawing(self, hand: Counts) -> float:
        return sum(chance * self._taken(hand, kind, True) for kind, chance in self._next(hand))

    def first(self, hand: Counts) -> float:
        """Return the profit of a hand of two cards: like any, or doubled."""
        if _best(hand) == 21:
            return self.standing(hand)
        doubled = 2 * sum(chance * self._taken(hand, kind, False) for kind, chance in self._next(hand))
        return max(self.going_on(hand), doubled)

    def _next(self, hand: Counts) -> Iterator[tuple[int, float]]:
        return ((kind, chance) for kind, chance in enumerate(self._up.chances(self.left(hand))) if chance)

    def _taken(self, hand: Counts, kind: int, free: bool) -> float:
        grown = _added(hand, kind)
        if _best(grown) > 21:
            return -1.0
        return self.going_on(grown) if free else self.standing(grown)
