"""What serves each request; the numbers are the chapters of the document.

A handler sends the reply. It raises ``GameError``, before anything has changed, for what it refuses; the channel
makes an ERROR of that.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

from gameserver.errors import Code, GameError
from gameserver.protocols.invoker import messages as m
from gameserver.protocols.invoker.encoders import history_entry, listed_activity
from gameserver.protocols.invoker.once import Done, Once, looked_up
from gameserver.protocols.invoker.parameters import GameParams, Params
from gameserver.protocols.invoker.play import blackjack, dice, keno, mines
from gameserver.protocols.invoker.play.table import Played, Seat
from gameserver.protocols.invoker.refusals import login_error
from gameserver.protocols.invoker.shared import InvokerShared
from gameserver.protocols.invoker.subscriptions import (
    BET_ACTIVITY_BATCH,
    Subscriptions,
    activity_topic,
    as_payload,
    subscription,
)
from gameserver.sessions.session import Session
from gameserver.wallet.books import Books
from gameserver.wallet.identities import Identity
from gameserver.wallet.offer import BLACKJACK, DICE, KENO, MINES, NAMES


class Client(Protocol):
    """A connection as the handlers see it. ``game`` is the one of its token, empty before a login."""

    shared: InvokerShared
    game: str
    subscriptions: Subscriptions

    @property
    def session(self) -> Session:
        """The open session."""

    @property
    def identity(self) -> Identity:
        """Who has logged in. Raises ``GameError`` ``not_logged_in``."""

    @property
    def seat(self) -> Seat:
        """Who plays what. Raises ``GameError`` ``not_logged_in``."""

    def log_in(self, identity: Identity) -> None:
        """Make the connection a player's. Raises ``GameError``."""

    def initialise(self) -> None:
        """Push what follows a login."""

    def reply(self, i: object, t: str, payload: dict[str, Any]) -> None:
        """Send a reply."""

    def reply_kept(self, reply: bytes) -> None:
        """Send a reply that is JSON already, the way it is kept."""


#: Does a request on the books; whatever it raises leaves them as they were.
Play = Callable[[Books, Seat, Any], Played]

#: Serves a request.
Handler = Callable[[Client, Any], Awaitable[None] | None]


async def log_in(client: Client, message: m.Login) -> None:
    """2.1: a failure is a LOGIN reply too, and may be tried again."""
    try:
        identity = await client.shared.identities.check(message.p.token)
        if not client.session.open:
            return
        client.log_in(identity)
    except GameError as error:
        client.reply(message.i, message.t, {"success": False, "error": login_error(error)})
        return
    claims = identity.claims
    payload = {
        "success": True,
        "userId": f"player_{identity.row.id}",
        "gameId": claims.game_id,
        "sessionId": claims.session_id,
    }
    client.reply(message.i, message.t, payload)
    client.initialise()


def get_game_config(client: Client, message: m.GetGameConfig) -> None:
    """2.2: one game, or all of them."""
    catalogue, wanted = client.shared.catalogue, message.p.game_id
    if wanted is not None and wanted not in catalogue:
        raise GameError(Code.UNKNOWN_GAME, "There is no such game.")
    games = list(catalogue) if wanted is None or message.p.all_games else [wanted]
    configs = [{"gameId": game, "config": catalogue[game]} for game in games]
    client.reply(message.i, message.t, {"configs": configs})


def get_balance(client: Client, message: m.GetBalance) -> Awaitable[None]:
    """2.3."""
    seat = client.seat
    currency = seat.currency
    if message.p.currency not in (None, currency.code):
        raise GameError(Code.OTHER_CURRENCY, f"This session is in {currency.code}.")

    def answer(units: int) -> None:
        client.reply(message.i, message.t, {"balance": currency.shown(units), "currency": currency.code})

    # No coroutine: it would cost as much as the question.
    return client.shared.ledger.submit(lambda books: books.balance(seat.player, currency.code)).addCallback(answer)


def look_at_game(books: Books, seat: Seat, _asked: Params) -> Played:
    """2.4: the balance, whether a round is open, and the commitment to the seed of the next bet."""
    seed = books.seed(seat.player, seat.game)
    row = books.open_round(seat.player, seat.game)
    state: dict[str, Any] = {"activeGame": row is not None}
    if row is not None:
        prefix = mines.PREFIX if seat.game == MINES else blackjack.PREFIX
        state["gameId"] = f"{prefix}{row.id}"
    payload = {
        "balance": seat.currency.shown(books.balance(seat.player, seat.currency.code)),
        "gameState": json.dumps(state),
        "serverSeedInfo": {
            "hashedServerSeed": seed.hash,
            "currentNonce": seed.nonce,
            "createdAt": seed.created_ms,
        },
    }
    return Played("GET_GAME_STATE", payload)


def subscribe(client: Client, message: m.Subscribe) -> None:
    """2.5."""
    seat = client.seat
    if message.p.player_id not in (None, "", f"player_{seat.player}"):
        raise GameError(Code.BAD_PARAMETERS, "playerId is another player's.")
    wanted = subscription(message.p.event_types, message.p.filters)
    name = client.subscriptions.add(wanted)
    _follow(client)
    client.reply(message.i, message.t, as_payload(name, message.p.event_types))


def unsubscribe(client: Client, message: m.Unsubscribe) -> None:
    """2.6."""
    client.subscriptions.remove(message.p.event_types, message.p.subscription_id)
    _follow(client)
    client.reply(message.i, message.t, {"success": True, "message": "Unsubscribed."})


def _follow(client: Client) -> None:
    session = client.session
    topics, wanted = client.shared.sessions.topics, client.subscriptions.topics()
    for name in [name for name in session.topics if name.startswith("invoker/") and name not in wanted]:
        topics.unsubscribe(session, name)
    for game in NAMES:
        batches = activity_topic(BET_ACTIVITY_BATCH, game)
        if batches in wanted and batches not in session.topics:
            client.shared.activities.begin_batch(game)
    for name in wanted:
        topics.subscribe(session, name)


def get_bet_activities(client: Client, message: m.GetBetActivities) -> None:
    """2.7: for everybody, logged in or not."""
    game, limit = message.p.game_id, message.p.limit
    if not game:
        raise GameError(Code.NO_GAME_ID, "gameId is missing.")
    if game not in NAMES:
        raise GameError(Code.UNKNOWN_GAME, "There is no such game.")
    if not 1 <= limit <= 100:
        raise GameError(Code.BAD_LIMIT, "limit is 1 to 100.")
    recent, total = client.shared.activities.recent(game, limit)
    payload = {
        "activities": [listed_activity(activity) for activity in recent],
        "totalCount": total,
        "sampledCount": len(recent),
    }
    client.reply(message.i, "GET_BET_ACTIVITIES_RESPONSE", payload)


async def get_bet_history(client: Client, message: m.GetBetHistory) -> None:
    """3.2: finished bets, newest first."""
    seat = client.seat
    asked = message.p
    if not 1 <= asked.limit <= 100 or not 0 <= asked.offset <= 1 << 31:
        raise GameError(Code.BAD_LIMIT, "limit is 1 to 100, offset 0 or more.")
    if asked.game_id is not None and asked.game_id not in NAMES:
        raise GameError(Code.UNKNOWN_GAME, "There is no such game.")
    page = await client.shared.store.history(seat.player, asked.game_id, asked.limit, asked.offset)
    rows = [history_entry(client.shared.currencies[row.currency], row, seed) for row, seed in page.rounds]
    more = asked.offset + len(rows) < page.total
    client.reply(message.i, message.t, {"history": rows, "total": page.total, "hasMore": more})


def bets(play: Play, *own: str) -> Handler:
    """Return what serves PLACE_BET (3.1, 4.1, 5.1) with a token for a game whose parameters have the keys ``own``."""
    foreign = tuple(key for key in GameParams.__struct_fields__ if key not in own)
    move = moves(play)

    def place_bet(client: Client, message: m.PlaceBet) -> Awaitable[None] | None:
        params, seat = message.p.game_params, client.seat
        for key in foreign:
            if getattr(params, key) is not None:
                raise GameError(Code.OTHER_GAME, f"The token is for {seat.game}.")
        client.shared.check_bet_rate(seat.player)
        return move(client, message)

    return place_bet


def moves(play: Play) -> Handler:
    """Return what serves a request that may move money, done once for each id.

    The reply leaves when all is durable, then its consequences are told.
    """

    async def move(client: Client, message: m.Message) -> None:
        shared, seat, name = client.shared, client.seat, client.identity.name
        done: Done = await shared.ledger.submit(Once(seat, message, play, shared.remembered_ms))
        client.reply_kept(done.reply)
        shared.tell_done(done, seat.player, seat.game, name, placed=isinstance(message, m.PlaceBet))

    return move


def looks(play: Play) -> Handler:
    """Return what serves a request that only looks at a round."""

    async def look(client: Client, message: m.Message) -> None:
        done: Done = await client.shared.ledger.submit(looked_up(client.seat, message, play))
        client.reply_kept(done.reply)

    return look


#: What serves everybody, logged in or not.
_ANYBODY: Mapping[type, Handler] = {
    m.Login: log_in,
    m.GetGameConfig: get_game_config,
    m.GetBetActivities: get_bet_activities,
}

#: What serves every player, whatever their game.
_PLAYERS: Mapping[type, Handler] = {
    **_ANYBODY,
    m.GetBalance: get_balance,
    m.GetGameState: looks(look_at_game),
    m.Subscribe: subscribe,
    m.Unsubscribe: unsubscribe,
    m.GetBetHistory: get_bet_history,
}

#: What serves each request, by the game of the token (empty before a login).
HANDLERS: Mapping[str, Mapping[type, Handler]] = {
    "": _ANYBODY,
    DICE: {**_PLAYERS, m.PlaceBet: bets(dice.place, "dice_params")},
    KENO: {**_PLAYERS, m.PlaceBet: bets(keno.place, "keno_params")},
    MINES: {
        **_PLAYERS,
        m.PlaceBet: bets(mines.place, "mines_params"),
        m.MinesRevealTile: moves(mines.reveal),
        m.MinesCashOut: moves(mines.cash_out),
        m.MinesAbandonGame: moves(mines.abandon),
        m.MinesGetState: looks(mines.get_state),
        m.MinesCheckActive: looks(mines.check_active),
        m.MinesResumeGame: looks(mines.resume),
    },
    BLACKJACK: {
        **_PLAYERS,
        m.PlaceBet: bets(blackjack.place, "blackjack_params", "blackjack"),
        m.BlackjackHit: moves(blackjack.hit),
        m.BlackjackStand: moves(blackjack.stand),
        m.BlackjackDouble: moves(blackjack.double),
        m.BlackjackSplit: moves(blackjack.split),
        m.BlackjackInsurance: moves(blackjack.insure),
        m.BlackjackGetState: looks(blackjack.get_state),
        m.BlackjackCheckActive: looks(blackjack.check_active),
        m.BlackjackResumeGame: looks(blackjack.resume),
    },
}


def handler_of(client: Client, message: m.Message) -> Handler:
    """Return what serves a request. Raises ``GameError`` ``not_logged_in`` or ``other_game``."""
    handler = HANDLERS[client.game].get(type(message))
    if handler is None:
        raise GameError(Code.OTHER_GAME, f"The token is for {client.seat.game}.")
    return handler
