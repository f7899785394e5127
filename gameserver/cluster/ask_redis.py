"""One question to a Redis, for a command that has no reactor."""

from __future__ import annotations

import socket
from typing import Any

import hiredis

from gameserver.cluster.address import RedisAddress

#: Bytes that are read at once.
_PIECE = 65536


def ask(address: RedisAddress, command: tuple[str, ...], seconds: float) -> Any:
    """Return the answer. Raises ``OSError``, also for what Redis refuses."""
    login: tuple[str, ...] = ()
    if address.password is not None:
        login = ("AUTH", *((address.user,) if address.user else ()), address.password)
    reader = hiredis.Reader()
    with socket.create_connection((address.host, address.port), seconds) as connection:
        connection.settimeout(seconds)
        answer: Any = None
        for one in (login, ("SELECT", str(address.database)), command):
            if not one:
                continue
            packed: Any = one
            connection.sendall(hiredis.pack_command(packed))
            while (answer := reader.gets()) is False:
                data = connection.recv(_PIECE)
                if not data:
                    raise OSError("Redis has closed the connection")
                reader.feed(data)
            if isinstance(answer, Exception):
                raise OSError(str(answer))
        return answer
