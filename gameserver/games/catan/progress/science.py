"""The green deck: science."""

from __future__ import annotations

from collections.abc import Mapping

from gameserver.games.catan import building, goods, improvements, knights
from gameserver.games.catan.bank import shortage
from gameserver.games.catan.goods import Good, Terrain, Track
from gameserver.games.catan.model import City, Field, Intersection, Knight, Settlement, UserAssets
from gameserver.games.catan.progress_cards import CardRule
from gameserver.games.catan.questions import Flow, choose, may_choose, pick_knight, pick_track, place
from gameserver.games.catan.state import State

_DIE = ("1", "2", "3", "4", "5", "6")
#: Tokens that an Inventor may not move.
_FIXED_TOKENS = (2, 6, 8, 12)


def _alchemist_objection(state: State, _player: UserAssets) -> str | None:
    return "the dice of this turn are chosen already" if state.chosen_dice else None


def _alchemist(state: State, player: UserAssets) -> Flow[None]:
    yellow = yield from choose(player, "Number", _DIE, "alchemist - choose what the yellow die shows")
    red = yield from choose(player, "Number", _DIE, "alchemist - choose what the red die shows")
    if yellow is not None and red is not None:
        state.root.yellow_die, state.root.red_die = int(yellow), int(red)


def _crane_tracks(state: State, player: UserAssets) -> list[Track]:
    return [track for track in Track if improvements.objection(state, player, track, 1) is None]


def _crane_objection(state: State, player: UserAssets) -> str | None:
    return None if _crane_tracks(state, player) else "you cannot pay for any improvement, even one commodity cheaper"


def _crane(state: State, player: UserAssets) -> Flow[None]:
    tracks = _crane_tracks(state, player)
    track = yield from pick_track(player, tracks, "crane - choose an improvement for one commodity less")
    if track is not None:
        yield from improvements.upgrade(state, player, track, 1)


def _unwalled(state: State, player: UserAssets) -> list[City]:
    return [
        spot.building
        for spot in building.places(state, player, "CityWall")
        if isinstance(spot, Intersection) and isinstance(spot.building, City)
    ]


def _engineer_objection(state: State, player: UserAssets) -> str | None:
    return None if _unwalled(state, player) else "you have no city without a wall, or no wall left"


def _engineer(state: State, player: UserAssets) -> Flow[None]:
    city = yield from may_choose(
        state, player, "City", _unwalled(state, player), "engineer - choose the city that gets a wall"
    )
    if city is not None and city.intersection is not None:
        building.build(state, player, "CityWall", city.intersection)


def _movable(state: State) -> list[Field]:
    return [field for field in state.board.fields if field.number and field.number not in _FIXED_TOKENS]


def _inventor_objection(state: State, _player: UserAssets) -> str | None:
    return None if len(_movable(state)) > 1 else "there are no two number tokens to swap"


def _inventor(state: State, player: UserAssets) -> Flow[None]:
    one = yield from choose(player, "Field", _movable(state), "inventor - choose the first number to swap")
    rest = [field for field in _movable(state) if field is not one]
    two = yield from choose(player, "Field", rest, "inventor - choose the second number to swap")
    if one is not None and two is not None:
        one.number, two.number = two.number, one.number


def _fields(state: State, player: UserAssets, terrain: Terrain) -> int:
    spots = [b.intersection for b in player.buildings if b.intersection is not None]
    return len({field for spot in spots for field in state.board.lands_at[spot] if field.type is terrain})


def _irrigation_objection(state: State, player: UserAssets) -> str | None:
    return None if _fields(state, player, Terrain.FIELD) else "you have no building at a FIELD"


def _irrigation(state: State, player: UserAssets) -> Flow[None]:
    state.bank.pay_out(player, Good.GRAIN, 2 * _fields(state, player, Terrain.FIELD))
    yield from ()


def _mining_objection(state: State, player: UserAssets) -> str | None:
    return None if _fields(state, player, Terrain.MOUNTAIN) else "you have no building at a MOUNTAIN"


def _mining(state: State, player: UserAssets) -> Flow[None]:
    state.bank.pay_out(player, Good.ORE, 2 * _fields(state, player, Terrain.MOUNTAIN))
    yield from ()


def _raisable(state: State, player: UserAssets) -> list[Settlement]:
    """The settlements that a city can take the place of now, in the order of their building."""
    places = building.places(state, player, "City")
    return [settlement for settlement in player.settlements if settlement.intersection in places]


def _medicine_objection(state: State, player: UserAssets) -> str | None:
    if not _raisable(state, player):
        return "you have no settlement, or no city left"
    return shortage(player, goods.MEDICINE_CITY, "a City with Medicine")


def _medicine(state: State, player: UserAssets) -> Flow[None]:
    settlement = yield from may_choose(
        state,
        player,
        "Settlement",
        _raisable(state, player),
        "medicine - choose the settlement that becomes a city",
    )
    spot = settlement.intersection if settlement is not None else None
    if spot is not None:
        state.bank.charge(player, goods.MEDICINE_CITY)
        building.build(state, player, "City", spot)


def _roads_objection(state: State, player: UserAssets) -> str | None:
    return None if building.places(state, player, "Road") else "you have no road left, or no place for one"


def _road_building(state: State, player: UserAssets) -> Flow[None]:
    for left in (2, 1):
        places = building.places(state, player, "Road")
        border = yield from place(player, "Road", places, f"roadBuilding - free roads: {left}", optional=True)
        if border is None:
            return
        building.build(state, player, "Road", border)


def _promotable(state: State, player: UserAssets) -> list[Knight]:
    return [knight for knight in player.knights if knights.promotion_objection(state, player, knight) is None]


def _smith_objection(state: State, player: UserAssets) -> str | None:
    return None if _promotable(state, player) else "you have no knight that can be promoted now"


def _smith(state: State, player: UserAssets) -> Flow[None]:
    for left in (2, 1):
        knight = yield from pick_knight(player, _promotable(state, player), f"smith - free promotions: {left}")
        if knight is None:
            return
        knights.promote(state, knight)


CARDS: Mapping[str, CardRule] = {
    "ALCHEMIST": CardRule(_alchemist_objection, _alchemist),
    "CRANE": CardRule(_crane_objection, _crane),
    "ENGINEER": CardRule(_engineer_objection, _engineer),
    "INVENTOR": CardRule(_inventor_objection, _inventor),
    "IRRIGATION": CardRule(_irrigation_objection, _irrigation),
    "MEDICINE": CardRule(_medicine_objection, _medicine),
    "MINING": CardRule(_mining_objection, _mining),
    "ROAD_BUILDING": CardRule(_roads_objection, _road_building),
    "SMITH": CardRule(_smith_objection, _smith),
}
