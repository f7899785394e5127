"""What is set on every TCP connection: no waiting with small packets, and finding out that a peer has gone."""

from __future__ import annotations

import socket
from contextlib import suppress
from typing import Any

from gameserver.net.eager import EagerTransport

#: Seconds of silence before the first probe, between probes, and probes without an answer that end the connection.
IDLE, INTERVAL, PROBES = 60, 15, 4

#: Milliseconds that sent bytes may stay unacknowledged.
UNACKNOWLEDGED = 120_000

#: Bytes that may wait in the kernel without being sent. It takes four million by itself before we hear that a client
#: does not read.
UNSENT = 1 << 20

#: Linux's number of the option; Python has no name for it everywhere.
TCP_NOTSENT_LOWAT = 25


def set_tcp_options(transport: Any) -> None:
    """Send what is written at once, and let the kernel end a connection whose peer is dead.

    The system's own times for that (two hours, fifteen minutes) are too long where people see who is there. Looks
    under TLS; transports that are not TCP stay as they are.
    """
    while hasattr(transport, "wrappedProtocol"):
        transport = transport.transport
    if isinstance(transport, EagerTransport):
        transport.leave_at_once()
    with suppress(AttributeError, OSError):
        transport.setTcpNoDelay(True)
        transport.setTcpKeepAlive(True)
        handle = transport.getHandle()
        handle.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, IDLE)
        handle.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, INTERVAL)
        handle.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, PROBES)
        handle.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNACKNOWLEDGED)
        handle.setsockopt(socket.IPPROTO_TCP, TCP_NOTSENT_LOWAT, UNSENT)
