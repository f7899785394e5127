from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class EventType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    EVENT_TYPE_UNSPECIFIED: _ClassVar[EventType]
    EVENT_TYPE_BET_PLACED: _ClassVar[EventType]
    EVENT_TYPE_GAME_RESULT: _ClassVar[EventType]
    EVENT_TYPE_PLAYER_JOINED: _ClassVar[EventType]
    EVENT_TYPE_PLAYER_LEFT: _ClassVar[EventType]
    EVENT_TYPE_BIG_WIN: _ClassVar[EventType]
    EVENT_TYPE_JACKPOT: _ClassVar[EventType]
    EVENT_TYPE_BET_ACTIVITY: _ClassVar[EventType]
    EVENT_TYPE_BET_ACTIVITY_BATCH: _ClassVar[EventType]
    EVENT_TYPE_LIVE_STATS: _ClassVar[EventType]
    EVENT_TYPE_BALANCE_UPDATE: _ClassVar[EventType]
EVENT_TYPE_UNSPECIFIED: EventType
EVENT_TYPE_BET_PLACED: EventType
EVENT_TYPE_GAME_RESULT: EventType
EVENT_TYPE_PLAYER_JOINED: EventType
EVENT_TYPE_PLAYER_LEFT: EventType
EVENT_TYPE_BIG_WIN: EventType
EVENT_TYPE_JACKPOT: EventType
EVENT_TYPE_BET_ACTIVITY: EventType
EVENT_TYPE_BET_ACTIVITY_BATCH: EventType
EVENT_TYPE_LIVE_STATS: EventType
EVENT_TYPE_BALANCE_UPDATE: EventType

class WebSocketMessage(_message.Message):
    __slots__ = ("id", "type", "timestamp", "login_request", "get_game_config_request", "get_balance_request", "get_game_state_request", "subscribe_request", "unsubscribe_request", "get_bet_activities_request", "place_bet_request", "get_bet_history_request", "mines_reveal_tile_request", "mines_cash_out_request", "mines_get_state_request", "mines_check_active_request", "mines_resume_game_request", "mines_abandon_game_request", "blackjack_hit_request", "blackjack_stand_request", "blackjack_double_request", "blackjack_split_request", "blackjack_insurance_request", "blackjack_get_state_request", "blackjack_check_active_request", "blackjack_resume_game_request", "login_response", "get_game_config_response", "get_balance_response", "get_game_state_response", "subscribe_response", "unsubscribe_response", "get_bet_activities_response", "place_bet_response", "get_bet_history_response", "mines_reveal_tile_response", "mines_cash_out_response", "mines_get_state_response", "mines_check_active_response", "mines_resume_game_response", "mines_abandon_game_response", "blackjack_game_state", "blackjack_check_active_response", "blackjack_resume_game_response", "error", "initialization_complete", "balance_update", "bet_activity", "bet_activity_batch", "token_refresh")
    ID_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    TIMESTAMP_FIELD_NUMBER: _ClassVar[int]
    LOGIN_REQUEST_FIELD_NUMBER: _ClassVar[int]
    GET_GAME_CONFIG_REQUEST_FIELD_NUMBER: _ClassVar[int]
    GET_BALANCE_REQUEST_FIELD_NUMBER: _ClassVar[int]
    GET_GAME_STATE_REQUEST_FIELD_NUMBER: _ClassVar[int]
    SUBSCRIBE_REQUEST_FIELD_NUMBER: _ClassVar[int]
    UNSUBSCRIBE_REQUEST_FIELD_NUMBER: _ClassVar[int]
    GET_BET_ACTIVITIES_REQUEST_FIELD_NUMBER: _ClassVar[int]
    PLACE_BET_REQUEST_FIELD_NUMBER: _ClassVar[int]
    GET_BET_HISTORY_REQUEST_FIELD_NUMBER: _ClassVar[int]
    MINES_REVEAL_TILE_REQUEST_FIELD_NUMBER: _ClassVar[int]
    MINES_CASH_OUT_REQUEST_FIELD_NUMBER: _ClassVar[int]
    MINES_GET_STATE_REQUEST_FIELD_NUMBER: _ClassVar[int]
    MINES_CHECK_ACTIVE_REQUEST_FIELD_NUMBER: _ClassVar[int]
    MINES_RESUME_GAME_REQUEST_FIELD_NUMBER: _ClassVar[int]
    MINES_ABANDON_GAME_REQUEST_FIELD_NUMBER: _ClassVar[int]
    BLACKJACK_HIT_REQUEST_FIELD_NUMBER: _ClassVar[int]
    BLACKJACK_STAND_REQUEST_FIELD_NUMBER: _ClassVar[int]
    BLACKJACK_DOUBLE_REQUEST_FIELD_NUMBER: _ClassVar[int]
    BLACKJACK_SPLIT_REQUEST_FIELD_NUMBER: _ClassVar[int]
    BLACKJACK_INSURANCE_REQUEST_FIELD_NUMBER: _ClassVar[int]
    BLACKJACK_GET_STATE_REQUEST_FIELD_NUMBER: _ClassVar[int]
    BLACKJACK_CHECK_ACTIVE_REQUEST_FIELD_NUMBER: _ClassVar[int]
    BLACKJACK_RESUME_GAME_REQUEST_FIELD_NUMBER: _ClassVar[int]
    LOGIN_RESPONSE_FIELD_NUMBER: _ClassVar[int]
    GET_GAME_CONFIG_RESPONSE_FIELD_NUMBER: _ClassVar[int]
    GET_BALANCE_RESPONSE_FIELD_NUMBER: _ClassVar[int]
    GET_GAME_STATE_RESPONSE_FIELD_NUMBER: _ClassVar[int]
    SUBSCRIBE_RESPONSE_FIELD_NUMBER: _ClassVar[int]
    UNSUBSCRIBE_RESPONSE_FIELD_NUMBER: _ClassVar[int]
    GET_BET_ACTIVITIES_RESPONSE_FIELD_NUMBER: _ClassVar[int]
    PLACE_BET_RESPONSE_FIELD_NUMBER: _ClassVar[int]
    GET_BET_HISTORY_RESPONSE_FIELD_NUMBER: _ClassVar[int]
    MINES_REVEAL_TILE_RESPONSE_FIELD_NUMBER: _ClassVar[int]
    MINES_CASH_OUT_RESPONSE_FIELD_NUMBER: _ClassVar[int]
    MINES_GET_STATE_RESPONSE_FIELD_NUMBER: _ClassVar[int]
    MINES_CHECK_ACTIVE_RESPONSE_FIELD_NUMBER: _ClassVar[int]
    MINES_RESUME_GAME_RESPONSE_FIELD_NUMBER: _ClassVar[int]
    MINES_ABANDON_GAME_RESPONSE_FIELD_NUMBER: _ClassVar[int]
    BLACKJACK_GAME_STATE_FIELD_NUMBER: _ClassVar[int]
    BLACKJACK_CHECK_ACTIVE_RESPONSE_FIELD_NUMBER: _ClassVar[int]
    BLACKJACK_RESUME_GAME_RESPONSE_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    INITIALIZATION_COMPLETE_FIELD_NUMBER: _ClassVar[int]
    BALANCE_UPDATE_FIELD_NUMBER: _ClassVar[int]
    BET_ACTIVITY_FIELD_NUMBER: _ClassVar[int]
    BET_ACTIVITY_BATCH_FIELD_NUMBER: _ClassVar[int]
    TOKEN_REFRESH_FIELD_NUMBER: _ClassVar[int]
    id: str
    type: str
    timestamp: int
    login_request: LoginRequest
    get_game_config_request: GetGameConfigRequest
    get_balance_request: GetBalanceRequest
    get_game_state_request: GetGameStateRequest
    subscribe_request: SubscribeRequest
    unsubscribe_request: UnsubscribeRequest
    get_bet_activities_request: GetBetActivitiesRequest
    place_bet_request: PlaceBetRequest
    get_bet_history_request: GetBetHistoryRequest
    mines_reveal_tile_request: MinesRevealTileRequest
    mines_cash_out_request: MinesCashOutRequest
    mines_get_state_request: MinesGetStateRequest
    mines_check_active_request: MinesCheckActiveRequest
    mines_resume_game_request: MinesResumeGameRequest
    mines_abandon_game_request: MinesAbandonGameRequest
    blackjack_hit_request: BlackjackHandRequest
    blackjack_stand_request: BlackjackHandRequest
    blackjack_double_request: BlackjackHandRequest
    blackjack_split_request: BlackjackHandRequest
    blackjack_insurance_request: BlackjackInsuranceRequest
    blackjack_get_state_request: BlackjackRoundRequest
    blackjack_check_active_request: BlackjackCheckActiveRequest
    blackjack_resume_game_request: BlackjackRoundRequest
    login_response: LoginResponse
    get_game_config_response: GetGameConfigResponse
    get_balance_response: GetBalanceResponse
    get_game_state_response: GetGameStateResponse
    subscribe_response: SubscribeResponse
    unsubscribe_response: UnsubscribeResponse
    get_bet_activities_response: GetBetActivitiesResponse
    place_bet_response: PlaceBetResponse
    get_bet_history_response: GetBetHistoryResponse
    mines_reveal_tile_response: MinesRevealTileResponse
    mines_cash_out_response: MinesCashOutResponse
    mines_get_state_response: MinesGetStateResponse
    mines_check_active_response: MinesCheckActiveResponse
    mines_resume_game_response: MinesResumeGameResponse
    mines_abandon_game_response: MinesAbandonGameResponse
    blackjack_game_state: BlackjackGameState
    blackjack_check_active_response: BlackjackCheckActiveResponse
    blackjack_resume_game_response: BlackjackResumeGameResponse
    error: ErrorMessage
    initialization_complete: InitializationComplete
    balance_update: BalanceUpdateEvent
    bet_activity: BetActivity
    bet_activity_batch: BetActivityBatch
    token_refresh: TokenRefresh
    def __init__(self, id: _Optional[str] = ..., type: _Optional[str] = ..., timestamp: _Optional[int] = ..., login_request: _Optional[_Union[LoginRequest, _Mapping]] = ..., get_game_config_request: _Optional[_Union[GetGameConfigRequest, _Mapping]] = ..., get_balance_request: _Optional[_Union[GetBalanceRequest, _Mapping]] = ..., get_game_state_request: _Optional[_Union[GetGameStateRequest, _Mapping]] = ..., subscribe_request: _Optional[_Union[SubscribeRequest, _Mapping]] = ..., unsubscribe_request: _Optional[_Union[UnsubscribeRequest, _Mapping]] = ..., get_bet_activities_request: _Optional[_Union[GetBetActivitiesRequest, _Mapping]] = ..., place_bet_request: _Optional[_Union[PlaceBetRequest, _Mapping]] = ..., get_bet_history_request: _Optional[_Union[GetBetHistoryRequest, _Mapping]] = ..., mines_reveal_tile_request: _Optional[_Union[MinesRevealTileRequest, _Mapping]] = ..., mines_cash_out_request: _Optional[_Union[MinesCashOutRequest, _Mapping]] = ..., mines_get_state_request: _Optional[_Union[MinesGetStateRequest, _Mapping]] = ..., mines_check_active_request: _Optional[_Union[MinesCheckActiveRequest, _Mapping]] = ..., mines_resume_game_request: _Optional[_Union[MinesResumeGameRequest, _Mapping]] = ..., mines_abandon_game_request: _Optional[_Union[MinesAbandonGameRequest, _Mapping]] = ..., blackjack_hit_request: _Optional[_Union[BlackjackHandRequest, _Mapping]] = ..., blackjack_stand_request: _Optional[_Union[BlackjackHandRequest, _Mapping]] = ..., blackjack_double_request: _Optional[_Union[BlackjackHandRequest, _Mapping]] = ..., blackjack_split_request: _Optional[_Union[BlackjackHandRequest, _Mapping]] = ..., blackjack_insurance_request: _Optional[_Union[BlackjackInsuranceRequest, _Mapping]] = ..., blackjack_get_state_request: _Optional[_Union[BlackjackRoundRequest, _Mapping]] = ..., blackjack_check_active_request: _Optional[_Union[BlackjackCheckActiveRequest, _Mapping]] = ..., blackjack_resume_game_request: _Optional[_Union[BlackjackRoundRequest, _Mapping]] = ..., login_response: _Optional[_Union[LoginResponse, _Mapping]] = ..., get_game_config_response: _Optional[_Union[GetGameConfigResponse, _Mapping]] = ..., get_balance_response: _Optional[_Union[GetBalanceResponse, _Mapping]] = ..., get_game_state_response: _Optional[_Union[GetGameStateResponse, _Mapping]] = ..., subscribe_response: _Optional[_Union[SubscribeResponse, _Mapping]] = ..., unsubscribe_response: _Optional[_Union[UnsubscribeResponse, _Mapping]] = ..., get_bet_activities_response: _Optional[_Union[GetBetActivitiesResponse, _Mapping]] = ..., place_bet_response: _Optional[_Union[PlaceBetResponse, _Mapping]] = ..., get_bet_history_response: _Optional[_Union[GetBetHistoryResponse, _Mapping]] = ..., mines_reveal_tile_response: _Optional[_Union[MinesRevealTileResponse, _Mapping]] = ..., mines_cash_out_response: _Optional[_Union[MinesCashOutResponse, _Mapping]] = ..., mines_get_state_response: _Optional[_Union[MinesGetStateResponse, _Mapping]] = ..., mines_check_active_response: _Optional[_Union[MinesCheckActiveResponse, _Mapping]] = ..., mines_resume_game_response: _Optional[_Union[MinesResumeGameResponse, _Mapping]] = ..., mines_abandon_game_response: _Optional[_Union[MinesAbandonGameResponse, _Mapping]] = ..., blackjack_game_state: _Optional[_Union[BlackjackGameState, _Mapping]] = ..., blackjack_check_active_response: _Optional[_Union[BlackjackCheckActiveResponse, _Mapping]] = ..., blackjack_resume_game_response: _Optional[_Union[BlackjackResumeGameResponse, _Mapping]] = ..., error: _Optional[_Union[ErrorMessage, _Mapping]] = ..., initialization_complete: _Optional[_Union[InitializationComplete, _Mapping]] = ..., balance_update: _Optional[_Union[BalanceUpdateEvent, _Mapping]] = ..., bet_activity: _Optional[_Union[BetActivity, _Mapping]] = ..., bet_activity_batch: _Optional[_Union[BetActivityBatch, _Mapping]] = ..., token_refresh: _Optional[_Union[TokenRefresh, _Mapping]] = ...) -> None: ...

class ErrorMessage(_message.Message):
    __slots__ = ("code", "message", "request_id", "details")
    CODE_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    DETAILS_FIELD_NUMBER: _ClassVar[int]
    code: str
    message: str
    request_id: str
    details: str
    def __init__(self, code: _Optional[str] = ..., message: _Optional[str] = ..., request_id: _Optional[str] = ..., details: _Optional[str] = ...) -> None: ...

class Failure(_message.Message):
    __slots__ = ("code", "message")
    CODE_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    code: str
    message: str
    def __init__(self, code: _Optional[str] = ..., message: _Optional[str] = ...) -> None: ...

class LoginRequest(_message.Message):
    __slots__ = ("token",)
    TOKEN_FIELD_NUMBER: _ClassVar[int]
    token: str
    def __init__(self, token: _Optional[str] = ...) -> None: ...

class LoginResponse(_message.Message):
    __slots__ = ("success", "user_id", "game_id", "session_id", "error")
    SUCCESS_FIELD_NUMBER: _ClassVar[int]
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    GAME_ID_FIELD_NUMBER: _ClassVar[int]
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    success: bool
    user_id: str
    game_id: str
    session_id: str
    error: Failure
    def __init__(self, success: _Optional[bool] = ..., user_id: _Optional[str] = ..., game_id: _Optional[str] = ..., session_id: _Optional[str] = ..., error: _Optional[_Union[Failure, _Mapping]] = ...) -> None: ...

class GetGameConfigRequest(_message.Message):
    __slots__ = ("game_id", "all_games")
    GAME_ID_FIELD_NUMBER: _ClassVar[int]
    ALL_GAMES_FIELD_NUMBER: _ClassVar[int]
    game_id: str
    all_games: bool
    def __init__(self, game_id: _Optional[str] = ..., all_games: _Optional[bool] = ...) -> None: ...

class GetGameConfigResponse(_message.Message):
    __slots__ = ("configs",)
    CONFIGS_FIELD_NUMBER: _ClassVar[int]
    configs: _containers.RepeatedCompositeFieldContainer[GameConfigEntry]
    def __init__(self, configs: _Optional[_Iterable[_Union[GameConfigEntry, _Mapping]]] = ...) -> None: ...

class GameConfigEntry(_message.Message):
    __slots__ = ("game_id", "config")
    GAME_ID_FIELD_NUMBER: _ClassVar[int]
    CONFIG_FIELD_NUMBER: _ClassVar[int]
    game_id: str
    config: GameConfig
    def __init__(self, game_id: _Optional[str] = ..., config: _Optional[_Union[GameConfig, _Mapping]] = ...) -> None: ...

class GameConfig(_message.Message):
    __slots__ = ("id", "game_name", "game_id", "category", "status", "description", "default_rtp", "bet_info", "game_parameters", "min_bet", "max_bet", "rtp", "returns", "payout_tables")
    ID_FIELD_NUMBER: _ClassVar[int]
    GAME_NAME_FIELD_NUMBER: _ClassVar[int]
    GAME_ID_FIELD_NUMBER: _ClassVar[int]
    CATEGORY_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    DEFAULT_RTP_FIELD_NUMBER: _ClassVar[int]
    BET_INFO_FIELD_NUMBER: _ClassVar[int]
    GAME_PARAMETERS_FIELD_NUMBER: _ClassVar[int]
    MIN_BET_FIELD_NUMBER: _ClassVar[int]
    MAX_BET_FIELD_NUMBER: _ClassVar[int]
    RTP_FIELD_NUMBER: _ClassVar[int]
    RETURNS_FIELD_NUMBER: _ClassVar[int]
    PAYOUT_TABLES_FIELD_NUMBER: _ClassVar[int]
    id: int
    game_name: str
    game_id: str
    category: str
    status: str
    description: str
    default_rtp: str
    bet_info: _containers.RepeatedCompositeFieldContainer[BetInfo]
    game_parameters: GameParameters
    min_bet: float
    max_bet: float
    rtp: float
    returns: _containers.RepeatedCompositeFieldContainer[ReturnToPlayer]
    payout_tables: _containers.RepeatedCompositeFieldContainer[PayoutTable]
    def __init__(self, id: _Optional[int] = ..., game_name: _Optional[str] = ..., game_id: _Optional[str] = ..., category: _Optional[str] = ..., status: _Optional[str] = ..., description: _Optional[str] = ..., default_rtp: _Optional[str] = ..., bet_info: _Optional[_Iterable[_Union[BetInfo, _Mapping]]] = ..., game_parameters: _Optional[_Union[GameParameters, _Mapping]] = ..., min_bet: _Optional[float] = ..., max_bet: _Optional[float] = ..., rtp: _Optional[float] = ..., returns: _Optional[_Iterable[_Union[ReturnToPlayer, _Mapping]]] = ..., payout_tables: _Optional[_Iterable[_Union[PayoutTable, _Mapping]]] = ...) -> None: ...

class BetInfo(_message.Message):
    __slots__ = ("currency", "currency_type", "default_bet", "min_bet", "max_bet", "max_profit")
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_TYPE_FIELD_NUMBER: _ClassVar[int]
    DEFAULT_BET_FIELD_NUMBER: _ClassVar[int]
    MIN_BET_FIELD_NUMBER: _ClassVar[int]
    MAX_BET_FIELD_NUMBER: _ClassVar[int]
    MAX_PROFIT_FIELD_NUMBER: _ClassVar[int]
    currency: str
    currency_type: str
    default_bet: float
    min_bet: float
    max_bet: float
    max_profit: float
    def __init__(self, currency: _Optional[str] = ..., currency_type: _Optional[str] = ..., default_bet: _Optional[float] = ..., min_bet: _Optional[float] = ..., max_bet: _Optional[float] = ..., max_profit: _Optional[float] = ...) -> None: ...

class GameParameters(_message.Message):
    __slots__ = ("roll_number_min", "roll_number_max", "default_target", "grids", "default_grid_type", "default_mines_count", "min_spots", "max_spots", "numbers", "default_difficulty", "difficulties", "decks", "max_hands")
    ROLL_NUMBER_MIN_FIELD_NUMBER: _ClassVar[int]
    ROLL_NUMBER_MAX_FIELD_NUMBER: _ClassVar[int]
    DEFAULT_TARGET_FIELD_NUMBER: _ClassVar[int]
    GRIDS_FIELD_NUMBER: _ClassVar[int]
    DEFAULT_GRID_TYPE_FIELD_NUMBER: _ClassVar[int]
    DEFAULT_MINES_COUNT_FIELD_NUMBER: _ClassVar[int]
    MIN_SPOTS_FIELD_NUMBER: _ClassVar[int]
    MAX_SPOTS_FIELD_NUMBER: _ClassVar[int]
    NUMBERS_FIELD_NUMBER: _ClassVar[int]
    DEFAULT_DIFFICULTY_FIELD_NUMBER: _ClassVar[int]
    DIFFICULTIES_FIELD_NUMBER: _ClassVar[int]
    DECKS_FIELD_NUMBER: _ClassVar[int]
    MAX_HANDS_FIELD_NUMBER: _ClassVar[int]
    roll_number_min: int
    roll_number_max: int
    default_target: int
    grids: _containers.RepeatedCompositeFieldContainer[Grid]
    default_grid_type: str
    default_mines_count: int
    min_spots: int
    max_spots: int
    numbers: int
    default_difficulty: str
    difficulties: _containers.RepeatedScalarFieldContainer[str]
    decks: int
    max_hands: int
    def __init__(self, roll_number_min: _Optional[int] = ..., roll_number_max: _Optional[int] = ..., default_target: _Optional[int] = ..., grids: _Optional[_Iterable[_Union[Grid, _Mapping]]] = ..., default_grid_type: _Optional[str] = ..., default_mines_count: _Optional[int] = ..., min_spots: _Optional[int] = ..., max_spots: _Optional[int] = ..., numbers: _Optional[int] = ..., default_difficulty: _Optional[str] = ..., difficulties: _Optional[_Iterable[str]] = ..., decks: _Optional[int] = ..., max_hands: _Optional[int] = ...) -> None: ...

class Grid(_message.Message):
    __slots__ = ("grid_type", "max_mines")
    GRID_TYPE_FIELD_NUMBER: _ClassVar[int]
    MAX_MINES_FIELD_NUMBER: _ClassVar[int]
    grid_type: str
    max_mines: int
    def __init__(self, grid_type: _Optional[str] = ..., max_mines: _Optional[int] = ...) -> None: ...

class ReturnToPlayer(_message.Message):
    __slots__ = ("name", "lowest", "highest", "rows", "currencies")
    NAME_FIELD_NUMBER: _ClassVar[int]
    LOWEST_FIELD_NUMBER: _ClassVar[int]
    HIGHEST_FIELD_NUMBER: _ClassVar[int]
    ROWS_FIELD_NUMBER: _ClassVar[int]
    CURRENCIES_FIELD_NUMBER: _ClassVar[int]
    name: str
    lowest: str
    highest: str
    rows: _containers.RepeatedScalarFieldContainer[str]
    currencies: _containers.RepeatedCompositeFieldContainer[CurrencyReturn]
    def __init__(self, name: _Optional[str] = ..., lowest: _Optional[str] = ..., highest: _Optional[str] = ..., rows: _Optional[_Iterable[str]] = ..., currencies: _Optional[_Iterable[_Union[CurrencyReturn, _Mapping]]] = ...) -> None: ...

class CurrencyReturn(_message.Message):
    __slots__ = ("currency", "lowest", "at_min_bet", "at_max_bet")
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    LOWEST_FIELD_NUMBER: _ClassVar[int]
    AT_MIN_BET_FIELD_NUMBER: _ClassVar[int]
    AT_MAX_BET_FIELD_NUMBER: _ClassVar[int]
    currency: str
    lowest: str
    at_min_bet: ReturnSpan
    at_max_bet: ReturnSpan
    def __init__(self, currency: _Optional[str] = ..., lowest: _Optional[str] = ..., at_min_bet: _Optional[_Union[ReturnSpan, _Mapping]] = ..., at_max_bet: _Optional[_Union[ReturnSpan, _Mapping]] = ...) -> None: ...

class ReturnSpan(_message.Message):
    __slots__ = ("lowest", "highest")
    LOWEST_FIELD_NUMBER: _ClassVar[int]
    HIGHEST_FIELD_NUMBER: _ClassVar[int]
    lowest: str
    highest: str
    def __init__(self, lowest: _Optional[str] = ..., highest: _Optional[str] = ...) -> None: ...

class PayoutTable(_message.Message):
    __slots__ = ("difficulty", "rows")
    DIFFICULTY_FIELD_NUMBER: _ClassVar[int]
    ROWS_FIELD_NUMBER: _ClassVar[int]
    difficulty: str
    rows: _containers.RepeatedCompositeFieldContainer[PayoutRow]
    def __init__(self, difficulty: _Optional[str] = ..., rows: _Optional[_Iterable[_Union[PayoutRow, _Mapping]]] = ...) -> None: ...

class PayoutRow(_message.Message):
    __slots__ = ("picks", "multipliers")
    PICKS_FIELD_NUMBER: _ClassVar[int]
    MULTIPLIERS_FIELD_NUMBER: _ClassVar[int]
    picks: int
    multipliers: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, picks: _Optional[int] = ..., multipliers: _Optional[_Iterable[str]] = ...) -> None: ...

class GetBalanceRequest(_message.Message):
    __slots__ = ("currency",)
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    currency: str
    def __init__(self, currency: _Optional[str] = ...) -> None: ...

class GetBalanceResponse(_message.Message):
    __slots__ = ("balance", "currency")
    BALANCE_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    balance: str
    currency: str
    def __init__(self, balance: _Optional[str] = ..., currency: _Optional[str] = ...) -> None: ...

class GetGameStateRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetGameStateResponse(_message.Message):
    __slots__ = ("balance", "game_state", "server_seed_info")
    BALANCE_FIELD_NUMBER: _ClassVar[int]
    GAME_STATE_FIELD_NUMBER: _ClassVar[int]
    SERVER_SEED_INFO_FIELD_NUMBER: _ClassVar[int]
    balance: str
    game_state: str
    server_seed_info: ServerSeedInfo
    def __init__(self, balance: _Optional[str] = ..., game_state: _Optional[str] = ..., server_seed_info: _Optional[_Union[ServerSeedInfo, _Mapping]] = ...) -> None: ...

class ServerSeedInfo(_message.Message):
    __slots__ = ("hashed_server_seed", "current_nonce", "created_at")
    HASHED_SERVER_SEED_FIELD_NUMBER: _ClassVar[int]
    CURRENT_NONCE_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    hashed_server_seed: str
    current_nonce: int
    created_at: int
    def __init__(self, hashed_server_seed: _Optional[str] = ..., current_nonce: _Optional[int] = ..., created_at: _Optional[int] = ...) -> None: ...

class SubscribeRequest(_message.Message):
    __slots__ = ("player_id", "event_types", "filters")
    PLAYER_ID_FIELD_NUMBER: _ClassVar[int]
    EVENT_TYPES_FIELD_NUMBER: _ClassVar[int]
    FILTERS_FIELD_NUMBER: _ClassVar[int]
    player_id: str
    event_types: _containers.RepeatedScalarFieldContainer[str]
    filters: str
    def __init__(self, player_id: _Optional[str] = ..., event_types: _Optional[_Iterable[str]] = ..., filters: _Optional[str] = ...) -> None: ...

class SubscribeResponse(_message.Message):
    __slots__ = ("subscription_id", "event_types", "success", "message")
    SUBSCRIPTION_ID_FIELD_NUMBER: _ClassVar[int]
    EVENT_TYPES_FIELD_NUMBER: _ClassVar[int]
    SUCCESS_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    subscription_id: str
    event_types: _containers.RepeatedScalarFieldContainer[str]
    success: bool
    message: str
    def __init__(self, subscription_id: _Optional[str] = ..., event_types: _Optional[_Iterable[str]] = ..., success: _Optional[bool] = ..., message: _Optional[str] = ...) -> None: ...

class UnsubscribeRequest(_message.Message):
    __slots__ = ("event_types", "subscription_id")
    EVENT_TYPES_FIELD_NUMBER: _ClassVar[int]
    SUBSCRIPTION_ID_FIELD_NUMBER: _ClassVar[int]
    event_types: _containers.RepeatedScalarFieldContainer[str]
    subscription_id: str
    def __init__(self, event_types: _Optional[_Iterable[str]] = ..., subscription_id: _Optional[str] = ...) -> None: ...

class UnsubscribeResponse(_message.Message):
    __slots__ = ("success", "message")
    SUCCESS_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    success: bool
    message: str
    def __init__(self, success: _Optional[bool] = ..., message: _Optional[str] = ...) -> None: ...

class GetBetActivitiesRequest(_message.Message):
    __slots__ = ("game_id", "limit")
    GAME_ID_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    game_id: str
    limit: int
    def __init__(self, game_id: _Optional[str] = ..., limit: _Optional[int] = ...) -> None: ...

class GetBetActivitiesResponse(_message.Message):
    __slots__ = ("activities", "total_count", "sampled_count")
    ACTIVITIES_FIELD_NUMBER: _ClassVar[int]
    TOTAL_COUNT_FIELD_NUMBER: _ClassVar[int]
    SAMPLED_COUNT_FIELD_NUMBER: _ClassVar[int]
    activities: _containers.RepeatedCompositeFieldContainer[ListedActivity]
    total_count: int
    sampled_count: int
    def __init__(self, activities: _Optional[_Iterable[_Union[ListedActivity, _Mapping]]] = ..., total_count: _Optional[int] = ..., sampled_count: _Optional[int] = ...) -> None: ...

class ListedActivity(_message.Message):
    __slots__ = ("bet_id", "player_id", "player_name", "game_id", "bet_amount", "win_amount", "currency", "multiplier", "is_win", "timestamp", "game_outcome")
    BET_ID_FIELD_NUMBER: _ClassVar[int]
    PLAYER_ID_FIELD_NUMBER: _ClassVar[int]
    PLAYER_NAME_FIELD_NUMBER: _ClassVar[int]
    GAME_ID_FIELD_NUMBER: _ClassVar[int]
    BET_AMOUNT_FIELD_NUMBER: _ClassVar[int]
    WIN_AMOUNT_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    MULTIPLIER_FIELD_NUMBER: _ClassVar[int]
    IS_WIN_FIELD_NUMBER: _ClassVar[int]
    TIMESTAMP_FIELD_NUMBER: _ClassVar[int]
    GAME_OUTCOME_FIELD_NUMBER: _ClassVar[int]
    bet_id: str
    player_id: str
    player_name: str
    game_id: str
    bet_amount: str
    win_amount: str
    currency: str
    multiplier: str
    is_win: bool
    timestamp: int
    game_outcome: ActivityOutcome
    def __init__(self, bet_id: _Optional[str] = ..., player_id: _Optional[str] = ..., player_name: _Optional[str] = ..., game_id: _Optional[str] = ..., bet_amount: _Optional[str] = ..., win_amount: _Optional[str] = ..., currency: _Optional[str] = ..., multiplier: _Optional[str] = ..., is_win: _Optional[bool] = ..., timestamp: _Optional[int] = ..., game_outcome: _Optional[_Union[ActivityOutcome, _Mapping]] = ...) -> None: ...

class ActivityOutcome(_message.Message):
    __slots__ = ("dice_outcome", "mines_outcome", "keno_outcome", "blackjack_outcome")
    DICE_OUTCOME_FIELD_NUMBER: _ClassVar[int]
    MINES_OUTCOME_FIELD_NUMBER: _ClassVar[int]
    KENO_OUTCOME_FIELD_NUMBER: _ClassVar[int]
    BLACKJACK_OUTCOME_FIELD_NUMBER: _ClassVar[int]
    dice_outcome: ActivityDiceOutcome
    mines_outcome: ActivityMinesOutcome
    keno_outcome: KenoOutcome
    blackjack_outcome: ActivityBlackjackOutcome
    def __init__(self, dice_outcome: _Optional[_Union[ActivityDiceOutcome, _Mapping]] = ..., mines_outcome: _Optional[_Union[ActivityMinesOutcome, _Mapping]] = ..., keno_outcome: _Optional[_Union[KenoOutcome, _Mapping]] = ..., blackjack_outcome: _Optional[_Union[ActivityBlackjackOutcome, _Mapping]] = ...) -> None: ...

class ActivityDiceOutcome(_message.Message):
    __slots__ = ("target", "result", "roll_type")
    TARGET_FIELD_NUMBER: _ClassVar[int]
    RESULT_FIELD_NUMBER: _ClassVar[int]
    ROLL_TYPE_FIELD_NUMBER: _ClassVar[int]
    target: int
    result: float
    roll_type: str
    def __init__(self, target: _Optional[int] = ..., result: _Optional[float] = ..., roll_type: _Optional[str] = ...) -> None: ...

class ActivityMinesOutcome(_message.Message):
    __slots__ = ("mines_count", "grid_type", "safe_tiles_revealed", "status")
    MINES_COUNT_FIELD_NUMBER: _ClassVar[int]
    GRID_TYPE_FIELD_NUMBER: _ClassVar[int]
    SAFE_TILES_REVEALED_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    mines_count: int
    grid_type: str
    safe_tiles_revealed: int
    status: str
    def __init__(self, mines_count: _Optional[int] = ..., grid_type: _Optional[str] = ..., safe_tiles_revealed: _Optional[int] = ..., status: _Optional[str] = ...) -> None: ...

class ActivityBlackjackOutcome(_message.Message):
    __slots__ = ("dealer_value", "hand_values", "results")
    DEALER_VALUE_FIELD_NUMBER: _ClassVar[int]
    HAND_VALUES_FIELD_NUMBER: _ClassVar[int]
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    dealer_value: int
    hand_values: _containers.RepeatedScalarFieldContainer[int]
    results: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, dealer_value: _Optional[int] = ..., hand_values: _Optional[_Iterable[int]] = ..., results: _Optional[_Iterable[str]] = ...) -> None: ...

class PlaceBetRequest(_message.Message):
    __slots__ = ("amount", "game_params", "client_seed")
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    GAME_PARAMS_FIELD_NUMBER: _ClassVar[int]
    CLIENT_SEED_FIELD_NUMBER: _ClassVar[int]
    amount: str
    game_params: GameParams
    client_seed: str
    def __init__(self, amount: _Optional[str] = ..., game_params: _Optional[_Union[GameParams, _Mapping]] = ..., client_seed: _Optional[str] = ...) -> None: ...

class GameParams(_message.Message):
    __slots__ = ("dice_params", "mines_params", "keno_params", "blackjack_params")
    DICE_PARAMS_FIELD_NUMBER: _ClassVar[int]
    MINES_PARAMS_FIELD_NUMBER: _ClassVar[int]
    KENO_PARAMS_FIELD_NUMBER: _ClassVar[int]
    BLACKJACK_PARAMS_FIELD_NUMBER: _ClassVar[int]
    dice_params: DiceParams
    mines_params: MinesParams
    keno_params: KenoParams
    blackjack_params: BlackjackParams
    def __init__(self, dice_params: _Optional[_Union[DiceParams, _Mapping]] = ..., mines_params: _Optional[_Union[MinesParams, _Mapping]] = ..., keno_params: _Optional[_Union[KenoParams, _Mapping]] = ..., blackjack_params: _Optional[_Union[BlackjackParams, _Mapping]] = ...) -> None: ...

class DiceParams(_message.Message):
    __slots__ = ("target", "condition")
    TARGET_FIELD_NUMBER: _ClassVar[int]
    CONDITION_FIELD_NUMBER: _ClassVar[int]
    target: int
    condition: str
    def __init__(self, target: _Optional[int] = ..., condition: _Optional[str] = ...) -> None: ...

class MinesParams(_message.Message):
    __slots__ = ("mines_count", "grid_type")
    MINES_COUNT_FIELD_NUMBER: _ClassVar[int]
    GRID_TYPE_FIELD_NUMBER: _ClassVar[int]
    mines_count: int
    grid_type: str
    def __init__(self, mines_count: _Optional[int] = ..., grid_type: _Optional[str] = ...) -> None: ...

class KenoParams(_message.Message):
    __slots__ = ("selected_numbers", "difficulty")
    SELECTED_NUMBERS_FIELD_NUMBER: _ClassVar[int]
    DIFFICULTY_FIELD_NUMBER: _ClassVar[int]
    selected_numbers: _containers.RepeatedScalarFieldContainer[int]
    difficulty: str
    def __init__(self, selected_numbers: _Optional[_Iterable[int]] = ..., difficulty: _Optional[str] = ...) -> None: ...

class BlackjackParams(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class PlaceBetResponse(_message.Message):
    __slots__ = ("bet_id", "game_result", "balance")
    BET_ID_FIELD_NUMBER: _ClassVar[int]
    GAME_RESULT_FIELD_NUMBER: _ClassVar[int]
    BALANCE_FIELD_NUMBER: _ClassVar[int]
    bet_id: str
    game_result: GameResult
    balance: str
    def __init__(self, bet_id: _Optional[str] = ..., game_result: _Optional[_Union[GameResult, _Mapping]] = ..., balance: _Optional[str] = ...) -> None: ...

class GameResult(_message.Message):
    __slots__ = ("game_id", "bet_amount", "win_amount", "is_win", "multiplier", "timestamp", "dice_outcome", "mines_outcome", "keno_outcome")
    GAME_ID_FIELD_NUMBER: _ClassVar[int]
    BET_AMOUNT_FIELD_NUMBER: _ClassVar[int]
    WIN_AMOUNT_FIELD_NUMBER: _ClassVar[int]
    IS_WIN_FIELD_NUMBER: _ClassVar[int]
    MULTIPLIER_FIELD_NUMBER: _ClassVar[int]
    TIMESTAMP_FIELD_NUMBER: _ClassVar[int]
    DICE_OUTCOME_FIELD_NUMBER: _ClassVar[int]
    MINES_OUTCOME_FIELD_NUMBER: _ClassVar[int]
    KENO_OUTCOME_FIELD_NUMBER: _ClassVar[int]
    game_id: str
    bet_amount: str
    win_amount: str
    is_win: bool
    multiplier: str
    timestamp: int
    dice_outcome: DiceOutcome
    mines_outcome: MinesOutcome
    keno_outcome: KenoOutcome
    def __init__(self, game_id: _Optional[str] = ..., bet_amount: _Optional[str] = ..., win_amount: _Optional[str] = ..., is_win: _Optional[bool] = ..., multiplier: _Optional[str] = ..., timestamp: _Optional[int] = ..., dice_outcome: _Optional[_Union[DiceOutcome, _Mapping]] = ..., mines_outcome: _Optional[_Union[MinesOutcome, _Mapping]] = ..., keno_outcome: _Optional[_Union[KenoOutcome, _Mapping]] = ...) -> None: ...

class DiceOutcome(_message.Message):
    __slots__ = ("rolled_number", "target", "condition", "multiplier")
    ROLLED_NUMBER_FIELD_NUMBER: _ClassVar[int]
    TARGET_FIELD_NUMBER: _ClassVar[int]
    CONDITION_FIELD_NUMBER: _ClassVar[int]
    MULTIPLIER_FIELD_NUMBER: _ClassVar[int]
    rolled_number: float
    target: int
    condition: str
    multiplier: str
    def __init__(self, rolled_number: _Optional[float] = ..., target: _Optional[int] = ..., condition: _Optional[str] = ..., multiplier: _Optional[str] = ...) -> None: ...

class MinesOutcome(_message.Message):
    __slots__ = ("game_id", "status", "mines_count", "grid_type", "revealed_tiles", "safe_tiles_revealed", "current_multiplier", "next_multiplier", "bet_amount", "created_at", "updated_at", "mine_positions", "final_multiplier")
    GAME_ID_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    MINES_COUNT_FIELD_NUMBER: _ClassVar[int]
    GRID_TYPE_FIELD_NUMBER: _ClassVar[int]
    REVEALED_TILES_FIELD_NUMBER: _ClassVar[int]
    SAFE_TILES_REVEALED_FIELD_NUMBER: _ClassVar[int]
    CURRENT_MULTIPLIER_FIELD_NUMBER: _ClassVar[int]
    NEXT_MULTIPLIER_FIELD_NUMBER: _ClassVar[int]
    BET_AMOUNT_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    UPDATED_AT_FIELD_NUMBER: _ClassVar[int]
    MINE_POSITIONS_FIELD_NUMBER: _ClassVar[int]
    FINAL_MULTIPLIER_FIELD_NUMBER: _ClassVar[int]
    game_id: str
    status: str
    mines_count: int
    grid_type: str
    revealed_tiles: _containers.RepeatedScalarFieldContainer[int]
    safe_tiles_revealed: int
    current_multiplier: str
    next_multiplier: str
    bet_amount: str
    created_at: int
    updated_at: int
    mine_positions: _containers.RepeatedScalarFieldContainer[int]
    final_multiplier: str
    def __init__(self, game_id: _Optional[str] = ..., status: _Optional[str] = ..., mines_count: _Optional[int] = ..., grid_type: _Optional[str] = ..., revealed_tiles: _Optional[_Iterable[int]] = ..., safe_tiles_revealed: _Optional[int] = ..., current_multiplier: _Optional[str] = ..., next_multiplier: _Optional[str] = ..., bet_amount: _Optional[str] = ..., created_at: _Optional[int] = ..., updated_at: _Optional[int] = ..., mine_positions: _Optional[_Iterable[int]] = ..., final_multiplier: _Optional[str] = ...) -> None: ...

class KenoOutcome(_message.Message):
    __slots__ = ("selected_numbers", "drawn_numbers", "matched_numbers", "selected_count", "matched_count", "payout", "difficulty")
    SELECTED_NUMBERS_FIELD_NUMBER: _ClassVar[int]
    DRAWN_NUMBERS_FIELD_NUMBER: _ClassVar[int]
    MATCHED_NUMBERS_FIELD_NUMBER: _ClassVar[int]
    SELECTED_COUNT_FIELD_NUMBER: _ClassVar[int]
    MATCHED_COUNT_FIELD_NUMBER: _ClassVar[int]
    PAYOUT_FIELD_NUMBER: _ClassVar[int]
    DIFFICULTY_FIELD_NUMBER: _ClassVar[int]
    selected_numbers: _containers.RepeatedScalarFieldContainer[int]
    drawn_numbers: _containers.RepeatedScalarFieldContainer[int]
    matched_numbers: _containers.RepeatedScalarFieldContainer[int]
    selected_count: int
    matched_count: int
    payout: str
    difficulty: str
    def __init__(self, selected_numbers: _Optional[_Iterable[int]] = ..., drawn_numbers: _Optional[_Iterable[int]] = ..., matched_numbers: _Optional[_Iterable[int]] = ..., selected_count: _Optional[int] = ..., matched_count: _Optional[int] = ..., payout: _Optional[str] = ..., difficulty: _Optional[str] = ...) -> None: ...

class GetBetHistoryRequest(_message.Message):
    __slots__ = ("limit", "offset", "game_id")
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    OFFSET_FIELD_NUMBER: _ClassVar[int]
    GAME_ID_FIELD_NUMBER: _ClassVar[int]
    limit: int
    offset: int
    game_id: str
    def __init__(self, limit: _Optional[int] = ..., offset: _Optional[int] = ..., game_id: _Optional[str] = ...) -> None: ...

class GetBetHistoryResponse(_message.Message):
    __slots__ = ("history", "total", "has_more")
    HISTORY_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    HAS_MORE_FIELD_NUMBER: _ClassVar[int]
    history: _containers.RepeatedCompositeFieldContainer[HistoryEntry]
    total: int
    has_more: bool
    def __init__(self, history: _Optional[_Iterable[_Union[HistoryEntry, _Mapping]]] = ..., total: _Optional[int] = ..., has_more: _Optional[bool] = ...) -> None: ...

class HistoryEntry(_message.Message):
    __slots__ = ("bet_id", "game_id", "bet_amount", "win_amount", "is_win", "timestamp", "currency", "multiplier", "game_outcome", "provably_fair")
    BET_ID_FIELD_NUMBER: _ClassVar[int]
    GAME_ID_FIELD_NUMBER: _ClassVar[int]
    BET_AMOUNT_FIELD_NUMBER: _ClassVar[int]
    WIN_AMOUNT_FIELD_NUMBER: _ClassVar[int]
    IS_WIN_FIELD_NUMBER: _ClassVar[int]
    TIMESTAMP_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    MULTIPLIER_FIELD_NUMBER: _ClassVar[int]
    GAME_OUTCOME_FIELD_NUMBER: _ClassVar[int]
    PROVABLY_FAIR_FIELD_NUMBER: _ClassVar[int]
    bet_id: str
    game_id: str
    bet_amount: str
    win_amount: str
    is_win: bool
    timestamp: int
    currency: str
    multiplier: str
    game_outcome: HistoryOutcome
    provably_fair: ProvablyFair
    def __init__(self, bet_id: _Optional[str] = ..., game_id: _Optional[str] = ..., bet_amount: _Optional[str] = ..., win_amount: _Optional[str] = ..., is_win: _Optional[bool] = ..., timestamp: _Optional[int] = ..., currency: _Optional[str] = ..., multiplier: _Optional[str] = ..., game_outcome: _Optional[_Union[HistoryOutcome, _Mapping]] = ..., provably_fair: _Optional[_Union[ProvablyFair, _Mapping]] = ...) -> None: ...

class HistoryOutcome(_message.Message):
    __slots__ = ("dice_outcome", "mines_outcome", "keno_outcome", "blackjack_outcome")
    DICE_OUTCOME_FIELD_NUMBER: _ClassVar[int]
    MINES_OUTCOME_FIELD_NUMBER: _ClassVar[int]
    KENO_OUTCOME_FIELD_NUMBER: _ClassVar[int]
    BLACKJACK_OUTCOME_FIELD_NUMBER: _ClassVar[int]
    dice_outcome: DiceOutcome
    mines_outcome: MinesOutcome
    keno_outcome: KenoOutcome
    blackjack_outcome: BlackjackOutcome
    def __init__(self, dice_outcome: _Optional[_Union[DiceOutcome, _Mapping]] = ..., mines_outcome: _Optional[_Union[MinesOutcome, _Mapping]] = ..., keno_outcome: _Optional[_Union[KenoOutcome, _Mapping]] = ..., blackjack_outcome: _Optional[_Union[BlackjackOutcome, _Mapping]] = ...) -> None: ...

class BlackjackOutcome(_message.Message):
    __slots__ = ("dealer_value", "hand_values", "results", "actions", "player_hands", "dealer_hand", "total_bet", "total_payout")
    DEALER_VALUE_FIELD_NUMBER: _ClassVar[int]
    HAND_VALUES_FIELD_NUMBER: _ClassVar[int]
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    ACTIONS_FIELD_NUMBER: _ClassVar[int]
    PLAYER_HANDS_FIELD_NUMBER: _ClassVar[int]
    DEALER_HAND_FIELD_NUMBER: _ClassVar[int]
    TOTAL_BET_FIELD_NUMBER: _ClassVar[int]
    TOTAL_PAYOUT_FIELD_NUMBER: _ClassVar[int]
    dealer_value: int
    hand_values: _containers.RepeatedScalarFieldContainer[int]
    results: _containers.RepeatedScalarFieldContainer[str]
    actions: _containers.RepeatedScalarFieldContainer[str]
    player_hands: _containers.RepeatedCompositeFieldContainer[PlayerHand]
    dealer_hand: DealerHand
    total_bet: str
    total_payout: str
    def __init__(self, dealer_value: _Optional[int] = ..., hand_values: _Optional[_Iterable[int]] = ..., results: _Optional[_Iterable[str]] = ..., actions: _Optional[_Iterable[str]] = ..., player_hands: _Optional[_Iterable[_Union[PlayerHand, _Mapping]]] = ..., dealer_hand: _Optional[_Union[DealerHand, _Mapping]] = ..., total_bet: _Optional[str] = ..., total_payout: _Optional[str] = ...) -> None: ...

class ProvablyFair(_message.Message):
    __slots__ = ("client_seed", "server_seed", "hashed_server_seed", "nonce")
    CLIENT_SEED_FIELD_NUMBER: _ClassVar[int]
    SERVER_SEED_FIELD_NUMBER: _ClassVar[int]
    HASHED_SERVER_SEED_FIELD_NUMBER: _ClassVar[int]
    NONCE_FIELD_NUMBER: _ClassVar[int]
    client_seed: str
    server_seed: str
    hashed_server_seed: str
    nonce: int
    def __init__(self, client_seed: _Optional[str] = ..., server_seed: _Optional[str] = ..., hashed_server_seed: _Optional[str] = ..., nonce: _Optional[int] = ...) -> None: ...

class MinesGameState(_message.Message):
    __slots__ = ("game_id", "status", "bet_amount", "mines_count", "grid_type", "revealed_tiles", "safe_tiles_revealed", "created_at", "updated_at")
    GAME_ID_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    BET_AMOUNT_FIELD_NUMBER: _ClassVar[int]
    MINES_COUNT_FIELD_NUMBER: _ClassVar[int]
    GRID_TYPE_FIELD_NUMBER: _ClassVar[int]
    REVEALED_TILES_FIELD_NUMBER: _ClassVar[int]
    SAFE_TILES_REVEALED_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    UPDATED_AT_FIELD_NUMBER: _ClassVar[int]
    game_id: str
    status: str
    bet_amount: str
    mines_count: int
    grid_type: str
    revealed_tiles: _containers.RepeatedScalarFieldContainer[int]
    safe_tiles_revealed: int
    created_at: int
    updated_at: int
    def __init__(self, game_id: _Optional[str] = ..., status: _Optional[str] = ..., bet_amount: _Optional[str] = ..., mines_count: _Optional[int] = ..., grid_type: _Optional[str] = ..., revealed_tiles: _Optional[_Iterable[int]] = ..., safe_tiles_revealed: _Optional[int] = ..., created_at: _Optional[int] = ..., updated_at: _Optional[int] = ...) -> None: ...

class MinesResult(_message.Message):
    __slots__ = ("mine_positions", "safe_tiles_revealed", "final_multiplier", "payout", "provably_fair")
    MINE_POSITIONS_FIELD_NUMBER: _ClassVar[int]
    SAFE_TILES_REVEALED_FIELD_NUMBER: _ClassVar[int]
    FINAL_MULTIPLIER_FIELD_NUMBER: _ClassVar[int]
    PAYOUT_FIELD_NUMBER: _ClassVar[int]
    PROVABLY_FAIR_FIELD_NUMBER: _ClassVar[int]
    mine_positions: _containers.RepeatedScalarFieldContainer[int]
    safe_tiles_revealed: int
    final_multiplier: str
    payout: str
    provably_fair: ProvablyFair
    def __init__(self, mine_positions: _Optional[_Iterable[int]] = ..., safe_tiles_revealed: _Optional[int] = ..., final_multiplier: _Optional[str] = ..., payout: _Optional[str] = ..., provably_fair: _Optional[_Union[ProvablyFair, _Mapping]] = ...) -> None: ...

class MinesRevealTileRequest(_message.Message):
    __slots__ = ("game_id", "tile_index")
    GAME_ID_FIELD_NUMBER: _ClassVar[int]
    TILE_INDEX_FIELD_NUMBER: _ClassVar[int]
    game_id: str
    tile_index: int
    def __init__(self, game_id: _Optional[str] = ..., tile_index: _Optional[int] = ...) -> None: ...

class MinesRevealTileResponse(_message.Message):
    __slots__ = ("is_mine", "game_state", "current_multiplier", "next_multiplier", "result", "balance")
    IS_MINE_FIELD_NUMBER: _ClassVar[int]
    GAME_STATE_FIELD_NUMBER: _ClassVar[int]
    CURRENT_MULTIPLIER_FIELD_NUMBER: _ClassVar[int]
    NEXT_MULTIPLIER_FIELD_NUMBER: _ClassVar[int]
    RESULT_FIELD_NUMBER: _ClassVar[int]
    BALANCE_FIELD_NUMBER: _ClassVar[int]
    is_mine: bool
    game_state: MinesGameState
    current_multiplier: str
    next_multiplier: str
    result: MinesResult
    balance: str
    def __init__(self, is_mine: _Optional[bool] = ..., game_state: _Optional[_Union[MinesGameState, _Mapping]] = ..., current_multiplier: _Optional[str] = ..., next_multiplier: _Optional[str] = ..., result: _Optional[_Union[MinesResult, _Mapping]] = ..., balance: _Optional[str] = ...) -> None: ...

class MinesCashOutRequest(_message.Message):
    __slots__ = ("game_id",)
    GAME_ID_FIELD_NUMBER: _ClassVar[int]
    game_id: str
    def __init__(self, game_id: _Optional[str] = ...) -> None: ...

class MinesCashOutResponse(_message.Message):
    __slots__ = ("payout", "game_state", "result", "balance")
    PAYOUT_FIELD_NUMBER: _ClassVar[int]
    GAME_STATE_FIELD_NUMBER: _ClassVar[int]
    RESULT_FIELD_NUMBER: _ClassVar[int]
    BALANCE_FIELD_NUMBER: _ClassVar[int]
    payout: str
    game_state: MinesGameState
    result: MinesResult
    balance: str
    def __init__(self, payout: _Optional[str] = ..., game_state: _Optional[_Union[MinesGameState, _Mapping]] = ..., result: _Optional[_Union[MinesResult, _Mapping]] = ..., balance: _Optional[str] = ...) -> None: ...

class MinesGetStateRequest(_message.Message):
    __slots__ = ("game_id",)
    GAME_ID_FIELD_NUMBER: _ClassVar[int]
    game_id: str
    def __init__(self, game_id: _Optional[str] = ...) -> None: ...

class MinesGetStateResponse(_message.Message):
    __slots__ = ("game_state", "current_multiplier", "next_multiplier")
    GAME_STATE_FIELD_NUMBER: _ClassVar[int]
    CURRENT_MULTIPLIER_FIELD_NUMBER: _ClassVar[int]
    NEXT_MULTIPLIER_FIELD_NUMBER: _ClassVar[int]
    game_state: MinesGameState
    current_multiplier: str
    next_multiplier: str
    def __init__(self, game_state: _Optional[_Union[MinesGameState, _Mapping]] = ..., current_multiplier: _Optional[str] = ..., next_multiplier: _Optional[str] = ...) -> None: ...

class MinesCheckActiveRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class MinesCheckActiveResponse(_message.Message):
    __slots__ = ("has_active_game", "game_id", "game_state")
    HAS_ACTIVE_GAME_FIELD_NUMBER: _ClassVar[int]
    GAME_ID_FIELD_NUMBER: _ClassVar[int]
    GAME_STATE_FIELD_NUMBER: _ClassVar[int]
    has_active_game: bool
    game_id: str
    game_state: MinesGameState
    def __init__(self, has_active_game: _Optional[bool] = ..., game_id: _Optional[str] = ..., game_state: _Optional[_Union[MinesGameState, _Mapping]] = ...) -> None: ...

class MinesResumeGameRequest(_message.Message):
    __slots__ = ("game_id",)
    GAME_ID_FIELD_NUMBER: _ClassVar[int]
    game_id: str
    def __init__(self, game_id: _Optional[str] = ...) -> None: ...

class MinesResumeGameResponse(_message.Message):
    __slots__ = ("success", "game_state", "current_multiplier", "next_multiplier")
    SUCCESS_FIELD_NUMBER: _ClassVar[int]
    GAME_STATE_FIELD_NUMBER: _ClassVar[int]
    CURRENT_MULTIPLIER_FIELD_NUMBER: _ClassVar[int]
    NEXT_MULTIPLIER_FIELD_NUMBER: _ClassVar[int]
    success: bool
    game_state: MinesGameState
    current_multiplier: str
    next_multiplier: str
    def __init__(self, success: _Optional[bool] = ..., game_state: _Optional[_Union[MinesGameState, _Mapping]] = ..., current_multiplier: _Optional[str] = ..., next_multiplier: _Optional[str] = ...) -> None: ...

class MinesAbandonGameRequest(_message.Message):
    __slots__ = ("game_id",)
    GAME_ID_FIELD_NUMBER: _ClassVar[int]
    game_id: str
    def __init__(self, game_id: _Optional[str] = ...) -> None: ...

class MinesAbandonGameResponse(_message.Message):
    __slots__ = ("success", "message", "result")
    SUCCESS_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    RESULT_FIELD_NUMBER: _ClassVar[int]
    success: bool
    message: str
    result: MinesResult
    def __init__(self, success: _Optional[bool] = ..., message: _Optional[str] = ..., result: _Optional[_Union[MinesResult, _Mapping]] = ...) -> None: ...

class BlackjackHandRequest(_message.Message):
    __slots__ = ("round_id", "hand_index")
    ROUND_ID_FIELD_NUMBER: _ClassVar[int]
    HAND_INDEX_FIELD_NUMBER: _ClassVar[int]
    round_id: str
    hand_index: int
    def __init__(self, round_id: _Optional[str] = ..., hand_index: _Optional[int] = ...) -> None: ...

class BlackjackInsuranceRequest(_message.Message):
    __slots__ = ("round_id", "accept_insurance")
    ROUND_ID_FIELD_NUMBER: _ClassVar[int]
    ACCEPT_INSURANCE_FIELD_NUMBER: _ClassVar[int]
    round_id: str
    accept_insurance: bool
    def __init__(self, round_id: _Optional[str] = ..., accept_insurance: _Optional[bool] = ...) -> None: ...

class BlackjackRoundRequest(_message.Message):
    __slots__ = ("round_id",)
    ROUND_ID_FIELD_NUMBER: _ClassVar[int]
    round_id: str
    def __init__(self, round_id: _Optional[str] = ...) -> None: ...

class BlackjackCheckActiveRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class BlackjackGameState(_message.Message):
    __slots__ = ("bet_id", "round_id", "status", "bet_amount", "total_bet", "player_hands", "dealer_hand", "can_insure", "insurance", "active_hand_index", "timestamp", "total_payout", "final_payout", "provably_fair", "balance")
    BET_ID_FIELD_NUMBER: _ClassVar[int]
    ROUND_ID_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    BET_AMOUNT_FIELD_NUMBER: _ClassVar[int]
    TOTAL_BET_FIELD_NUMBER: _ClassVar[int]
    PLAYER_HANDS_FIELD_NUMBER: _ClassVar[int]
    DEALER_HAND_FIELD_NUMBER: _ClassVar[int]
    CAN_INSURE_FIELD_NUMBER: _ClassVar[int]
    INSURANCE_FIELD_NUMBER: _ClassVar[int]
    ACTIVE_HAND_INDEX_FIELD_NUMBER: _ClassVar[int]
    TIMESTAMP_FIELD_NUMBER: _ClassVar[int]
    TOTAL_PAYOUT_FIELD_NUMBER: _ClassVar[int]
    FINAL_PAYOUT_FIELD_NUMBER: _ClassVar[int]
    PROVABLY_FAIR_FIELD_NUMBER: _ClassVar[int]
    BALANCE_FIELD_NUMBER: _ClassVar[int]
    bet_id: str
    round_id: str
    status: str
    bet_amount: str
    total_bet: str
    player_hands: _containers.RepeatedCompositeFieldContainer[PlayerHand]
    dealer_hand: DealerHand
    can_insure: bool
    insurance: Insurance
    active_hand_index: int
    timestamp: int
    total_payout: str
    final_payout: str
    provably_fair: ProvablyFair
    balance: str
    def __init__(self, bet_id: _Optional[str] = ..., round_id: _Optional[str] = ..., status: _Optional[str] = ..., bet_amount: _Optional[str] = ..., total_bet: _Optional[str] = ..., player_hands: _Optional[_Iterable[_Union[PlayerHand, _Mapping]]] = ..., dealer_hand: _Optional[_Union[DealerHand, _Mapping]] = ..., can_insure: _Optional[bool] = ..., insurance: _Optional[_Union[Insurance, _Mapping]] = ..., active_hand_index: _Optional[int] = ..., timestamp: _Optional[int] = ..., total_payout: _Optional[str] = ..., final_payout: _Optional[str] = ..., provably_fair: _Optional[_Union[ProvablyFair, _Mapping]] = ..., balance: _Optional[str] = ...) -> None: ...

class Card(_message.Message):
    __slots__ = ("suit", "rank", "value")
    SUIT_FIELD_NUMBER: _ClassVar[int]
    RANK_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    suit: str
    rank: str
    value: int
    def __init__(self, suit: _Optional[str] = ..., rank: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...

class PlayerHand(_message.Message):
    __slots__ = ("cards", "status", "bet_amount", "is_doubled", "is_split", "is_from_aces", "soft_value", "hard_value", "best_value", "is_blackjack", "can_hit", "can_stand", "can_double", "can_split", "payout", "result")
    CARDS_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    BET_AMOUNT_FIELD_NUMBER: _ClassVar[int]
    IS_DOUBLED_FIELD_NUMBER: _ClassVar[int]
    IS_SPLIT_FIELD_NUMBER: _ClassVar[int]
    IS_FROM_ACES_FIELD_NUMBER: _ClassVar[int]
    SOFT_VALUE_FIELD_NUMBER: _ClassVar[int]
    HARD_VALUE_FIELD_NUMBER: _ClassVar[int]
    BEST_VALUE_FIELD_NUMBER: _ClassVar[int]
    IS_BLACKJACK_FIELD_NUMBER: _ClassVar[int]
    CAN_HIT_FIELD_NUMBER: _ClassVar[int]
    CAN_STAND_FIELD_NUMBER: _ClassVar[int]
    CAN_DOUBLE_FIELD_NUMBER: _ClassVar[int]
    CAN_SPLIT_FIELD_NUMBER: _ClassVar[int]
    PAYOUT_FIELD_NUMBER: _ClassVar[int]
    RESULT_FIELD_NUMBER: _ClassVar[int]
    cards: _containers.RepeatedCompositeFieldContainer[Card]
    status: str
    bet_amount: str
    is_doubled: bool
    is_split: bool
    is_from_aces: bool
    soft_value: int
    hard_value: int
    best_value: int
    is_blackjack: bool
    can_hit: bool
    can_stand: bool
    can_double: bool
    can_split: bool
    payout: str
    result: str
    def __init__(self, cards: _Optional[_Iterable[_Union[Card, _Mapping]]] = ..., status: _Optional[str] = ..., bet_amount: _Optional[str] = ..., is_doubled: _Optional[bool] = ..., is_split: _Optional[bool] = ..., is_from_aces: _Optional[bool] = ..., soft_value: _Optional[int] = ..., hard_value: _Optional[int] = ..., best_value: _Optional[int] = ..., is_blackjack: _Optional[bool] = ..., can_hit: _Optional[bool] = ..., can_stand: _Optional[bool] = ..., can_double: _Optional[bool] = ..., can_split: _Optional[bool] = ..., payout: _Optional[str] = ..., result: _Optional[str] = ...) -> None: ...

class DealerHand(_message.Message):
    __slots__ = ("show_card", "card_count", "show_value", "is_revealed", "has_blackjack", "cards", "hole_card", "hard_value", "soft_value", "best_value")
    SHOW_CARD_FIELD_NUMBER: _ClassVar[int]
    CARD_COUNT_FIELD_NUMBER: _ClassVar[int]
    SHOW_VALUE_FIELD_NUMBER: _ClassVar[int]
    IS_REVEALED_FIELD_NUMBER: _ClassVar[int]
    HAS_BLACKJACK_FIELD_NUMBER: _ClassVar[int]
    CARDS_FIELD_NUMBER: _ClassVar[int]
    HOLE_CARD_FIELD_NUMBER: _ClassVar[int]
    HARD_VALUE_FIELD_NUMBER: _ClassVar[int]
    SOFT_VALUE_FIELD_NUMBER: _ClassVar[int]
    BEST_VALUE_FIELD_NUMBER: _ClassVar[int]
    show_card: Card
    card_count: int
    show_value: int
    is_revealed: bool
    has_blackjack: bool
    cards: _containers.RepeatedCompositeFieldContainer[Card]
    hole_card: Card
    hard_value: int
    soft_value: int
    best_value: int
    def __init__(self, show_card: _Optional[_Union[Card, _Mapping]] = ..., card_count: _Optional[int] = ..., show_value: _Optional[int] = ..., is_revealed: _Optional[bool] = ..., has_blackjack: _Optional[bool] = ..., cards: _Optional[_Iterable[_Union[Card, _Mapping]]] = ..., hole_card: _Optional[_Union[Card, _Mapping]] = ..., hard_value: _Optional[int] = ..., soft_value: _Optional[int] = ..., best_value: _Optional[int] = ...) -> None: ...

class Insurance(_message.Message):
    __slots__ = ("amount", "status", "payout")
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    PAYOUT_FIELD_NUMBER: _ClassVar[int]
    amount: str
    status: str
    payout: str
    def __init__(self, amount: _Optional[str] = ..., status: _Optional[str] = ..., payout: _Optional[str] = ...) -> None: ...

class BlackjackCheckActiveResponse(_message.Message):
    __slots__ = ("has_active_game", "round_id", "game_state")
    HAS_ACTIVE_GAME_FIELD_NUMBER: _ClassVar[int]
    ROUND_ID_FIELD_NUMBER: _ClassVar[int]
    GAME_STATE_FIELD_NUMBER: _ClassVar[int]
    has_active_game: bool
    round_id: str
    game_state: BlackjackGameState
    def __init__(self, has_active_game: _Optional[bool] = ..., round_id: _Optional[str] = ..., game_state: _Optional[_Union[BlackjackGameState, _Mapping]] = ...) -> None: ...

class BlackjackResumeGameResponse(_message.Message):
    __slots__ = ("success", "round_id", "game_state")
    SUCCESS_FIELD_NUMBER: _ClassVar[int]
    ROUND_ID_FIELD_NUMBER: _ClassVar[int]
    GAME_STATE_FIELD_NUMBER: _ClassVar[int]
    success: bool
    round_id: str
    game_state: BlackjackGameState
    def __init__(self, success: _Optional[bool] = ..., round_id: _Optional[str] = ..., game_state: _Optional[_Union[BlackjackGameState, _Mapping]] = ...) -> None: ...

class InitializationComplete(_message.Message):
    __slots__ = ("message", "game_id", "timestamp")
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    GAME_ID_FIELD_NUMBER: _ClassVar[int]
    TIMESTAMP_FIELD_NUMBER: _ClassVar[int]
    message: str
    game_id: str
    timestamp: int
    def __init__(self, message: _Optional[str] = ..., game_id: _Optional[str] = ..., timestamp: _Optional[int] = ...) -> None: ...

class BalanceUpdateEvent(_message.Message):
    __slots__ = ("balance", "currency", "timestamp", "player_id", "change_amount", "reason", "game_id")
    BALANCE_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    TIMESTAMP_FIELD_NUMBER: _ClassVar[int]
    PLAYER_ID_FIELD_NUMBER: _ClassVar[int]
    CHANGE_AMOUNT_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    GAME_ID_FIELD_NUMBER: _ClassVar[int]
    balance: str
    currency: str
    timestamp: int
    player_id: str
    change_amount: str
    reason: str
    game_id: str
    def __init__(self, balance: _Optional[str] = ..., currency: _Optional[str] = ..., timestamp: _Optional[int] = ..., player_id: _Optional[str] = ..., change_amount: _Optional[str] = ..., reason: _Optional[str] = ..., game_id: _Optional[str] = ...) -> None: ...

class BetActivity(_message.Message):
    __slots__ = ("player_id", "player_name", "game_id", "game_name", "bet_amount", "win_amount", "multiplier", "is_win", "currency", "timestamp")
    PLAYER_ID_FIELD_NUMBER: _ClassVar[int]
    PLAYER_NAME_FIELD_NUMBER: _ClassVar[int]
    GAME_ID_FIELD_NUMBER: _ClassVar[int]
    GAME_NAME_FIELD_NUMBER: _ClassVar[int]
    BET_AMOUNT_FIELD_NUMBER: _ClassVar[int]
    WIN_AMOUNT_FIELD_NUMBER: _ClassVar[int]
    MULTIPLIER_FIELD_NUMBER: _ClassVar[int]
    IS_WIN_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    TIMESTAMP_FIELD_NUMBER: _ClassVar[int]
    player_id: str
    player_name: str
    game_id: str
    game_name: str
    bet_amount: str
    win_amount: str
    multiplier: str
    is_win: bool
    currency: str
    timestamp: int
    def __init__(self, player_id: _Optional[str] = ..., player_name: _Optional[str] = ..., game_id: _Optional[str] = ..., game_name: _Optional[str] = ..., bet_amount: _Optional[str] = ..., win_amount: _Optional[str] = ..., multiplier: _Optional[str] = ..., is_win: _Optional[bool] = ..., currency: _Optional[str] = ..., timestamp: _Optional[int] = ...) -> None: ...

class BetActivityEvent(_message.Message):
    __slots__ = ("masked_player_id", "bet_amount", "currency", "potential_win", "multiplier", "is_win", "win_amount", "timestamp", "country_code", "masked_username", "game_id")
    MASKED_PLAYER_ID_FIELD_NUMBER: _ClassVar[int]
    BET_AMOUNT_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    POTENTIAL_WIN_FIELD_NUMBER: _ClassVar[int]
    MULTIPLIER_FIELD_NUMBER: _ClassVar[int]
    IS_WIN_FIELD_NUMBER: _ClassVar[int]
    WIN_AMOUNT_FIELD_NUMBER: _ClassVar[int]
    TIMESTAMP_FIELD_NUMBER: _ClassVar[int]
    COUNTRY_CODE_FIELD_NUMBER: _ClassVar[int]
    MASKED_USERNAME_FIELD_NUMBER: _ClassVar[int]
    GAME_ID_FIELD_NUMBER: _ClassVar[int]
    masked_player_id: str
    bet_amount: str
    currency: str
    potential_win: str
    multiplier: str
    is_win: bool
    win_amount: str
    timestamp: int
    country_code: str
    masked_username: str
    game_id: str
    def __init__(self, masked_player_id: _Optional[str] = ..., bet_amount: _Optional[str] = ..., currency: _Optional[str] = ..., potential_win: _Optional[str] = ..., multiplier: _Optional[str] = ..., is_win: _Optional[bool] = ..., win_amount: _Optional[str] = ..., timestamp: _Optional[int] = ..., country_code: _Optional[str] = ..., masked_username: _Optional[str] = ..., game_id: _Optional[str] = ...) -> None: ...

class BetActivityBatch(_message.Message):
    __slots__ = ("activities", "total_count", "sampled_count", "period_start", "period_end", "sequence")
    ACTIVITIES_FIELD_NUMBER: _ClassVar[int]
    TOTAL_COUNT_FIELD_NUMBER: _ClassVar[int]
    SAMPLED_COUNT_FIELD_NUMBER: _ClassVar[int]
    PERIOD_START_FIELD_NUMBER: _ClassVar[int]
    PERIOD_END_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    activities: _containers.RepeatedCompositeFieldContainer[BetActivityEvent]
    total_count: int
    sampled_count: int
    period_start: int
    period_end: int
    sequence: int
    def __init__(self, activities: _Optional[_Iterable[_Union[BetActivityEvent, _Mapping]]] = ..., total_count: _Optional[int] = ..., sampled_count: _Optional[int] = ..., period_start: _Optional[int] = ..., period_end: _Optional[int] = ..., sequence: _Optional[int] = ...) -> None: ...

class TokenRefresh(_message.Message):
    __slots__ = ("token", "expires_in", "expires_at")
    TOKEN_FIELD_NUMBER: _ClassVar[int]
    EXPIRES_IN_FIELD_NUMBER: _ClassVar[int]
    EXPIRES_AT_FIELD_NUMBER: _ClassVar[int]
    token: str
    expires_in: int
    expires_at: int
    def __init__(self, token: _Optional[str] = ..., expires_in: _Optional[int] = ..., expires_at: _Optional[int] = ...) -> None: ...
