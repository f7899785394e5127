"""What all progress cards have in common: their rule, drawing, the hand limit, going back under the deck."""

from __future__ import annotations

from collections.abc import Callable

import attrs

from gameserver.games.catan.decks import HAND_LIMIT, OPEN_CARDS
from gameserver.games.catan.goods import Track
from gameserver.games.catan.model import ProgressCard, UserAssets
from gameserver.games.catan.questions import Flow, GiveBack
from gameserver.games.catan.state import State

LIMIT_REMARK = f"progressLimit - you may keep {HAND_LIMIT} progress cards, choose one to put back"


@attrs.frozen
class CardRule:
    """``objection`` says why the card would have no effect now (or ``None``); ``play`` is what it does."""

    objection: Callable[[State, UserAssets], str | None]
    play: Callable[[State, UserAssets], Flow[None]]


def gate(state: State, track: Track, red: int) -> Flow[None]:
    """Deal the cards of an event die: everybody from level 1 whose red number is at most his level plus one."""
    for player in state.from_current():
        if player.level(track) and red <= player.level(track) + 1:
            yield from draw(state, player, track)


def draw(state: State, player: UserAssets, track: Track) -> Flow[None]:
    """Deal a player the top card of a deck, if there is one.

    Victory points are laid open. Whoever is not on turn gives a fifth card back at once; on his own turn he is asked
    when the roll or card that brought it is done, because he may then play a card instead.
    """
    if not state.decks[track] or player.gone:
        return
    name = state.decks[track].popleft()
    if name in OPEN_CARDS:
        reveal(player, name, track)
        return
    take(player, name, track)
    if player is not state.current:
        yield from enforce_limit(state, player)


def take(player: UserAssets, name: str, track: Track) -> ProgressCard:
    """Put a card into a player's hand."""
    card = ProgressCard(player.model, player.seat, name=name, category=track)
    player.progress_cards.add(card)
    player.progress_card_count += 1
    return card


def drop(player: UserAssets, card: ProgressCard) -> None:
    """Take a card out of a player's hand."""
    player.progress_cards.remove(card)
    player.progress_card_count -= 1
    player.model.forget(card)


def reveal(player: UserAssets, name: str, track: Track) -> ProgressCard:
    """Lay a card that is a victory point open before a player."""
    card = ProgressCard(player.model, None, name=name, category=track)
    player.victory_cards.add(card)
    return card


def put_back(state: State, player: UserAssets, card: ProgressCard) -> None:
    """Put a card from a player's hand under its deck."""
    state.decks[card.category].append(card.name)
    drop(player, card)


def enforce_limit(state: State, player: UserAssets) -> Flow[None]:
    """Make a player who is not on turn give back progress cards until he holds no more than four."""
    while len(player.progress_cards) > HAND_LIMIT:
        card: ProgressCard | None = yield GiveBack(player, LIMIT_REMARK)
        if card is None:
            return
        put_back(state, player, card)
