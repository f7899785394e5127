"""The message sequences of docs/chat.md, played against the chat protocol over TCP."""

from __future__ import annotations

from pathlib import Path

from twisted.internet.endpoints import TCP4ClientEndpoint, connectProtocol
from twisted.trial.unittest import TestCase

from gameserver.protocols.chat.config import Chat
from gameserver.testing.chat import ChatClient
from tests.docs.sequences import Step, play, sequences
from tests.protocols.chat.services import Services
from tests.reactor import open_port, reactor

PAGE = Path(__file__).resolve().parents[2] / "docs" / "chat.md"


class Peer:
    """A chat client as a sequence sees it."""

    def __init__(self, client: ChatClient) -> None:
        self.client = client

    def send(self, text: str) -> None:
        self.client.write(text.encode() + b"\n")

    async def receive(self) -> str:
        return (await self.client.line()).decode().removesuffix("\n")


class ChatPageTests(TestCase):
    async def test_every_sequence_is_as_the_page_says(self) -> None:
        found = sequences(PAGE.read_text("utf-8"))
        self.assertGreaterEqual(len(found), 6)
        for name, steps in found.items():
            with self.subTest(name):
                await self.run_sequence(steps)

    async def run_sequence(self, steps: list[Step]) -> None:
        services = Services(reactor, Chat(heartbeat=0))
        port = open_port(services.factory)
        peers: dict[str, Peer] = {}

        async def connect(name: str) -> Peer:
            client = ChatClient(reactor)
            await connectProtocol(TCP4ClientEndpoint(reactor, "127.0.0.1", port.getHost().port), client)
            return peers.setdefault(name, Peer(client))

        async def remark(name: str, text: str) -> None:
            if text == "is disconnected":
                await peers[name].client.ended()
            elif text == "breaks off":
                peers[name].client.drop()

        try:
            await play(steps, connect, remark)
            for name, peer in peers.items():
                self.assertEqual(peer.client._lines, [], f"{name} got more than the page says")
        finally:
            for peer in peers.values():
                if not peer.client.lost.called:
                    peer.client.drop()
                    await peer.client.ended()
            await services.chat.stop()
            await port.stopListening()
