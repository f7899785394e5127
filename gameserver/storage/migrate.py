"""Brings a database to the schema this version needs. To load Alembic takes a while: see ``revisions.is_newest``."""

from __future__ import annotations

import os
import sqlite3
import time
from typing import cast

import sqlalchemy as sa
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory

from gameserver.storage.revisions import MIGRATIONS, UnknownSchema, revision_of
from gameserver.storage.schema import metadata

#: A number nobody else uses for a lock in the same database.
_LOCK = 0x67616D65


def migrate(engine: sa.Engine) -> list[str]:
    """Run the missing migrations and return their names.

    A SQLite file that already holds data is copied to ``<file>.backup-<revision>-<seconds>`` first. Raises
    ``UnknownSchema`` when the database is at a revision that does not exist here, or has been made by others.
    """
    script = _script()
    with engine.connect() as connection:
        current = revision_of(connection)
        strange = [] if current is not None else _strange_tables(connection)
    known = {revision.revision for revision in script.walk_revisions()}
    if current is not None and current not in known:
        raise UnknownSchema(
            f"The database is at schema {current}, which this version does not know. "
            "Use the version that made it, or restore a backup."
        )
    if strange:
        raise UnknownSchema(
            f"The database holds tables that this server has not made ({', '.join(strange[:3])}). "
            "Give it one of its own."
        )
    missing = [] if current is None else list(script.iterate_revisions("head", current))
    if current is not None and not missing:
        return []
    if current is not None:
        _back_up(engine, current)
    done: list[str] = []

    def upgrade(revision: object, _context: object) -> object:
        steps = script._upgrade_revs("head", revision)  # type: ignore[arg-type]
        done.extend(step.revision.revision for step in steps)
        return steps

    with EnvironmentContext(Config(), script, fn=upgrade) as environment, engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            # Processes that start at the same moment: one migrates, the others find it done.
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
        environment.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
        environment.run_migrations()
    return done


def _strange_tables(connection: sa.Connection) -> list[str]:
    """Return the tables that stand in our way in a database we have never migrated.

    A SQLite file is ours alone; in PostgreSQL others may have tables beside ours.
    """
    there = set(sa.inspect(connection).get_table_names())
    if connection.dialect.name != "sqlite":
        there &= set(metadata.tables)
    # An interrupted first start leaves the empty table of revisions.
    return sorted(there - {"alembic_version"})


def _script() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return ScriptDirectory.from_config(config)


def _back_up(engine: sa.Engine, revision: str) -> None:
    file = engine.url.database
    if engine.dialect.name != "sqlite" or not file or file == ":memory:":
        return
    copy = f"{file}.backup-{revision}-{int(time.time())}"
    os.close(os.open(copy, os.O_CREAT | os.O_WRONLY, 0o600))
    raw = engine.raw_connection()
    target = sqlite3.connect(copy)
    try:
        # SQLite's own way to copy: whole and consistent even if another process writes.
        cast("sqlite3.Connection", raw.driver_connection).backup(target)
    finally:
        target.close()
        raw.close()
