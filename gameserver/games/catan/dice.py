"""The roll, two dice and the event die, and what it brings: the event, then the 7 or cards for buildings."""

from __future__ import annotations

from collections import Counter

from gameserver.games.catan import barbarians, robber
from gameserver.games.catan.goods import EVENT_DIE, RESOURCES, SHIP, Good, Track, earned
from gameserver.games.catan.model import City, Phase, UserAssets
from gameserver.games.catan.progress_cards import gate
from gameserver.games.catan.questions import Flow, may_choose
from gameserver.games.catan.state import State

#: The level of science (the Aqueduct) that brings a card when a roll brings none.
AQUEDUCT = 3


def roll(state: State, player: UserAssets) -> Flow[None]:
    """Roll, or take the dice an Alchemist chose; the event die is always rolled."""
    yellow, red = state.chosen_dice or (1 + state.chance.below(6), 1 + state.chance.below(6))
    event = state.chance.choice(EVENT_DIE)
    root = state.root
    root.yellow_die, root.red_die, root.event_die = yellow, red, event
    yield from resolve(state, player, yellow, red, event)


def resolve(state: State, player: UserAssets, yellow: int, red: int, event: str) -> Flow[None]:
    """Carry out a roll that lies on the table: the event, then the cards or the 7; then the player may act."""
    if event == SHIP:
        yield from barbarians.advance(state)
    else:
        yield from gate(state, Track(event), red)
    if yellow + red == 7:
        yield from robber.seven(state, player)
    else:
        yield from produce(state, yellow + red)
    state.root.phase = Phase.ACTING


def produce(state: State, number: int) -> Flow[None]:
    """Pay out for a number. Who has the Aqueduct and gets nothing may pick a resource."""
    received = pay(state, due(state, number))
    for player in state.from_current():
        if player.science >= AQUEDUCT and not received[player]:
            options = [good for good in RESOURCES if state.bank.stock[good]]
            good = yield from may_choose(
                state, player, "ResourceType", options, "aqueduct - the roll brought you nothing, choose a resource"
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
