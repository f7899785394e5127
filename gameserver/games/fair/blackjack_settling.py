"""What the hands of a blackjack round pay."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from gameserver.games.fair.blackjack_hand import DealerHand, Hand, HandStatus, Result
from gameserver.games.fair.cards import BLACKJACK, best_value
from gameserver.games.fair.money import cut


def result(hand: Hand, dealer: DealerHand) -> Result:
    """Return how a hand ends against the dealer's final cards."""
    if hand.is_busted:
        return Result.LOSE
    if hand.is_blackjack:
        return Result.PUSH if dealer.secretly_has_blackjack else Result.BLACKJACK
    if dealer.secretly_has_blackjack:
        return Result.LOSE
    theirs = best_value(dealer.cards)
    if theirs > BLACKJACK or hand.best_value > theirs:
        return Result.WIN
    return Result.PUSH if hand.best_value == theirs else Result.LOSE


def payout(bet: int, ending: Result, decimals: int) -> int:
    """Return what a hand pays, the bet included: 3:2 for a blackjack (cut to the decimals), else even money."""
    if ending is Result.BLACKJACK:
        return cut(bet * 5 // 2, decimals)
    return {Result.WIN: 2 * bet, Result.PUSH: bet, Result.LOSE: 0}[ending]


def settled(hands: Iterable[Hand], dealer: DealerHand, decimals: int) -> tuple[Hand, ...]:
    """Return the hands with status, result and payout."""
    ended = []
    for hand in hands:
        ending = result(hand, dealer)
        status = HandStatus.BUSTED if hand.is_busted else HandStatus(ending.value)
        ended.append(attrs.evolve(hand, status=status, result=ending, payout=payout(hand.bet, ending, decimals)))
    return tuple(ended)
