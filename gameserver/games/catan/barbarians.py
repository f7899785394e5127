"""The barbarians: their ship, the attack, and what it costs or earns."""

from __future__ import annotations

from gameserver.games.catan import building
from gameserver.games.catan.goods import Track
from gameserver.games.catan.model import BARBARIAN_STEPS, City, Settlement, UserAssets
from gameserver.games.catan.progress_cards import draw
from gameserver.games.catan.questions import Flow, Parallel, choose
from gameserver.games.catan.state import State


def advance(state: State) -> Flow[None]:
    """Move the ship a step; on the seventh the barbarians attack."""
    state.barbarian.position += 1
    if state.barbarian.position == BARBARIAN_STEPS:
        yield from attack(state)


def strength(player: UserAssets) -> int:
    """Return what a player contributes to the defence: the levels of his active knights."""
    return sum(knight.level for knight in player.knights if knight.active)


def attack(state: State) -> Flow[None]:
    """Carry out an attack. The cities of all who play draw it, their active knights meet it."""
    players = state.from_current()
    cities = sum(len(player.cities) for player in players)
    defence = sum(strength(player) for player in players)
    state.say_all(f"barbarians - they attack with strength {cities}, the knights stand with strength {defence}")
    if cities > defence:
        yield from _defeat(state, players)
    else:
        yield from _victory(state, players)
    for player in state.order:
        for knight in player.knights:
            knight.active = False
    state.barbarian.position = 0
    state.barbarian.attacks += 1


def _defeat(state: State, players: list[UserAssets]) -> Flow[None]:
    exposed = [player for player in players if open_cities(player)]
    if not exposed:
        return
    least = min(strength(player) for player in exposed)
    yield Parallel([_lose_city(state, player) for player in exposed if strength(player) == least])


def open_cities(player: UserAssets) -> list[City]:
    """Return the cities that barbarians can take: those without a metropolis."""
    return [city for city in player.cities if city.metropolis is None]


def _lose_city(state: State, player: UserAssets) -> Flow[None]:
    city = yield from choose(
        player, "City", open_cities(player), "loseCity - the barbarians take a city of yours, choose which"
    )
    if city is None:
        return
    spot = city.intersection
    building.remove_building(state, city)
    if spot is None:
        return
    if building.stock_objection(player, "Settlement") is None:
        Settlement(state.model, user_assets=player, intersection=spot)
    elif state.answered:
        # Without a settlement in stock the city is turned on its side and is one. (First: the place was lost.)
        Settlement(state.model, user_assets=player, intersection=spot, on_its_side=True)


def _victory(state: State, players: list[UserAssets]) -> Flow[None]:
    most = max(strength(player) for player in players)
    if most == 0:
        return
    best = [player for player in players if strength(player) == most]
    if len(best) == 1:
        # There are six cards; after them the point is marked by something else. (First: there was none.)
        if state.answered or state.defender_cards:
            state.defender_cards -= 1
            best[0].defender_points += 1
        return
    for player in best:
        tracks = [track for track in Track if state.decks[track]]
        track = yield from choose(
            player, "ProgressType", tracks, "defended - choose the deck to draw a progress card from"
        )
        if track is not None:
            yield from draw(state, player, track)
