"""The message sequences of docs/techmino.md, played against the Techmino protocol over TCP."""

from __future__ import annotations

import json
from pathlib import Path

import attrs
from twisted.internet.endpoints import TCP4ClientEndpoint, connectProtocol
from twisted.trial.unittest import TestCase

from gameserver.protocols.techmino.config import Techmino
from gameserver.testing.techmino import TechminoClient, browser_request, frame, request
from gameserver.testing.techmino_generation3 import upgrade
from tests.docs.sequences import Step, play, sequences
from tests.protocols.techmino.services import Services
from tests.reactor import open_port, reactor

PAGE = Path(__file__).resolve().parents[2] / "docs" / "techmino.md"


class Peer:
    """A Techmino client as a sequence sees it: what it sends first is the body of its request."""

    def __init__(self, client: TechminoClient, endpoint: str, browser: bool) -> None:
        self.client = client
        self._endpoint = endpoint
        self._browser = browser
        self._connected = False

    def send(self, text: str) -> None:
        payload = text.encode()
        if not self._connected:
            self._connected = True
            if self._endpoint == "ws":
                self.client.write(upgrade(text))
                return
            if not self._browser:
                self.client.write(request(self._endpoint, payload))
                return
            self.client.write(browser_request(self._endpoint))
        self.client.write(frame(payload, 1 if self._browser else 2))

    async def receive(self) -> str:
        answers = self.client.answers
        try:
            message = await self.client.next()
        except Exception:
            if answers.closed is not None:
                return f"CLOSED {answers.closed}"
            if answers.status == 101:
                return "HUNG UP"
            return f"HTTP {answers.status} {answers.body.decode()}"
        return json.dumps(message, separators=(",", ":"), ensure_ascii=False)


class TechminoPageTests(TestCase):
    timeout = 600

    async def test_every_sequence_is_as_the_page_says(self) -> None:
        found = sequences(PAGE.read_text("utf-8"))
        self.assertGreaterEqual(len(found), 9)
        for name, steps in found.items():
            with self.subTest(name):
                await self.run_sequence(steps)

    async def run_sequence(self, steps: list[Step]) -> None:
        services = Services(reactor, Techmino(watch_delay=0.05, connect_timeout=60, start_delay=0.05, end_delay=0.1))
        port = open_port(services.factory)
        peers: dict[str, Peer] = {}
        tokens: dict[str, str] = {}
        for name in ("alice", "bob", "carl"):
            account = await services.accounts.register(name, "pw", f"{name}@x.org")
            for word, kind in ((name, "access"), (f"{name}_auth", "auth")):
                tokens[word] = await services.shared.identities.new_token(account, f"techmino-{kind}")
            tokens[f"{name}_ticket"] = (await services.tokens3.ticket(account))[64:]

        async def connect(name: str) -> Peer:
            who, _, endpoint = name.partition("_")
            client = TechminoClient(reactor)
            await connectProtocol(TCP4ClientEndpoint(reactor, "127.0.0.1", port.getHost().port), client)
            return peers.setdefault(name, Peer(client, endpoint, who.startswith("web")))

        async def remark(name: str, text: str) -> None:
            if text == "breaks off":
                peers[name].client.drop()

        try:
            await play([self.with_tokens(step, tokens) for step in steps], connect, remark)
        finally:
            for peer in peers.values():
                if not peer.client.gone:
                    peer.client.drop()
                await peer.client.ended()
            await port.stopListening()
            await services.techmino.stop()

    def with_tokens(self, step: Step, tokens: dict[str, str]) -> Step:
        """Put in the tokens that people have before a sequence begins."""
        text = step.text
        for word, token in tokens.items():
            text = text.replace(f"«{word}»", token)
        return attrs.evolve(step, text=text)
