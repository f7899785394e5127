"""Everything from one kind of database to the other and back."""

from __future__ import annotations

from collections.abc import Iterator
from unittest import mock

import sqlalchemy as sa
from twisted.trial.unittest import SynchronousTestCase

from gameserver.app.databases import copy
from gameserver.errors import StartError
from gameserver.storage import copy as copying
from gameserver.storage.database import create_engine, sqlite_url
from gameserver.storage.migrate import migrate
from gameserver.storage.schema import metadata
from tests.databases import fresh_postgresql
from tests.directories import temporary_directory

#: More rows than are copied at once.
MANY = copying.BATCH * 2 + 3


def value(column: sa.Column[object], number: int) -> object:
    """Return something for a column, another one for each row."""
    if isinstance(column.type, sa.LargeBinary):
        return bytes([number % 256, 0, 255])
    if isinstance(column.type, sa.String):
        # Letters that the two kinds of databases put in different orders.
        return f"{'aBäZ_é'[number % 6]}{number}"
    if isinstance(column.type, sa.Boolean):
        return number % 2 == 0
    return number


class CopyTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.told: list[tuple[str, int, int, int]] = []
        self.source = sqlite_url(temporary_directory())

    def copy(self, source: str, target: str) -> int:
        return copy(source, target, lambda *told: self.told.append(told))

    def refused(self, source: str, target: str) -> str:
        with self.assertRaises(StartError) as caught:
            self.copy(source, target)
        return str(caught.exception)

    def engine(self, url: str) -> sa.Engine:
        engine = create_engine(url)
        self.addCleanup(engine.dispose)
        return engine

    def fill(self, url: str) -> None:
        """Put rows into every table that the books do not look at; the highest account is gone again."""
        engine = self.engine(url)
        migrate(engine)
        with engine.begin() as connection:
            for table in metadata.sorted_tables:
                if not table.name.startswith("wallet_"):
                    many = MANY if table.name == "accounts" else 3
                    rows = [
                        {column.name: value(column, number) for column in table.columns}
                        for number in range(1, many + 1)
                    ]
                    connection.execute(table.insert(), rows)
            connection.exec_driver_sql(f"DELETE FROM accounts WHERE id = {MANY}")

    def rows(self, url: str) -> dict[str, set[tuple[object, ...]]]:
        with self.engine(url).connect() as connection:
            return {
                table.name: {tuple(row) for row in connection.execute(sa.select(table))}
                for table in metadata.sorted_tables
            }

    def ways(self) -> Iterator[str]:
        yield sqlite_url(temporary_directory())
        yield fresh_postgresql(self)
        yield sqlite_url(temporary_directory())

    def test_from_sqlite_to_postgresql_and_back_every_row_is_the_same(self) -> None:
        self.fill(self.source)
        wanted = self.rows(self.source)
        source = self.source
        for target in self.ways():
            count = self.copy(source, target)
            self.assertEqual(self.rows(target), wanted)
            self.assertEqual(count, sum(map(len, wanted.values())))
            source = target
        # A number that has been given out once is not given out again.
        table = metadata.tables["accounts"]
        row = {column.name: value(column, MANY) for column in table.columns if column.name != "id"}
        with self.engine(source).begin() as connection:
            self.assertEqual(connection.execute(table.insert().values(row)).inserted_primary_key, (MANY + 1,))
        self.assertIn(("accounts", copying.BATCH, MANY - 1, 0), self.told)
        self.assertIn(("accounts", MANY - 1, MANY - 1, MANY - 1), self.told)

    def test_what_is_refused(self) -> None:
        empty = sqlite_url(temporary_directory())
        self.assertIn("unable to open database file", self.refused(empty, sqlite_url(temporary_directory())))
        self.fill(self.source)
        other = sqlite_url(temporary_directory())
        self.fill(other)
        self.assertIn("the second database is not empty: there are rows in", self.refused(self.source, other))
        self.assertIn("the same", self.refused(self.source, self.source))
        with self.engine(other).begin() as connection:
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0006_epochs'")
        self.assertIn("another schema", self.refused(other, empty))

    def test_a_row_that_has_changed_on_the_way_is_noticed(self) -> None:
        self.fill(self.source)
        keep = copying._copy

        def spoil(reading: sa.Connection, writing: sa.Connection, table: sa.Table, *more: object) -> None:
            keep(reading, writing, table, *more)  # type: ignore[arg-type]
            if table.name == "maps":
                writing.exec_driver_sql("UPDATE maps SET text = 'x' WHERE version = 1")

        with mock.patch.object(copying, "_copy", spoil):
            self.assertIn("rows of maps", self.refused(self.source, sqlite_url(temporary_directory())))
