"""The books in the database: batches of operations in one transaction, straight on the driver's cursor.

SQLAlchemy Core would cost four times the processor time here. One process at a time writes to the books: on SQLite
by ``BEGIN IMMEDIATE``, on PostgreSQL by an advisory lock that the transaction holds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import msgspec
import sqlalchemy as sa
from twisted.logger import Logger

from gameserver.errors import GameError, Unavailable
from gameserver.storage.database import Database
from gameserver.storage.wallet_queries import WalletQueries
from gameserver.wallet.books import Books, Key
from gameserver.wallet.ids import Ids
from gameserver.wallet.offer import Currency
from gameserver.wallet.rows import AccountRow, EntryRow, RequestRow, RoundRow, SeedRow
from gameserver.wallet.store import Operation, Refused

#: The number of the advisory lock on PostgreSQL.
LOCK = 0x6C6564676572

#: How often an operation is tried when the database, not the operation, has failed.
TRIES = 2

Row = TypeVar("Row", bound=msgspec.Struct)


class Table:
    """The statements for one kind of row, whose fields are the columns in order."""

    def __init__(self, name: str, row: type[Any], key: tuple[str, ...], postgresql: bool) -> None:
        self.row = row
        self._mark = mark = "%s" if postgresql else "?"
        columns = row.__struct_fields__
        self._select = f"SELECT {', '.join(columns)} FROM {name} WHERE "
        self.insert = f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({', '.join([mark] * len(columns))})"
        changed = ", ".join(f"{column} = excluded.{column}" for column in columns if column not in key)
        self.replace = f"{self.insert} ON CONFLICT ({', '.join(key)}) DO UPDATE SET {changed}"

    def select(self, *columns: str, also: str = "") -> str:
        """Return the query for the row with these columns given."""
        return self._select + " AND ".join(f"{column} = {self._mark}" for column in columns) + also

    def select_any(self, *columns: str, also: str = "") -> str:
        """Return the query for the rows that have one of several values in these columns, put in as ``{}``."""
        return f"{self._select}({', '.join(columns)}) IN ({{}}){also}"


class CursorRows:
    """The ``Rows`` of a batch on a driver's cursor."""

    def __init__(self, cursor: Any, postgresql: bool) -> None:
        self._cursor = cursor
        self.accounts = Table("wallet_accounts", AccountRow, ("id",), postgresql)
        self.entries = Table("wallet_entries", EntryRow, (), postgresql)
        self.seeds = Table("wallet_seeds", SeedRow, ("id",), postgresql)
        self.rounds = Table("wallet_rounds", RoundRow, ("id",), postgresql)
        self.requests = Table("wallet_requests", RequestRow, ("player", "key"), postgresql)
        self._account = self.accounts.select("owner", "currency")
        self._active = self.seeds.select("player", "game", also=" AND revealed_ms IS NULL")
        self._seed = self.seeds.select("id")
        self._round = self.rounds.select("id")
        self._open = self.rounds.select("player", "game", also=" AND ended_ms IS NULL")
        self._request = self.requests.select("player", "key")
        self._ahead = {
            "request": (self.requests.select_any("player", "key"), RequestRow, ("player", "key")),
            "account": (self.accounts.select_any("owner", "currency"), AccountRow, ("owner", "currency")),
            "active": (
                self.seeds.select_any("player", "game", also=" AND revealed_ms IS NULL"),
                SeedRow,
                ("player", "game"),
            ),
        }

    def on(self, cursor: Any) -> CursorRows:
        """Read by another cursor from now on."""
        self._cursor = cursor
        return self

    def _one(self, query: str, row: type[Row], *values: object) -> Row | None:
        self._cursor.execute(query, values)
        found = self._cursor.fetchone()
        return None if found is None else row(*found)

    def account(self, owner: str, currency: str) -> AccountRow | None:
        """See ``Rows``."""
        return self._one(self._account, AccountRow, owner, currency)

    def active_seed(self, player: int, game: str) -> SeedRow | None:
        """See ``Rows``."""
        return self._one(self._active, SeedRow, player, game)

    def seed(self, number: int) -> SeedRow | None:
        """See ``Rows``."""
        return self._one(self._seed, SeedRow, number)

    def round(self, number: int) -> RoundRow | None:
        """See ``Rows``."""
        return self._one(self._round, RoundRow, number)

    def open_round(self, player: int, game: str) -> RoundRow | None:
        """See ``Rows``."""
        return self._one(self._open, RoundRow, player, game)

    def request(self, player: int, key: str) -> RequestRow | None:
        """See ``Rows``."""
        return self._one(self._request, RequestRow, player, key)

    def read_ahead(self, books: Books, operations: Sequence[Operation]) -> None:
        """Read what a batch is going to need with one query a kind: a round trip costs more than the rows."""
        wanted: dict[str, dict[Key, None]] = {kind: {} for kind in self._ahead}
        for operation in operations:
            for key in getattr(operation, "needs", ()):
                wanted[key[0]][key] = None
        for kind, keys in wanted.items():
            if keys:
                query, row, columns = self._ahead[kind]
                places = ", ".join(["(%s, %s)"] * len(keys))
                self._cursor.execute(query.format(places), [value for key in keys for value in key[1:]])
                found = {}
                for values in self._cursor.fetchall():
                    made = row(*values)
                    found[kind, *(getattr(made, column) for column in columns)] = made
                for key in keys:
                    books.know(key, found.get(key))

    def write(self, books: Books) -> None:
        """Write what a batch has changed."""
        new: dict[str, list[Any]] = {"account": [], "seed": [], "round": [], "request": []}
        changed: dict[str, list[Any]] = {"account": [], "seed": [], "round": [], "request": []}
        for key, row in books.dirty.items():
            # An id that may be used again is a new request with the key of an old one.
            is_new = key in books.fresh and key[0] != "request"
            (new if is_new else changed)[key[0]].append(row)
        for statement, rows in (
            (self.accounts.replace, changed["account"]),
            (self.accounts.insert, new["account"]),
            (self.entries.insert, books.entries),
            (self.seeds.replace, changed["seed"]),
            (self.seeds.insert, new["seed"]),
            (self.rounds.replace, changed["round"]),
            (self.rounds.insert, new["round"]),
            (self.requests.replace, changed["request"]),
        ):
            if rows:
                self._cursor.executemany(statement, [msgspec.structs.astuple(row) for row in rows])


class DatabaseLedger(WalletQueries):
    """The ``LedgerStore`` on a ``Database``."""

    _log = Logger()

    def __init__(self, database: Database, currencies: Mapping[str, Currency]) -> None:
        super().__init__(database)
        self._currencies = currencies
        self._ids = Ids()
        self._postgresql = database.engine.dialect.name == "postgresql"
        self._rows = CursorRows(None, self._postgresql)

    async def settle(self, operations: Sequence[Operation], now_ms: int) -> list[Any]:
        """See ``LedgerStore``. A batch that the database refuses is done again, each operation by itself."""
        try:
            try:
                return await self._run(operations, now_ms)
            except Unavailable:
                # Perhaps only this connection to it is lost.
                return await self._run(operations, now_ms)
        except GameError as error:
            return [Refused(error)] * len(operations)
        except Exception:
            self._log.failure("a batch of {count} operations failed", count=len(operations))
        return [await self._alone(operation, now_ms) for operation in operations]

    async def _run(self, operations: Sequence[Operation], now_ms: int) -> list[Any]:
        def perform(connection: sa.Connection) -> list[Any]:
            return self._perform(connection, operations, now_ms)

        return await self._database.run("wallet.settle", perform)

    async def _alone(self, operation: Operation, now_ms: int) -> Any:
        for left in reversed(range(TRIES)):
            try:
                return (await self._run([operation], now_ms))[0]
            except Exception as error:
                if not left:
                    return Refused(error)
        raise AssertionError("unreachable")

    def _perform(self, connection: sa.Connection, operations: Sequence[Operation], now_ms: int) -> list[Any]:
        cursor: Any = connection.connection.cursor()
        if self._postgresql:
            cursor.execute(f"SELECT pg_advisory_xact_lock({LOCK})")
        rows = self._rows.on(cursor)
        books = Books(rows, self._ids, self._currencies, now_ms)
        results: list[Any] = []
        try:
            if self._postgresql:
                rows.read_ahead(books, operations)
            for operation in operations:
                try:
                    results.append(books.perform(operation))
                except (GameError, AssertionError, ArithmeticError, LookupError, TypeError, ValueError) as error:
                    # The operation's own mistake; what the database raises concerns the whole batch.
                    results.append(Refused(error))
            rows.write(books)
        finally:
            cursor.close()
        return results
