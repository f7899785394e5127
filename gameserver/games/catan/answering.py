"""What a computer player answers when he is asked to choose."""

from __future__ import annotations

from collections.abc import Mapping

from gameserver.games.api import Command
from gameserver.games.catan import worth
from gameserver.games.catan.bank import hand
from gameserver.games.catan.goods import Good, Track
from gameserver.games.catan.model import (
    Border,
    Card,
    City,
    Field,
    Intersection,
    Knight,
    ProgressCard,
    Road,
    Settlement,
    UserAssets,
)
from gameserver.games.catan.view import View
from gameserver.games.entity import Entity
from gameserver.games.rng import Chance

#: How gladly a progress card is kept.
CARD_VALUE: Mapping[str, float] = {
    "MERCHANT": 5.0,
    "RESOURCE_MONOPOLY": 4.5,
    "MEDICINE": 4.5,
    "CRANE": 4.0,
    "ROAD_BUILDING": 4.0,
    "TRADE_MONOPOLY": 4.0,
    "MASTER_MERCHANT": 4.0,
    "DESERTER": 3.5,
    "WEDDING": 3.5,
    "SMITH": 3.5,
    "MINING": 3.5,
    "IRRIGATION": 3.5,
    "WARLORD": 3.0,
    "SPY": 3.0,
    "BISHOP": 3.0,
    "ENGINEER": 2.5,
    "COMMERCIAL_HARBOR": 2.5,
    "MERCHANT_FLEET": 2.5,
    "SABOTEUR": 2.5,
    "INTRIGUE": 2.0,
    "INVENTOR": 2.0,
    "ALCHEMIST": 2.0,
    "DIPLOMAT": 1.0,
}


def answer(view: View, chance: Chance) -> Command:
    """Return the choice that promises most, by chance among equals."""
    commands = [command for command in view.commands() if command.action == "CHOOSE"]
    worths = [_worth(view, command.arguments["id"]) for command in commands]
    best = max(worths)
    return chance.choice([command for command, value in zip(commands, worths, strict=True) if value == best])


def _worth(view: View, option: str) -> float:
    subject, kind = view.subject, view.kind
    if kind == "Number":
        return float(int(option) == _die(view))
    if kind == "ProgressType":
        return float(view.me.level(Track(option)))
    if kind in ("ResourceType", "CommodityType", "CardType"):
        good = Good(option)
        return float(hand(view.me)[good]) if subject == "merchantFleet" else worth.dearness(view.me, good)
    return _thing(view, view.state.model.find(option, Entity))


def _thing(view: View, thing: Entity | None) -> float:
    subject = view.subject
    match thing:
        case UserAssets():
            return thing.victory_points + thing.card_count / 10
        case Card():
            # Whatever asks for cards gives them away, but for the one that takes them.
            return worth.dearness(view.me, thing.type) * (1 if subject == "masterMerchant" else -1)
        case ProgressCard():
            return CARD_VALUE.get(thing.name, 0.0) * (1 if subject == "spy" else -1)
        case Field():
            return _field(view, subject, thing)
        case Intersection():
            return 0.0 if subject in ("displaced", "deserter") else worth.spot(view.state, view.me, thing)
        case Border():
            return worth.road(view.state, view.me, thing)
        case Settlement() | City():
            return _building(view, subject, thing)
        case Knight():
            value = thing.level + (0.5 if thing.active else 0.0)
            return -value if subject == "deserter" else value
        case Road():
            owner = thing.user_assets
            return -1.0 if owner is view.me or owner is None else owner.victory_points + 2.0 * owner.longest_road
    return 0.0


def _die(view: View) -> int:
    """The number to set a die to: together they bring most, and the red one is low, so that it brings cards."""
    gains: dict[int, float] = dict.fromkeys(range(2, 13), 0.0)
    for place in view.state.board.land:
        if place.number is not None and place.robber is None:
            corners = view.state.board.corners[place]
            own = [corner.building for corner in corners if corner.building in view.me.buildings]
            gains[place.number] += sum(2.0 if isinstance(piece, City) else 1.0 for piece in own)
    total = max(gains, key=lambda number: gains[number])
    yellow = min(6, total - 1)
    return yellow if "yellow" in view.lines[0] else total - yellow


def _field(view: View, subject: str, place: Field) -> float:
    own = any(corner.building in view.me.buildings for corner in view.state.board.corners[place])
    pips = worth.pips(place.number)
    if subject == "inventor":
        # First a poor field of one's own, then a rich one that is not.
        return (100.0 * own) - pips if "first" in view.lines[0] else (100.0 * (not own)) + pips
    if subject == "merchant":
        return float(pips)
    return worth.field(view.state, view.me, place)


def _building(view: View, subject: str, piece: Settlement | City) -> float:
    value = worth.spot(view.state, view.me, piece.intersection) if piece.intersection is not None else 0.0
    if subject == "loseCity":
        walled = isinstance(piece, City) and piece.city_wall is not None
        return -value - (2.0 if walled else 0.0)
    return value
