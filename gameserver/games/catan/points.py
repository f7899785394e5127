"""Victory points: all of them lie open."""

from __future__ import annotations

from gameserver.games.catan.longest_road import award
from gameserver.games.catan.model import UserAssets
from gameserver.games.catan.state import State

GOAL = 13


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
