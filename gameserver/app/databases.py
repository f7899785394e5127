"""What the command line does with databases: copying one to another, showing and draining the nodes of one."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from gameserver.config import Config
from gameserver.errors import StartError
from gameserver.storage.copy import CannotCopy, Progress, copy_database
from gameserver.storage.database import create_engine
from gameserver.storage.nodes import NodeState, ask_to_drain, every_node
from gameserver.storage.revisions import UnknownSchema


def copy(source: str, target: str, progress: Progress) -> int:
    """Copy all rows of one database to another that is empty; return how many. Raises ``StartError``.

    Both are URLs as ``storage.url`` has them, or paths of SQLite files. What goes wrong before the comparison leaves
    no row behind.
    """
    source, target = _url(source), _url(target)
    if source == target:
        raise StartError("the two databases are the same")
    file = target.removeprefix("sqlite:///")
    try:
        if file != target:
            # Made here, so that nobody else may read it.
            os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
        return copy_database(source, target, progress)
    except (CannotCopy, UnknownSchema) as error:
        raise StartError(str(error)) from None
    except SQLAlchemyError as error:
        raise StartError(f"a database cannot be used: {_reason(error)}") from None


def nodes_of(config: Config) -> list[NodeState]:
    """Return the nodes that share the configured database. Raises ``StartError``."""
    with _shared(config) as connection:
        return every_node(connection)


def drain(config: Config, names: Sequence[str]) -> None:
    """Ask nodes that share the configured database to end. Raises ``StartError``."""
    with _shared(config) as connection:
        for name in names:
            ask_to_drain(connection, name)


@contextmanager
def _shared(config: Config) -> Iterator[sa.Connection]:
    url = config.storage.url
    if not url:
        raise StartError("storage.url is not set: only servers on PostgreSQL can be several")
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            yield connection
    except SQLAlchemyError as error:
        raise StartError(f"storage.url: the database cannot be used: {_reason(error)}") from None
    finally:
        engine.dispose()


def _reason(error: SQLAlchemyError) -> str:
    return str(getattr(error, "orig", None) or error).strip().partition("\n")[0]


def _url(text: str) -> str:
    return text if "://" in text else f"sqlite:///{os.path.abspath(text)}"
