"""Building: what the rules say against a piece at a place, and putting it there."""

from __future__ import annotations

from gameserver.games.catan import goods, network
from gameserver.games.catan.bank import shortage
from gameserver.games.catan.model import (
    CITIES,
    CITY_WALLS,
    KNIGHTS_PER_LEVEL,
    ROADS,
    SETTLEMENTS,
    Border,
    City,
    CityWall,
    Intersection,
    Knight,
    Road,
    Settlement,
    UserAssets,
)
from gameserver.games.catan.state import State

Spot = Intersection | Border

#: What BUILD can build, and what it costs.
COST_OF = {
    "Settlement": goods.SETTLEMENT,
    "City": goods.CITY,
    "Road": goods.ROAD,
    "Knight": goods.KNIGHT,
    "CityWall": goods.CITY_WALL,
}


def stock_objection(player: UserAssets, piece: str) -> str | None:
    """Say that a player has no such piece left, or return ``None``.

    A city on its side is no settlement of the stock. It is a city of it, but that is raised before any other is
    built, and then it is the one that stands up.
    """
    if piece == "Knight":
        if at_level(player, 1) >= KNIGHTS_PER_LEVEL:
            return f"you have no basic knight left, there are {KNIGHTS_PER_LEVEL} of each level"
        return None
    used, limit = {
        "Settlement": (sum(not settlement.on_its_side for settlement in player.settlements), SETTLEMENTS),
        "City": (len(player.cities), CITIES),
        "Road": (len(player.roads), ROADS),
        "CityWall": (len(player.city_walls), CITY_WALLS),
    }[piece]
    return f"you have no {piece} left, there are {limit}" if used >= limit else None


def at_level(player: UserAssets, level: int) -> int:
    """Count a player's knights of a level."""
    return sum(knight.level == level for knight in player.knights)


def place_objection(state: State, player: UserAssets, piece: str, place: Spot) -> str | None:
    """Say which rule forbids a piece at a place, costs and stock apart, or return ``None``."""
    if isinstance(place, Border):
        return _road_objection(state, player, place) if piece == "Road" else f"a {piece} is built on an Intersection"
    if piece == "Road":
        return "a Road is built on a Border"
    if piece == "Settlement":
        if not network.on_road(state.board, player, place):
            return "a settlement must be at your own road"
        return distance_objection(state, place)
    if piece == "Knight":
        if not network.vacant(place):
            return "a knight needs a free intersection"
        return None if network.on_road(state.board, player, place) else "a knight must stand at your own road"
    building = place.building
    if building is None or building.user_assets is not player:
        wanted = "settlement" if piece == "City" else "city"
        return f"a {piece} needs a {wanted} of your own at that intersection"
    if piece == "City":
        if isinstance(building, City):
            return "there is a city already"
        if not building.on_its_side and any(other.on_its_side for other in player.settlements):
            return "a city of yours lies on its side, it is built again before any other"
        return None
    if not isinstance(building, City):
        return "only a city can have a wall"
    return "this city has a wall already" if building.city_wall is not None else None


def objection(state: State, player: UserAssets, piece: str, place: Spot) -> str | None:
    """Say what speaks against buying a piece for a place, or return ``None``."""
    return (
        place_objection(state, player, piece, place)
        or stock_objection(player, piece)
        or shortage(player, COST_OF[piece], f"a {piece}")
    )


def distance_objection(state: State, spot: Intersection) -> str | None:
    """Say what speaks against a settlement at a place wherever the roads are: it is taken or too close."""
    if not network.vacant(spot):
        return "the intersection is taken"
    if any(other.building is not None for _, other in state.board.steps[spot]):
        return "a neighbouring intersection has a building, there must be one free between"
    return None


def _road_objection(state: State, player: UserAssets, border: Border) -> str | None:
    if border.road is not None:
        return "there is a road already"
    if not network.joins(state.board, player, border):
        return "a road must continue your own roads or start at your own building, and foreign pieces cut the way"
    return None


def places(state: State, player: UserAssets, piece: str) -> list[Spot]:
    """Return where the rules and the stock allow a piece, costs apart."""
    if stock_objection(player, piece) is not None:
        return []
    candidates: dict[Spot, None] = {}
    if piece in ("City", "CityWall"):
        candidates = {b.intersection: None for b in player.buildings if b.intersection is not None}
    else:
        spots = dict.fromkeys(
            spot for road in player.roads if road.border is not None for spot in state.board.ends[road.border]
        )
        spots.update(dict.fromkeys(b.intersection for b in player.buildings if b.intersection is not None))
        if piece == "Road":
            candidates = {border: None for spot in spots for border, _ in state.board.steps[spot]}
        else:
            candidates = dict.fromkeys(spots)
    return [place for place in candidates if place_objection(state, player, piece, place) is None]


def build(state: State, player: UserAssets, piece: str, place: Spot) -> None:
    """Put a piece where it may be; a city takes the place of a settlement if there is one."""
    model = state.model
    if isinstance(place, Border):
        Road(model, user_assets=player, border=place)
    elif piece == "Settlement":
        Settlement(model, user_assets=player, intersection=place)
    elif piece == "Knight":
        Knight(model, user_assets=player, intersection=place)
    elif piece == "CityWall":
        city = place.building
        if isinstance(city, City):
            CityWall(model, user_assets=player, city=city)
    else:
        if isinstance(place.building, Settlement):
            remove_building(state, place.building)
        City(model, user_assets=player, intersection=place)
    state.roads_changed = True


def remove_building(state: State, building: Settlement | City) -> None:
    """Take a building off the board; a city's wall goes with it, a metropolis is nobody's again."""
    if isinstance(building, City):
        wall, metropolis = building.city_wall, building.metropolis
        if wall is not None:
            wall.city = None
            wall.user_assets = None
            state.model.forget(wall)
        if metropolis is not None:
            metropolis.city = None
            metropolis.user_assets = None
    building.intersection = None
    building.user_assets = None
    state.model.forget(building)
    state.roads_changed = True


def remove_road(state: State, road: Road) -> None:
    """Take a road off the board. The longest road is not looked for yet: the road may come back elsewhere."""
    road.border = None
    road.user_assets = None
    state.model.forget(road)


def remove_knight(state: State, knight: Knight) -> None:
    """Take a knight off the board. The longest road is not looked for yet: another may come for it."""
    knight.intersection = None
    knight.user_assets = None
    state.model.forget(knight)
