"""What clients send: a typed message for each ``t`` of the document, and how a text frame becomes one.

Unknown keys, missing keys and wrong types are refused as a whole, before anything is done.
"""

from __future__ import annotations

import json
from typing import Any, cast

import msgspec

from gameserver.errors import Code, GameError
from gameserver.protocols.invoker.parameters import (
    ActivitiesParams,
    BalanceParams,
    BetParams,
    BlackjackParams,
    ConfigParams,
    HandParams,
    HistoryParams,
    InsuranceParams,
    LoginParams,
    Params,
    ResumeParams,
    RoundParams,
    SubscribeParams,
    TileParams,
    UnsubscribeParams,
)

#: Longest ``i``, in characters.
ID_LENGTH = 128


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


class Malformed(GameError):
    """A message that cannot be done; ``i`` is its id as far as one can be found, so that the answer correlates."""

    def __init__(self, i: object, text: str, code: Code = Code.MALFORMED) -> None:
        super().__init__(code, text)
        self.i = i


def decode(payload: bytes) -> Message:
    """Return the message of a text frame. Raises ``Malformed``."""
    try:
        message: Message = _decoder.decode(payload)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise Malformed(found_id(payload), _reason(error)) from None
    return checked(message)


def from_builtins(values: dict[str, Any]) -> Message:
    """Return the message of plain values, as another form than JSON has brought them. Raises ``Malformed``."""
    try:
        message: Message = msgspec.convert(values, Message)
    except msgspec.ValidationError as error:
        raise Malformed(values.get("i", ""), _reason(error)) from None
    return checked(message)


def checked(message: Message) -> Message:
    """Return a message whose id can be kept. Raises ``Malformed``."""
    if not 1 <= len(message.i) <= ID_LENGTH or not message.i.isprintable():
        raise Malformed(message.i, f"i is a text of 1 to {ID_LENGTH} printable characters.", Code.BAD_ID)
    return message


def _reason(error: Exception) -> str:
    return str(error)[:200] if isinstance(error, msgspec.ValidationError) else "This is not a message."


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
