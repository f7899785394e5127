"""What others would take, as bare as it gets, on Twisted: an echo, or what everybody gets. Prints its port.

Run: python bench/peers/stock.py ws-echo | ws-all | line-echo | line-all | tls-echo [KEY CERTIFICATE].
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from autobahn.twisted.websocket import WebSocketServerFactory, WebSocketServerProtocol
from twisted.internet import reactor as installed
from twisted.internet.protocol import Factory
from twisted.internet.ssl import PrivateCertificate
from twisted.protocols.basic import LineOnlyReceiver

reactor: Any = installed
everybody: set[Any] = set()


class WebSocketEcho(WebSocketServerProtocol):  # type: ignore[misc]
    def onMessage(self, payload: bytes, isBinary: bool) -> None:
        self.sendMessage(payload, isBinary)


class WebSocketForAll(WebSocketServerProtocol):  # type: ignore[misc]
    def onOpen(self) -> None:
        everybody.add(self)

    def onClose(self, wasClean: bool, code: int, reason: str) -> None:
        everybody.discard(self)

    def onMessage(self, payload: bytes, isBinary: bool) -> None:
        prepared = self.factory.prepareMessage(payload, isBinary)
        for one in everybody:
            one.sendPreparedMessage(prepared)


class LineEcho(LineOnlyReceiver):
    delimiter = b"\n"

    def connectionMade(self) -> None:
        transport: Any = self.transport
        transport.setTcpNoDelay(True)

    def lineReceived(self, line: bytes) -> None:
        self.sendLine(line)


class LineForAll(LineEcho):
    def connectionMade(self) -> None:
        super().connectionMade()
        everybody.add(self)

    def connectionLost(self, reason: object = None) -> None:
        everybody.discard(self)

    def lineReceived(self, line: bytes) -> None:
        for one in everybody:
            one.sendLine(line)


def main() -> None:
    kind, *files = sys.argv[1:]
    if kind.startswith("ws"):
        factory: Any = WebSocketServerFactory(reactor=reactor)
        factory.protocol = WebSocketEcho if kind == "ws-echo" else WebSocketForAll
    else:
        factory = Factory.forProtocol(LineForAll if kind == "line-all" else LineEcho)
    factory.noisy = False
    if kind == "tls-echo":
        certificate = PrivateCertificate.loadPEM("".join(Path(file).read_text() for file in files))
        port = reactor.listenSSL(0, factory, certificate.options(), 4096, "127.0.0.1")
    else:
        port = reactor.listenTCP(0, factory, 4096, "127.0.0.1")
    print(port.getHost().port, flush=True)
    reactor.run()


if __name__ == "__main__":
    main()
