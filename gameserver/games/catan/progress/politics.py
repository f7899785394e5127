"""The blue deck: politics."""

from __future__ import annotations

from collections.abc import Mapping

from gameserver.games.catan import building, knights, network, robber
from gameserver.games.catan.bank import hand_over
from gameserver.games.catan.building import at_level
from gameserver.games.catan.model import KNIGHTS_PER_LEVEL, Card, Intersection, Knight, ProgressCard, Road, UserAssets
from gameserver.games.catan.progress_cards import CardRule, drop, take
from gameserver.games.catan.questions import Choose, Flow, Parallel, choose, may_choose, place
from gameserver.games.catan.state import State


def _bishop_objection(state: State, _player: UserAssets) -> str | None:
    return None if state.barbarian.attacks else "the robber does not move before the barbarians' first attack"


def _bishop(state: State, player: UserAssets) -> Flow[None]:
    yield from robber.relocate(state, player, from_all=True)


def _with_knights(state: State, player: UserAssets) -> list[UserAssets]:
    return [other for other in state.opponents(player) if len(other.knights)]


def _deserter_objection(state: State, player: UserAssets) -> str | None:
    return None if _with_knights(state, player) else "no opponent has a knight"


def _deserter(state: State, player: UserAssets) -> Flow[None]:
    victim = yield from choose(
        player, "UserAssets", _with_knights(state, player), "deserter - choose who loses a knight"
    )
    if victim is None:
        return
    knight = yield from choose(
        victim, "Knight", list(victim.knights), "deserter - a knight of yours deserts, choose which", asker=player
    )
    if knight is not None:
        level, active, activated = knight.level, knight.active, knight.activated_turn
        building.remove_knight(state, knight)
        spot = yield from _refuge(state, player, level)
        if spot is not None:
            placed = Knight(
                state.model,
                user_assets=player,
                intersection=spot,
                level=_deserted_level(player, level),
                active=active,
            )
            placed.activated_turn = activated
        state.roads_changed = True


def _deserted_level(player: UserAssets, level: int) -> int:
    """Return the level a deserter has on his new side: his own, or the next lower one in stock; 0 without any."""
    while level and at_level(player, level) >= KNIGHTS_PER_LEVEL:
        level -= 1
    return level


def _refuge(state: State, player: UserAssets, level: int) -> Flow[Intersection | None]:
    """Let a player say where a deserter goes."""
    level = _deserted_level(player, level)
    free = [
        spot
        for spot in state.board.intersections
        if network.vacant(spot) and network.on_road(state.board, player, spot)
    ]
    if not level:
        return None
    spot: Intersection | None = yield Choose(
        player, "Intersection", free, f"deserter - choose the place of your knight of level {level}", optional=True
    )
    return spot


def open_roads(state: State) -> list[Road]:
    """Return the roads of those who play that have an end without another piece of their owner."""
    return [road for player in state.order for road in player.roads if _is_open(state, player, road)]


def _is_open(state: State, player: UserAssets, road: Road) -> bool:
    border = road.border
    if border is None:
        return False
    return any(
        network.owner_at(spot) is not player
        and not any(other is not border and network.owns(other, player) for other, _ in state.board.steps[spot])
        for spot in state.board.ends[border]
    )


def _diplomat_objection(state: State, _player: UserAssets) -> str | None:
    return None if open_roads(state) else "there is no open road"


def _diplomat(state: State, player: UserAssets) -> Flow[None]:
    road = yield from may_choose(
        state,
        player,
        "Road",
        open_roads(state),
        "diplomat - choose the open road to remove; your own may be built anew",
    )
    if road is None:
        return
    own, left = road.user_assets is player, road.border
    building.remove_road(state, road)
    if own:
        # Somewhere else, says the card. (First: where it was as well.)
        places = [p for p in building.places(state, player, "Road") if p is not left or not state.answered]
        border = yield from place(player, "Road", places, "diplomat - build your road anew", optional=True)
        if border is not None:
            building.build(state, player, "Road", border)
    state.roads_changed = True


def _intrigued(state: State, player: UserAssets) -> list[Knight]:
    return [
        knight
        for other in state.opponents(player)
        for knight in other.knights
        if knight.intersection is not None and network.on_road(state.board, player, knight.intersection)
    ]


def _intrigue_objection(state: State, player: UserAssets) -> str | None:
    return None if _intrigued(state, player) else "no opponent's knight stands at a road of yours"


def _intrigue(state: State, player: UserAssets) -> Flow[None]:
    knight = yield from may_choose(
        state, player, "Knight", _intrigued(state, player), "intrigue - choose the knight that has to go"
    )
    if knight is not None:
        yield from knights.displace(state, knight)


def _sabotaged(state: State, player: UserAssets) -> list[UserAssets]:
    return [
        other
        for other in state.opponents(player)
        if other.victory_points >= player.victory_points and other.card_count > 1
    ]


def _saboteur_objection(state: State, player: UserAssets) -> str | None:
    return None if _sabotaged(state, player) else "nobody with as many victory points as you has two cards"


def _saboteur(state: State, player: UserAssets) -> Flow[None]:
    yield Parallel([robber.discard_half(state, other) for other in _sabotaged(state, player)])


def _with_progress(state: State, player: UserAssets) -> list[UserAssets]:
    return [other for other in state.opponents(player) if other.progress_card_count]


def _spy_objection(state: State, player: UserAssets) -> str | None:
    return None if _with_progress(state, player) else "no opponent holds a progress card"


def _spy(state: State, player: UserAssets) -> Flow[None]:
    victim = yield from choose(
        player, "UserAssets", _with_progress(state, player), "spy - choose whose progress cards to see"
    )
    if victim is None:
        return
    # The cards are shown through copies, because nobody else's cards are ever sent to a player.
    shown = {
        ProgressCard(state.model, player.seat, name=card.name, category=card.category): card
        for card in victim.progress_cards
    }
    for copy in shown:
        player.revealed_progress_cards.add(copy)
    picked: ProgressCard | None = yield Choose(
        player, "ProgressCard", list(shown), "spy - choose the card to take", optional=state.answered, asker=victim
    )
    for copy in shown:
        player.revealed_progress_cards.remove(copy)
        state.model.forget(copy)
    if picked is not None:
        card = shown[picked]
        drop(victim, card)
        take(player, card.name, card.category)


def _warlord_objection(_state: State, player: UserAssets) -> str | None:
    return None if any(not knight.active for knight in player.knights) else "you have no inactive knight"


def _warlord(state: State, player: UserAssets) -> Flow[None]:
    for knight in player.knights:
        if not knight.active:
            knights.activate(state, knight)
    yield from ()


def _guests(state: State, player: UserAssets) -> list[UserAssets]:
    return [
        other
        for other in state.opponents(player)
        if other.victory_points > player.victory_points and other.card_count
    ]


def _wedding_objection(state: State, player: UserAssets) -> str | None:
    return None if _guests(state, player) else "nobody with more victory points than you has a card"


def _wedding(state: State, player: UserAssets) -> Flow[None]:
    yield Parallel([_gift(player, guest) for guest in _guests(state, player)])


def _gift(player: UserAssets, guest: UserAssets) -> Flow[None]:
    for left in range(min(2, guest.card_count), 0, -1):
        card: Card | None = yield Choose(
            guest, "Card", guest.cards, f"wedding - cards to give to {player.nickname}: {left}", asker=player
        )
        if card is None:
            return
        hand_over(card, player)


CARDS: Mapping[str, CardRule] = {
    "BISHOP": CardRule(_bishop_objection, _bishop),
    "DESERTER": CardRule(_deserter_objection, _deserter),
    "DIPLOMAT": CardRule(_diplomat_objection, _diplomat),
    "INTRIGUE": CardRule(_intrigue_objection, _intrigue),
    "SABOTEUR": CardRule(_saboteur_objection, _saboteur),
    "SPY": CardRule(_spy_objection, _spy),
    "WARLORD": CardRule(_warlord_objection, _warlord),
    "WEDDING": CardRule(_wedding_objection, _wedding),
}
