"""The roll: two dice and the event die, the event first."""

from __future__ import annotations

from gameserver.games.catan import barbarians, production, robber
from gameserver.games.catan.goods import EVENT_DIE, SHIP, Track
from gameserver.games.catan.model import Phase, UserAssets
from gameserver.games.catan.progress.drawing import gate
from gameserver.games.catan.questions import Flow
from gameserver.games.catan.state import State


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
        yield from production.produce(state, yellow + red)
    state.root.phase = Phase.ACTING
