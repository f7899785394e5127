"""Copies everything from one database to another, SQLite or PostgreSQL, and looks whether it has arrived."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import zip_longest
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from gameserver.storage.database import create_engine
from gameserver.storage.migrate import migrate
from gameserver.storage.revisions import newest_revision, revision_of
from gameserver.storage.schema import metadata
from gameserver.storage.wallet_audit import audit

#: Rows that are read and written at once.
BATCH = 1000

#: Is told of a table how many of its rows have been copied, how many there are, and how many have been compared.
Progress = Callable[[str, int, int, int], None]


class CannotCopy(Exception):
    """The reason why nothing was copied, or why what was copied must not be used."""


def copy_database(source_url: str, target_url: str, progress: Progress) -> int:
    """Copy all rows to a database without any, compare each, and audit the books; return how many rows there are.

    The source is read as it is at one moment, a server may go on writing there; that is not copied. The target gets
    its schema, and all rows in one transaction. Raises ``CannotCopy``, or the databases' own errors.
    """
    source, target = _read_only(source_url), create_engine(target_url)
    try:
        with source.connect() as reading:
            if revision_of(reading) != newest_revision():
                raise CannotCopy("the first database has another schema: start this version's server on it once")
            migrate(target)
            with target.begin() as writing:
                for table in metadata.sorted_tables:
                    if writing.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first():
                        raise CannotCopy(f"the second database is not empty: there are rows in {table.name}")
                counts = {table.name: _count(reading, table) for table in metadata.sorted_tables}
                for table in metadata.sorted_tables:
                    _copy(reading, writing, table, counts[table.name], progress)
            with target.connect() as copied:
                for table in metadata.sorted_tables:
                    _compare(reading, copied, table, counts[table.name], progress)
        problems = audit(target).problems
        if problems:
            raise CannotCopy(f"the books of the second database do not balance: {problems[0]}")
        return sum(counts.values())
    finally:
        source.dispose()
        target.dispose()


def forget_everything(url: str) -> None:
    """Drop all tables of ours, in one transaction. Those of others stay."""
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            metadata.drop_all(connection)
            connection.exec_driver_sql("DROP TABLE IF EXISTS alembic_version")
    finally:
        engine.dispose()


def _read_only(url: str) -> sa.Engine:
    """Return an engine whose transactions see one moment, change nothing and keep nobody from writing."""
    if not url.startswith("sqlite"):
        one_moment = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        return sa.create_engine(url, execution_options=one_moment)
    path = sa.make_url(url).database
    engine = sa.create_engine(f"sqlite:///file:{path}?mode=ro&uri=true")

    @event.listens_for(engine, "connect")
    def connected(connection: Any, _record: Any) -> None:
        connection.isolation_level = None

    @event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    return engine


def _count(connection: sa.Connection, table: sa.Table) -> int:
    return int(connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())


def _copy(reading: sa.Connection, writing: sa.Connection, table: sa.Table, count: int, progress: Progress) -> None:
    done = 0
    for rows in _batches(reading, table):
        writing.execute(table.insert(), [dict(row) for row in rows])
        done += len(rows)
        progress(table.name, done, count, 0)
    column = table.autoincrement_column
    if column is not None:
        _set_counter(writing, table.name, column.name, _counter(reading, table.name, column.name))


def _compare(reading: sa.Connection, copied: sa.Connection, table: sa.Table, count: int, progress: Progress) -> None:
    done = 0
    nothing: list[sa.RowMapping] = []
    for rows, others in zip_longest(_batches(reading, table), _batches(copied, table), fillvalue=nothing):
        if rows != others:
            raise CannotCopy(f"rows of {table.name} are not what they were; do not use the second database")
        done += len(rows)
        progress(table.name, count, count, done)


def _batches(connection: sa.Connection, table: sa.Table) -> Iterator[list[sa.RowMapping]]:
    """Return the rows of a table by the bytes of their keys: each kind of database has its own order of letters."""
    postgresql = connection.dialect.name == "postgresql"
    keys = [
        sa.collate(column, "C") if postgresql and isinstance(column.type, sa.String) else column
        for column in table.primary_key.columns
    ]
    result = connection.execution_options(yield_per=BATCH).execute(sa.select(table).order_by(*keys))
    for rows in result.mappings().partitions(BATCH):
        yield list(rows)


def _counter(connection: sa.Connection, table: str, column: str) -> int:
    """Return the highest number that rows have ever had: none is given out twice, also of rows that are gone."""
    if connection.dialect.name == "sqlite":
        query = sa.text("SELECT seq FROM sqlite_sequence WHERE name = :table")
        return int(connection.execute(query, {"table": table}).scalar() or 0)
    sequence = _sequence(connection, table, column)
    row = connection.exec_driver_sql(f"SELECT last_value, is_called FROM {sequence}").one()
    return int(row[0]) if row[1] else 0


def _set_counter(connection: sa.Connection, table: str, column: str, number: int) -> None:
    if connection.dialect.name == "sqlite":
        connection.execute(sa.text("DELETE FROM sqlite_sequence WHERE name = :table"), {"table": table})
        insert = sa.text("INSERT INTO sqlite_sequence (name, seq) VALUES (:table, :number)")
        connection.execute(insert, {"table": table, "number": number})
    elif number:
        connection.execute(sa.select(sa.func.setval(_sequence(connection, table, column), number)))


def _sequence(connection: sa.Connection, table: str, column: str) -> str:
    return str(connection.execute(sa.select(sa.func.pg_get_serial_sequence(f'"{table}"', column))).scalar_one())
