"""What several processes of the server share: a schema of its own in PostgreSQL, Redis under a name of its own."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import sqlalchemy as sa

from bench.servers import Missing

POSTGRESQL = os.environ.get("GAMESERVER_TEST_POSTGRESQL", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres")
REDIS = os.environ.get("GAMESERVER_TEST_REDIS", "redis://127.0.0.1:6379")


@contextmanager
def shared() -> Iterator[tuple[str, ...]]:
    """Have the settings of servers that share these. Raises ``Missing`` without PostgreSQL or Redis."""
    schema = f"gameserver_bench_{secrets.token_hex(6)}"
    admin = sa.create_engine(POSTGRESQL)
    redis = urlsplit(REDIS)
    try:
        socket.create_connection((redis.hostname or "127.0.0.1", redis.port or 6379), 5).close()
        with admin.begin() as connection:
            connection.exec_driver_sql(f"CREATE SCHEMA {schema}")
    except (OSError, sa.exc.OperationalError) as error:
        raise Missing(f"it needs PostgreSQL and Redis: {error}") from None
    try:
        yield (
            f"storage.url={POSTGRESQL}?options=-csearch_path%3D{schema}",
            f"cluster.redis={REDIS}",
            f"cluster.name={schema}",
        )
    finally:
        with admin.begin() as connection:
            connection.exec_driver_sql(f"DROP SCHEMA {schema} CASCADE")
        admin.dispose()
