"""Where the belongings of somebody who leaves go: back into the box, the bank and the decks."""

from __future__ import annotations

from gameserver.games.catan import building
from gameserver.games.catan.model import UserAssets
from gameserver.games.catan.progress_cards import put_back
from gameserver.games.catan.state import State


def withdraw(state: State, player: UserAssets) -> None:
    """Take everything that was a player's out of the game; what was his alone is free for the others."""
    _hand(state, player)
    for road in player.roads:
        building.remove_road(state, road)
    for knight in player.knights:
        building.remove_knight(state, knight)
    for piece in player.buildings:
        building.remove_building(state, piece)
    if state.merchant.user_assets is player:
        state.merchant.field = None
        state.merchant.user_assets = None
    state.defender_cards += player.defender_points
    player.defender_points = 0
    player.longest_road = False
    state.roads_changed = True


def _hand(state: State, player: UserAssets) -> None:
    for card in player.cards:
        state.bank.take_back(card)
    for progress_card in player.progress_cards:
        put_back(state, player, progress_card)
    for open_card in player.victory_cards:
        state.decks[open_card.category].append(open_card.name)
        player.victory_cards.remove(open_card)
        state.model.forget(open_card)
    # Copies of other people's cards that a card of his was just showing.
    for shown in player.revealed_cards:
        player.revealed_cards.remove(shown)
        state.model.forget(shown)
    for seen in player.revealed_progress_cards:
        player.revealed_progress_cards.remove(seen)
        state.model.forget(seen)
