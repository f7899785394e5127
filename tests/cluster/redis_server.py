"""The real Redis of the machine, for tests: a prefix of its own, and a skip with a reason where there is none."""

from __future__ import annotations

import os
import secrets
import socket

from twisted.trial.unittest import SkipTest

from gameserver.cluster.address import RedisAddress, redis_address

REDIS = os.environ.get("GAMESERVER_TEST_REDIS", "redis://127.0.0.1:6379")


def address() -> RedisAddress:
    """Return where the Redis is. Raises ``SkipTest`` where there is none."""
    found = redis_address(REDIS)
    try:
        socket.create_connection((found.host, found.port), 5).close()
    except OSError as error:
        raise SkipTest(f"no Redis at {found.host}:{found.port}: {error}") from None
    return found


def fresh_name() -> str:
    """Return a name nobody has, so that tests and servers don't hear each other. Its keys live for seconds only."""
    return f"gameserver-test-{secrets.token_hex(6)}"
