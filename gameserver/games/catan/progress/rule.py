"""What a progress card is to the game: when it may be played, and what it does."""

from __future__ import annotations

from collections.abc import Callable

import attrs

from gameserver.games.catan.model import UserAssets
from gameserver.games.catan.questions import Flow
from gameserver.games.catan.state import State


@attrs.frozen
class CardRule:
    """``objection`` says why the card would have no effect now (or ``None``); ``play`` is what it does."""

    objection: Callable[[State, UserAssets], str | None]
    play: Callable[[State, UserAssets], Flow[None]]
