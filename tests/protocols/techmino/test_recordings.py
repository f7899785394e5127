"""What real clients have sent is answered with everything they read, over TCP."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from twisted.internet import reactor
from twisted.internet.endpoints import TCP4ClientEndpoint, connectProtocol
from twisted.trial.unittest import TestCase

from gameserver.protocols.techmino.config import Techmino
from gameserver.testing.techmino import TechminoClient
from gameserver.testing.techmino_recording import Recording
from tests.protocols.techmino.services import Services

RECORDINGS = Path(__file__).parent / "recordings"

#: Short where nothing depends on how fast the machine is.
QUICK = Techmino(watch_delay=0.05, connect_timeout=60, start_delay=0.1, end_delay=0.3, grace=0.2)


class RecordingTests(TestCase):
    def setUp(self) -> None:
        self.services = Services(reactor, QUICK)
        self.port: Any = reactor.listenTCP(0, self.services.factory, interface="127.0.0.1")
        self.clients: list[TechminoClient] = []
        self.addCleanup(self.end)

    async def end(self) -> None:
        await self.port.stopListening()
        for client in self.clients:
            if not client.gone:
                client.drop()
            await client.ended()
        await self.services.techmino.stop()

    async def connect(self) -> TechminoClient:
        client = TechminoClient(reactor)
        await connectProtocol(TCP4ClientEndpoint(reactor, "127.0.0.1", self.port.getHost().port), client)
        self.clients.append(client)
        return client

    def end_all(self, why: str) -> None:
        sessions = self.services.sessions
        sessions.disconnect(sessions, "kicked", why)

    async def replay(self, name: str, password: str, *emails: str) -> Recording:
        for email in emails:
            await self.services.accounts.register(email.partition("@")[0], password, email)
        recording = Recording(RECORDINGS / name)
        await recording.play(self.connect, self.end_all)
        return recording

    async def test_0145_two_players_and_two_rounds(self) -> None:
        await self.services.accounts.register("alice", "pw", "a@x.org")
        await self.services.accounts.register("bob", "pw", "b@x.org")
        recording = await self.replay("v0.14.5.jsonl", "pw")
        self.assertGreater(recording.heard, 50)
        self.assertEqual(len(await self.services.store.rounds_of(1, 0, 9)), 2)

    async def test_0156_a_private_room_and_what_is_kept(self) -> None:
        recording = await self.replay("v0.15.6.jsonl", "start1", "anna@x.org", "bert@x.org", "carl@x.org")
        self.assertGreater(recording.heard, 50)
        (record,) = await self.services.store.rounds_of(1, 0, 9)
        self.assertEqual(record.version, "V1.0")
        self.assertIn('"heightLimit":1e+99', record.rules)

    async def test_0170_a_spectator_who_comes_late(self) -> None:
        recording = await self.replay("v0.17.0.jsonl", "start1", "anna@x.org", "bert@x.org", "carl@x.org")
        self.assertGreater(recording.heard, 80)
        (record,) = await self.services.store.rounds_of(1, 0, 9)
        self.assertEqual([player.username for player in record.players], ["bert", "anna"])

    async def test_0156_everything_is_ended_and_the_client_comes_back(self) -> None:
        recording = await self.replay("v0.15.6-closed.jsonl", "start1", "anna@x.org")
        self.assertEqual(len(recording.clients), 6)
        self.assertEqual([client.gone for client in recording.clients.values()], [True] * 3 + [False] * 3)
