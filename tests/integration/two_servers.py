"""Two servers on one PostgreSQL and one Redis."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from tests.cluster.redis_server import REDIS, address, fresh_name
from tests.databases import fresh_postgresql
from tests.integration.server import Server


def two_servers(
    case: SynchronousTestCase, protocols: tuple[str, ...], silence: int, more: tuple[str, ...] = ()
) -> tuple[str, list[Server]]:
    """Return the URL of a new database and two servers that run on it; skips without PostgreSQL or Redis.

    ``silence`` are the seconds after which one is taken for dead, ``more`` other settings.
    """
    address()
    url = fresh_postgresql(case)
    settings = (
        f"storage.url={url}",
        f"cluster.redis={REDIS}",
        f"cluster.name={fresh_name()}",
        f"cluster.silence={silence}",
        *more,
    )
    servers = [Server(protocols, settings) for _ in range(2)]
    for server in servers:
        case.addCleanup(server.kill)
        server.start()
    return url, servers
