"""Which pages may open the WebSocket of each protocol: by default, and where somebody has said so."""

from __future__ import annotations

from typing import Any

import attrs
from twisted.internet.address import IPv4Address
from twisted.internet.defer import Deferred
from twisted.internet.error import ConnectionDone
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase

from gameserver.config.option import ConfigError
from gameserver.edge.http.site import site, tree
from gameserver.edge.part import AnyPart, RunningPart
from gameserver.net.origins import wrong_with
from gameserver.protocols.invoker.part import PART as INVOKER
from gameserver.protocols.kassel.part import PART as KASSEL
from gameserver.protocols.kwo.config import KwoHub
from gameserver.protocols.kwo.part import PART as KWO
from gameserver.protocols.techmino.part import PART as TECHMINO
from gameserver.testing.context import memory_context
from tests.configuration import load

REQUEST = (
    "GET {path} HTTP/1.1\r\nHost: games.example:8080\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n{origin}"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: osT3F7mvlojIvf3/8uIsJQ==\r\n\r\n"
)

#: Where each protocol is asked, and what its section has besides the default. Packs to the hub are encrypted.
PLACES: dict[str, tuple[AnyPart, str, dict[str, Any]]] = {
    "kassel": (KASSEL, "/kassel/ss14", {}),
    "techmino": (TECHMINO, "/tech/socket/v1/app", {}),
    "invoker": (INVOKER, "/v1/ws", {}),
    "kwo": (KWO, "/kwo/hub", {"hub": KwoHub(password="a strong password it is")}),
}

NOT_A_PAGE, LOCAL_FILE, ELECTRON = None, "null", "file://"
SAME_HOST, OTHER_HOST = "http://games.example:8080", "http://evil.example"
EVERYBODY = (NOT_A_PAGE, LOCAL_FILE, ELECTRON, SAME_HOST, OTHER_HOST, "app://electron", "\xff", "http://a:99999", "")


async def _stopped(running: RunningPart) -> None:
    await running.stop()


class OriginTests(SynchronousTestCase):
    def ask(self, protocol: str, origin: str | None, **keys: Any) -> bytes:
        """Return the answer to a request for the protocol's WebSocket by a page."""
        part, path, more = PLACES[protocol]
        clock = Clock()
        clock.advance(1_700_000_000)
        context = memory_context(clock)
        running = part.build(context, part.section_with(context.kinds)(**{**more, **keys}))
        wire = StringTransport(peerAddress=IPv4Address("TCP", "127.0.0.1", 40000))
        wire.setTcpNoDelay = wire.setTcpKeepAlive = lambda _on: None  # type: ignore[attr-defined]
        connection: Any = site(tree(running.pages)).buildProtocol(wire.getPeer())
        connection.timeOut = None
        connection.makeConnection(wire)
        header = "" if origin is None else f"Origin: {origin}\r\n"
        (getattr(wire, "protocol", None) or connection).dataReceived(
            REQUEST.format(path=path, origin=header).encode("latin-1")
        )
        clock.advance(0)
        answer: bytes = wire.value()
        (getattr(wire, "protocol", None) or connection).connectionLost(Failure(ConnectionDone()))
        done = Deferred.fromCoroutine(_stopped(running))
        clock.pump([0.1] * 20)
        self.successResultOf(done)
        return answer

    def assert_allowed(self, protocol: str, origin: str | None, **keys: Any) -> None:
        self.assertStartsWith(self.ask(protocol, origin, **keys), b"HTTP/1.1 101 ", (protocol, origin))

    def assert_refused(self, protocol: str, origin: str | None, **keys: Any) -> None:
        head, _, body = self.ask(protocol, origin, **keys).partition(b"\r\n\r\n")
        self.assertStartsWith(head, b"HTTP/1.1 403 Forbidden\r\n", (protocol, origin))
        self.assertIn(b"content-type: application/json", head)
        self.assertEqual(body, b'{"code": "forbidden", "text": "Pages of this origin may not connect here."}')

    def assertStartsWith(self, text: bytes, start: bytes, about: object) -> None:
        self.assertEqual(text[: len(start)], start, about)

    def test_by_default_every_page_may_ask(self) -> None:
        for protocol in PLACES:
            for origin in EVERYBODY:
                self.assert_allowed(protocol, origin)

    def test_only_pages_of_the_same_host(self) -> None:
        for protocol in PLACES:
            for origin in EVERYBODY:
                allowed = origin in (NOT_A_PAGE, SAME_HOST)
                (self.assert_allowed if allowed else self.assert_refused)(protocol, origin, origins=("same",))

    def test_pages_that_are_named(self) -> None:
        for protocol in PLACES:
            for named, origin, allowed in (
                ("null", LOCAL_FILE, True),
                ("null", ELECTRON, False),
                ("file://", ELECTRON, True),
                ("file://", LOCAL_FILE, False),
                ("http://evil.example", OTHER_HOST, True),
                ("HTTP://evil.example:80", OTHER_HOST, True),
                ("https://evil.example", OTHER_HOST, False),
                ("http://evil.example:81", OTHER_HOST, False),
                ("http://evil.example", SAME_HOST, False),
            ):
                check = self.assert_allowed if allowed else self.assert_refused
                check(protocol, origin, origins=(named,))

    def test_nobody_but_programs(self) -> None:
        for protocol in PLACES:
            self.assert_allowed(protocol, NOT_A_PAGE, origins=())
            self.assert_refused(protocol, SAME_HOST, origins=())

    def test_plain_packs_come_from_pages_of_this_machine_and_those_that_are_named(self) -> None:
        plain = {"hub": KwoHub()}
        self.assert_allowed("kwo", "http://localhost:8080", **plain)
        self.assert_allowed("kwo", "http://[::1]", **plain)
        self.assert_allowed("kwo", NOT_A_PAGE, **plain)
        for origin in (LOCAL_FILE, ELECTRON, OTHER_HOST, SAME_HOST, "\xff", "http://[", ""):
            self.assertIn(b"Pages of other machines may not send plain packs", self.ask("kwo", origin, **plain))
        for origin in (LOCAL_FILE, ELECTRON, OTHER_HOST):
            self.assert_allowed("kwo", origin, origins=("*", origin), **plain)

    def test_the_keys_of_the_configuration(self) -> None:
        for protocol, (part, _, _) in PLACES.items():
            config = load(settings=[f'{protocol}.origins=["same","null","https://example.org"]'])
            self.assertEqual(config.section(part.section).origins, ("same", "null", "https://example.org"))
            for wrong in ("example.org", "https://example.org/page", "http://", "http://a:b", "", "http://me@a"):
                self.assertIn("expected *, same", wrong_with(wrong), wrong)
                with self.assertRaises(ConfigError):
                    load(settings=[f'{protocol}.origins=["{wrong}"]'])
            self.assertIn("origins", {field.name for field in attrs.fields(part.section)})
