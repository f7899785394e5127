"""Runs transactions off the reactor thread, on SQLite or PostgreSQL, by the same functions."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol, TypeVar

import sqlalchemy as sa
from sqlalchemy import event, exc
from twisted.internet.defer import Deferred, fail
from twisted.internet.interfaces import IReactorFromThreads
from twisted.internet.threads import deferToThreadPool
from twisted.logger import Logger
from twisted.python.failure import Failure
from twisted.python.threadpool import ThreadPool

from gameserver.errors import Code, GameError, Unavailable
from gameserver.storage.outages import is_outage

T = TypeVar("T")

#: How often a transaction that lost a race is tried again.
ATTEMPTS = 5

#: PostgreSQL's codes for serialization failure and deadlock.
_RACES = {"40001", "40P01"}


#: Seconds in which a database that cannot be used is told of once.
COMPLAINT = 60.0


class DatabaseTimes(Protocol):
    """Is told how long each transaction waited and ran, by name."""

    def transaction(self, name: str, waited: float, ran: float) -> None:
        """Note one transaction; times in seconds."""


class Database:
    """``await run(name, function)``: the function gets a connection inside a transaction and returns plain values.

    It runs in another thread and may run twice, so it must do nothing but talk to the connection. SQLite has one
    thread and so one writer; PostgreSQL has as many as configured.
    """

    _log = Logger()

    def __init__(
        self,
        url: str,
        reactor: IReactorFromThreads,
        connections: int = 4,
        queue: int = 2000,
        times: DatabaseTimes | None = None,
    ) -> None:
        self._reactor = reactor
        self._queue = queue
        self._times = times
        self.engine = create_engine(url)
        self.waiting = 0
        self._complained = -COMPLAINT
        self._unsaid = 0
        size = 1 if self.engine.dialect.name == "sqlite" else connections
        self._pool = ThreadPool(minthreads=0, maxthreads=size, name="database")

    def start(self) -> None:
        """Start the threads."""
        self._pool.start()

    def stop(self) -> None:
        """Let everything that was accepted finish, then end the threads. Blocks until then."""
        self._pool.stop()
        self.engine.dispose()

    def run(self, name: str, function: Callable[[sa.Connection], T]) -> Deferred[T]:
        """Run a function in a transaction and fire with what it returned, after the commit.

        Fails with what the function raised (the transaction is rolled back), or with ``GameError`` ``busy`` when
        too many are waiting or, ``Unavailable``, when the database cannot be used; why is in the log.
        """
        if self.waiting >= self._queue:
            return fail(GameError(Code.BUSY, "The server is busy; please try again."))
        self.waiting += 1
        asked = time.perf_counter()

        def transaction() -> T:
            began = time.perf_counter()
            try:
                return self.run_here(function)
            finally:
                ended = time.perf_counter()
                if self._times is not None:
                    self._times.transaction(name, began - asked, ended - began)

        def done(result: Any) -> Any:
            self.waiting -= 1
            error = result.value if isinstance(result, Failure) else None
            if error is not None and is_outage(error, self.engine.dialect.loaded_dbapi):
                reason = " ".join(str(getattr(error, "orig", None) or error).split())
                self._complain(name, reason)
                raise Unavailable(reason) from None
            return result

        running: Deferred[T] = deferToThreadPool(self._reactor, self._pool, transaction)
        return running.addBoth(done)

    def _complain(self, name: str, reason: str) -> None:
        now = time.monotonic()
        if now - self._complained < COMPLAINT:
            self._unsaid += 1
            return
        self._complained = now
        more, self._unsaid = f"; {self._unsaid} more have failed before" if self._unsaid else "", 0
        self._log.error("the database cannot be used ({name}): {reason}{more}", name=name, reason=reason, more=more)

    def run_here(self, function: Callable[[sa.Connection], T]) -> T:
        """Run a function in a transaction in the calling thread; used by the command line and at start.

        It may run several times, but is committed once: when the connection ends during the commit, nobody knows
        whether that was carried out. Raises what the function raises, or the database's own ``DBAPIError``.
        """
        for attempt in range(1, ATTEMPTS + 1):
            committing = False
            try:
                with self.engine.begin() as connection:
                    result = function(connection)
                    committing = True
                return result
            except exc.DBAPIError as error:
                unknown = committing and error.connection_invalidated
                if attempt == ATTEMPTS or unknown or not _lost_a_race(error):
                    raise
                time.sleep(0.005 * 2**attempt)
        raise AssertionError("unreachable")


def _lost_a_race(error: exc.DBAPIError) -> bool:
    if getattr(error.orig, "sqlstate", None) in _RACES or error.connection_invalidated:
        return True
    return isinstance(error, exc.OperationalError) and "locked" in str(error.orig)


def now_ms(connection: sa.Connection) -> int:
    """Return the database's own time in milliseconds since 1970: one clock for all nodes."""
    sqlite = "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)"
    postgresql = "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)"
    text = sqlite if connection.dialect.name == "sqlite" else postgresql
    return int(connection.exec_driver_sql(f"SELECT {text}").scalar_one())


def sqlite_url(directory: Path) -> str:
    """Return the URL of the database file in a data directory."""
    return f"sqlite:///{directory / 'gameserver.db'}"


def create_engine(url: str) -> sa.Engine:
    """Return an engine with this project's settings for its kind of database.

    SQLite: WAL, every commit on disk before it is confirmed (synchronous=FULL), foreign keys on, transactions
    that take the write lock at once. A file that has been moved or deleted is not used any more: SQLite would go on
    writing into what nobody finds again, or make an empty one.
    """
    if not url.startswith("sqlite"):
        return sa.create_engine(url, pool_pre_ping=True, pool_size=4, max_overflow=64)
    engine = sa.create_engine(url, connect_args={"check_same_thread": False, "timeout": 15})
    file = DatabaseFile(engine.url.database or "")

    @event.listens_for(engine, "do_connect")
    def connect(_dialect: object, _record: object, _arguments: object, _named: object) -> None:
        file.check()

    @event.listens_for(engine, "connect")
    def connected(connection: Any, _record: Any) -> None:
        # The driver's own idea of when a transaction begins is switched off: we say BEGIN ourselves.
        connection.isolation_level = None
        file.opened()
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=15000"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        file.check()
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


class DatabaseFile:
    """Knows SQLite's file again, by device and number, as long as the process lives."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._known: tuple[int, int] | None = None

    def opened(self) -> None:
        """Remember the file that has been opened."""
        self._known = self._known or self._found()

    def check(self) -> None:
        """Raise ``sqlite3.OperationalError`` if it is not where it was, or another one is there."""
        if self._known is not None and self._known != self._found():
            raise sqlite3.OperationalError(f"{self._path} has been moved, deleted or replaced since the start")

    def _found(self) -> tuple[int, int] | None:
        try:
            status = os.stat(self._path)
        except OSError:
            # Not there, or a database in memory.
            return None
        return status.st_dev, status.st_ino
