"""What things cost."""

from __future__ import annotations

from collections.abc import Mapping

from gameserver.games.catan.goods import Good

Cost = Mapping[Good, int]

ROAD: Cost = {Good.BRICK: 1, Good.LUMBER: 1}
SETTLEMENT: Cost = {Good.BRICK: 1, Good.LUMBER: 1, Good.WOOL: 1, Good.GRAIN: 1}
CITY: Cost = {Good.GRAIN: 2, Good.ORE: 3}
MEDICINE_CITY: Cost = {Good.GRAIN: 1, Good.ORE: 2}
CITY_WALL: Cost = {Good.BRICK: 2}
KNIGHT: Cost = {Good.WOOL: 1, Good.ORE: 1}
PROMOTION: Cost = {Good.WOOL: 1, Good.ORE: 1}
ACTIVATION: Cost = {Good.GRAIN: 1}


def worded(cost: Cost) -> str:
    """Return a cost as text: ``2 GRAIN, 3 ORE``."""
    return ", ".join(f"{count} {good}" for good, count in cost.items())
