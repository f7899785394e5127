"""Trade with the bank at a player's best rate."""

from __future__ import annotations

from gameserver.games.catan.bank import hand
from gameserver.games.catan.goods import COMMODITIES, Good
from gameserver.games.catan.model import UserAssets
from gameserver.games.catan.state import State

#: The level of trade (named Trading Services or Merchant Guild) that makes commodities two to one.
TRADING_HOUSE = 3


def rate(state: State, player: UserAssets, give: Good) -> int:
    """Return how many cards of a type a player gives for one card of another."""
    if give in state.fleets and player is state.current:
        return 2
    if give in COMMODITIES and player.trade >= TRADING_HOUSE:
        return 2
    field = player.merchant.field if player.merchant is not None else None
    if field is not None and field.resource is give:
        return 2
    best = 4
    for building in player.buildings:
        harbor = building.intersection.harbor if building.intersection is not None else None
        if harbor is not None and harbor.type in ("ANY", give.value):
            best = min(best, harbor.rate)
    return best


def objection(state: State, player: UserAssets, give: Good, take: Good) -> str | None:
    """Say what speaks against a trade, or return ``None``."""
    if give is take:
        return "give and take must differ"
    needed = rate(state, player, give)
    if hand(player)[give] < needed:
        return f"your rate for {give} is {needed} to 1, and you do not have {needed}"
    return None if state.bank.stock[take] else f"the bank has no {take} left"


def trade(state: State, player: UserAssets, give: Good, take: Good) -> None:
    """Carry out a trade that nothing speaks against."""
    state.bank.charge(player, {give: rate(state, player, give)})
    state.bank.pay_out(player, take, 1)
