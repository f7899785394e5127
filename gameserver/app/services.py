"""What all protocols stand on: stores, accounts, sessions, rooms, and every line that joins two of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from importlib import metadata
from pathlib import Path
from typing import BinaryIO, cast

import attrs
from sqlalchemy.exc import SQLAlchemyError
from twisted.internet.interfaces import IProtocolFactory

from gameserver.accounts import Accounts
from gameserver.accounts.passwords import Passwords
from gameserver.app.checking import own_certificates
from gameserver.app.data_directory import DataDirectory
from gameserver.app.games import installed_kinds
from gameserver.config import Config
from gameserver.edge.context import Context, OpenMatch, Stores
from gameserver.edge.directory import Directory
from gameserver.edge.relay.relays import Relays
from gameserver.errors import StartError
from gameserver.metrics import Metrics
from gameserver.moderation import Moderation
from gameserver.net.tls import CertificateError, Certificates, TlsFactory, make_certificate
from gameserver.reactor import IGameReactor
from gameserver.rooms.rooms import Rooms
from gameserver.sessions.addresses import Proxies
from gameserver.sessions.limits import ConnectionCount, MessageLimit, Meters, RateLimit
from gameserver.sessions.login_delay import LoginDelay
from gameserver.sessions.manager import SessionManager
from gameserver.sessions.shared_limits import SharedLimits
from gameserver.storage.accounts import DatabaseAccounts
from gameserver.storage.database import Database, sqlite_url
from gameserver.storage.kassel import DatabaseAchievements, DatabaseMaps
from gameserver.storage.matches import DatabaseMatches
from gameserver.storage.moderation import DatabaseModeration
from gameserver.storage.nodes import DatabaseNodes
from gameserver.storage.personal_data import DatabasePersonalData
from gameserver.storage.revisions import UnknownSchema, is_newest
from gameserver.storage.standings import DatabaseStandings
from gameserver.storage.techmino import DatabaseRounds
from gameserver.storage.techmino_saves import DatabaseSaves
from gameserver.storage.wallet import DatabaseLedger
from gameserver.storage.wallet_audit import audit
from gameserver.storage.wallet_players import DatabasePlayers

#: The part of ``stop_deadline`` that the protocols have; the stores have the rest.
PARTS_SHARE = 0.7


@attrs.frozen
class Services:
    """What the composition root starts and stops, and the ``context`` that it gives to protocols."""

    config: Config
    database: Database
    passwords: Passwords
    certificates: Certificates
    nodes: DatabaseNodes
    delays: LoginDelay
    registrations: Meters
    testplayers: Meters
    standings: DatabaseStandings
    context: Context


def build_services(
    config: Config,
    reactor: IGameReactor,
    open_matches: Callable[[], list[OpenMatch]] = list,
    shutdown: Callable[[], None] = lambda: None,
    worker: int = 0,
) -> Services:
    """Return what the protocols stand on. Raises ``StartError``.

    ``open_matches`` and ``shutdown`` are the context's; a command of the operator's needs neither. ``worker`` is the
    number of this process among those of one directory, 0 if it is the only one.
    """
    directory = open_directory(config)
    try:
        certificates = certificates_of(config, directory)
        seeds = directory.secret("seeds")
        metrics = Metrics()
        database = open_database(config, reactor, directory, metrics)
        if not is_newest(database.engine):
            # What it needs takes a while to load, and most starts need none of it.
            from gameserver.storage.migrate import migrate

            migrate(database.engine)
        # Connections must not be carried over the fork of a daemon.
        database.engine.dispose()
    except (OSError, CertificateError, UnknownSchema) as error:
        raise StartError(str(error)) from None
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
        raise StartError(f"storage.url: the database cannot be used: {reason}") from None
    node = f"{directory.node()}-{worker}" if worker else directory.node()
    limits = config.limits
    sessions = SessionManager(
        reactor,
        ConnectionCount(limits.connections_per_address, limits.connections),
        logins=RateLimit.by_factor(
            limits.logins_per_second, limits.logins, limits.address_factor, limits.logins_per_address
        ),
    )
    passwords = Passwords(reactor, limits.hash_threads, limits.hash_queue)
    delays = LoginDelay(reactor, limits.login_failures, limits.login_delay)
    registrations = Meters(1 / config.accounts.registration_seconds, config.accounts.registrations_per_address)
    testplayers = Meters(1 / config.accounts.testplayer_seconds, config.accounts.testplayers_per_address)
    accounts = Accounts(
        DatabaseAccounts(database),
        passwords,
        reactor,
        delays,
        config.accounts.team,
        config.accounts.registration,
        config.accounts.temporary_hours,
        registrations,
        testplayers,
        config.accounts.password_length,
        seeds,
        config.accounts.name_kept_days,
    )
    accounts.admit = lambda player: sessions.check_banned(player=player)
    metrics.built(metadata.version("gameserver"), metadata.version("twisted"))
    metrics.family("sessions", "Open connections", ["protocol"], lambda: _by_protocol(sessions.by_protocol))
    metrics.counters("logins", "Logins that were let in", ["protocol"], lambda: _by_protocol(sessions.logged_in))
    metrics.gauge("database_queue", "Transactions waiting or running", lambda: database.waiting)
    metrics.gauge("password_queue", "Passwords waiting to be hashed or checked", lambda: passwords.waiting)
    nodes = DatabaseNodes(database, node, metadata.version("gameserver"), lambda: len(sessions))
    rooms = Rooms(sessions, reactor)
    moderation = Moderation(sessions, DatabaseModeration(database), accounts, reactor)
    rooms.muted = moderation.muted
    context = Context(
        reactor=reactor,
        kinds=installed_kinds(),
        name=config.name,
        data_dir="" if config.storage.url else config.data_dir,
        limits=limits,
        stop_seconds=config.stop_deadline * PARTS_SHARE,
        site_endpoints=config.web.endpoints,
        metrics=metrics,
        sessions=sessions,
        accounts=accounts,
        rooms=rooms,
        moderation=moderation,
        relays=Relays(reactor, node, config.cluster.silence),
        directory=Directory(),
        http_connections=ConnectionCount(limits.connections_per_address, limits.connections),
        http_requests=Meters(config.web.requests_per_second, config.web.burst),
        proxies=Proxies(config.web.proxies),
        hsts=config.web.hsts,
        messages=MessageLimit(limits.messages_per_second, limits.burst, limits.address_factor),
        shared_limits=SharedLimits(),
        stores=_stores(database, node, config.cluster.silence if config.cluster.redis else 0.0),
        secret=directory.secret,
        open_matches=open_matches,
        shutdown=shutdown,
        first=worker <= 1,
        over_tls=lambda factory: cast("IProtocolFactory", TlsFactory(certificates, False, factory)),
    )
    return Services(
        config,
        database,
        passwords,
        certificates,
        nodes,
        delays,
        registrations,
        testplayers,
        DatabaseStandings(database),
        context,
    )


def _by_protocol(counted: Mapping[str, int]) -> dict[tuple[str, ...], float]:
    return {(protocol,): count for protocol, count in counted.items()}


def _stores(database: Database, node: str, silence: float) -> Stores:
    return Stores(
        matches=DatabaseMatches(database, node, silence),
        maps=DatabaseMaps(database),
        achievements=DatabaseAchievements(database),
        rounds=DatabaseRounds(database),
        saves=DatabaseSaves(database),
        players=DatabasePlayers(database),
        personal=DatabasePersonalData(database),
        ledger=lambda currencies: DatabaseLedger(database, currencies),
        audit=lambda: audit(database.engine),
    )


def open_directory(config: Config) -> DataDirectory:
    """Return the configured data directory, made if it is not there. Raises ``StartError``."""
    DataDirectory(Path(config.data_dir)).refuse_unfinished()
    try:
        return DataDirectory.open(Path(config.data_dir))
    except OSError as error:
        raise StartError(f"data_dir = {config.data_dir}: {error.strerror or error}: {error.filename}") from None


def lock_directory(config: Config, worker: int = 0) -> BinaryIO:
    """Return what keeps the data directory ours until it is closed. Raises ``StartError``.

    Commands of the operator work beside a server; a second server would write into the same matches. Of the workers
    of one directory each has a lock of its own, and who started them has the directory's.
    """
    directory = open_directory(config)
    try:
        return directory.lock(f"lock.{worker}" if worker else "lock")
    except BlockingIOError:
        raise StartError(f"data_dir = {config.data_dir}: another server runs on it") from None
    except OSError as error:
        raise StartError(f"data_dir = {config.data_dir}: {error.strerror or error}") from None


def open_database(
    config: Config, reactor: IGameReactor, directory: DataDirectory, metrics: Metrics | None = None
) -> Database:
    """Return the configured database, its file made with mode 0600 if it is SQLite's and not there."""
    url = config.storage.url
    if not url:
        directory.file("gameserver.db")
        url = sqlite_url(directory.path)
    elif url.startswith("sqlite:///"):
        # Made here, so that nobody else may read it.
        os.close(os.open(url.removeprefix("sqlite:///"), os.O_CREAT | os.O_RDWR, 0o600))
    return Database(url, reactor, config.storage.connections, config.storage.queue, metrics)


def certificates_of(config: Config, directory: DataDirectory) -> Certificates:
    """Return the operator's certificate, or our own, made if it is not there. Raises ``StartError``."""
    own = own_certificates(config)
    return Certificates(*make_certificate(directory.directory("tls"))) if own is None else own
