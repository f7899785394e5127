"""What a roll brings: cards for buildings, the bank's limits, the Aqueduct."""

from __future__ import annotations

from collections import Counter

from gameserver.games.catan.goods import RESOURCES, Good, earned
from gameserver.games.catan.model import City, UserAssets
from gameserver.games.catan.questions import Flow, choose
from gameserver.games.catan.state import State

#: The level of science (the Aqueduct) that brings a card when a roll brings none.
AQUEDUCT = 3


def produce(state: State, number: int) -> Flow[None]:
    """Pay out for a number. Who has the Aqueduct and gets nothing picks a resource."""
    received = pay(state, due(state, number))
    for player in state.from_current():
        if player.science >= AQUEDUCT and not received[player]:
            options = [good for good in RESOURCES if state.bank.stock[good]]
            good = yield from choose(
                player, "ResourceType", options, "aqueduct - the roll brought you nothing, choose a resource"
            )
            if good is not None:
                state.bank.pay_out(player, good, 1)


def due(state: State, number: int) -> dict[Good, Counter[UserAssets]]:
    """Return how many cards of each type everybody should get for a number."""
    wanted: dict[Good, Counter[UserAssets]] = {good: Counter() for good in Good}
    for field in state.board.land:
        if field.number != number or field.robber is not None:
            continue
        for spot in state.board.corners[field]:
            building = spot.building
            owner = building.user_assets if building is not None else None
            if owner is not None:
                for good in earned(field.type, isinstance(building, City)):
                    wanted[good][owner] += 1
    return wanted


def pay(state: State, wanted: dict[Good, Counter[UserAssets]]) -> Counter[UserAssets]:
    """Pay out and return how many cards everybody got.

    If the bank lacks cards of a type, nobody gets that type, unless only one player is due: he gets what is left.
    """
    received: Counter[UserAssets] = Counter()
    for good, claims in wanted.items():
        if claims.total() > state.bank.stock[good] and len(claims) > 1:
            continue
        for player, count in claims.items():
            received[player] += state.bank.pay_out(player, good, count)
    return received
