"""What all connections of the games share: the books, who plays where, and what players are told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Protocol

from twisted.internet.defer import ensureDeferred
from twisted.python.failure import Failure

from gameserver.edge.context import Context
from gameserver.edge.shared import Shared
from gameserver.errors import Code, GameError
from gameserver.protocols.invoker.activity import Activities, Activity, Batch
from gameserver.protocols.invoker.books import OpenedBooks
from gameserver.protocols.invoker.catalogue import catalogue
from gameserver.protocols.invoker.config import Invoker
from gameserver.protocols.invoker.elsewhere import TOPIC, Replaced, Settled, encoded
from gameserver.protocols.invoker.encoders import push_id, pushed_batch
from gameserver.protocols.invoker.forms import JSON, Form
from gameserver.protocols.invoker.once import Done
from gameserver.protocols.invoker.subscriptions import (
    BALANCE_UPDATE,
    BET_ACTIVITY,
    BET_ACTIVITY_BATCH,
    activity_topic,
)
from gameserver.sessions.limits import MessageLimit, Meters
from gameserver.sessions.session import Session
from gameserver.wallet.books import Change
from gameserver.wallet.identities import Identity

#: The name of the protocol, and of its community when it stays alone.
INVOKER = "invoker"


class LoggedIn(Protocol):
    """The connection of a player, as far as pushes are concerned."""

    identity: Identity
    form: Form
    deliver: Callable[[bytes], None]

    @property
    def session(self) -> Session:
        """The open session."""

    def push(self, t: str, payload: dict[str, Any]) -> None:
        """Send something that nobody has asked for."""

    def close(self, code: str, text: str) -> None:
        """End the connection."""


class InvokerShared(Shared):
    """The games on one set of books."""

    def __init__(self, context: Context, config: Invoker, books: OpenedBooks) -> None:
        super().__init__(
            context, INVOKER, JSON.encoders, community=config.community, login_timeout=config.login_timeout
        )
        self.config = config
        self.identities = books.identities
        self.ledger = books.ledger
        self.store = books.store
        self.currencies = books.currencies
        self.catalogue = catalogue(books.currencies)
        self.remembered_ms = int(config.request_hours * 3_600_000)
        self.activities = Activities(self.reactor, books.currencies, self._tell_activity, self._tell_batch)
        self._players: dict[int, set[LoggedIn]] = {}
        #: Bets that have come to their end here, by game.
        self.over: dict[str, int] = {}
        # The section has limits of its own, because programs play here.
        self.messages = MessageLimit(config.messages_per_second, config.burst, self.limits.address_factor)
        context.shared_limits.add("invoker messages", self.messages)
        context.limits_changed.append(self._limits_changed)
        self._bets = Meters(config.bets_per_minute / 60, 2 * config.bets_per_minute)

    def _limits_changed(self) -> None:
        config = self.config
        self.messages.change(
            config.messages_per_second, config.burst, self.limits.address_factor, self.reactor.seconds()
        )

    def check_bet_rate(self, player: int) -> None:
        """Raise ``GameError`` ``too_fast`` when a player bets too often."""
        limit = self.config.bets_per_minute
        if not limit:
            return
        if not self._bets.pour(str(player), self.reactor.seconds()):
            raise GameError(Code.TOO_FAST, f"At most {limit} bets a minute; wait a moment.")

    async def stop(self) -> None:
        """See ``Shared``; what has been asked is answered first, and all of it is durable in the end."""
        await self.ledger.wait_idle()
        await super().stop()
        self.activities.stop_batches()
        await self.ledger.wait_idle()

    # Who plays

    def add_player(self, connection: LoggedIn) -> None:
        """Note whose connection it is."""
        self._players.setdefault(connection.identity.row.id, set()).add(connection)

    def remove_player(self, connection: LoggedIn) -> None:
        """Forget a player's connection."""
        player = connection.identity.row.id
        own = self._players.get(player)
        if own is not None:
            own.discard(connection)
            if not own:
                del self._players[player]

    def logged_in(self) -> Iterator[LoggedIn]:
        """Return the connections of all players."""
        return iter([connection for own in self._players.values() for connection in own])

    def is_connected(self, player: int) -> bool:
        """Whether a player has a connection here."""
        return player in self._players

    def end_sessions(self, player: int, sessions: Iterable[str]) -> None:
        """End the connections, here and at the other processes, that came in with a token that has been replaced."""
        ended = tuple(sessions)
        self.end_sessions_here(player, ended)
        if ended:
            self._tell_others(Replaced(player, ended))

    def end_sessions_here(self, player: int, sessions: tuple[str, ...]) -> None:
        """See ``Hearer``."""
        for connection in list(self._players.get(player, ())):
            if connection.identity.claims.session_id in sessions:
                connection.close("replaced", "Another session of this game has been opened.")

    # What they are told

    def tell_done(self, done: Done, player: int, game: str, name: str, *, placed: bool = False) -> None:
        """Tell a player of changes of their balance, and others of a bet that is over, at all processes.

        ``placed``: it was a new bet.
        """
        for change in done.changes:
            self.tell_balance(change, game)
        if done.bet is not None:
            self.activities.add_bet(done.bet, name)
            self.over[done.bet.game] = self.over.get(done.bet.game, 0) + 1
        if done.changes or done.bet is not None:
            self._tell_others(Settled(player, game, name, placed, done.changes, done.bet))

    def _tell_others(self, message: Settled | Replaced) -> None:
        self.sessions.peers.publish(TOPIC, encoded(message))

    def settled_elsewhere(self, settled: Settled) -> None:
        """See ``Hearer``."""
        if settled.placed:
            # Their rate is one, wherever they bet; what is done already is not refused.
            self._bets.pour(str(settled.player), self.reactor.seconds())
        if settled.bet is not None:
            self.activities.add_bet(settled.bet, settled.name)
        if settled.changes and self.is_connected(settled.player):
            ensureDeferred(self._tell_changes(settled)).addErrback(self._not_told)

    async def _tell_changes(self, settled: Settled) -> None:
        # By now more may have changed, here or there, and been told of: what is told is as of now.
        changes = settled.changes
        last = changes[-1]
        balance = await self.ledger.submit(lambda books: books.balance(last.player, last.currency))
        for change in changes:
            now = balance + change.balance - last.balance
            self.tell_balance(Change(change.player, change.currency, change.amount, now, change.reason), settled.game)

    def _not_told(self, failure: Failure) -> None:
        # The books cannot be asked now; the next change tells the balance, and so does asking for it.
        failure.trap(GameError)

    def tell_balance(self, change: Change, game: str = "") -> None:
        """Tell every connection of a player of a change of their balance; without a game each hears of its own."""
        own = self._players.get(change.player)
        if not own:
            return
        shown = self.currencies[change.currency].shown
        payload = {
            "playerId": f"player_{change.player}",
            "currency": change.currency,
            "balance": shown(change.balance),
            "changeAmount": shown(change.amount),
            "reason": change.reason,
            "gameId": game,
            "timestamp": self.now_ms,
        }
        number = push_id()
        encoded: dict[tuple[str, str], bytes] = {}
        for connection in own:
            form, played = connection.form, game or connection.identity.claims.game_id
            if (form.name, played) not in encoded:
                encoded[form.name, played] = form.message(number, BALANCE_UPDATE, payload | {"gameId": played})
            connection.deliver(encoded[form.name, played])

    def _sessions_of(self, players: set[int]) -> dict[int, LoggedIn]:
        return {
            connection.session.id: connection for player in players for connection in self._players.get(player, ())
        }

    def _tell_activity(self, activity: Activity) -> None:
        """Tell everybody who wants to know of a bet, except the one whose bet it is."""
        own = self._sessions_of({activity.bet.player})
        where = activity_topic(BET_ACTIVITY, activity.bet.game)
        self.sessions.topics.publish_here(where, activity, lambda session: session.id in own)

    def _tell_batch(self, batch: Batch) -> None:
        """Tell everybody of a batch; whose own bets are in it gets it without them."""
        own = self._sessions_of({activity.bet.player for activity in batch.activities})
        where = activity_topic(BET_ACTIVITY_BATCH, batch.game)
        members = self.sessions.topics.members(where) if own else []
        self.sessions.topics.publish_here(where, batch, lambda session: session.id in own)
        for session in members:
            connection = own.get(session.id)
            if connection is not None:
                player = connection.identity.row.id
                others = tuple(activity for activity in batch.activities if activity.bet.player != player)
                if others:
                    connection.push(BET_ACTIVITY_BATCH, pushed_batch(batch, others))
