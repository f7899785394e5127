"""The one exception whose text reaches a client with its codes, and those whose text an operator reads."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Code(StrEnum):
    """Why something is refused: stable words for programs, the same at every protocol, in JSON and in the metrics.

    A protocol whose document has words of its own translates them (``protocols/invoker/refusals.py``).
    """

    # Anything
    BAD_REQUEST = "bad_request"
    BAD_PARAMETERS = "bad_parameters"
    MALFORMED = "malformed"
    UNDECODABLE = "undecodable"
    WRONG_FIELDS = "wrong_fields"
    WRONG_FORMAT = "wrong_format"
    UNKNOWN_COMMAND = "unknown_command"
    USAGE = "usage"
    TOO_LONG = "too_long"
    TOO_LARGE = "too_large"
    TOO_FAST = "too_fast"
    TOO_MANY_REQUESTS = "too_many_requests"
    TOO_MANY_CONNECTIONS = "too_many_connections"
    NOT_FOUND = "not_found"
    METHOD = "method"
    FORBIDDEN = "forbidden"
    BUSY = "busy"
    CLOSED = "closed"
    INTERNAL = "internal"

    # Accounts and logins
    NOT_LOGGED_IN = "not_logged_in"
    ALREADY_LOGGED_IN = "already_logged_in"
    BAD_CREDENTIALS = "bad_credentials"
    UNKNOWN_USER = "unknown_user"
    NO_ACCOUNT = "no_account"
    BAD_ACCOUNT = "bad_account"
    BAD_NAME = "bad_name"
    BAD_EMAIL = "bad_email"
    BAD_PASSWORD = "bad_password"
    BAD_TEAM = "bad_team"
    BAD_TOKEN = "bad_token"
    TOKEN_EXPIRED = "token_expired"
    NAME_TAKEN = "name_taken"
    EMAIL_TAKEN = "email_taken"
    REGISTRATION_CLOSED = "registration_closed"

    # Moderation
    BANNED = "banned"
    MUTED = "muted"
    BAD_ADDRESS = "bad_address"
    NO_SANCTION = "no_sanction"
    NOT_ONLINE = "not_online"

    # Talk
    NO_MESSAGE = "no_message"
    NO_TEAM = "no_team"
    NOT_SENT = "not_sent"

    # Rooms
    NO_ROOM = "no_room"
    ROOM_FULL = "room_full"
    TOO_MANY_ROOMS = "too_many_rooms"
    NO_SEAT = "no_seat"
    SEATED = "seated"
    NO_TYPE = "no_type"
    OTHER_VERSION = "other_version"
    NOT_PLAYING = "not_playing"
    WATCHING = "watching"
    DEAD = "dead"

    # Matches
    NO_GAME = "no_game"
    GAME_EXISTS = "game_exists"
    ELSEWHERE = "elsewhere"
    TOO_MANY_GAMES = "too_many_games"
    NOT_JOINED = "not_joined"
    VISITING = "visiting"
    BAD_OPTIONS = "bad_options"
    NO_MAP = "no_map"
    NO_MAPS = "no_maps"
    BAD_MAP = "bad_map"
    TOO_MANY_FRIENDS = "too_many_friends"
    BAD_ACHIEVEMENT = "bad_achievement"
    BAD_CONDITION = "bad_condition"

    # Consoles
    ALREADY_RUNNING = "already_running"
    NOT_RUNNING = "not_running"
    STARTING = "starting"
    STOPPING = "stopping"
    START_FAILED = "start_failed"
    BAD_COMMAND = "bad_command"

    # Money and tokens of the games for it
    INSUFFICIENT_BALANCE = "insufficient_balance"
    BALANCE_TOO_LARGE = "balance_too_large"
    BAD_AMOUNT = "bad_amount"
    BET_TOO_LOW = "bet_too_low"
    BET_TOO_HIGH = "bet_too_high"
    UNKNOWN_CURRENCY = "unknown_currency"
    OTHER_CURRENCY = "other_currency"
    UNKNOWN_GAME = "unknown_game"
    OTHER_GAME = "other_game"
    BAD_GAME_TOKEN = "bad_game_token"
    GAME_TOKEN_EXPIRED = "game_token_expired"
    REPEATED_ID = "repeated_id"
    BAD_ID = "bad_id"
    BAD_LIMIT = "bad_limit"
    NO_GAME_ID = "no_game_id"
    NO_BET_PARAMETERS = "no_bet_parameters"
    BAD_EVENT_TYPE = "bad_event_type"
    BAD_FILTER = "bad_filter"
    NO_SUBSCRIPTION = "no_subscription"
    MISSING_PARAMETER = "missing_parameter"
    NO_SIGNATURE = "no_signature"
    BAD_SIGNATURE = "bad_signature"
    REQUEST_EXPIRED = "request_expired"

    # Provably fair games
    BAD_SERVER_SEED = "bad_server_seed"
    BAD_CLIENT_SEED = "bad_client_seed"
    BAD_NONCE = "bad_nonce"
    BAD_SEED_LENGTH = "bad_seed_length"
    NO_ROUND = "no_round"
    ROUND_OPEN = "round_open"
    ROUND_OVER = "round_over"
    BAD_TARGET = "bad_target"
    BAD_SIDE = "bad_side"
    BAD_NUMBERS = "bad_numbers"
    BAD_NUMBER_COUNT = "bad_number_count"
    BAD_NUMBER_RANGE = "bad_number_range"
    DUPLICATE_NUMBERS = "duplicate_numbers"
    BAD_DIFFICULTY = "bad_difficulty"
    BAD_GRID_TYPE = "bad_grid_type"
    BAD_MINES_COUNT = "bad_mines_count"
    BAD_TILE = "bad_tile"
    TILE_OPEN = "tile_open"
    NO_TILE_OPEN = "no_tile_open"
    BAD_ACTION = "bad_action"
    ACTION_NOT_ALLOWED = "action_not_allowed"
    NO_HAND = "no_hand"
    CANNOT_DOUBLE = "cannot_double"
    CANNOT_SPLIT = "cannot_split"
    ALREADY_SPLIT = "already_split"
    CANNOT_INSURE = "cannot_insure"


class GameError(Exception):
    """Something a person did that cannot be done. Every protocol turns it into its own error message.

    ``code`` is a stable word for programs, ``text`` one English sentence for people, ``details`` further facts for
    protocols whose messages have a place for them.
    """

    def __init__(self, code: Code, text: str, details: Mapping[str, str] | None = None) -> None:
        super().__init__(f"{code}: {text}")
        self.code = code
        self.text = text
        self.details = dict(details or {})


class Unavailable(GameError):
    """The database is out of reach or cannot write; the same may work later. ``reason`` is for operators."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(Code.BUSY, "The server cannot reach its data at the moment; please try again later.")


class StartError(Exception):
    """Something without which the server cannot start; the text is one line for the operator."""


def in_one_line(error: OSError) -> str:
    """Return what the system has refused, and on which file if it says so."""
    if error.filename is None:
        return error.strerror or str(error)
    return f"{error.filename}: {error.strerror}"
