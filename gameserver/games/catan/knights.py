"""Knights: activating, promoting, moving, displacing, and what chasing the robber needs."""

from __future__ import annotations

from gameserver.games.catan import goods, network
from gameserver.games.catan.bank import shortage
from gameserver.games.catan.building import at_level, remove_knight
from gameserver.games.catan.model import KNIGHTS_PER_LEVEL, MIGHTY, Intersection, Knight, UserAssets
from gameserver.games.catan.questions import Flow, choose
from gameserver.games.catan.state import State

#: The level of politics (the Fortress) that mighty knights need.
FORTRESS = 3


def activation_objection(player: UserAssets, knight: Knight) -> str | None:
    """Say what speaks against paying for a knight's activation, or return ``None``."""
    if knight.active:
        return "the knight is active already"
    return shortage(player, goods.ACTIVATION, "activating a knight")


def activate(state: State, knight: Knight) -> None:
    """Make a knight active; it acts from the next turn on."""
    knight.active = True
    knight.activated_turn = state.turn


def promotion_objection(state: State, player: UserAssets, knight: Knight) -> str | None:
    """Say what speaks against a knight's promotion, costs apart, or return ``None``."""
    if knight.level == MIGHTY:
        return "a mighty knight cannot be promoted"
    if knight.promoted_turn == state.turn:
        return "a knight is promoted at most once a turn"
    if knight.level + 1 == MIGHTY and player.politics < FORTRESS:
        return "mighty knights need the Fortress, level 3 of POLITICS"
    if at_level(player, knight.level + 1) >= KNIGHTS_PER_LEVEL:
        return f"you have no knight of level {knight.level + 1} left, there are {KNIGHTS_PER_LEVEL} of each level"
    return None


def promote(state: State, knight: Knight) -> None:
    """Raise a knight by one level; its state stays."""
    knight.level += 1
    knight.promoted_turn = state.turn


def action_objection(state: State, knight: Knight) -> str | None:
    """Say why a knight cannot act at all now, or return ``None``."""
    if not knight.active:
        return "only an active knight can act"
    if knight.activated_turn == state.turn:
        return "a knight cannot act in the turn of its activation"
    return None


def move_objection(state: State, player: UserAssets, knight: Knight, target: Intersection) -> str | None:
    """Say what speaks against a knight going to an intersection, or return ``None``."""
    complaint = action_objection(state, knight)
    if complaint is not None:
        return complaint
    start = knight.intersection
    if start is None or target not in network.reachable(state.board, player, start):
        return "a knight moves along your own roads, and foreign pieces bar the way"
    if target.building is not None:
        return "a building stands there"
    other = target.knight
    if other is not None:
        if other.user_assets is player:
            return "a knight of your own stands there"
        if other.level >= knight.level:
            return "only a weaker knight can be displaced"
    return None


def targets(state: State, player: UserAssets, knight: Knight) -> list[Intersection]:
    """Return where a knight can go."""
    if knight.intersection is None or action_objection(state, knight) is not None:
        return []
    ways = network.reachable(state.board, player, knight.intersection)
    return [
        spot
        for spot in ways
        if spot.building is None
        and (spot.knight is None or (spot.knight.user_assets is not player and spot.knight.level < knight.level))
    ]


def chase_objection(state: State, knight: Knight) -> str | None:
    """Say what speaks against a knight chasing the robber, or return ``None``."""
    if state.barbarian.attacks == 0:
        return "the robber does not move before the barbarians' first attack"
    complaint = action_objection(state, knight)
    if complaint is not None:
        return complaint
    field = state.robber.field
    if knight.intersection is None or field is None or knight.intersection not in state.board.corners[field]:
        return "the knight must stand at the robber's field"
    return None


def move(state: State, knight: Knight, target: Intersection) -> Flow[None]:
    """Move a knight; a weaker foreign knight at the target has to go. Acting makes inactive."""
    driven = target.knight
    knight.active = False
    if driven is not None:
        driven.intersection = None
    knight.intersection = target
    if driven is not None:
        yield from withdraw(state, driven, target)
    state.roads_changed = True


def displace(state: State, knight: Knight) -> Flow[None]:
    """Drive a knight from its place without taking it."""
    start = knight.intersection
    knight.intersection = None
    if start is not None:
        yield from withdraw(state, knight, start)
    state.roads_changed = True


def withdraw(state: State, knight: Knight, start: Intersection) -> Flow[None]:
    """Let the owner of a driven knight put it where his roads lead from ``start``; without a place it is lost.

    Level and state stay as they are.
    """
    owner = knight.user_assets
    if owner is None:
        return
    free = [spot for spot in network.reachable(state.board, owner, start) if network.vacant(spot)]
    spot = yield from choose(
        owner, "Intersection", free, "displaced - your knight was displaced, choose where it goes"
    )
    if spot is None:
        remove_knight(state, knight)
    else:
        knight.intersection = spot
