"""Transactions off the reactor, on both databases, and what becomes of a database at start."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from pathlib import Path

import sqlalchemy as sa
from alembic.config import Config
from alembic.script import ScriptDirectory
from twisted.internet.defer import gatherResults
from twisted.logger import LogEvent, capturedLogs, formatEvent
from twisted.trial.unittest import SynchronousTestCase, TestCase

from gameserver.errors import Code, GameError, Unavailable
from gameserver.storage.database import Database, create_engine, sqlite_url
from gameserver.storage.migrate import migrate
from gameserver.storage.revisions import MIGRATIONS, UnknownSchema, is_newest, newest_revision, revision_of
from gameserver.storage.schema import metadata
from gameserver.storage.schema.accounts import audit
from tests.databases import open_postgresql, open_sqlite
from tests.directories import temporary_directory
from tests.reactor import reactor
from tests.typed import TestMixin


def complaints(events: Iterable[LogEvent]) -> list[str]:
    """Return what a database has logged."""
    return [formatEvent(event) for event in events if event.get("log_namespace") == Database._log.namespace]


def add(text: str) -> Callable[[sa.Connection], int]:
    row = {"at_ms": 1, "actor": "a", "action": text, "subject": "", "detail": ""}
    return lambda connection: connection.execute(audit.insert().values(row)).rowcount


def count(connection: sa.Connection) -> int:
    return connection.execute(sa.select(sa.func.count()).select_from(audit)).scalar_one()


class DatabaseContract(TestMixin):
    """What both databases must do."""

    database: Database

    def make_broken(self) -> Database:
        """Return a database that cannot be reached."""
        raise NotImplementedError

    async def test_a_function_runs_in_another_thread_and_its_result_comes_back(self) -> None:
        here = threading.get_ident()
        self.assertNotEqual(await self.database.run("ident", lambda _: threading.get_ident()), here)

    async def test_what_raises_changes_nothing(self) -> None:
        def work(connection: sa.Connection) -> None:
            add("x")(connection)
            raise GameError(Code.FORBIDDEN, "No.")

        with self.assertRaises(GameError):
            await self.database.run("fails", work)
        self.assertEqual(await self.database.run("count", count), 0)

    async def test_parallel_transactions_all_arrive(self) -> None:
        await gatherResults([self.database.run("add", add(str(number))) for number in range(50)])
        self.assertEqual(await self.database.run("count", count), 50)
        self.assertEqual(self.database.waiting, 0)

    async def test_too_many_waiting_are_told_to_come_back(self) -> None:
        self.database._queue = 1
        first = self.database.run("add", add("1"))
        with self.assertRaises(GameError) as caught:
            await self.database.run("add", add("2"))
        self.assertEqual(caught.exception.code, "busy")
        await first

    async def test_a_lost_race_is_tried_again(self) -> None:
        tries: list[int] = []

        class Race(Exception):
            sqlstate = "40001"

        def work(connection: sa.Connection) -> int:
            tries.append(1)
            if len(tries) < 3:
                raise sa.exc.OperationalError("x", {}, Race())
            return add("x")(connection)

        await self.database.run("race", work)
        self.assertEqual((len(tries), await self.database.run("count", count)), (3, 1))

    async def test_a_connection_lost_before_the_commit_costs_a_second_try(self) -> None:
        tries: list[int] = []

        def work(connection: sa.Connection) -> int:
            tries.append(1)
            if len(tries) < 2:
                raise self.lost_connection()
            return add("x")(connection)

        await self.database.run("lost", work)
        self.assertEqual((len(tries), await self.database.run("count", count)), (2, 1))

    async def test_a_commit_whose_answer_is_lost_is_not_made_again(self) -> None:
        tries: list[int] = []

        def work(connection: sa.Connection) -> int:
            tries.append(1)
            return add("x")(connection)

        def committed(connection: sa.Connection) -> None:
            connection.connection.commit()
            raise self.lost_connection()

        sa.event.listen(self.database.engine, "commit", committed)
        try:
            # Nobody knows what has become of it, and so it is not said to be done.
            with self.assertRaises(Unavailable):
                await self.database.run("lost", work)
        finally:
            sa.event.remove(self.database.engine, "commit", committed)
        self.assertEqual((len(tries), await self.database.run("count", count)), (1, 1))

    def lost_connection(self) -> sa.exc.DBAPIError:
        error = self.database.engine.dialect.loaded_dbapi.OperationalError("gone")
        return sa.exc.OperationalError("x", {}, error, connection_invalidated=True)

    async def test_a_database_that_cannot_be_used_is_said_to_be_busy_and_why_is_in_the_log(self) -> None:
        broken = self.make_broken()
        broken.start()
        self.addCleanup(broken.stop)
        with capturedLogs() as events:
            for _ in range(3):
                with self.assertRaises(Unavailable) as caught:
                    await broken.run("add", add("x"))
                self.assertEqual(caught.exception.code, "busy")
        told = complaints(events)
        self.assertEqual(len(told), 1, told)
        self.assertIn("add", told[0])

    async def test_what_the_driver_itself_raises_counts_too(self) -> None:
        error = self.database.engine.dialect.loaded_dbapi.OperationalError("gone")

        def work(_: sa.Connection) -> None:
            raise error

        with self.assertRaises(Unavailable):
            await self.database.run("gone", work)

    async def test_a_wrong_statement_is_a_mistake_of_ours(self) -> None:
        with self.assertRaises(sa.exc.DBAPIError):
            await self.database.run(
                "wrong", lambda connection: connection.exec_driver_sql("SELECT nothing FROM nowhere")
            )

    async def test_the_schema_is_what_the_tables_say(self) -> None:
        def look(connection: sa.Connection) -> dict[str, set[str]]:
            inspector = sa.inspect(connection)
            return {name: {c["name"] for c in inspector.get_columns(name)} for name in inspector.get_table_names()}

        found = await self.database.run("look", look)
        for table in metadata.sorted_tables:
            self.assertEqual(found.get(table.name), {column.name for column in table.columns}, table.name)
        self.assertEqual(set(found) - {"alembic_version"}, set(metadata.tables))


class SqliteTests(DatabaseContract, TestCase):
    def setUp(self) -> None:
        self.database = open_sqlite(self)

    def make_broken(self) -> Database:
        return Database("sqlite:////nowhere/at/all.db", reactor)

    async def test_a_full_disk_is_no_mistake_of_ours(self) -> None:
        def fill(connection: sa.Connection) -> None:
            connection.exec_driver_sql("PRAGMA max_page_count = 1")
            for _ in range(200):
                add("x" * 10_000)(connection)

        with self.assertRaises(Unavailable):
            await self.database.run("fill", fill)

    async def test_commits_are_on_disk_before_they_are_confirmed(self) -> None:
        def pragmas(connection: sa.Connection) -> list[object]:
            names = ("journal_mode", "synchronous", "foreign_keys")
            return [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names]

        self.assertEqual(await self.database.run("pragmas", pragmas), ["wal", 2, 1])


class PostgresqlTests(DatabaseContract, TestCase):
    def make_broken(self) -> Database:
        return Database("postgresql+psycopg://postgres@127.0.0.1:1/postgres", reactor)

    def setUp(self) -> None:
        self.database = open_postgresql(self)


class MigrationTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.directory = temporary_directory()
        self.engine = create_engine(sqlite_url(self.directory))
        self.addCleanup(self.engine.dispose)

    def backups(self) -> list[Path]:
        return list(self.directory.glob("*.backup-*"))

    def at(self, revision: str) -> None:
        with self.engine.begin() as connection:
            connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{revision}'")

    def test_a_new_database_gets_every_step_and_a_second_start_none(self) -> None:
        self.assertEqual(migrate(self.engine)[0], "0001_accounts")
        self.assertEqual(migrate(self.engine), [])
        self.assertEqual(self.backups(), [])

    def test_the_newest_revision_is_alembics_head(self) -> None:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        self.assertEqual(ScriptDirectory.from_config(config).get_current_head(), newest_revision())

    def test_what_a_start_has_to_migrate_is_seen_without_alembic(self) -> None:
        self.assertFalse(is_newest(self.engine))
        migrate(self.engine)
        self.assertTrue(is_newest(self.engine))
        self.at("0003_techmino")
        self.assertFalse(is_newest(self.engine))
        with self.engine.connect() as connection:
            self.assertEqual("0003_techmino", revision_of(connection))

    def test_an_unknown_schema_is_refused_and_left_alone(self) -> None:
        migrate(self.engine)
        self.at("9999_future")
        with self.assertRaises(UnknownSchema):
            migrate(self.engine)
        self.assertEqual(self.backups(), [])

    def test_a_file_of_others_is_refused_and_left_alone(self) -> None:
        with self.engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE recipes (name TEXT)")
        with self.assertRaises(UnknownSchema) as caught:
            migrate(self.engine)
        self.assertIn("recipes", str(caught.exception))
        with self.engine.connect() as connection:
            self.assertEqual(sa.inspect(connection).get_table_names(), ["recipes"])

    def test_of_two_open_games_of_one_name_the_newer_keeps_it(self) -> None:
        migrate(self.engine)
        with self.engine.begin() as connection:
            for statement in (
                *(f"DROP TABLE {table}" for table in ("former_names", "standings", "results", "profiles", "friends")),
                *(f"DROP INDEX ix_{table}_uncounted" for table in ("matches", "techmino_rounds")),
                *(f"ALTER TABLE {table} DROP COLUMN counted" for table in ("matches", "techmino_rounds")),
                "DROP INDEX ix_matches_open",
                "DROP TABLE nodes",
                "DROP TABLE techmino_saves",
                "ALTER TABLE techmino_rounds DROP COLUMN version",
                "ALTER TABLE techmino_rounds DROP COLUMN rules",
                "ALTER TABLE accounts DROP COLUMN seeded",
                "ALTER TABLE matches DROP COLUMN epoch",
                "ALTER TABLE matches RENAME COLUMN owner TO host",
            ):
                connection.exec_driver_sql(statement)
            for number, name, finished in ((1, "g", None), (2, "g", 7), (3, "h", None), (4, "g", None)):
                connection.exec_driver_sql(
                    "INSERT INTO matches (id, host, kind, name, options, seed, creator, created_ms, finished_ms, "
                    "winner, players) VALUES (?, 'x', 'catan', ?, '{}', 1, 'anne', 5, ?, '', '[]')",
                    (number, name, finished),
                )
        self.at("0006_epochs")
        steps = ["0007_owners", "0008_draining", "0009_seeded", "0010_tokens", "0011_techmino_saves"]
        steps += ["0012_standings", "0013_former_names"]
        self.assertEqual(migrate(self.engine), steps)
        with self.engine.begin() as connection:
            rows = connection.exec_driver_sql("SELECT id, owner, epoch, finished_ms FROM matches ORDER BY id").all()
        self.assertEqual(
            [tuple(row) for row in rows], [(1, "x", 0, 5), (2, "x", 0, 7), (3, "x", 0, None), (4, "x", 0, None)]
        )

    def test_a_file_is_backed_up_before_an_upgrade(self) -> None:
        steps = migrate(self.engine)
        with self.engine.begin() as connection:
            add("kept")(connection)
            for table in reversed(metadata.sorted_tables):
                if table.name not in ("accounts", "tokens", "sanctions", "audit"):
                    connection.exec_driver_sql(f'DROP TABLE "{table.name}"')
            connection.exec_driver_sql("DROP INDEX uq_accounts_skeleton")
            for column in ("skeleton", "epoch", "seeded"):
                connection.exec_driver_sql(f"ALTER TABLE accounts DROP COLUMN {column}")
        self.at("0001_accounts")
        self.assertEqual(migrate(self.engine), steps[1:])
        if len(steps) > 1:
            (backup,) = self.backups()
            copy = create_engine(f"sqlite:///{backup}")
            with copy.begin() as connection:
                self.assertEqual(count(connection), 1)
            copy.dispose()
