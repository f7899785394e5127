"""What each request does; the numbers are the chapters of the document.

A handler returns the payload of the reply. It raises ``GameError`` for what it refuses, before anything has
changed; the channel makes an ERROR of that.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, NoReturn

from gameserver.errors import Code, GameError
from gameserver.protocols.invoker import messages as m
from gameserver.protocols.invoker.activity import listed
from gameserver.protocols.invoker.history import history_entry
from gameserver.protocols.invoker.once import Done, Once, looked_up
from gameserver.protocols.invoker.play import blackjack, dice, keno, mines
from gameserver.protocols.invoker.play.table import Played, Seat
from gameserver.protocols.invoker.refusals import login_error
from gameserver.protocols.invoker.subscriptions import as_payload, subscription
from gameserver.wallet.books import Books
from gameserver.wallet.games import BLACKJACK, DICE, KENO, MINES, NAMES

if TYPE_CHECKING:
    from gameserver.protocols.invoker.channel import InvokerChannel

Play = Callable[[Books, Seat, Any], Played]

#: Bets by the game of the token, whatever the parameters say.
_BETS: dict[str, Play] = {DICE: dice.place, MINES: mines.place, KENO: keno.place, BLACKJACK: blackjack.place}

#: Requests that may move money, done once for each id: the game they belong to and what they do.
_MOVES: dict[type, tuple[str, Play]] = {
    m.MinesRevealTile: (MINES, mines.reveal),
    m.MinesCashOut: (MINES, mines.cash_out),
    m.MinesAbandonGame: (MINES, mines.abandon),
    m.BlackjackHit: (BLACKJACK, blackjack.hit),
    m.BlackjackStand: (BLACKJACK, blackjack.stand),
    m.BlackjackDouble: (BLACKJACK, blackjack.double),
    m.BlackjackSplit: (BLACKJACK, blackjack.split),
    m.BlackjackInsurance: (BLACKJACK, blackjack.insure),
}

#: Requests that only look at a round.
_LOOKS: dict[type, tuple[str, Play]] = {
    m.MinesGetState: (MINES, mines.get_state),
    m.MinesCheckActive: (MINES, mines.check_active),
    m.MinesResumeGame: (MINES, mines.resume),
    m.BlackjackGetState: (BLACKJACK, blackjack.get_state),
    m.BlackjackCheckActive: (BLACKJACK, blackjack.check_active),
    m.BlackjackResumeGame: (BLACKJACK, blackjack.resume),
}

#: The payload's key for the parameters of each game.
_KEYS = {
    DICE: ("dice_params",),
    MINES: ("mines_params",),
    KENO: ("keno_params",),
    BLACKJACK: ("blackjack_params", "blackjack"),
}


def _seat(channel: InvokerChannel) -> Seat:
    """Return who plays what. Raises ``GameError`` ``not_logged_in``."""
    identity = channel.identity
    if identity is None:
        raise GameError(Code.NOT_LOGGED_IN, "Log in first.")
    claims = identity.claims
    return Seat(identity.row.id, claims.game_id, channel.shared.currencies[claims.currency])


def _wrong_game(seat: Seat) -> NoReturn:
    raise GameError(Code.OTHER_GAME, f"The token is for {seat.game}.")


async def log_in(channel: InvokerChannel, message: m.Login) -> None:
    """2.1: a failure is a LOGIN reply too, and may be tried again."""
    try:
        identity = await channel.shared.identities.check(message.p.token)
        if channel.session is None or not channel.session.open:
            return
        channel.log_in(identity)
    except GameError as error:
        channel.send(message.i, message.t, {"success": False, "error": login_error(error)})
        return
    claims = identity.claims
    payload = {
        "success": True,
        "userId": f"player_{identity.row.id}",
        "gameId": claims.game_id,
        "sessionId": claims.session_id,
    }
    channel.send(message.i, message.t, payload)
    channel.initialise()


def get_game_config(channel: InvokerChannel, message: m.GetGameConfig) -> None:
    """2.2: one game, or all of them."""
    catalogue, wanted = channel.shared.catalogue, message.p.game_id
    if wanted is not None and wanted not in catalogue:
        raise GameError(Code.UNKNOWN_GAME, "There is no such game.")
    games = list(catalogue) if wanted is None or message.p.all_games else [wanted]
    configs = [{"gameId": game, "config": catalogue[game]} for game in games]
    channel.send(message.i, message.t, {"configs": configs})


async def get_balance(channel: InvokerChannel, message: m.GetBalance) -> None:
    """2.3."""
    seat = _seat(channel)
    currency = seat.currency
    if message.p.currency not in (None, currency.code):
        raise GameError(Code.OTHER_CURRENCY, f"This session is in {currency.code}.")
    units = await channel.shared.ledger.submit(lambda books: books.balance(seat.player, currency.code))
    channel.send(message.i, message.t, {"balance": currency.shown(units), "currency": currency.code})


async def get_game_state(channel: InvokerChannel, message: m.GetGameState) -> None:
    """2.4: the balance, whether a round is open, and the commitment to the seed of the next bet."""
    seat = _seat(channel)

    def look(books: Books, seat: Seat, _asked: m.Params) -> Played:
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
        return Played(message.t, payload)

    done = await channel.shared.ledger.submit(looked_up(seat, message, look))
    channel.send_reply(done.reply)


def subscribe(channel: InvokerChannel, message: m.Subscribe) -> None:
    """2.5."""
    seat = _seat(channel)
    if message.p.player_id not in (None, "", f"player_{seat.player}"):
        raise GameError(Code.BAD_PARAMETERS, "playerId is another player's.")
    wanted = subscription(message.p.event_types, message.p.filters)
    name = channel.subscriptions.add(wanted)
    _follow(channel)
    channel.send(message.i, message.t, as_payload(name, message.p.event_types))


def unsubscribe(channel: InvokerChannel, message: m.Unsubscribe) -> None:
    """2.6."""
    _seat(channel)
    channel.subscriptions.remove(message.p.event_types, message.p.subscription_id)
    _follow(channel)
    channel.send(message.i, message.t, {"success": True, "message": "Unsubscribed."})


def _follow(channel: InvokerChannel) -> None:
    session = channel.session
    assert session is not None
    topics, wanted = channel.shared.sessions.topics, channel.subscriptions.topics()
    for name in [name for name in session.topics if name.startswith("invoker/") and name not in wanted]:
        topics.unsubscribe(session, name)
    for name in wanted:
        topics.subscribe(session, name)


def get_bet_activities(channel: InvokerChannel, message: m.GetBetActivities) -> None:
    """2.7: for everybody, logged in or not."""
    game, limit = message.p.game_id, message.p.limit
    if not game:
        raise GameError(Code.NO_GAME_ID, "gameId is missing.")
    if game not in NAMES:
        raise GameError(Code.UNKNOWN_GAME, "There is no such game.")
    if not 1 <= limit <= 100:
        raise GameError(Code.BAD_LIMIT, "limit is 1 to 100.")
    recent, total = channel.shared.activities.recent(game, limit)
    payload = {
        "activities": [listed(activity) for activity in recent],
        "totalCount": total,
        "sampledCount": len(recent),
    }
    channel.send(message.i, "GET_BET_ACTIVITIES_RESPONSE", payload)


async def place_bet(channel: InvokerChannel, message: m.PlaceBet) -> None:
    """3.1, 4.1, 5.1: the game is the token's."""
    seat = _seat(channel)
    params = message.p.game_params
    for game, keys in _KEYS.items():
        if game != seat.game and any(getattr(params, key) is not None for key in keys):
            _wrong_game(seat)
    channel.shared.check_rate(seat.player)
    await _move(channel, seat, message, _BETS[seat.game])


async def _move(channel: InvokerChannel, seat: Seat, message: m.Message, play: Play) -> None:
    """Do something that may move money: the reply leaves when it is durable, then its consequences are told."""
    shared = channel.shared
    assert channel.identity is not None
    name = channel.identity.name
    done: Done = await shared.ledger.submit(Once(seat, message, play, shared.remembered_ms))
    channel.send_reply(done.reply)
    shared.tell(done, seat.game, name)


async def _look(channel: InvokerChannel, seat: Seat, message: m.Message, look: Play) -> None:
    done = await channel.shared.ledger.submit(looked_up(seat, message, look))
    channel.send_reply(done.reply)


async def get_bet_history(channel: InvokerChannel, message: m.GetBetHistory) -> None:
    """3.2: finished bets, newest first."""
    seat = _seat(channel)
    asked = message.p
    if not 1 <= asked.limit <= 100 or not 0 <= asked.offset <= 1 << 31:
        raise GameError(Code.BAD_LIMIT, "limit is 1 to 100, offset 0 or more.")
    if asked.game_id is not None and asked.game_id not in NAMES:
        raise GameError(Code.UNKNOWN_GAME, "There is no such game.")
    page = await channel.shared.store.history(seat.player, asked.game_id, asked.limit, asked.offset)
    rows = [history_entry(channel.shared.currencies, row, seed) for row, seed in page.rounds]
    more = asked.offset + len(rows) < page.total
    channel.send(message.i, message.t, {"history": rows, "total": page.total, "hasMore": more})


_HANDLERS: dict[type, Callable[[InvokerChannel, Any], Awaitable[None] | None]] = {
    m.Login: log_in,
    m.GetGameConfig: get_game_config,
    m.GetBalance: get_balance,
    m.GetGameState: get_game_state,
    m.Subscribe: subscribe,
    m.Unsubscribe: unsubscribe,
    m.GetBetActivities: get_bet_activities,
    m.PlaceBet: place_bet,
    m.GetBetHistory: get_bet_history,
}


def handle(channel: InvokerChannel, message: m.Message) -> Awaitable[None] | None:
    """Do what a request asks. Raises ``GameError``."""
    return _timed(channel, message, _find(channel, message))


def _find(channel: InvokerChannel, message: m.Message) -> Awaitable[None] | None:
    kind = type(message)
    handler = _HANDLERS.get(kind)
    if handler is not None:
        return handler(channel, message)
    game, play = _MOVES.get(kind) or _LOOKS[kind]
    seat = _seat(channel)
    if seat.game != game:
        _wrong_game(seat)
    return (_move if kind in _MOVES else _look)(channel, seat, message, play)


def _timed(channel: InvokerChannel, message: m.Message, work: Awaitable[None] | None) -> Awaitable[None] | None:
    shared = channel.shared
    began = shared.reactor.seconds()
    if work is None:
        shared.metrics.message("invoker", message.t, 0.0)
        return None

    async def finish() -> None:
        try:
            await work
        finally:
            shared.metrics.message("invoker", message.t, shared.reactor.seconds() - began)

    return finish()
