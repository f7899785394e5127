"""Victory points, all of which lie open, and the longest road that gives two of them."""

from __future__ import annotations

from gameserver.games.catan.board import Board
from gameserver.games.catan.model import Border, Intersection, UserAssets
from gameserver.games.catan.network import foreign
from gameserver.games.catan.state import State

GOAL = 13

#: The shortest road that is one.
MINIMUM = 5


def points(player: UserAssets) -> int:
    """Return a player's victory points."""
    return (
        len(player.settlements)
        + 2 * len(player.cities)
        + 2 * len(player.metropolises)
        + (2 if player.longest_road else 0)
        + player.defender_points
        + len(player.victory_cards)
        + (1 if player.merchant is not None else 0)
    )


def update(state: State) -> None:
    """Bring the longest road and everybody's points up to date."""
    if state.roads_changed:
        award(state)
    for player in state.order:
        player.victory_points = points(player)


def length(board: Board, player: UserAssets) -> int:
    """Return the length of the player's longest unbranched road; foreign pieces cut it."""
    mine = {road.border for road in player.roads if road.border is not None}
    cuts = {spot for border in mine for spot in board.ends[border] if foreign(spot, player)}

    def walk(spot: Intersection, used: set[Border]) -> int:
        if used and spot in cuts:
            return 0
        best = 0
        for border, other in board.steps[spot]:
            if border in mine and border not in used:
                used.add(border)
                best = max(best, 1 + walk(other, used))
                used.remove(border)
        return best

    return max((walk(spot, set()) for border in mine for spot in board.ends[border]), default=0)


def award(state: State) -> None:
    """Give the longest road to whom it is due: at least five roads, more than anybody else.

    The holder keeps it against an equal road. If his own is broken and two others are equally long, nobody has it.
    """
    state.roads_changed = False
    holder = next((player for player in state.order if player.longest_road), None)
    lengths = {player: length(state.board, player) for player in state.order}
    most = max(lengths.values(), default=0)
    best = [player for player, long in lengths.items() if long == most]
    due = None
    if most >= MINIMUM:
        if holder in best:
            due = holder
        elif len(best) == 1:
            due = best[0]
    if due is holder:
        return
    if holder is not None:
        holder.longest_road = False
    if due is not None:
        due.longest_road = True
