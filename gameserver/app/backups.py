"""Saving everything a server needs to be what it is into one file, while it runs, and bringing it back."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from importlib import metadata
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from gameserver.app import archive
from gameserver.app.archive import DATABASE, Manifest, Progress
from gameserver.app.data_directory import RESTORING, DataDirectory
from gameserver.config import Config
from gameserver.errors import StartError
from gameserver.storage.copy import CannotCopy, copy_database, forget_everything
from gameserver.storage.database import create_engine, sqlite_url
from gameserver.storage.nodes import every_node
from gameserver.storage.revisions import MIGRATIONS, UnknownSchema, revision_of
from gameserver.storage.wallet_audit import audit

#: What is saved of a data directory beside the database. ``node`` is its name in the matches that go on.
KEPT = ("secrets", "tls", "node", "gameserver.toml")

#: Where the last good backup is noted in the data directory.
NOTE = "backup.json"

#: Pages of SQLite that are copied between two looks at the progress.
PAGES = 2000


def back_up(config: Config, target: Path, progress: Progress) -> Manifest:
    """Save the database as it is at one moment, the secrets and the certificate. Raises ``StartError``.

    The server may run; it is not kept waiting. What was saved is held against itself: SQLite's own check or every
    row, and the books.
    """
    directory = DataDirectory.existing(Path(config.data_dir))
    draft = target.with_name(f"{target.name}.database")
    draft.unlink(missing_ok=True)
    try:
        with _refusals():
            os.close(os.open(draft, os.O_CREAT | os.O_RDWR, 0o600))
            schema = _copy(config, directory, draft, progress)
            members = {DATABASE: draft} | {
                str(path.relative_to(directory.path)): path for name in KEPT for path in _files(directory.path / name)
            }
            manifest = archive.write(target, members, metadata.version("gameserver"), schema, progress)
    finally:
        _remove(draft)
    note = {"made": manifest.made, "file": str(target.absolute()), "bytes": target.stat().st_size}
    directory.write(NOTE, json.dumps(note) + "\n")
    return manifest


def restore(config: Config, source: Path, progress: Progress, *, force: bool) -> Manifest:
    """Bring back what a backup has, to the configured database. Raises ``StartError``.

    Nothing may run on it. What is there is only replaced by ``force``. If it is cut short nothing starts on the data
    directory until it has been done again.
    """
    manifest = archive.check(source, progress)
    _known(manifest)
    with _refusals(), _nobody(config):
        directory = DataDirectory.open(Path(config.data_dir))
        if not force and (there := _there(config, directory)):
            raise StartError(f"{there} is not empty; --force replaces what is there")
        directory.write(RESTORING, f"{source.absolute()}\n")
        fresh = directory.path / f"{DATABASE}.restoring"
        _remove(fresh)

        def place(name: str) -> Path:
            return fresh if name == DATABASE else directory.path / name

        for name in KEPT:
            if any(member.partition("/")[0] == name for member in manifest.files):
                _clear(directory.path / name)
        archive.extract(source, progress, place)
        _put(config, directory, fresh, progress)
        directory.sync()
        directory.remove(RESTORING)
    return manifest


def last_backup(config: Config) -> dict[str, str] | None:
    """Return what is noted of the last good backup, ``None`` if there was none."""
    try:
        noted = json.loads((Path(config.data_dir) / NOTE).read_text("utf-8"))
        return {key: str(noted[key]) for key in ("made", "file", "bytes")}
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _copy(config: Config, directory: DataDirectory, draft: Path, progress: Progress) -> str:
    """Copy the database to a file; return its schema."""
    url = config.storage.url or sqlite_url(directory.path)
    if not url.startswith("sqlite"):

        def copied(table: str, done: int, count: int, compared: int) -> None:
            progress(f"{table}{' compared' if compared else ''}", compared or done, count)

        copy_database(url, f"sqlite:///{draft}", copied)
    else:
        file = sa.make_url(url).database or ""
        if not os.path.exists(file):
            raise StartError(f"{file}: there is no database to save")
        with (
            closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as source,
            closing(sqlite3.connect(draft)) as to,
        ):
            # The transaction makes it one moment: what a server writes meanwhile is not seen, and nobody waits.
            source.execute("BEGIN")
            source.execute("SELECT count(*) FROM sqlite_master").fetchone()
            source.backup(to, pages=PAGES, progress=lambda _, left, count: progress("pages", count - left, count))
            found = to.execute("PRAGMA quick_check(1)").fetchone()
        if found != ("ok",):
            raise StartError(f"{file}: the database is damaged: {found[0]}")
    engine = create_engine(f"sqlite:///{draft}")
    try:
        with engine.connect() as connection:
            schema = revision_of(connection)
        if schema is None:
            raise StartError("the database has no schema of ours yet: start the server once")
        if problems := audit(engine).problems:
            raise StartError(f"the books do not balance: {problems[0]}")
    finally:
        engine.dispose()
    with closing(sqlite3.connect(draft)) as alone:
        # So that nothing of it stays behind in a file beside it.
        alone.execute("PRAGMA journal_mode=DELETE")
    return schema


def _put(config: Config, directory: DataDirectory, fresh: Path, progress: Progress) -> None:
    """Put the database that has been unpacked into its place."""
    url = config.storage.url or sqlite_url(directory.path)
    if url.startswith("sqlite"):
        file = Path(sa.make_url(url).database or "")
        for beside in ("-wal", "-shm"):
            file.with_name(file.name + beside).unlink(missing_ok=True)
        shutil.move(fresh, file)
        return
    from gameserver.storage.migrate import migrate

    def copied(table: str, done: int, count: int, compared: int) -> None:
        progress(f"{table}{' compared' if compared else ''}", compared or done, count)

    engine = create_engine(f"sqlite:///{fresh}")
    try:
        migrate(engine)
    finally:
        engine.dispose()
    forget_everything(url)
    copy_database(f"sqlite:///{fresh}", url, copied)
    _remove(fresh)


def _known(manifest: Manifest) -> None:
    if not (MIGRATIONS / "versions" / f"{manifest.schema}.py").exists():
        raise StartError(
            f"the backup is of version {manifest.version}, with schema {manifest.schema}, "
            "which this one does not know"
        )


def _there(config: Config, directory: DataDirectory) -> str:
    """Return what is there already, empty if nothing is."""
    url = config.storage.url or sqlite_url(directory.path)
    if url.startswith("sqlite"):
        file = Path(sa.make_url(url).database or "")
        if file.exists() and file.stat().st_size:
            return str(file)
    else:
        engine = create_engine(url)
        try:
            with engine.connect() as connection:
                if revision_of(connection) is not None:
                    return "the database of storage.url"
        finally:
            engine.dispose()
    secrets = directory.path / "secrets"
    return str(secrets) if secrets.is_dir() and any(secrets.iterdir()) else ""


@contextmanager
def _nobody(config: Config) -> Iterator[None]:
    """Keep servers from the data directory. Raises ``StartError`` if one runs on it, or on the database."""
    try:
        lock = DataDirectory.open(Path(config.data_dir)).lock()
    except BlockingIOError:
        raise StartError(f"{config.data_dir}: a server runs on it; stop it first") from None
    with lock:
        url = config.storage.url
        if url and not url.startswith("sqlite"):
            engine = create_engine(url)
            try:
                with engine.connect() as connection:
                    nodes = every_node(connection) if revision_of(connection) is not None else []
            finally:
                engine.dispose()
            if any(node.silent < config.cluster.silence for node in nodes):
                raise StartError("a server runs on the database of storage.url; stop it first")
        yield


@contextmanager
def _refusals() -> Iterator[None]:
    """Raise what goes wrong with files and databases as ``StartError``."""
    try:
        yield
    except (CannotCopy, UnknownSchema) as error:
        raise StartError(str(error)) from None
    except (SQLAlchemyError, sqlite3.Error) as error:
        reason = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
        raise StartError(f"the database cannot be used: {reason}") from None


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(inner for inner in path.iterdir() if inner.is_file())
    return [path] if path.is_file() else []


def _clear(path: Path) -> None:
    if path.is_symlink() or path.is_file():
        path.unlink()
    elif path.is_dir():
        for inner in _files(path):
            inner.unlink()


def _remove(path: Path) -> None:
    """Remove a file of SQLite and what stands beside it."""
    for file in path.parent.glob(f"{path.name}*"):
        with suppress(OSError):
            file.unlink()


def named_by_time(directory: Path) -> Path:
    """Return the path of a backup of now in a directory."""
    return directory / time.strftime("gameserver-%Y%m%d-%H%M%S.tar.gz", time.gmtime())


def forget_old(directory: Path, keep: int) -> list[Path]:
    """Delete all but the last so many backups that ``named_by_time`` has named; return what is gone."""
    old = sorted(directory.glob("gameserver-[0-9]*-[0-9]*.tar.gz"))[:-keep]
    for file in old:
        file.unlink()
    return old
