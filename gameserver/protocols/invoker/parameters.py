"""The payloads of what clients send; the numbers are the chapters of the document.

Amounts and seeds are texts here; whether they fit is checked by the rules, so that the error is theirs.
"""

from __future__ import annotations

import msgspec


class Params(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """A payload; one without keys when nothing else is said."""


class LoginParams(Params, frozen=True):
    """2.1."""

    token: str = ""


class ConfigParams(Params, frozen=True):
    """2.2."""

    game_id: str | None = None
    all_games: bool = False


class BalanceParams(Params, frozen=True):
    """2.3."""

    currency: str | None = None


class SubscribeParams(Params, frozen=True):
    """2.5; ``filters`` is JSON in a text."""

    event_types: list[str] = []
    filters: str | None = None
    player_id: str | None = None


class UnsubscribeParams(Params, frozen=True):
    """2.6."""

    event_types: list[str] | None = None
    subscription_id: str | None = None


class ActivitiesParams(Params, frozen=True):
    """2.7."""

    game_id: str = ""
    limit: int = 50


class DiceParams(Params, frozen=True):
    """3.1."""

    target: int
    condition: str


class MinesParams(Params, frozen=True):
    """4.1."""

    mines_count: int
    grid_type: str


class KenoParams(Params, frozen=True):
    """5.1; ``difficulty`` chooses another pay table."""

    selected_numbers: list[int]
    difficulty: str | None = None


class GameParams(Params, frozen=True):
    """One of these, the one of the game that the token is for."""

    dice_params: DiceParams | None = None
    mines_params: MinesParams | None = None
    keno_params: KenoParams | None = None
    blackjack_params: Params | None = None
    blackjack: Params | None = None


class BetParams(Params, frozen=True):
    """3.1, 4.1, 5.1."""

    amount: str = ""
    game_params: GameParams = GameParams()
    client_seed: str = ""


class HistoryParams(Params, frozen=True):
    """3.2; ``gameId`` leaves other games out."""

    limit: int = 10
    offset: int = 0
    game_id: str | None = None


class TileParams(Params, frozen=True):
    """4.2."""

    game_id: str
    tile_index: int


class RoundParams(Params, frozen=True):
    """4.3, 4.4, 4.7."""

    game_id: str


class ResumeParams(Params, frozen=True):
    """4.6; without an id the open round is resumed."""

    game_id: str | None = None


class HandParams(Params, frozen=True):
    """An action on a hand of blackjack."""

    round_id: str
    hand_index: int = 0


class InsuranceParams(Params, frozen=True):
    """Insurance taken or declined."""

    round_id: str
    accept_insurance: bool


class BlackjackParams(Params, frozen=True):
    """A look at a round of blackjack; without an id at the open one."""

    round_id: str | None = None
