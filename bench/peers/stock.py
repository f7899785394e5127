"""What others would take, as bare as it gets: an echo, or lines that everybody gets. Prints its port.

Run: python bench/peers/stock.py ws-echo | line-echo | line-all.
"""

from __future__ import annotations

import sys
from typing import Any

from autobahn.twisted.websocket import WebSocketServerFactory, WebSocketServerProtocol
from twisted.internet import reactor as installed
from twisted.internet.protocol import Factory
from twisted.protocols.basic import LineOnlyReceiver

reactor: Any = installed


class WebSocketEcho(WebSocketServerProtocol):  # type: ignore[misc]
    def onMessage(self, payload: bytes, isBinary: bool) -> None:
        self.sendMessage(payload, isBinary)


class LineEcho(LineOnlyReceiver):
    delimiter = b"\n"

    def connectionMade(self) -> None:
        transport: Any = self.transport
        transport.setTcpNoDelay(True)

    def lineReceived(self, line: bytes) -> None:
        self.sendLine(line)


class LineForAll(LineEcho):
    everybody: set[LineForAll] = set()  # noqa: RUF012

    def connectionMade(self) -> None:
        super().connectionMade()
        self.everybody.add(self)

    def connectionLost(self, reason: object = None) -> None:
        self.everybody.discard(self)

    def lineReceived(self, line: bytes) -> None:
        for one in self.everybody:
            one.sendLine(line)


def main() -> None:
    kind = sys.argv[1]
    if kind == "ws-echo":
        factory = WebSocketServerFactory(reactor=reactor)
        factory.protocol = WebSocketEcho
    else:
        factory = Factory.forProtocol(LineEcho if kind == "line-echo" else LineForAll)
    factory.noisy = False
    print(reactor.listenTCP(0, factory, 1024, "127.0.0.1").getHost().port, flush=True)
    reactor.run()


if __name__ == "__main__":
    main()
