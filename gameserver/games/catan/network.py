"""Roads as a net: where a player's roads lead, and what foreign pieces cut."""

from __future__ import annotations

from gameserver.games.catan.board import Board
from gameserver.games.catan.model import Border, Intersection, UserAssets


def owner_at(spot: Intersection) -> UserAssets | None:
    """Return whose building or knight stands at an intersection."""
    if spot.building is not None:
        return spot.building.user_assets
    return spot.knight.user_assets if spot.knight is not None else None


def vacant(spot: Intersection) -> bool:
    """Whether nothing stands at an intersection."""
    return spot.building is None and spot.knight is None


def foreign(spot: Intersection, player: UserAssets) -> bool:
    """Whether somebody else's building or knight stands at an intersection."""
    return not vacant(spot) and owner_at(spot) is not player


def owns(border: Border, player: UserAssets) -> bool:
    """Whether a player has a road on a border."""
    return border.road is not None and border.road.user_assets is player


def on_road(board: Board, player: UserAssets, spot: Intersection) -> bool:
    """Whether a road of the player touches an intersection."""
    return any(owns(border, player) for border, _ in board.steps[spot])


def joins(board: Board, player: UserAssets, border: Border) -> bool:
    """Whether a new road on a border would continue the player's net.

    It does at an intersection with a building of his own, or with a road of his own that no foreign piece cuts off.
    """
    for spot in board.ends[border]:
        building = spot.building
        if building is not None and building.user_assets is player:
            return True
        if not foreign(spot, player) and on_road(board, player, spot):
            return True
    return False


def reachable(board: Board, player: UserAssets, start: Intersection) -> list[Intersection]:
    """Return the intersections that the player's roads lead to from ``start``, which is not among them.

    A foreign piece may stand at the end of a way, not on the way.
    """
    found: dict[Intersection, None] = {start: None}
    todo = [start]
    while todo:
        spot = todo.pop(0)
        for border, other in board.steps[spot]:
            if other not in found and owns(border, player):
                found[other] = None
                if not foreign(other, player):
                    todo.append(other)
    del found[start]
    return list(found)
