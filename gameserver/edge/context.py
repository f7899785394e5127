"""What every protocol may be given: one frozen object, made by the composition root."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import attrs
from twisted.internet.interfaces import IProtocolFactory

from gameserver.accounts import Accounts
from gameserver.accounts.personal_data import PersonalData
from gameserver.config.tree import Limits
from gameserver.edge.directory import Directory
from gameserver.edge.relay.relays import Relays
from gameserver.games.kind import Kind
from gameserver.matches.store import AchievementStore, MapStore, MatchStore
from gameserver.matches.techmino_rounds import RoundStore
from gameserver.matches.techmino_saves import SaveStore
from gameserver.metrics import Metrics
from gameserver.moderation import Moderation
from gameserver.reactor import IGameReactor
from gameserver.rooms.rooms import Rooms
from gameserver.sessions.addresses import Proxies
from gameserver.sessions.limits import ConnectionCount, MessageLimit, Meters
from gameserver.sessions.manager import SessionManager
from gameserver.sessions.shared_limits import SharedLimits
from gameserver.wallet.offer import Currency
from gameserver.wallet.store import Audit, LedgerStore, PlayerStore

#: An open game as operators see it: plain values, ready for JSON.
OpenMatch = dict[str, Any]


@attrs.frozen
class Stores:
    """What can be kept, by its ports. ``ledger`` makes the books of some currencies, ``audit`` checks them."""

    matches: MatchStore
    maps: MapStore
    achievements: AchievementStore
    rounds: RoundStore
    saves: SaveStore
    players: PlayerStore
    personal: PersonalData
    ledger: Callable[[Mapping[str, Currency]], LedgerStore]
    audit: Callable[[], Audit]


@attrs.frozen
class Context:
    """The server as a protocol sees it.

    ``kinds`` are the installed games by name. ``name`` is what the server calls itself, ``data_dir`` where its
    database is (empty for one that has an address of its own), ``stop_seconds`` how long the protocols may take to
    stop, ``site_endpoints`` where the site listens, on which the pages of every protocol are served. ``secret``
    returns bytes that are made once for this installation, by name and size. ``open_matches`` returns the open games
    of all protocols, ``shutdown`` begins an orderly stop of the whole server. ``over_tls`` returns a factory that
    speaks TLS with the server's own certificate in front of another.
    """

    reactor: IGameReactor
    kinds: Mapping[str, Kind[Any]]
    name: str
    data_dir: str
    limits: Limits
    stop_seconds: float
    site_endpoints: tuple[str, ...]
    metrics: Metrics
    sessions: SessionManager
    accounts: Accounts
    rooms: Rooms
    moderation: Moderation
    #: Clients whom other nodes serve, and those of others whom this one serves.
    relays: Relays
    directory: Directory
    #: Open HTTP connections of all sites; sessions are counted by their manager.
    http_connections: ConnectionCount
    #: How many requests an address may send to all sites together.
    http_requests: Meters
    #: The proxies that may say for whom they ask, at every port.
    proxies: Proxies
    #: Seconds for which a browser that has come over TLS is told to come over TLS only; 0: it is not told.
    hsts: int
    #: How many messages people may send at all protocols together.
    messages: MessageLimit
    #: The limits that hold at all nodes together; a protocol adds its own.
    shared_limits: SharedLimits
    stores: Stores
    secret: Callable[[str, int], bytes]
    open_matches: Callable[[], list[OpenMatch]]
    #: Whether this is the only process of its data directory, or the first: what can run only once runs there.
    first: bool
    shutdown: Callable[[], None]
    over_tls: Callable[[IProtocolFactory], IProtocolFactory]
    #: Called when ``limits`` have changed; who makes something of its own out of them adds to it.
    limits_changed: list[Callable[[], None]] = attrs.field(factory=list)
