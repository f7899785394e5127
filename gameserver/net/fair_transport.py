"""The transport of a TCP connection that is read only while its address has a share of the reactor's turn."""

from __future__ import annotations

from typing import Any

from twisted.internet import tcp

from gameserver.net.turns import turns_of
from gameserver.sessions.limits import network_of


class FairServer(tcp.Server):
    """Twisted's, except that reading may be put off: what is not read now makes the reactor ask again at once."""

    _network: str | None = None

    def doRead(self) -> Any:
        """Read what has come, on the share of the peer's address; called by the reactor."""
        if self._network is None:
            self._network = network_of(str(self.client[0]))
        turns = turns_of(self.reactor)
        if turns.over(self._network):
            return None
        result: list[Any] = []
        turns.run(self._network, lambda: result.append(tcp.Server.doRead(self)))
        return result[0]


def serve_fairly(port: object) -> None:
    """Let the connections that a listening port accepts have a ``FairServer``; other ports stay as they are."""
    if isinstance(port, tcp.Port):
        port.transport = FairServer
