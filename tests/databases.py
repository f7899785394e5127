"""Real databases for tests: a fresh SQLite file, and a fresh schema of the local PostgreSQL if there is one."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from typing import Any, Protocol

import sqlalchemy as sa
from twisted.trial.unittest import SkipTest, TestCase

from gameserver.storage.database import Database, sqlite_url
from gameserver.storage.migrate import migrate
from tests.directories import temporary_directory
from tests.reactor import reactor

POSTGRESQL = os.environ.get("GAMESERVER_TEST_POSTGRESQL", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres")


class Cleanups(Protocol):
    """Whatever gives back what was made: a test, say."""

    def addCleanup(self, function: Callable[..., Any], /, *arguments: Any, **keywords: Any) -> None:
        """Call a function at the end."""


def open_sqlite(case: TestCase) -> Database:
    """Return a migrated database on a file of its own; the test stops it."""
    database = Database(sqlite_url(temporary_directory()), reactor)
    return _opened(case, database)


def open_postgresql(case: TestCase) -> Database:
    """Return a migrated database in a new schema, dropped after the test; skips without a server."""
    return _opened(case, Database(fresh_postgresql(case), reactor))


def fresh_postgresql(case: Cleanups) -> str:
    """Return the URL of a new, empty schema, dropped after the test; skips without a server."""
    schema = f"gameserver_test_{secrets.token_hex(6)}"
    admin = sa.create_engine(POSTGRESQL)
    try:
        with admin.begin() as connection:
            connection.exec_driver_sql(f"CREATE SCHEMA {schema}")
    except sa.exc.OperationalError as error:
        raise SkipTest(f"no PostgreSQL at {POSTGRESQL}: {error.orig}") from None

    def drop() -> None:
        with admin.begin() as connection:
            connection.exec_driver_sql(f"DROP SCHEMA {schema} CASCADE")
        admin.dispose()

    case.addCleanup(drop)
    return f"{POSTGRESQL}?options=-csearch_path%3D{schema}"


def _opened(case: TestCase, database: Database) -> Database:
    migrate(database.engine)
    database.start()
    case.addCleanup(database.stop)
    return database


class Tenant:
    """A role of the local PostgreSQL that has a migrated schema of its own, and privileges that can be taken away."""

    def __init__(self, case: Cleanups) -> None:
        admin_url = fresh_postgresql(case)
        self.schema = admin_url.rpartition("%3D")[2]
        self.role = f"{self.schema}_role"
        self._admin = sa.create_engine(admin_url, poolclass=sa.NullPool)
        migrate(self._admin)
        self.run(f"CREATE ROLE {self.role} LOGIN")
        case.addCleanup(self._leave)
        self.grant()
        #: The database as the role sees it.
        self.url = sa.make_url(admin_url).set(username=self.role).render_as_string(hide_password=False)

    def run(self, statement: str) -> None:
        """Run a statement as administrator."""
        with self._admin.begin() as connection:
            connection.exec_driver_sql(statement)

    def grant(self) -> None:
        """Let the role read and write everything."""
        self.run(f"GRANT USAGE ON SCHEMA {self.schema} TO {self.role}")
        for kind in ("TABLES", "SEQUENCES"):
            self.run(f"GRANT ALL ON ALL {kind} IN SCHEMA {self.schema} TO {self.role}")

    def revoke(self) -> None:
        """Take the tables away from the role."""
        self.run(f"REVOKE ALL ON ALL TABLES IN SCHEMA {self.schema} FROM {self.role}")

    def terminate(self) -> None:
        """End all connections of the role."""
        self.run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{self.role}'")

    def _leave(self) -> None:
        self.terminate()
        self.run(f"DROP OWNED BY {self.role}")
        self.run(f"DROP ROLE {self.role}")
