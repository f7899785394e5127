"""The bank's stock of cards and every way a hand card moves."""

from __future__ import annotations

from collections import Counter

from gameserver.games.catan.goods import COMMODITIES, RESOURCES, Cost, Good, worded
from gameserver.games.catan.model import Card, UserAssets

#: How many cards of each type exist.
PER_RESOURCE, PER_COMMODITY = 19, 12


def hand(player: UserAssets) -> Counter[Good]:
    """Count a player's hand cards by type."""
    return Counter(card.type for card in player.cards)


def cards_of(player: UserAssets, *goods: Good) -> list[Card]:
    """Return a player's hand cards of the given types."""
    return [card for card in player.cards if card.type in goods]


def shortage(player: UserAssets, cost: Cost, thing: str) -> str | None:
    """Say that a player cannot pay for something, or return ``None`` if he can."""
    held = hand(player)
    if any(held[good] < count for good, count in cost.items()):
        return f"{thing} costs {worded(cost)}, which you do not have"
    return None


def hand_over(card: Card, receiver: UserAssets) -> None:
    """Move a card from its holder to another player."""
    good = card.type
    _drop(card)
    _deal(receiver, good)


class Bank:
    """What is left in the bank; nobody is told, but everybody can count."""

    def __init__(self) -> None:
        self.stock: dict[Good, int] = dict.fromkeys(RESOURCES, PER_RESOURCE)
        self.stock.update(dict.fromkeys(COMMODITIES, PER_COMMODITY))

    def pay_out(self, player: UserAssets, good: Good, count: int) -> int:
        """Give a player cards as far as there are any; return how many he got."""
        count = min(count, self.stock[good])
        self.stock[good] -= count
        for _ in range(count):
            _deal(player, good)
        return count

    def take_back(self, card: Card) -> None:
        """Put a hand card into the bank."""
        self.stock[card.type] += 1
        _drop(card)

    def charge(self, player: UserAssets, cost: Cost) -> None:
        """Take the cards of a cost from a player who has them (``shortage`` has been asked)."""
        for good, count in cost.items():
            for card in cards_of(player, good)[:count]:
                self.take_back(card)


def _deal(player: UserAssets, good: Good) -> None:
    player.cards.add(Card(player.model, player.seat, type=good))
    player.card_count += 1


def _drop(card: Card) -> None:
    owner = card.user_assets
    if owner is not None:
        owner.cards.remove(card)
        owner.card_count -= 1
    card.model.forget(card)
