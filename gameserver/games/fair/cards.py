"""Playing cards in the published order, the six-deck shoe, and points of a blackjack hand.

Card 0 is the 2 of diamonds, then the 2 of hearts, spades and clubs, the 3 of diamonds … the ace of clubs.
"""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from gameserver.games.fair.rng import draw
from gameserver.games.fair.seeds import Seeds

SUITS = ("diamonds", "hearts", "spades", "clubs")
RANKS = ("2", "3", "4", "5", "6", "7", "8", "9", "10", "J", "Q", "K", "A")
DECKS = 6
BLACKJACK = 21


@attrs.frozen
class Card:
    """One card; ``value`` is its points, an ace counts 11."""

    rank: str
    suit: str

    @property
    def value(self) -> int:
        """Points: 2 to 10, 10 for J, Q and K, 11 for an ace."""
        return 11 if self.rank == "A" else min(RANKS.index(self.rank) + 2, 10)

    @property
    def is_ace(self) -> bool:
        """Whether it is an ace."""
        return self.rank == "A"

    def __str__(self) -> str:
        return self.rank + self.suit[0].upper()


#: One deck in the published order, and the 312 cards of a shoe before they are drawn.
DECK = tuple(Card(rank, suit) for rank in RANKS for suit in SUITS)
SHOE = DECK * DECKS


def shoe(seeds: Seeds) -> tuple[Card, ...]:
    """Return the six decks in the order drawn: 312 floats, each card taken out of the rest."""
    return tuple(draw(seeds, SHOE, len(SHOE)))


def hard_value(cards: Iterable[Card]) -> int:
    """Return the points with every ace as 1."""
    return sum(1 if card.is_ace else card.value for card in cards)


def soft_value(cards: Iterable[Card]) -> int:
    """Return the points with one ace as 11; the hard value without an ace. May be above 21."""
    held = tuple(cards)
    return hard_value(held) + (10 if any(card.is_ace for card in held) else 0)


def best_value(cards: Iterable[Card]) -> int:
    """Return the soft value unless it is above 21, then the hard one."""
    held = tuple(cards)
    soft = soft_value(held)
    return soft if soft <= BLACKJACK else hard_value(held)
