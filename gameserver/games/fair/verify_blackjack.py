"""Verification of blackjack: the shoe in the order drawn, the cards dealt, and the round played again."""

from __future__ import annotations

import msgspec

from gameserver.errors import Code, GameError
from gameserver.games.fair import blackjack, steps
from gameserver.games.fair.blackjack_hand import Hand
from gameserver.games.fair.cards import SHOE, Card, best_value, shoe
from gameserver.games.fair.money import UNITS, Stake
from gameserver.games.fair.seeds import Seeds, commitment
from gameserver.games.fair.verify import Verification, checked_seeds

#: The stake of a round that is only replayed: one of a currency with eight decimals, no limit in reach.
_STAKE = Stake(UNITS, 8, 100 * UNITS)


class CardShown(msgspec.Struct, frozen=True):
    """A card in the words of a game state."""

    suit: str
    rank: str
    value: int


class HandShown(msgspec.Struct, frozen=True, rename="camel"):
    """A hand of the player; ``result`` only when the actions end the round."""

    cards: list[CardShown]
    best_value: int
    status: str
    result: str | None


class DealerShown(msgspec.Struct, frozen=True, rename="camel"):
    """All the dealer's cards, up card first, hole card second."""

    cards: list[CardShown]
    best_value: int


class BlackjackVerification(Verification, frozen=True, kw_only=True, rename="camel"):
    """``deck`` is the shoe before the draws, ``shuffled_order`` after them; the hands are as ``actions`` leave them.

    Of the dealt cards the first and third are the player's, the second is the up card, the fourth the hole card.
    """

    deck: list[CardShown]
    shuffled_order: list[CardShown]
    actions: list[str]
    status: str
    player_hands: list[HandShown]
    dealer_hand: DealerShown
    draws: list[steps.Draw]


def verify_blackjack(
    server_seed: object, client_seed: object, nonce: object, actions: object = ()
) -> BlackjackVerification:
    """Return the shoe of a round, and the round after ``actions`` (texts such as ``hit:0``, ``insure:0``).

    ``bad_action`` for actions that are none or that the rules refuse.
    """
    seeds = checked_seeds(server_seed, client_seed, nonce)
    played = _replayed(seeds, actions)
    dealer = played.dealer.cards
    return BlackjackVerification(
        server_seed=seeds.server_seed,
        hashed_server_seed=commitment(seeds.server_seed),
        client_seed=seeds.client_seed,
        nonce=seeds.nonce,
        rounds=steps.rounds(seeds, len(SHOE)),
        deck=_cards(SHOE),
        shuffled_order=_cards(shoe(seeds)),
        actions=[str(action) for action in played.actions],
        status=played.status.value,
        player_hands=[_hand(hand) for hand in played.hands],
        dealer_hand=DealerShown(_cards(dealer), best_value(dealer)),
        draws=steps.draws(seeds, [str(card) for card in SHOE], len(SHOE)),
    )


def _replayed(seeds: Seeds, actions: object) -> blackjack.BlackjackRound:
    if not isinstance(actions, (list, tuple)) or not all(isinstance(text, str) for text in actions):
        raise GameError(Code.BAD_ACTION, "actions is a list of texts such as hit:0.")
    game = blackjack.start(_STAKE, seeds)
    for text in actions:
        try:
            game = game.apply(blackjack.Action.parse(text))
        except (ValueError, GameError) as error:
            raise GameError(Code.BAD_ACTION, f"The action {text[:40]} is not possible there.") from error
    return game


def _cards(cards: tuple[Card, ...]) -> list[CardShown]:
    return [CardShown(card.suit, card.rank, card.value) for card in cards]


def _hand(hand: Hand) -> HandShown:
    return HandShown(
        _cards(hand.cards), hand.best_value, hand.status.value, hand.result.value if hand.result else None
    )
