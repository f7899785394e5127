"""Which schema a database has, and which one this version needs. It is all that a start asks, but for the first."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

#: Where the migrations are; each file is named by its revision, and they are numbered.
MIGRATIONS = Path(__file__).parent / "migrations"


class UnknownSchema(Exception):
    """The database was made by a version this one does not know; it is left untouched."""


def newest_revision() -> str:
    """Return the schema that this version needs."""
    return max(file.stem for file in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def revision_of(connection: sa.Connection) -> str | None:
    """Return the schema that a database has, ``None`` if it has none of ours."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return found


def is_newest(engine: sa.Engine) -> bool:
    """Say whether a database has the schema that this version needs."""
    with engine.connect() as connection:
        return revision_of(connection) == newest_revision()
