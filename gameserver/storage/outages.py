"""Which errors are about the database, and pass, and which about what it was asked, and are our mistakes."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import exc

from gameserver.storage.schema import metadata

#: PostgreSQL's codes for what it cannot do at the moment although it has understood: privileges have been taken away,
#: its schema has gone, it may not write.
_REFUSALS = {"42501", "3F000", "25006"}

#: Classes of its codes: no connection, no login, out of resources, in the wrong state, stopped by an administrator,
#: errors of its system, damage.
_CLASSES = {"08", "28", "53", "55", "57", "58", "F0", "XX"}

#: A table that is not there. Who has no privilege on the schema is told so of every table in it.
_NO_TABLE = "42P01"

#: SQLite's codes for damage, which the driver gives no class of its own.
_DAMAGE = ("SQLITE_CORRUPT", "SQLITE_NOTADB")

_OURS = re.compile(r"\b(?:" + "|".join(metadata.tables) + r")\b")


def is_outage(error: BaseException, driver: Any) -> bool:
    """Say whether an error of SQLAlchemy's or of a driver (its DB-API module) is about the database itself.

    It may be asked again later then: lost connection, lost privileges, full disk, a file that has gone.
    """
    if isinstance(error, exc.DBAPIError):
        if error.connection_invalidated:
            return True
        error = error.orig or error
    if not isinstance(error, driver.Error):
        return False
    sqlite = getattr(error, "sqlite_errorname", None)
    if sqlite is not None:
        return _is_outage_of_sqlite(error, sqlite, driver)
    state = getattr(error, "sqlstate", None)
    if state is None:
        # No answer of the database's at all.
        return isinstance(error, (driver.OperationalError, driver.InterfaceError))
    if state == _NO_TABLE:
        return _OURS.search(str(error)) is not None
    return state in _REFUSALS or state[:2] in _CLASSES or isinstance(error, driver.OperationalError)


def _is_outage_of_sqlite(error: BaseException, name: str, driver: Any) -> bool:
    if name == "SQLITE_ERROR":
        # A wrong statement, or a right one for a file that has been replaced.
        return "no such table" in str(error) and _OURS.search(str(error)) is not None
    return name.startswith(_DAMAGE) or isinstance(error, driver.OperationalError)
