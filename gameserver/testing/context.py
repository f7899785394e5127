"""Everything a protocol may be given, without a database and without a port."""

from __future__ import annotations

import hashlib
from typing import Any, cast

import attrs
from twisted.internet.interfaces import IReactorTime

from gameserver.accounts import Accounts
from gameserver.app.games import installed_kinds
from gameserver.config.tree import Limits
from gameserver.config.web import Web
from gameserver.edge.context import Context, Stores
from gameserver.edge.directory import Directory
from gameserver.edge.relay.relays import Relays
from gameserver.metrics import Metrics
from gameserver.moderation import Moderation
from gameserver.reactor import IGameReactor
from gameserver.rooms.rooms import Rooms
from gameserver.sessions.addresses import Proxies
from gameserver.sessions.limits import ConnectionCount, MessageLimit, Meters, RateLimit
from gameserver.sessions.login_delay import LoginDelay
from gameserver.sessions.manager import SessionManager
from gameserver.sessions.shared_limits import SharedLimits
from gameserver.testing.accounts import MemoryAccounts, NoPersonalData, PlainPasswords
from gameserver.testing.kassel import MemoryAchievements, MemoryMaps, MemoryMatches
from gameserver.testing.moderation import MemoryModeration
from gameserver.testing.techmino_rounds import MemoryRounds, MemorySaves
from gameserver.testing.wallet import MemoryLedger, MemoryPlayers
from gameserver.wallet.store import Audit


def memory_stores() -> Stores:
    """Return stores that forget everything with the process."""
    return Stores(
        matches=MemoryMatches(),
        maps=MemoryMaps(),
        achievements=MemoryAchievements(),
        rounds=MemoryRounds(),
        saves=MemorySaves(),
        players=MemoryPlayers(),
        personal=NoPersonalData(),
        ledger=MemoryLedger,
        audit=lambda: Audit(0, 0, 0, 0, ()),
    )


def memory_context(reactor: IReactorTime, limits: Limits | None = None, **changes: Any) -> Context:
    """Return a context on a reactor or a clock; ``changes`` are fields of it.

    Passwords are compared as they are and may be short, failed logins wait for a second at most, and TLS is left out.
    Nobody counts accounts.
    """
    accounts = changes.pop("accounts", None) or Accounts(
        MemoryAccounts(), PlainPasswords(), reactor, LoginDelay(reactor, 3, 1.0), shortest=1
    )
    limits, web = limits or Limits(), Web()
    sessions = SessionManager(
        reactor,
        ConnectionCount(limits.connections_per_address, limits.connections),
        logins=RateLimit.by_factor(
            limits.logins_per_second, limits.logins, limits.address_factor, limits.logins_per_address
        ),
    )
    rooms = Rooms(sessions, reactor)
    accounts.admit = lambda player: sessions.check_banned(player=player)
    moderation = Moderation(sessions, MemoryModeration(), accounts, reactor)
    rooms.muted = moderation.muted
    context = Context(
        # What only needs the time gets along with a clock.
        reactor=cast("IGameReactor", reactor),
        kinds=installed_kinds(),
        name="gameserver",
        data_dir="",
        limits=limits,
        stop_seconds=7.0,
        site_endpoints=("tcp:8080:interface=127.0.0.1",),
        metrics=Metrics(),
        sessions=sessions,
        accounts=accounts,
        rooms=rooms,
        moderation=moderation,
        relays=Relays(reactor, "alone", 10.0),
        directory=Directory(),
        http_connections=ConnectionCount(limits.connections_per_address, limits.connections),
        http_requests=Meters(web.requests_per_second, web.burst),
        proxies=Proxies(web.proxies),
        hsts=web.hsts,
        messages=MessageLimit(limits.messages_per_second, limits.burst, limits.address_factor),
        shared_limits=SharedLimits(),
        stores=memory_stores(),
        secret=lambda name, size: hashlib.shake_256(name.encode()).digest(size),
        open_matches=list,
        first=True,
        shutdown=lambda: None,
        over_tls=lambda factory: factory,
    )
    return attrs.evolve(context, **changes)
