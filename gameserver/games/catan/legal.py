"""Every command the rules would take from the player on turn."""

from __future__ import annotations

from gameserver.games.api import Command
from gameserver.games.catan import building, goods, improvements, knights, trade
from gameserver.games.catan.bank import hand, shortage
from gameserver.games.catan.goods import Good, Track
from gameserver.games.catan.model import Phase, UserAssets
from gameserver.games.catan.state import State
from gameserver.games.catan.turn import play_objection


def commands(state: State, player: UserAssets) -> list[Command]:
    """Return what the player on turn may do when nothing is asked of anybody."""
    plays = [
        Command("PLAY", {"id": card.id})
        for card in player.progress_cards
        if play_objection(state, player, card.name) is None
    ]
    if state.root.phase is Phase.ROLLING:
        return [Command("ROLL_DIES"), *plays]
    return [
        Command("END_TURN"),
        *plays,
        *_builds(state, player),
        *_knights(state, player),
        *_improvements(state, player),
        *_trades(state, player),
    ]


def _builds(state: State, player: UserAssets) -> list[Command]:
    return [
        Command("BUILD", {"type": piece, "destination": place.id})
        for piece, cost in building.COST_OF.items()
        if shortage(player, cost, piece) is None
        for place in building.places(state, player, piece)
    ]


def _knights(state: State, player: UserAssets) -> list[Command]:
    found = []
    promotable = shortage(player, goods.PROMOTION, "") is None
    for knight in player.knights:
        if knights.activation_objection(player, knight) is None:
            found.append(Command("ACTIVATE_KNIGHT", {"id": knight.id}))
        if promotable and knights.promotion_objection(state, player, knight) is None:
            found.append(Command("UPGRADE_KNIGHT", {"id": knight.id}))
        if knights.chase_objection(state, knight) is None:
            found.append(Command("USE_KNIGHT", {"id": knight.id, "target": state.robber.id}))
        found.extend(
            Command("USE_KNIGHT", {"id": knight.id, "target": spot.id})
            for spot in knights.targets(state, player, knight)
        )
    return found


def _improvements(state: State, player: UserAssets) -> list[Command]:
    return [
        Command("UPGRADE_PROGRESS", {"type": track.value})
        for track in Track
        if improvements.objection(state, player, track) is None
    ]


def _trades(state: State, player: UserAssets) -> list[Command]:
    held = hand(player)
    return [
        Command("TRADE", {"give": give.value, "take": take.value})
        for give in Good
        if held[give] >= trade.rate(state, player, give)
        for take in Good
        if take is not give and state.bank.stock[take]
    ]
