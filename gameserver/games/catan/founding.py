"""The founding: everybody in turn a settlement and a road, then in reverse order a city and a road."""

from __future__ import annotations

from gameserver.games.catan import building
from gameserver.games.catan.model import Intersection, Phase, UserAssets
from gameserver.games.catan.questions import Flow, place
from gameserver.games.catan.state import State


def found(state: State) -> Flow[None]:
    """Run the founding; afterwards the first player's turn begins."""
    state.root.phase = Phase.FOUNDING
    players = list(state.order)
    for player in players:
        yield from _place(state, player, "Settlement")
    for player in reversed(players):
        spot = yield from _place(state, player, "City")
        if spot is not None:
            for field in state.board.lands_at[spot]:
                if field.resource is not None:
                    state.bank.pay_out(player, field.resource, 1)
    state.root.round = 1
    state.start_turn(state.order[0])


def _place(state: State, player: UserAssets, piece: str) -> Flow[Intersection | None]:
    if player.gone:
        return None
    state.current = player
    spots = [spot for spot in state.board.intersections if building.distance_objection(state, spot) is None]
    spot = yield from place(player, piece, spots, None, optional=False)
    if not isinstance(spot, Intersection):
        return None
    building.build(state, player, piece, spot)
    # Earlier roads may have taken every border here: then this one is left out.
    free = [border for border, _ in state.board.steps[spot] if border.road is None]
    border = yield from place(player, "Road", free, None, optional=False)
    if border is not None:
        building.build(state, player, "Road", border)
    return None if player.gone else spot
