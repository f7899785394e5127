"""City improvements and the three metropolises."""

from __future__ import annotations

from gameserver.games.catan.bank import shortage
from gameserver.games.catan.barbarians import open_cities
from gameserver.games.catan.goods import PRICE_OF, Cost, Track
from gameserver.games.catan.model import UserAssets
from gameserver.games.catan.questions import Flow, choose
from gameserver.games.catan.state import State

TOP = 5
METROPOLIS = 4


def cost(player: UserAssets, track: Track, discount: int = 0) -> Cost:
    """Return what the next level costs: as many commodities as its number, less the discount."""
    return {PRICE_OF[track]: player.level(track) + 1 - discount}


def objection(state: State, player: UserAssets, track: Track, discount: int = 0) -> str | None:
    """Say what speaks against the next level of a track, or return ``None``."""
    level = player.level(track) + 1
    if level > TOP:
        return f"{track} is built to its top, level {TOP}"
    if not player.cities:
        return "improvements need a city on the board"
    brings = wins_metropolis(state, player, track, level)
    if (brings or (level == METROPOLIS and state.answered)) and not open_cities(player):
        return (
            "this level brings the metropolis, which needs a city of yours without one"
            if brings
            else "the fourth level needs a city of yours without a metropolis, whoever has that of the track"
        )
    return shortage(player, cost(player, track, discount), f"level {level} of {track}")


def wins_metropolis(state: State, player: UserAssets, track: Track, level: int) -> bool:
    """Whether reaching a level brings a player the metropolis of a track.

    The first at level 4 gets it; the first at level 5 takes it from a holder who is still at 4.
    """
    holder = state.metropolises[track].user_assets
    if holder is player or level < METROPOLIS:
        return False
    return holder is None or (level == TOP and holder.level(track) < TOP)


def upgrade(state: State, player: UserAssets, track: Track, discount: int = 0) -> Flow[None]:
    """Pay for and build the next level; a metropolis won is put on a city of the player's choice."""
    state.bank.charge(player, cost(player, track, discount))
    wins = wins_metropolis(state, player, track, player.level(track) + 1)
    player.raise_level(track)
    if wins:
        city = yield from choose(
            player, "City", open_cities(player), f"metropolis - choose the city for the metropolis of {track}"
        )
        if city is None:
            return
        metropolis = state.metropolises[track]
        metropolis.city = city
        metropolis.user_assets = player
