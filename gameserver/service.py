"""The composition root: the only place that creates concrete things and joins them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import attrs
from autobahn.websocket import USES_NVX
from twisted.internet.interfaces import IProtocolFactory
from twisted.internet.task import deferLater
from twisted.protocols.tls import TLSMemoryBIOFactory
from twisted.web.resource import IResource

from gameserver.accounts import Accounts
from gameserver.accounts.passwords import Passwords
from gameserver.chores import Chores
from gameserver.config import Config
from gameserver.datadir import DataDirectory
from gameserver.lifecycle import Door, GameServer
from gameserver.listening import Listener
from gameserver.logs import observer
from gameserver.metrics import Metrics
from gameserver.moderation import Moderation
from gameserver.net.tls import CertificateError, Certificates, make_certificate
from gameserver.rooms.rooms import Rooms
from gameserver.sessions.limits import ConnectionCount, LoginDelay
from gameserver.sessions.manager import SessionManager
from gameserver.storage.accounts import DatabaseAccounts
from gameserver.storage.database import Database, sqlite_url
from gameserver.storage.migrate import UnknownSchema, migrate
from gameserver.storage.moderation import DatabaseModeration
from gameserver.web.health import Health, MetricsPage
from gameserver.web.site import site, tree

#: Seconds between two looks for temporary players and tokens whose time is over.
SWEEP = 600

#: Seconds between two looks for sanctions that the command line has changed.
SANCTIONS = 5


class StartError(Exception):
    """Something without which the server cannot start; the text is one line for the operator."""


@attrs.frozen
class House:
    """What every door may be given."""

    config: Config
    reactor: Any
    directory: DataDirectory
    database: Database
    metrics: Metrics
    sessions: SessionManager
    accounts: Accounts
    rooms: Rooms
    moderation: Moderation
    passwords: Passwords
    certificates: Certificates


def build(config: Config, reactor: Any, log_file: str | None = None) -> GameServer:
    """Return the whole server, not started yet. Raises ``StartError``."""
    if not USES_NVX:
        raise StartError("Autobahn's native WebSocket code (NVX) is missing; reinstall autobahn from a wheel.")
    house = build_house(config, reactor)
    server: GameServer
    doors: list[Door] = []
    listeners: list[Listener] = []
    pages: dict[str, IResource] = {
        "healthz": Health(lambda: server.state),
        "metrics": MetricsPage(house.metrics),
    }
    factory = site(tree(pages))
    listeners += listen("web.endpoints", config.web.endpoints, factory, "open http://{address}/ in a browser")
    chores = Chores(reactor, {SWEEP: house.accounts.sweep, SANCTIONS: house.moderation.refresh})

    def open_stores() -> None:
        house.database.start()
        house.passwords.start()
        chores.start()

    async def close_stores() -> None:
        chores.stop()
        while house.database.waiting:
            await deferLater(reactor, 0.01)
        house.passwords.stop()
        house.database.stop()

    log = observer(config.log.format, config.log.level, log_file)
    server = GameServer(
        config, reactor, log, doors, listeners, open_stores, close_stores, lambda: reload_certificates(house)
    )
    return server


def build_house(config: Config, reactor: Any) -> House:
    """Return what the doors stand on: stores, accounts, sessions, rooms. Raises ``StartError``."""
    try:
        directory = DataDirectory.open(Path(config.data_dir))
        certificates = _certificates(config, directory)
        metrics = Metrics()
        database = open_database(config, reactor, directory, metrics)
        migrate(database.engine)
    except (OSError, CertificateError, UnknownSchema) as error:
        raise StartError(str(error)) from None
    limits = config.limits
    sessions = SessionManager(reactor, ConnectionCount(limits.connections_per_address, limits.connections))
    passwords = Passwords(reactor, limits.hash_threads, limits.hash_queue)
    accounts = Accounts(
        DatabaseAccounts(database),
        passwords,
        reactor,
        LoginDelay(reactor, limits.login_failures, limits.login_delay),
        config.accounts.team,
        config.accounts.registration,
        config.accounts.temporary_hours,
    )
    metrics.gauge("sessions", "Open connections", lambda: len(sessions))
    metrics.gauge("database_queue", "Transactions waiting or running", lambda: database.waiting)
    rooms = Rooms(sessions, reactor)
    moderation = Moderation(sessions, rooms, DatabaseModeration(database), reactor)
    return House(
        config,
        reactor,
        directory,
        database,
        metrics,
        sessions,
        accounts,
        rooms,
        moderation,
        passwords,
        certificates,
    )


def open_database(config: Config, reactor: Any, directory: DataDirectory, metrics: Metrics | None = None) -> Database:
    """Return the configured database, its file made with mode 0600 if it is SQLite's and not there."""
    url = config.storage.url
    if not url:
        directory.file("gameserver.db")
        url = sqlite_url(directory.path)
    return Database(url, reactor, config.storage.connections, config.storage.queue, metrics)


def listen(key: str, endpoints: tuple[str, ...], factory: IProtocolFactory, hint: str) -> list[Listener]:
    """Return a listener for each endpoint of a key; ``{host}``, ``{port}``, ``{address}`` in the hint are filled."""
    listeners = []
    for endpoint in endpoints:
        port = next((part for part in endpoint.split(":")[1:2] if part.isdigit()), "?")
        host = "127.0.0.1"
        filled = hint.format(host=host, port=port, address=f"{host}:{port}")
        listeners.append(Listener(key, endpoint, factory, filled))
    return listeners


def over_tls(house: House, factory: IProtocolFactory) -> IProtocolFactory:
    """Return a factory that speaks TLS with the server's own certificate in front of another."""
    wrapped: IProtocolFactory = TLSMemoryBIOFactory(house.certificates, False, factory)
    return wrapped


def _certificates(config: Config, directory: DataDirectory) -> Certificates:
    tls = config.tls
    if bool(tls.certificate) != bool(tls.private_key):
        raise CertificateError("tls.certificate and tls.private_key belong together; one of them is missing")
    if tls.certificate:
        return Certificates(Path(tls.certificate), Path(tls.private_key))
    return Certificates(*make_certificate(directory.directory("tls")))


def reload_certificates(house: House) -> None:
    """Load renewed certificates; the old ones stay in force if the new ones are no good."""
    try:
        house.certificates.reload()
    except CertificateError as error:
        GameServer.log.error("certificates not reloaded: {error}", error=error)
    else:
        GameServer.log.info("certificates reloaded")
