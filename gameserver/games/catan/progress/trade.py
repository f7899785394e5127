"""The yellow deck: trade."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gameserver.games.catan.bank import cards_of, hand_over
from gameserver.games.catan.goods import COMMODITIES, RESOURCES, Good
from gameserver.games.catan.model import Card, Field, UserAssets
from gameserver.games.catan.progress_cards import CardRule
from gameserver.games.catan.questions import Choose, Flow, Offer, Parallel, choose
from gameserver.games.catan.state import State


def _harbor_objection(state: State, player: UserAssets) -> str | None:
    if not cards_of(player, *RESOURCES):
        return "you have no resource card to offer"
    complaint = _nothing_to_get(state, player)
    if complaint is None and not any(other.card_count for other in _untraded(state, player)):
        complaint = "every opponent who holds a card has traded for a Commercial Harbor in this turn"
    return complaint


def _untraded(state: State, player: UserAssets) -> list[UserAssets]:
    """The opponents who can be made an offer: a trade may be forced on each of them once a turn, not once a card.

    In the first edition of the rules it was once a card.
    """
    return [other for other in state.opponents(player) if other not in state.harbored or not state.answered]


def _nothing_to_get(state: State, player: UserAssets) -> str | None:
    """Say that no opponent has anything in his hand, which everybody can see, or return ``None``."""
    return None if any(other.card_count for other in state.opponents(player)) else "no opponent holds a card"


def _harbor(state: State, player: UserAssets) -> Flow[None]:
    yield from _offers(state, player, cards_of(player, *RESOURCES), _untraded(state, player))


def _offers(state: State, player: UserAssets, cards: Sequence[Card], users: Sequence[UserAssets]) -> Flow[None]:
    """Let a player offer until he ends it; ``cards`` are not on offer now, ``users`` have had no offer yet."""
    offer: tuple[Card, UserAssets] | None = yield Offer(player, cards, [user for user in users if not user.gone])
    if offer is None:
        return
    card, user = offer
    others = [other for other in users if other is not user]
    remark = f"offered - {player.nickname} offers you a card of type {card.type} for a commodity of your choice"
    if not cards_of(user, *COMMODITIES):
        user.model.say(user.seat, f"{remark}; you have none, so the card goes back")
        yield from _offers(state, player, cards, others)
        return
    state.harbored.add(user)
    # Offers are made while earlier ones wait for their answer: the prompt comes again at once.
    rest = [held for held in cards if held is not card]
    yield Parallel([_offers(state, player, rest, others), _answer(player, card, user, remark)])


def _answer(player: UserAssets, card: Card, user: UserAssets, remark: str) -> Flow[None]:
    given: Card | None = yield Choose(user, "Card", cards_of(user, *COMMODITIES), remark, asker=player)
    if given is not None:
        hand_over(card, user)
        hand_over(given, player)


def _richer(state: State, player: UserAssets) -> list[UserAssets]:
    return [
        other
        for other in state.opponents(player)
        if other.victory_points > player.victory_points and other.card_count
    ]


def _master_merchant_objection(state: State, player: UserAssets) -> str | None:
    return None if _richer(state, player) else "nobody with more victory points than you has a card"


def _master_merchant(state: State, player: UserAssets) -> Flow[None]:
    victim = yield from choose(
        player, "UserAssets", _richer(state, player), "masterMerchant - choose whose hand to see and take from"
    )
    if victim is None:
        return
    # The hand is shown through copies, because nobody else's cards are ever sent to a player.
    shown = {Card(state.model, player.seat, type=card.type): card for card in victim.cards}
    for copy in shown:
        player.revealed_cards.add(copy)
    for left in range(min(2, len(shown)), 0, -1):
        copy = yield Choose(player, "Card", list(shown), f"masterMerchant - cards to take: {left}", asker=victim)
        if copy is None:
            break
        hand_over(shown.pop(copy), player)
        _hide(player, copy)
    for copy in shown:
        _hide(player, copy)


def _hide(player: UserAssets, copy: Card) -> None:
    player.revealed_cards.remove(copy)
    player.model.forget(copy)


def _merchant_fields(state: State, player: UserAssets) -> list[Field]:
    # Where another player's merchant stands one's own may take its place.
    own = state.merchant.field if state.merchant.user_assets is player else None
    found = {
        field: None
        for building in player.buildings
        if building.intersection is not None
        for field in state.board.lands_at[building.intersection]
        if field is not own
    }
    return list(found)


def _merchant_objection(state: State, player: UserAssets) -> str | None:
    return None if _merchant_fields(state, player) else "there is no other field at your buildings for the merchant"


def _merchant(state: State, player: UserAssets) -> Flow[None]:
    field = yield from choose(
        player, "Field", _merchant_fields(state, player), "merchant - choose the field the merchant goes to"
    )
    if field is None:
        return
    state.merchant.field = field
    state.merchant.user_assets = player


def _fleet_objection(_state: State, _player: UserAssets) -> str | None:
    return None


def _merchant_fleet(state: State, player: UserAssets) -> Flow[None]:
    options = [good for good in Good if good not in state.fleets]
    good = yield from choose(
        player, "CardType", options, "merchantFleet - choose what you trade two to one for the rest of this turn"
    )
    if good is not None:
        state.root.merchant_fleet = ",".join(sorted({good, *state.fleets}))


def _resource_monopoly(state: State, player: UserAssets) -> Flow[None]:
    good = yield from choose(
        player, "ResourceType", RESOURCES, "resourceMonopoly - everybody gives you up to two cards of a resource"
    )
    if good is not None:
        _collect(state, player, good, 2)


def _trade_monopoly(state: State, player: UserAssets) -> Flow[None]:
    good = yield from choose(
        player, "CommodityType", COMMODITIES, "tradeMonopoly - everybody gives you a card of a commodity"
    )
    if good is not None:
        _collect(state, player, good, 1)


def _collect(state: State, player: UserAssets, good: Good, most: int) -> None:
    for other in state.opponents(player):
        for card in cards_of(other, good)[:most]:
            hand_over(card, player)


CARDS: Mapping[str, CardRule] = {
    "COMMERCIAL_HARBOR": CardRule(_harbor_objection, _harbor),
    "MASTER_MERCHANT": CardRule(_master_merchant_objection, _master_merchant),
    "MERCHANT": CardRule(_merchant_objection, _merchant),
    "MERCHANT_FLEET": CardRule(_fleet_objection, _merchant_fleet),
    "RESOURCE_MONOPOLY": CardRule(_nothing_to_get, _resource_monopoly),
    "TRADE_MONOPOLY": CardRule(_nothing_to_get, _trade_monopoly),
}
