"""A path of the site that is a WebSocket."""

from __future__ import annotations

import json
from inspect import isawaitable
from typing import Any, cast

from twisted.internet.defer import ensureDeferred
from twisted.logger import Logger
from twisted.protocols.policies import ProtocolWrapper
from twisted.python.failure import Failure
from twisted.web.http import RESPONSES, parse_qs
from twisted.web.resource import Resource
from twisted.web.server import NOT_DONE_YET, Request

from gameserver.errors import Code, GameError
from gameserver.net.http import header, wanted
from gameserver.net.websocket.connection import Connections
from gameserver.net.websocket.upgrade import Accepted, Connect, Refusal, Upgrade
from gameserver.reactor import IGameReactor


class WebSocketResource(Resource):
    """Reads the request whole, asks the protocol, and hands the transport over to Autobahn."""

    isLeaf = True
    _log = Logger()

    def __init__(
        self, connections: Connections, connect: Connect, greeting: str, body_limit: int, page: str = ""
    ) -> None:
        super().__init__()
        self._connections = connections
        self._connect = connect
        self._greeting = greeting.encode() + b"\n"
        self._body_limit = body_limit
        self._page = page.encode("ascii")

    def render(self, request: Request) -> bytes | int:
        """Upgrade, or say what this path is."""
        if "websocket" not in [word.strip().lower() for word in header(request, b"Upgrade").split(",")]:
            if self._page and "text/html" in header(request, b"Accept"):
                request.redirect(self._page)
                return b""
            request.setResponseCode(426, b"Upgrade Required")
            request.setHeader(b"Upgrade", b"websocket")
            request.setHeader(b"Content-Type", b"text/plain; charset=utf-8")
            return self._greeting
        waits = wanted(request)

        async def run() -> None:
            answer = self._connect(upgrade_of(request, self._body_limit))
            accepted = await answer if isawaitable(answer) else answer
            if waits():
                take_over(request, self._connections, accepted)

        def failed(failure: Failure) -> None:
            if waits():
                refuse(request, self._refusal(failure, request))

        ensureDeferred(run()).addErrback(failed)
        return NOT_DONE_YET

    def _refusal(self, failure: Failure, request: Request) -> Refusal:
        error = failure.value
        if isinstance(error, Refusal):
            return error
        if isinstance(error, GameError):
            status = 503 if error.code is Code.BUSY else 403
            return Refusal(status, json.dumps({"code": error.code, "text": error.text}).encode())
        self._log.failure("{path}", failure, path=request.path)
        return Refusal(500, b'{"code":"internal","text":"Something went wrong here."}')


def websocket_resource(
    reactor: IGameReactor,
    connect: Connect,
    *,
    greeting: str,
    page: str = "",
    message_limit: int = 1 << 20,
    body_limit: int = 1 << 16,
    outbox_bytes: int = 4 << 20,
    reading_seconds: float = 30.0,
    ping_interval: float = 30.0,
    silence: float = 60.0,
    utf8: bool = True,
) -> Resource:
    """Return a resource that upgrades requests and gives each connection to the channel ``connect`` answers with.

    ``greeting`` is what anybody is told that asks for the path as a page; with ``page`` a browser is sent to that
    address instead. ``message_limit`` and ``body_limit`` are in bytes; ``outbox_bytes`` may wait for a slow reader
    before it is dropped; so is who reads nothing for ``reading_seconds``. Every ``ping_interval`` seconds a client is
    sent a Ping; one from which nothing has been heard for ``silence`` seconds is given up. With ``utf8`` a text that
    is not UTF-8 ends the connection with 1007; without, the protocol answers such damage in its own words.
    """
    connections = Connections(reactor, message_limit, outbox_bytes, ping_interval, utf8, reading_seconds, silence)
    return WebSocketResource(connections, connect, greeting, body_limit, page)


def upgrade_of(request: Request, body_limit: int) -> Upgrade:
    """Return what a request asks for. Raises ``Refusal`` 413 for a body that is too large."""
    content = request.content
    body = content.read(body_limit + 1) if content is not None else b""
    if len(body) > body_limit:
        raise Refusal(413, b'{"type":"Error","reason":"The body is too large."}')
    headers = {
        name.decode("latin-1").lower(): values[0].decode("utf-8", "replace")
        for name, values in request.requestHeaders.getAllRawHeaders()
    }
    query = {
        name.decode("utf-8", "replace"): values[0].decode("utf-8", "replace")
        for name, values in _query(request).items()
    }
    offered = ",".join(
        value.decode("latin-1") for value in request.requestHeaders.getRawHeaders(b"Sec-WebSocket-Protocol") or ()
    )
    return Upgrade(
        request.path.decode("utf-8", "replace"),
        query,
        headers,
        body,
        str(getattr(request.getClientAddress(), "host", "") or ""),
        tuple(part.strip() for part in offered.split(",") if part.strip()),
    )


def _query(request: Request) -> dict[bytes, list[bytes]]:
    """Return the parameters of the address alone: a form in the body has no part in an upgrade."""
    _, _, query = request.uri.partition(b"?")
    parsed: dict[bytes, list[bytes]] = parse_qs(query, keep_blank_values=True)
    return parsed


def refuse(request: Request, refusal: Refusal) -> None:
    """Answer with plain HTTP and close.

    Written by hand, because Techmino's clients look for ``content-length`` in lower case.
    """
    reason = RESPONSES.get(refusal.status, b"Refused").decode("ascii")
    head = (
        f"HTTP/1.1 {refusal.status} {reason}\r\n"
        f"content-type: {refusal.content_type}\r\n"
        f"content-length: {len(refusal.body)}\r\n"
    )
    # What every answer has, as the site has set it for this one.
    head += "".join(
        f"{name.decode('latin-1')}: {values[0].decode('latin-1')}\r\n"
        for name, values in request.responseHeaders.getAllRawHeaders()
        if name.lower() not in (b"content-type", b"server")
    )
    head += "connection: close\r\n\r\n"
    channel: Any = request.channel
    channel.transport.write(head.encode("latin-1") + refusal.body)
    channel.loseConnection()


def take_over(request: Request, connections: Connections, accepted: Accepted) -> None:
    """Give the transport of a request to a new WebSocket connection, with everything that was read already."""
    channel: Any = request.channel
    transport, channel.transport = channel.transport, None
    channel.setTimeout(None)
    channel.handed_over()
    transport.unregisterProducer()
    protocol = connections.connection(accepted)
    if isinstance(transport, ProtocolWrapper):
        transport.wrappedProtocol = protocol
    else:
        transport.protocol = protocol
    protocol.makeConnection(transport)
    transport.resumeProducing()
    # Autobahn reads the handshake again, without the body, and without the origin, of which we have thought already;
    # and then what came behind it: twisted.web has put that aside while the request was being answered, or has it in
    # hand still when there was no body to wait for.
    lines = [b"%b %b HTTP/1.1" % (request.method, request.uri)]
    lines += [
        b"%b: %b" % (name, b",".join(values))
        for name, values in request.requestHeaders.getAllRawHeaders()
        if name.lower() not in (b"content-length", b"content-type", b"origin")
    ]
    protocol.dataReceived(b"\r\n".join([*lines, b"", b""]))
    rest, channel._buffer = b"".join([*channel._dataBuffer, channel._buffer]), b""
    if rest:
        protocol.dataReceived(rest)
    # HTTP is over; request and channel know each other.
    channel.requests.clear()
    cast("Any", request).channel = None
