"""The three decks of progress cards: names and counts, 18 cards each."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping

from gameserver.games.catan.goods import Track
from gameserver.games.rng import Chance

COUNTS: Mapping[Track, Mapping[str, int]] = {
    Track.TRADE: {
        "COMMERCIAL_HARBOR": 2,
        "MASTER_MERCHANT": 2,
        "MERCHANT": 6,
        "MERCHANT_FLEET": 2,
        "RESOURCE_MONOPOLY": 4,
        "TRADE_MONOPOLY": 2,
    },
    Track.SCIENCE: {
        "ALCHEMIST": 2,
        "CRANE": 2,
        "ENGINEER": 1,
        "INVENTOR": 2,
        "IRRIGATION": 2,
        "MEDICINE": 2,
        "MINING": 2,
        "PRINTER": 1,
        "ROAD_BUILDING": 2,
        "SMITH": 2,
    },
    Track.POLITICS: {
        "BISHOP": 2,
        "CONSTITUTION": 1,
        "DESERTER": 2,
        "DIPLOMAT": 2,
        "INTRIGUE": 2,
        "SABOTEUR": 2,
        "SPY": 3,
        "WARLORD": 2,
        "WEDDING": 2,
    },
}

#: Cards that are laid open when they are drawn, a victory point each.
OPEN_CARDS = frozenset({"PRINTER", "CONSTITUTION"})

#: How many progress cards a player may keep.
HAND_LIMIT = 4


def shuffled(track: Track, chance: Chance) -> deque[str]:
    """Return the cards of a track in a random order; the left end is the top."""
    cards = [name for name, count in COUNTS[track].items() for _ in range(count)]
    chance.shuffle(cards)
    return deque(cards)
