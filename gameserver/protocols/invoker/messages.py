"""What clients send: a typed message for each ``t`` of the document, and how a text frame becomes one.

Unknown keys, missing keys and wrong types are refused as a whole, before anything is done. Amounts and seeds are
texts here; whether they fit is checked by the rules, so that the error is theirs.
"""

from __future__ import annotations

import json
from typing import Any, cast

import msgspec

from gameserver.errors import Code, GameError

#: Longest ``i``, in characters.
ID_LENGTH = 128


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


class Request(msgspec.Struct, frozen=True, tag_field="t", forbid_unknown_fields=True, gc=False):
    """A message: ``i`` chosen by the client, ``t`` the type, ``p`` the payload."""

    i: str

    @property
    def t(self) -> str:
        """The type."""
        return cast("str", self.__struct_config__.tag)


class Login(Request, frozen=True, tag="LOGIN"):
    """2.1."""

    p: LoginParams = LoginParams()


class GetGameConfig(Request, frozen=True, tag="GET_GAME_CONFIG"):
    """2.2."""

    p: ConfigParams = ConfigParams()


class GetBalance(Request, frozen=True, tag="GET_BALANCE"):
    """2.3."""

    p: BalanceParams = BalanceParams()


class GetGameState(Request, frozen=True, tag="GET_GAME_STATE"):
    """2.4."""

    p: Params = Params()


class Subscribe(Request, frozen=True, tag="SUBSCRIBE"):
    """2.5."""

    p: SubscribeParams = SubscribeParams()


class Unsubscribe(Request, frozen=True, tag="UNSUBSCRIBE"):
    """2.6."""

    p: UnsubscribeParams = UnsubscribeParams()


class GetBetActivities(Request, frozen=True, tag="GET_BET_ACTIVITIES"):
    """2.7."""

    p: ActivitiesParams = ActivitiesParams()


class PlaceBet(Request, frozen=True, tag="PLACE_BET"):
    """3.1, 4.1, 5.1."""

    p: BetParams


class GetBetHistory(Request, frozen=True, tag="GET_BET_HISTORY"):
    """3.2."""

    p: HistoryParams = HistoryParams()


class MinesRevealTile(Request, frozen=True, tag="MINES_REVEAL_TILE"):
    """4.2."""

    p: TileParams


class MinesCashOut(Request, frozen=True, tag="MINES_CASH_OUT"):
    """4.3."""

    p: RoundParams


class MinesGetState(Request, frozen=True, tag="MINES_GET_STATE"):
    """4.4."""

    p: RoundParams


class MinesCheckActive(Request, frozen=True, tag="MINES_CHECK_ACTIVE"):
    """4.5."""

    p: Params = Params()


class MinesResumeGame(Request, frozen=True, tag="MINES_RESUME_GAME"):
    """4.6."""

    p: ResumeParams = ResumeParams()


class MinesAbandonGame(Request, frozen=True, tag="MINES_ABANDON_GAME"):
    """4.7."""

    p: RoundParams


class BlackjackHit(Request, frozen=True, tag="BLACKJACK_HIT"):
    """A card for a hand."""

    p: HandParams


class BlackjackStand(Request, frozen=True, tag="BLACKJACK_STAND"):
    """No more cards for a hand."""

    p: HandParams


class BlackjackDouble(Request, frozen=True, tag="BLACKJACK_DOUBLE"):
    """Twice the bet and one card."""

    p: HandParams


class BlackjackSplit(Request, frozen=True, tag="BLACKJACK_SPLIT"):
    """Two hands out of a pair."""

    p: HandParams


class BlackjackInsurance(Request, frozen=True, tag="BLACKJACK_INSURANCE"):
    """Half the bet against the dealer's blackjack, or not."""

    p: InsuranceParams


class BlackjackGetState(Request, frozen=True, tag="BLACKJACK_GET_STATE"):
    """The state of a round."""

    p: BlackjackParams = BlackjackParams()


class BlackjackCheckActive(Request, frozen=True, tag="BLACKJACK_CHECK_ACTIVE"):
    """Whether a round is open."""

    p: Params = Params()


class BlackjackResumeGame(Request, frozen=True, tag="BLACKJACK_RESUME_GAME"):
    """The open round, after a lost connection."""

    p: BlackjackParams = BlackjackParams()


Message = (
    Login
    | GetGameConfig
    | GetBalance
    | GetGameState
    | Subscribe
    | Unsubscribe
    | GetBetActivities
    | PlaceBet
    | GetBetHistory
    | MinesRevealTile
    | MinesCashOut
    | MinesGetState
    | MinesCheckActive
    | MinesResumeGame
    | MinesAbandonGame
    | BlackjackHit
    | BlackjackStand
    | BlackjackDouble
    | BlackjackSplit
    | BlackjackInsurance
    | BlackjackGetState
    | BlackjackCheckActive
    | BlackjackResumeGame
)

_decoder = msgspec.json.Decoder(Message)


class Malformed(Exception):
    """A message that cannot be done; ``i`` is its id as far as one can be found, so that the answer correlates."""

    def __init__(self, i: object, error: GameError) -> None:
        super().__init__(error.text)
        self.i = i
        self.error = error


def decode(payload: bytes) -> Message:
    """Return the message of a text frame. Raises ``Malformed``."""
    try:
        message: Message = _decoder.decode(payload)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise Malformed(found_id(payload), _refusal(error)) from None
    return checked(message)


def from_builtins(values: dict[str, Any]) -> Message:
    """Return the message of plain values, as another form than JSON has brought them. Raises ``Malformed``."""
    try:
        message: Message = msgspec.convert(values, Message)
    except msgspec.ValidationError as error:
        raise Malformed(values.get("i", ""), _refusal(error)) from None
    return checked(message)


def checked(message: Message) -> Message:
    """Return a message whose id can be kept. Raises ``Malformed``."""
    if not 1 <= len(message.i) <= ID_LENGTH or not message.i.isprintable():
        text = f"i is a text of 1 to {ID_LENGTH} printable characters."
        raise Malformed(message.i, GameError(Code.BAD_ID, text))
    return message


def _refusal(error: Exception) -> GameError:
    text = str(error) if isinstance(error, msgspec.ValidationError) else "This is not a message."
    return GameError(Code.MALFORMED, text[:200])


def found_id(payload: bytes) -> object:
    """Return the ``i`` of a text frame that cannot be understood, empty if it has none."""
    try:
        values = json.loads(payload)
    except (ValueError, RecursionError):
        return ""
    found = values.get("i", "") if isinstance(values, dict) else ""
    if isinstance(found, str) and len(found) <= ID_LENGTH:
        return found.encode("utf-8", "replace").decode()
    return found if isinstance(found, int) and abs(found) < 1 << 53 else ""
