"""What all connections of the games share."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from typing import Any, Protocol

from gameserver.errors import Code, GameError
from gameserver.metrics import Metrics
from gameserver.net.deadlines import Deadlines
from gameserver.net.open_connections import OpenConnections
from gameserver.protocols.invoker.activity import Activities, Activity, Batch, batched
from gameserver.protocols.invoker.catalogue import catalogue
from gameserver.protocols.invoker.config import Invoker
from gameserver.protocols.invoker.forms import Form
from gameserver.protocols.invoker.once import Done
from gameserver.protocols.invoker.pushes import push_id
from gameserver.protocols.invoker.subscriptions import BALANCE_UPDATE, BET_ACTIVITY, BET_ACTIVITY_BATCH, topic
from gameserver.sessions.limits import Meter
from gameserver.sessions.manager import COMMUNITY, SessionManager
from gameserver.sessions.session import Session
from gameserver.wallet.books import Change
from gameserver.wallet.currency import Currency
from gameserver.wallet.identities import Identities, Identity
from gameserver.wallet.ledger import Ledger
from gameserver.wallet.store import LedgerStore

#: The name of the protocol, and of its community when it stays alone.
INVOKER = "invoker"

#: Players whose rate of bets is remembered.
METERS = 10_000


class Connection(Protocol):
    """One client, as the protocol sees it."""

    identity: Identity | None
    form: Form
    session: Session | None

    def deliver(self, payload: bytes) -> None:
        """Send a frame."""

    def push(self, t: str, payload: dict[str, Any]) -> None:
        """Send something that nobody has asked for."""

    def close(self, code: str, text: str) -> None:
        """End the connection."""

    def login_is_late(self) -> None:
        """The time to log in is over."""


class InvokerShared:
    """The services as the connections see it."""

    def __init__(
        self,
        reactor: Any,
        config: Invoker,
        sessions: SessionManager,
        identities: Identities,
        ledger: Ledger,
        store: LedgerStore,
        currencies: Mapping[str, Currency],
        metrics: Metrics,
    ) -> None:
        self.reactor = reactor
        self.config = config
        self.sessions = sessions
        self.identities = identities
        self.ledger = ledger
        self.store = store
        self.currencies = currencies
        self.metrics = metrics
        self.namespace = COMMUNITY if config.community else INVOKER
        self.catalogue = catalogue(currencies)
        self.remembered_ms = int(config.request_hours * 3_600_000)
        self.activities = Activities(reactor, currencies, self._tell, self._tell_batch)
        self.logins: Deadlines[Connection] = Deadlines(
            reactor, config.login_timeout, lambda connection: connection.login_is_late()
        )
        self.connections: OpenConnections[Connection] = OpenConnections()
        self._players: dict[int, set[Connection]] = {}
        self._meters: OrderedDict[int, Meter] = OrderedDict()

    @property
    def now_ms(self) -> int:
        """Milliseconds since 1970."""
        return int(self.reactor.seconds() * 1000)

    def meter(self) -> Meter:
        """Return the meter of a new connection."""
        return Meter(self.config.messages_per_second, self.config.burst, self.reactor.seconds())

    def check_rate(self, player: int) -> None:
        """Raise ``GameError`` ``too_fast`` when a player bets too often."""
        limit = self.config.bets_per_minute
        if not limit:
            return
        now = self.reactor.seconds()
        meter = self._meters.setdefault(player, Meter(limit / 60, 2 * limit, now))
        self._meters.move_to_end(player)
        while len(self._meters) > METERS:
            self._meters.popitem(last=False)
        if not meter.pour(now):
            raise GameError(Code.TOO_FAST, f"At most {limit} bets a minute; wait a moment.")

    def opened(self, connection: Connection) -> None:
        """Note a new connection."""
        self.connections.add(connection)
        self.metrics.opened.labels(INVOKER).inc()
        if connection.identity is None:
            self.logins.start(connection)

    def logged_in(self, connection: Connection, identity: Identity) -> None:
        """Note whose connection it is."""
        self.logins.stop(connection)
        self._players.setdefault(identity.row.id, set()).add(connection)

    def closed(self, connection: Connection) -> None:
        """Forget a connection."""
        self.connections.discard(connection)
        self.logins.stop(connection)
        if connection.identity is not None:
            own = self._players.get(connection.identity.row.id)
            if own is not None:
                own.discard(connection)
                if not own:
                    del self._players[connection.identity.row.id]

    async def all_gone(self) -> None:
        """Wait until no connection is open, then let no time run any more."""
        await self.connections.all_gone()
        self.logins.close()
        self.activities.stop()

    def end_sessions(self, player: int, sessions: list[str]) -> None:
        """End the connections that came in with a token that has been replaced."""
        for connection in list(self._players.get(player, ())):
            if connection.identity is not None and connection.identity.claims.session_id in sessions:
                connection.close("replaced", "Another session of this game has been opened.")

    def tell(self, done: Done, game: str, name: str) -> None:
        """Tell a player of changes of his balance, and others of a bet that is over."""
        for change in done.changes:
            self.tell_balance(change, game)
        if done.bet is not None:
            self.activities.add(done.bet, name)

    def is_connected(self, player: int) -> bool:
        """Whether a player has a connection here."""
        return player in self._players

    def tell_balance(self, change: Change, game: str = "") -> None:
        """Tell every connection of a player of a change of his balance; without a game each hears of its own."""
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
            assert connection.identity is not None
            form, played = connection.form, game or connection.identity.claims.game_id
            if (form.name, played) not in encoded:
                encoded[form.name, played] = form.message(number, BALANCE_UPDATE, payload | {"gameId": played})
            connection.deliver(encoded[form.name, played])

    def _own(self, players: set[int]) -> dict[int, Connection]:
        return {
            connection.session.id: connection
            for player in players
            for connection in self._players.get(player, ())
            if connection.session is not None
        }

    def _tell(self, activity: Activity) -> None:
        """Tell everybody who wants to know of a bet, except the one whose bet it is."""
        own = self._own({activity.bet.player})
        where = topic(BET_ACTIVITY, activity.bet.game)
        self.sessions.topics.publish_here(where, activity, lambda session: session.id in own)

    def _tell_batch(self, batch: Batch) -> None:
        """Tell everybody of a batch; whose own bets are in it gets it without them."""
        own = self._own({activity.bet.player for activity in batch.activities})
        where = topic(BET_ACTIVITY_BATCH, batch.game)
        members = self.sessions.topics.members(where) if own else []
        self.sessions.topics.publish_here(where, batch, lambda session: session.id in own)
        for session in members:
            connection = own.get(session.id)
            if connection is not None and connection.identity is not None:
                player = connection.identity.row.id
                others = tuple(activity for activity in batch.activities if activity.bet.player != player)
                if others:
                    payload = batched(batch, others)
                    connection.deliver(connection.form.message(push_id(), BET_ACTIVITY_BATCH, payload))
