"""What places, pieces and cards are worth to a computer player; rough figures in pips (36ths of a card a roll)."""

from __future__ import annotations

from collections import Counter

from gameserver.games.catan import building
from gameserver.games.catan.bank import hand
from gameserver.games.catan.goods import COMMODITIES, Cost, Good, earned
from gameserver.games.catan.model import Border, City, Field, Intersection, UserAssets
from gameserver.games.catan.state import State

#: How much a first card of a type helps, beside its number.
_VARIETY = 1.5
#: How much further away a place may be before it counts for less.
_DISTANCE = 0.6


def pips(number: int | None) -> int:
    """Return how many of the 36 rolls bring a number."""
    return 0 if number is None else 6 - abs(7 - number)


def income(state: State, player: UserAssets) -> Counter[Good]:
    """Return how many pips of every good a player's buildings bring."""
    found: Counter[Good] = Counter()
    for piece in player.buildings:
        for field in state.board.lands_at[piece.intersection] if piece.intersection is not None else ():
            for good in earned(field.type, isinstance(piece, City)):
                found[good] += pips(field.number)
    return found


def spot(state: State, player: UserAssets, place: Intersection) -> float:
    """Return what a building at a place would bring."""
    have = income(state, player)
    worth = 0.0
    for field in state.board.lands_at[place]:
        if field.resource is not None:
            worth += pips(field.number) + (_VARIETY if not have[field.resource] else 0.0)
    return worth + (1.0 if place.harbor is not None else 0.0)


def road(state: State, player: UserAssets, border: Border) -> float:
    """Return what a road promises: the best place for a settlement that it comes to, or comes nearer to."""
    best = 0.0
    for end in state.board.ends[border]:
        places = [(end, 1.0), *((other, _DISTANCE) for _, other in state.board.steps[end])]
        for place, near in places:
            if building.distance_objection(state, place) is None:
                best = max(best, near * spot(state, player, place))
    return best


def field(state: State, player: UserAssets, place: Field) -> float:
    """Return what the robber on a field costs the others, the leaders most, less what it costs the player."""
    worth = 0.0
    for corner in state.board.corners[place]:
        piece = corner.building
        owner = piece.user_assets if piece is not None else None
        if owner is not None:
            harm = pips(place.number) * (2 if isinstance(piece, City) else 1)
            worth += -2.0 * harm if owner is player else harm * (1 + owner.victory_points / 13)
    return worth


def missing(player: UserAssets, cost: Cost) -> Counter[Good]:
    """Return the cards a player lacks for a cost."""
    held = hand(player)
    return Counter({good: count - held[good] for good, count in cost.items() if held[good] < count})


def dearness(player: UserAssets, good: Good) -> float:
    """Return how much a player would miss a card: the fewer he has the more, and commodities more than resources."""
    return (2.0 if good in COMMODITIES else 1.0) - 0.3 * hand(player)[good]
