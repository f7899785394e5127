"""The message sequences of docs/invoker.md, played against the games' protocol over a WebSocket."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import cast

from autobahn.twisted.websocket import WebSocketClientFactory, WebSocketClientProtocol
from twisted.internet.defer import Deferred
from twisted.internet.endpoints import TCP4ClientEndpoint
from twisted.trial.unittest import TestCase

from gameserver.edge.http.site import site, tree
from tests.docs.sequences import Step, play, sequences
from tests.protocols.invoker.services import Services
from tests.reactor import open_port, reactor

PAGE = Path(__file__).resolve().parents[2] / "docs" / "invoker.md"
PATIENCE = 60.0


class Peer(WebSocketClientProtocol):  # type: ignore[misc]
    """A client as a sequence sees it. ``entered`` says that the first pushes are none of the sequence's."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: Deferred[None] = Deferred()
        self.gone: Deferred[None] = Deferred()
        self.messages: list[str] = []
        self.waiting: Deferred[None] | None = None
        self.tokens: Callable[[str, str], str]

    def onOpen(self) -> None:
        self.opened.callback(None)

    def onMessage(self, payload: bytes, isBinary: bool) -> None:
        self.messages.append(payload.decode())
        if self.waiting is not None:
            waiting, self.waiting = self.waiting, None
            waiting.callback(None)

    def onClose(self, wasClean: bool, code: int | None, reason: str | None) -> None:
        self.gone.callback(None)

    def send(self, text: str) -> None:
        text = re.sub(r"TOKEN of (\w+) for (\w+)", lambda found: self.tokens(found[1], found[2]), text)
        self.sendMessage(text.encode())

    async def receive(self) -> str:
        if not self.messages:
            self.waiting = Deferred()
            self.waiting.addTimeout(PATIENCE, reactor)
            await self.waiting
        return self.messages.pop(0)


class InvokerPageTests(TestCase):
    def setUp(self) -> None:
        # Always the same server seed, so that the page can show what it gives.
        self.patch(secrets, "token_bytes", lambda size: b"\1" * size)

    async def test_every_sequence_is_as_the_page_says(self) -> None:
        found = sequences(PAGE.read_text("utf-8"))
        self.assertGreaterEqual(len(found), 9)
        for name, steps in found.items():
            with self.subTest(name):
                await self.run_sequence(steps)

    async def run_sequence(self, steps: list[Step]) -> None:
        services = Services(reactor=reactor)
        port = open_port(site(tree(services.part.pages)))
        peers: dict[str, Peer] = {}

        def token(name: str, game: str) -> str:
            return services.token(name, f"inhousegame:{game}")

        async def open_peer(name: str, query: str) -> Peer:
            number = port.getHost().port
            factory = WebSocketClientFactory(f"ws://127.0.0.1:{number}/v1/ws{query}", reactor=reactor)
            factory.protocol = Peer
            factory.noisy = False
            peer = cast(Peer, await TCP4ClientEndpoint(reactor, "127.0.0.1", number).connect(factory))
            peer.tokens = token
            await peer.opened
            return peers.setdefault(name, peer)

        async def connect(name: str) -> Peer:
            return peers.get(name) or await open_peer(name, "")

        async def remark(name: str, text: str) -> None:
            entering = re.fullmatch(r"comes in with a token for (\w+)", text)
            if name and entering:
                peer = await open_peer(name, f"?token={token(name, entering[1])}")
                self.assertIn("GAME_CONFIG", await peer.receive())
                self.assertIn("INITIALIZATION_COMPLETE", await peer.receive())

        try:
            await play(steps, connect, remark)
            for name, peer in peers.items():
                self.assertEqual(peer.messages, [], f"{name} got more than the page says")
        finally:
            for peer in peers.values():
                peer.sendClose()
                await peer.gone
            await port.stopListening()
            await services.part.stop()
