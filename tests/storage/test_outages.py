"""A database that cannot be used says "try again later", whatever it is that ails it, and works again afterwards."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from twisted.logger import capturedLogs
from twisted.trial.unittest import TestCase

from gameserver.errors import Unavailable
from gameserver.storage import database as module
from gameserver.storage.database import Database, sqlite_url
from gameserver.storage.migrate import migrate
from tests.databases import Tenant
from tests.directories import temporary_directory
from tests.reactor import reactor
from tests.storage.test_database import add, complaints, count


class Outages(TestCase):
    database: Database

    async def assert_out_of_order(self) -> None:
        with self.assertRaises(Unavailable) as caught:
            await self.database.run("add", add("lost"))
        self.assertEqual(caught.exception.text, Unavailable("").text)

    async def assert_works(self, rows: int) -> None:
        await self.database.run("add", add("kept"))
        self.assertEqual(await self.database.run("count", count), rows)


class PostgresqlOutages(Outages):
    def setUp(self) -> None:
        self.tenant = Tenant(self)
        self.database = Database(self.tenant.url, reactor)
        self.database.start()
        self.addCleanup(self.database.stop)

    async def test_lost_privileges(self) -> None:
        tenant = self.tenant
        await self.assert_works(1)
        for number, (take, give) in enumerate(
            (
                (f"REVOKE ALL ON ALL TABLES IN SCHEMA {tenant.schema} FROM {tenant.role}", ""),
                (f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA {tenant.schema} FROM {tenant.role}", ""),
                (f"REVOKE INSERT ON ALL TABLES IN SCHEMA {tenant.schema} FROM {tenant.role}", ""),
                # Its tables are not forbidden then but unknown.
                (f"REVOKE USAGE ON SCHEMA {tenant.schema} FROM {tenant.role}", ""),
                (
                    f"ALTER SCHEMA {tenant.schema} RENAME TO {tenant.schema}_away",
                    f"ALTER SCHEMA {tenant.schema}_away RENAME TO {tenant.schema}",
                ),
            ),
            start=2,
        ):
            tenant.run(take)
            await self.assert_out_of_order()
            if give:
                tenant.run(give)
            tenant.grant()
            await self.assert_works(number)

    async def test_a_role_that_may_not_log_in_or_write(self) -> None:
        tenant = self.tenant
        for number, (take, give) in enumerate(
            (
                (f"ALTER ROLE {tenant.role} NOLOGIN", f"ALTER ROLE {tenant.role} LOGIN"),
                (
                    f"ALTER ROLE {tenant.role} SET default_transaction_read_only = on",
                    f"ALTER ROLE {tenant.role} RESET default_transaction_read_only",
                ),
                (f"ALTER ROLE {tenant.role} CONNECTION LIMIT 0", f"ALTER ROLE {tenant.role} CONNECTION LIMIT -1"),
            ),
            start=1,
        ):
            tenant.run(take)
            tenant.terminate()
            await self.assert_out_of_order()
            tenant.run(give)
            tenant.terminate()
            await self.assert_works(number)

    async def test_a_connection_that_is_cut_is_made_again(self) -> None:
        await self.assert_works(1)
        self.tenant.terminate()
        await self.assert_works(2)

        def cut(connection: sa.Connection) -> None:
            self.tenant.terminate()
            add("never")(connection)

        with self.assertRaises(Unavailable):
            await self.database.run("cut", cut)
        await self.assert_works(3)


class SqliteOutages(Outages):
    def setUp(self) -> None:
        self.directory = temporary_directory()
        self.file = self.directory / "gameserver.db"
        self.database = self.opened(self.directory)

    def opened(self, directory: Path) -> Database:
        database = Database(sqlite_url(directory), reactor)
        migrate(database.engine)
        database.engine.dispose()
        database.start()
        self.addCleanup(database.stop)
        return database

    async def test_a_file_that_has_gone_is_not_written_to(self) -> None:
        await self.assert_works(1)
        away = self.file.rename(self.directory / "away.db")
        await self.assert_out_of_order()
        self.assertFalse(self.file.exists(), "no empty database in its place")
        away.rename(self.file)
        await self.assert_works(2)

    async def test_nor_is_one_that_has_been_put_in_its_place(self) -> None:
        other = self.opened(temporary_directory())
        await other.run("add", add("theirs"))
        other.engine.dispose()
        await self.assert_works(1)
        away = self.file.rename(self.directory / "away.db")
        Path(str(other.engine.url.database)).rename(self.file)
        await self.assert_out_of_order()
        away.rename(self.file)
        await self.assert_works(2)

    async def test_a_file_that_has_gone_before_its_first_use_is_not_made_anew(self) -> None:
        self.file.rename(self.directory / "away.db")
        await self.assert_out_of_order()
        self.assertFalse(self.file.exists())

    async def test_a_damaged_file(self) -> None:
        await self.assert_works(1)
        self.database.engine.dispose()
        whole = self.file.read_bytes()
        self.file.write_bytes(b"no database" * 1000)
        await self.assert_out_of_order()
        self.database.engine.dispose()
        self.file.write_bytes(whole)
        await self.assert_works(2)

    async def test_tables_that_have_gone(self) -> None:
        def drop(connection: sa.Connection) -> None:
            connection.exec_driver_sql("DROP TABLE audit")

        await self.database.run("drop", drop)
        await self.assert_out_of_order()

    async def test_the_log_says_it_once_a_minute_and_how_often_it_was(self) -> None:
        self.assertEqual(module.COMPLAINT, 60)
        self.file.rename(self.directory / "away.db")
        with capturedLogs() as events:
            for _ in range(5):
                await self.assert_out_of_order()
            told = complaints(events)
            self.assertEqual(len(told), 1, told)
            # The minute is over.
            self.patch(module, "COMPLAINT", 0.0)
            await self.assert_out_of_order()
        told = complaints(events)
        self.assertEqual(len(told), 2, told)
        self.assertIn("has been moved, deleted or replaced since the start", told[0])
        self.assertNotIn("have failed before", told[0])
        self.assertIn("; 4 more have failed before", told[1])
