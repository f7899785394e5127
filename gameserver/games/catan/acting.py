"""What a computer player does with his own turn after the roll."""

from __future__ import annotations

from collections.abc import Iterator

from gameserver.games.api import Command
from gameserver.games.catan import building, goods, improvements, network, trade, worth
from gameserver.games.catan.answering import CARD_VALUE
from gameserver.games.catan.bank import hand
from gameserver.games.catan.barbarians import open_cities, strength
from gameserver.games.catan.goods import Cost, Good, Track
from gameserver.games.catan.model import BARBARIAN_STEPS, Border, Intersection, Knight, ProgressCard
from gameserver.games.catan.robber import SAFE_CARDS, SAFE_PER_WALL
from gameserver.games.catan.view import View
from gameserver.games.rng import Chance

#: Cards that are worth more in the hand, unless the hand is full.
_KEPT = frozenset({"DIPLOMAT", "INVENTOR", "MERCHANT_FLEET", "ALCHEMIST"})
_FULL = 4


def act(view: View, chance: Chance) -> Command:
    """Return the next thing to do in one's own turn: what promises most, or END_TURN."""
    commands = view.commands()
    worths = {index: _worth(view, command) for index, command in enumerate(commands)}
    best = max(worths.values(), default=0.0)
    if best > 0.0:
        return commands[chance.choice([index for index, value in worths.items() if value == best])]
    return _useful_trade(view, commands) or next(c for c in commands if c.action in ("END_TURN", "ROLL_DIES"))


def danger(view: View) -> bool:
    """Whether the barbarians are close and the player would be among those who suffer, or could shine."""
    state = view.state
    if state.barbarian.position < BARBARIAN_STEPS - 4 or not open_cities(view.me):
        return False
    cities = sum(len(player.cities) for player in state.order)
    defence = sum(strength(player) for player in state.order)
    least = min(strength(player) for player in state.order)
    return defence < cities or strength(view.me) == least


def _worth(view: View, command: Command) -> float:
    match command.action:
        case "PLAY":
            return _play(view, command)
        case "BUILD":
            return _build(view, command)
        case "UPGRADE_PROGRESS":
            return 50.0 + view.me.level(Track(command.arguments["type"]))
        case "ACTIVATE_KNIGHT":
            return 45.0 if danger(view) else 12.0 if hand(view.me)[Good.GRAIN] > 2 else 0.0
        case "UPGRADE_KNIGHT":
            return 40.0 if danger(view) else 10.0 if _rich(view) else 0.0
        case "USE_KNIGHT":
            return _use(view, command)
    return 0.0


def _rich(view: View) -> bool:
    """Whether a 7 would cost cards soon."""
    return view.me.card_count >= SAFE_CARDS + SAFE_PER_WALL * len(view.me.city_walls)


def _play(view: View, command: Command) -> float:
    card = view.state.model.find(command.arguments["id"], ProgressCard)
    if card is None or (card.name in _KEPT and len(view.me.progress_cards) < _FULL):
        return 0.0
    return 60.0 + CARD_VALUE.get(card.name, 0.0)


def _build(view: View, command: Command) -> float:
    place = command.arguments["destination"]
    spot = view.state.model.find(place, Intersection)
    worth_of_spot = worth.spot(view.state, view.me, spot) if spot is not None else 0.0
    match command.arguments["type"]:
        case "City":
            return 90.0 + worth_of_spot
        case "Settlement":
            return 80.0 + worth_of_spot
        case "Knight":
            few = len(view.me.knights) < 2
            return 44.0 if danger(view) else 14.0 if few or _rich(view) else 0.0
        case "CityWall":
            return 11.0 if _rich(view) else 0.0
    border = view.state.model.find(place, Border)
    if border is None or (_settleable(view) and not _rich(view)):
        return 0.0
    gain = worth.road(view.state, view.me, border)
    return 20.0 + gain if gain else 5.0 if _rich(view) else 0.0


def _use(view: View, command: Command) -> float:
    """Only what surely helps: chasing the robber from one's own field, driving a stronger player's knight away."""
    knight = view.state.model.find(command.arguments["id"], Knight)
    if knight is None or danger(view):
        return 0.0
    target = command.arguments["target"]
    if target == view.state.robber.id:
        field = view.state.robber.field
        corners = view.state.board.corners[field] if field is not None else ()
        return 30.0 if any(corner.building in view.me.buildings for corner in corners) else 0.0
    spot = view.state.model.find(target, Intersection)
    other = spot.knight if spot is not None else None
    return 15.0 if other is not None and other.level > 1 else 0.0


def _settleable(view: View) -> list[Intersection]:
    """The places where a settlement could go now."""
    return [place for place in building.places(view.state, view.me, "Settlement") if isinstance(place, Intersection)]


def _goals(view: View) -> Iterator[Cost]:
    """What to save for, the best first."""
    me = view.me
    if danger(view):
        yield goods.ACTIVATION if any(not knight.active for knight in me.knights) else goods.KNIGHT
    if building.places(view.state, me, "City"):
        yield goods.CITY
    if _settleable(view):
        yield goods.SETTLEMENT
    for track in sorted(Track, key=lambda track: -me.level(track)):
        if me.cities and me.level(track) < improvements.TOP:
            yield improvements.cost(me, track)
    if not _settleable(view) and building.places(view.state, me, "Road"):
        yield goods.ROAD
    if any(network.vacant(spot) for spot in view.state.board.intersections):
        yield goods.KNIGHT


def _useful_trade(view: View, commands: list[Command]) -> Command | None:
    """Return a trade on the way to the first goal that trades can reach."""
    held = hand(view.me)
    for cost in _goals(view):
        lacking = worth.missing(view.me, cost)
        spare = {good: held[good] - cost.get(good, 0) for good in Good}
        rates = {good: trade.rate(view.state, view.me, good) for good in Good}
        if not lacking or sum(max(0, spare[good]) // rates[good] for good in Good) < lacking.total():
            continue
        for give in sorted(Good, key=lambda good: rates[good] - spare[good] / 100):
            wanted = Command("TRADE", {"give": give.value, "take": next(iter(lacking)).value})
            if spare[give] >= rates[give] and wanted in commands:
                return wanted
    return None
