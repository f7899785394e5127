"""What every protocol stands on: stores, accounts, sessions, rooms."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import attrs
from sqlalchemy.exc import SQLAlchemyError

from gameserver.accounts import Accounts
from gameserver.accounts.passwords import Passwords
from gameserver.app.data_directory import DataDirectory
from gameserver.config import Config
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


class StartError(Exception):
    """Something without which the server cannot start; the text is one line for the operator."""


@attrs.frozen
class Services:
    """What every protocol may be given."""

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
    #: Open HTTP connections of all sites; sessions are counted by their manager.
    web_connections: ConnectionCount


def build_services(config: Config, reactor: Any) -> Services:
    """Return what the protocols stand on: stores, accounts, sessions, rooms. Raises ``StartError``."""
    directory = open_directory(config)
    try:
        certificates = _certificates(config, directory)
        metrics = Metrics()
        database = open_database(config, reactor, directory, metrics)
        migrate(database.engine)
        # Connections must not be carried over the fork of a daemon.
        database.engine.dispose()
    except (OSError, CertificateError, UnknownSchema) as error:
        raise StartError(str(error)) from None
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
        raise StartError(f"storage.url: the database cannot be used: {reason}") from None
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
    metrics.gauge("password_queue", "Passwords waiting to be hashed or checked", lambda: passwords.waiting)
    rooms = Rooms(sessions, reactor)
    moderation = Moderation(sessions, rooms, DatabaseModeration(database), reactor)
    return Services(
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
        ConnectionCount(limits.connections_per_address, limits.connections),
    )


def open_directory(config: Config) -> DataDirectory:
    """Return the configured data directory, made if it is not there. Raises ``StartError``."""
    try:
        return DataDirectory.open(Path(config.data_dir))
    except OSError as error:
        raise StartError(f"data_dir = {config.data_dir}: {error.strerror or error}: {error.filename}") from None


def open_database(config: Config, reactor: Any, directory: DataDirectory, metrics: Metrics | None = None) -> Database:
    """Return the configured database, its file made with mode 0600 if it is SQLite's and not there."""
    url = config.storage.url
    if not url:
        directory.file("gameserver.db")
        url = sqlite_url(directory.path)
    elif url.startswith("sqlite:///"):
        # Made here, so that nobody else may read it.
        os.close(os.open(url.removeprefix("sqlite:///"), os.O_CREAT | os.O_RDWR, 0o600))
    return Database(url, reactor, config.storage.connections, config.storage.queue, metrics)


def _certificates(config: Config, directory: DataDirectory) -> Certificates:
    tls = config.tls
    if bool(tls.certificate) != bool(tls.private_key):
        raise CertificateError("tls.certificate and tls.private_key belong together; one of them is missing")
    if tls.certificate:
        return Certificates(Path(tls.certificate), Path(tls.private_key))
    return Certificates(*make_certificate(directory.directory("tls")))
