"""The hands of a blackjack round: the player's, the dealer's, and the insurance bet."""

from __future__ import annotations

from enum import StrEnum

import attrs

from gameserver.games.fair.cards import BLACKJACK, Card, best_value, hard_value, soft_value


class HandStatus(StrEnum):
    """Where a hand stands. The last five are final; ``STAND`` waits for the dealer."""

    WAITING = "waiting"
    ACTIVE = "active"
    STAND = "stand"
    BUSTED = "busted"
    BLACKJACK = "blackjack"
    WIN = "win"
    LOSE = "lose"
    PUSH = "push"


class Result(StrEnum):
    """How a finished hand ended; a busted hand loses."""

    BLACKJACK = "blackjack"
    WIN = "win"
    LOSE = "lose"
    PUSH = "push"


@attrs.frozen
class Hand:
    """One hand of the player. ``bet`` and ``payout`` are units; ``payout`` includes the bet."""

    cards: tuple[Card, ...]
    bet: int
    status: HandStatus = HandStatus.ACTIVE
    is_doubled: bool = False
    is_split: bool = False
    is_from_aces: bool = False
    result: Result | None = None
    payout: int | None = None

    @property
    def hard_value(self) -> int:
        """Points with every ace as 1."""
        return hard_value(self.cards)

    @property
    def soft_value(self) -> int:
        """Points with one ace as 11."""
        return soft_value(self.cards)

    @property
    def best_value(self) -> int:
        """The greater of both that is not above 21."""
        return best_value(self.cards)

    @property
    def is_blackjack(self) -> bool:
        """Whether it is 21 with the two cards dealt; never after a split."""
        return len(self.cards) == 2 and not self.is_split and self.best_value == BLACKJACK

    @property
    def is_busted(self) -> bool:
        """Whether it has more than 21 points."""
        return self.best_value > BLACKJACK

    @property
    def is_live(self) -> bool:
        """Whether the dealer has to draw for it."""
        return not self.is_busted and not self.is_blackjack

    @property
    def can_hit(self) -> bool:
        """Whether it may take a card."""
        return self.status is HandStatus.ACTIVE and self.best_value < BLACKJACK

    @property
    def can_stand(self) -> bool:
        """Whether it may stand."""
        return self.status is HandStatus.ACTIVE

    @property
    def can_double(self) -> bool:
        """Whether the bet may be doubled: on two cards, after a split too."""
        return self.can_hit and len(self.cards) == 2

    @property
    def can_split(self) -> bool:
        """Whether it may be split: two cards of the same points, once a round."""
        return self.can_hit and not self.is_split and len(self.cards) == 2 and self._pair

    @property
    def _pair(self) -> bool:
        return self.cards[0].value == self.cards[1].value

    def take(self, card: Card) -> Hand:
        """Return the hand with one card more; it is busted above 21 and stands at 21."""
        taken = attrs.evolve(self, cards=(*self.cards, card))
        if taken.is_busted:
            return attrs.evolve(taken, status=HandStatus.BUSTED)
        return taken.stand() if taken.best_value == BLACKJACK else taken

    def stand(self) -> Hand:
        """Return the hand as it waits for the dealer."""
        return attrs.evolve(self, status=HandStatus.STAND)


@attrs.frozen
class DealerHand:
    """The dealer's cards, up card first, hole card second. Only the first is public before ``is_revealed``."""

    cards: tuple[Card, ...] = attrs.field(repr=False)
    is_revealed: bool = False

    @property
    def show_card(self) -> Card:
        """The card everybody sees."""
        return self.cards[0]

    @property
    def public_cards(self) -> tuple[Card, ...]:
        """The cards that may be sent."""
        return self.cards if self.is_revealed else self.cards[:1]

    @property
    def hole_card(self) -> Card | None:
        """The second card, ``None`` while it is secret."""
        return self.cards[1] if self.is_revealed else None

    @property
    def card_count(self) -> int:
        """How many cards lie on the table."""
        return len(self.cards)

    @property
    def show_value(self) -> int:
        """The best value of what is public."""
        return best_value(self.public_cards)

    @property
    def has_blackjack(self) -> bool:
        """Whether a revealed hand is a blackjack; ``False`` while it is secret."""
        return self.is_revealed and self.secretly_has_blackjack

    @property
    def secretly_has_blackjack(self) -> bool:
        """What the peek sees. Not for clients."""
        return best_value(self.cards[:2]) == BLACKJACK

    def totals(self) -> tuple[int, int, int]:
        """Return hard, soft and best value of the public cards."""
        return hard_value(self.public_cards), soft_value(self.public_cards), best_value(self.public_cards)


class InsuranceStatus(StrEnum):
    """What became of an insurance bet."""

    PENDING = "pending"
    WON = "won"
    LOST = "lost"


@attrs.frozen
class Insurance:
    """An insurance bet, in units; ``payout`` includes the amount (three times it when won)."""

    amount: int
    status: InsuranceStatus = InsuranceStatus.PENDING
    payout: int = 0
