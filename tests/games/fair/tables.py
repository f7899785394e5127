"""Blackjack rounds with stacked shoes."""

from __future__ import annotations

from gameserver.games.fair.blackjack import Action, BlackjackRound, Move, deal
from gameserver.games.fair.cards import DECK, Card
from gameserver.games.fair.money import UNITS, Stake

STAKE = Stake(10 * UNITS, 2, 100_000 * UNITS)
_CARDS = {str(card): card for card in DECK}


def card(text: str) -> Card:
    """``7`` or ``7H``; clubs without a suit."""
    return _CARDS.get(text) or _CARDS[text + "C"]


def dealt(cards: str, stake: Stake = STAKE) -> BlackjackRound:
    """A round whose shoe begins with these cards: player, up card, player, hole card, then what is drawn."""
    return deal(stake, (*map(card, cards.split()), *[card("2H")] * 8))


def played(game: BlackjackRound, moves: str) -> BlackjackRound:
    """The round after moves such as ``hit stand``, each with the active hand."""
    for move in moves.split():
        game = game.apply(Action(Move(move), 0 if move in ("insure", "decline") else game.active))
    return game
