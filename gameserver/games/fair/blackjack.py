"""Blackjack with six decks, shuffled anew for every round (a state machine without input or output).

Cards come off the shoe to the player, the dealer (up), the player, the dealer (hole). The dealer peeks under an ace
and a ten and stands on all 17. A blackjack pays 3:2, insurance 2:1, everything else even money. Double on the first
two cards, after a split too; split two cards of equal points once; split aces get one card each; 21 after a split
is no blackjack; no surrender. A hand with 21 stands by itself.

A round is immutable. ``apply`` returns the round after an action; what the action costs is the difference of
``total_bet``, and when ``is_finished`` the round pays ``total_payout``. ``rebuild`` makes the same round again from
its seeds and its actions, as a server does after a crash.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

import attrs

from gameserver.errors import Code, GameError
from gameserver.games.fair.blackjack_hand import (
    DealerHand,
    Hand,
    HandStatus,
    Insurance,
    InsuranceStatus,
)
from gameserver.games.fair.blackjack_settling import settled
from gameserver.games.fair.cards import Card, best_value, shoe
from gameserver.games.fair.money import PARTS, Stake, cut
from gameserver.games.fair.seeds import Seeds

#: The most a round can win, as a multiplier of its first stake in ten-thousandths: two hands out of a split, each
#: doubled and won, are four stakes beyond what was staked.
BEST = 5 * PARTS


class Move(StrEnum):
    """What a player may do."""

    HIT = "hit"
    STAND = "stand"
    DOUBLE = "double"
    SPLIT = "split"
    INSURE = "insure"
    DECLINE = "decline"


@attrs.frozen
class Action:
    """A move, and the hand it is about (0 for insurance). Its text (``hit:0``) is what a store keeps."""

    move: Move
    hand: int = 0

    def __str__(self) -> str:
        return f"{self.move}:{self.hand}"

    @classmethod
    def parse(cls, text: str) -> Action:
        """Return the action of a stored text. ``ValueError`` if it is none."""
        move, _, hand = text.partition(":")
        return cls(Move(move), int(hand))


class Status(StrEnum):
    """Where a round stands, in the document's words; dealing and the dealer's turn take no time here."""

    PLAYING = "playing"
    FINISHED = "finished"


@attrs.frozen
class BlackjackRound:
    """One round. ``shoe`` is secret; ``drawn`` counts the cards taken from it."""

    stake: Stake
    shoe: tuple[Card, ...] = attrs.field(repr=False)
    drawn: int
    hands: tuple[Hand, ...]
    dealer: DealerHand
    can_insure: bool = False
    insurance: Insurance | None = None
    active: int = 0
    status: Status = Status.PLAYING
    actions: tuple[Action, ...] = ()

    @property
    def is_finished(self) -> bool:
        """Whether everything is settled."""
        return self.status is Status.FINISHED

    @property
    def total_bet(self) -> int:
        """Everything staked so far, insurance included, in units."""
        return sum(hand.bet for hand in self.hands) + (self.insurance.amount if self.insurance else 0)

    @property
    def total_payout(self) -> int:
        """Everything that comes back, insurance included, in units; 0 before the end."""
        if not self.is_finished:
            return 0
        return sum(hand.payout or 0 for hand in self.hands) + (self.insurance.payout if self.insurance else 0)

    @property
    def insurance_price(self) -> int:
        """Half the bet, cut to the currency's decimals."""
        return cut(self.stake.amount // 2, self.stake.decimals)

    def legal_actions(self) -> tuple[Action, ...]:
        """Return what ``apply`` accepts now, whatever the player can afford."""
        if self.is_finished:
            return ()
        hand = self.hands[self.active]
        allowed = {Move.HIT: hand.can_hit, Move.STAND: hand.can_stand, Move.DOUBLE: hand.can_double}
        allowed[Move.SPLIT] = hand.can_split and len(self.hands) == 1
        moves = [Action(move, self.active) for move, may in allowed.items() if may]
        return (Action(Move.INSURE), Action(Move.DECLINE), *moves) if self.can_insure else tuple(moves)

    def check(self, action: Action) -> None:
        """Raise what ``apply`` would raise.

        ``round_over``, ``already_split``, ``cannot_split``, ``cannot_double``, ``cannot_insure``,
        ``action_not_allowed`` or ``no_hand``.
        """
        if self.is_finished:
            raise GameError(Code.ROUND_OVER, "This round is over.")
        if action in self.legal_actions():
            return
        if action.move in (Move.INSURE, Move.DECLINE):
            raise GameError(Code.CANNOT_INSURE, "There is nothing to insure now.")
        if not 0 <= action.hand < len(self.hands):
            raise GameError(Code.NO_HAND, "There is no such hand.")
        code = Code.ACTION_NOT_ALLOWED
        if action.hand == self.active:
            split = Code.ALREADY_SPLIT if len(self.hands) > 1 else Code.CANNOT_SPLIT
            code = {Move.SPLIT: split, Move.DOUBLE: Code.CANNOT_DOUBLE}.get(action.move, code)
        raise GameError(code, f"That hand cannot {action.move} now.")

    def apply(self, action: Action) -> BlackjackRound:
        """Return the round after ``action``; raises what ``check`` raises.

        Whoever plays on while insurance is offered has declined it: the dealer peeks first, and if they have a
        blackjack the move is not made and costs nothing.
        """
        self.check(action)
        noted = attrs.evolve(self, actions=(*self.actions, action))
        if action.move is Move.INSURE:
            return attrs.evolve(noted, insurance=Insurance(self.insurance_price))._peeked()
        if noted.can_insure:
            noted = noted._peeked()
            if noted.is_finished or action.move is Move.DECLINE:
                return noted
        return noted._played(action.move)

    def stand_all(self) -> BlackjackRound:
        """Return the round after declining insurance and standing with every hand (a player who went away)."""
        game = self
        while not game.is_finished:
            game = game.apply(Action(Move.STAND, game.active))
        return game

    def _played(self, move: Move) -> BlackjackRound:
        hand = self.hands[self.active]
        if move is Move.SPLIT:
            return self._split(hand)
        if move is Move.STAND:
            return self._with_hand(hand.stand())._next()
        if move is Move.DOUBLE:
            hand = attrs.evolve(hand, bet=2 * hand.bet, is_doubled=True)
        taken = hand.take(self.shoe[self.drawn])
        if move is Move.DOUBLE and taken.status is HandStatus.ACTIVE:
            taken = taken.stand()
        return attrs.evolve(self, drawn=self.drawn + 1)._with_hand(taken)._next()

    def _split(self, hand: Hand) -> BlackjackRound:
        aces = hand.cards[0].is_ace
        pair = []
        for card, drawn in zip(hand.cards, self.shoe[self.drawn :], strict=False):
            half = Hand((card,), hand.bet, is_split=True, is_from_aces=aces).take(drawn)
            pair.append(half.stand() if aces else half)
        if pair[1].status is HandStatus.ACTIVE:
            pair[1] = attrs.evolve(pair[1], status=HandStatus.WAITING)
        return attrs.evolve(self, drawn=self.drawn + 2, hands=tuple(pair))._next()

    def _with_hand(self, hand: Hand) -> BlackjackRound:
        hands = (*self.hands[: self.active], hand, *self.hands[self.active + 1 :])
        return attrs.evolve(self, hands=hands)

    def _next(self) -> BlackjackRound:
        """Go to the next hand that can play; after the last one the dealer plays and everything is settled."""
        for index, hand in enumerate(self.hands):
            if hand.status in (HandStatus.ACTIVE, HandStatus.WAITING):
                moved = attrs.evolve(self, active=index)
                return moved._with_hand(attrs.evolve(hand, status=HandStatus.ACTIVE))
        return self._finished()

    def _peeked(self) -> BlackjackRound:
        """Settle insurance; end the round if the dealer or the player has a blackjack."""
        natural = self.dealer.secretly_has_blackjack
        insurance = self.insurance
        if insurance is not None:
            status = InsuranceStatus.WON if natural else InsuranceStatus.LOST
            insurance = attrs.evolve(insurance, status=status, payout=3 * insurance.amount if natural else 0)
        looked = attrs.evolve(self, can_insure=False, insurance=insurance)
        return looked._finished() if natural or self.hands[0].is_blackjack else looked

    def _finished(self) -> BlackjackRound:
        cards, drawn = self.dealer.cards, self.drawn
        if any(hand.is_live for hand in self.hands):
            while best_value(cards) < 17:
                cards, drawn = (*cards, self.shoe[drawn]), drawn + 1
        dealer = DealerHand(cards, is_revealed=True)
        hands = settled(self.hands, dealer, self.stake.decimals)
        return attrs.evolve(self, hands=hands, dealer=dealer, drawn=drawn, status=Status.FINISHED)


def deal(stake: Stake, cards: tuple[Card, ...]) -> BlackjackRound:
    """Return a new round; it is finished at once when there is a blackjack and no insurance to offer."""
    hand = Hand((cards[0], cards[2]), stake.amount)
    game = BlackjackRound(stake, cards, 4, (hand,), DealerHand((cards[1], cards[3])))
    if game.dealer.show_card.is_ace and game.insurance_price:
        return attrs.evolve(game, can_insure=True)
    return game._peeked()


def start(stake: Stake, seeds: Seeds) -> BlackjackRound:
    """Return a new round of the seeds' shoe."""
    return deal(stake, shoe(seeds))


def rebuild(stake: Stake, seeds: Seeds, actions: Iterable[Action]) -> BlackjackRound:
    """Return the round after ``actions`` (a stored round after a restart)."""
    game = start(stake, seeds)
    for action in actions:
        game = game.apply(action)
    return game
