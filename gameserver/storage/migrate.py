"""Brings a database to the schema this version needs, at every start."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import sqlalchemy as sa
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory

from gameserver.storage.schema import metadata


class UnknownSchema(Exception):
    """The database was made by a version this one does not know; it is left untouched."""


def migrate(engine: sa.Engine) -> list[str]:
    """Run the missing migrations and return their names.

    A SQLite file that already holds data is copied to ``<file>.backup-<revision>-<seconds>`` first. Raises
    ``UnknownSchema`` when the database is at a revision that does not exist here.
    """
    script = _script()
    with engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    known = {revision.revision for revision in script.walk_revisions()}
    if current is not None and current not in known:
        raise UnknownSchema(
            f"The database is at schema {current}, which this version does not know. "
            "Use the version that made it, or restore a backup."
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
        environment.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
        environment.run_migrations()
    return done


def _script() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return ScriptDirectory.from_config(config)


def _back_up(engine: sa.Engine, revision: str) -> None:
    file = engine.url.database
    if engine.dialect.name != "sqlite" or not file or file == ":memory:":
        return
    raw = engine.raw_connection()
    try:
        # Everything of the write-ahead log goes into the file before it is copied; not possible in a transaction.
        cursor = raw.cursor()
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.close()
    finally:
        raw.close()
    copy = f"{file}.backup-{revision}-{int(time.time())}"
    shutil.copy2(file, copy)
