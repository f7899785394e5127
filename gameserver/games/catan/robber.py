"""The robber: discarding on a 7, moving him, stealing."""

from __future__ import annotations

from gameserver.games.catan.bank import hand_over
from gameserver.games.catan.model import Card, Field, UserAssets
from gameserver.games.catan.questions import Choose, Flow, Parallel, choose
from gameserver.games.catan.state import State

#: Cards one may hold when a 7 is rolled, and how many more each city wall protects.
SAFE_CARDS, SAFE_PER_WALL = 7, 2


def seven(state: State, player: UserAssets) -> Flow[None]:
    """Carry out a 7: everybody over his limit discards half, then the robber moves, once barbarians have come."""
    over = [
        other
        for other in state.from_current()
        if other.card_count > SAFE_CARDS + SAFE_PER_WALL * len(other.city_walls)
    ]
    yield Parallel([discard_half(state, other) for other in over])
    if state.barbarian.attacks:
        yield from relocate(state, player)


def discard_half(state: State, player: UserAssets) -> Flow[None]:
    """Let a player give back half of his hand, rounded down, a card at a time."""
    for left in range(player.card_count // 2, 0, -1):
        card: Card | None = yield Choose(player, "Card", player.cards, f"discard - cards to give back: {left}")
        if card is None:
            return
        state.bank.take_back(card)


def relocate(state: State, player: UserAssets, *, from_all: bool = False) -> Flow[None]:
    """Let a player move the robber to another land field and steal there, from one player or from all."""
    fields = [field for field in state.board.land if field is not state.robber.field]
    field = yield from choose(player, "Field", fields, "moveRobber - choose the robber's new field")
    if field is None:
        return
    state.robber.field = field
    victims = robbed_at(state, player, field)
    if not from_all:
        victim = yield from choose(player, "UserAssets", victims, "steal - choose from whom to take a card by chance")
        victims = [victim] if victim is not None else []
    for victim in victims:
        hand_over(state.chance.choice(list(victim.cards)), player)


def robbed_at(state: State, player: UserAssets, field: Field) -> list[UserAssets]:
    """Return the opponents with a building at a field and a card to lose."""
    owners = {spot.building.user_assets for spot in state.board.corners[field] if spot.building is not None}
    return [other for other in state.opponents(player) if other in owners and other.card_count]
