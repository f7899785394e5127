"""A real server process: both ports, and rounds that outlive a power cut."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

from twisted.internet import reactor
from twisted.internet.endpoints import TCP4ClientEndpoint, connectProtocol
from twisted.internet.error import ConnectionDone
from twisted.internet.threads import deferToThread
from twisted.trial.unittest import TestCase

from gameserver.testing.techmino import TechminoClient, request
from tests.integration.server import Server
from tests.protocols.techmino.services import CONFIG

QUICK = (
    "techmino.watch_delay=0.05",
    "techmino.connect_timeout=60",
    "techmino.start_delay=0.05",
    "techmino.end_delay=0.05",
    "techmino.grace=0.1",
)


def fetch(port: int, path: str, token: str = "", data: bytes | None = None) -> tuple[int, Any]:
    """Return status and JSON of a page."""
    asked = urllib.request.Request(f"http://127.0.0.1:{port}{path}", data)
    if token:
        asked.add_header("Authorization", f"Bearer {token}")
    try:
        with urllib.request.urlopen(asked, timeout=60) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


class ProcessTests(TestCase):
    timeout = 600

    async def open(self, port: int, endpoint: str, body: Any = None) -> TechminoClient:
        client = TechminoClient(reactor)
        await connectProtocol(TCP4ClientEndpoint(reactor, "127.0.0.1", port), client)
        client.write(request(endpoint, body))
        return client

    async def log_in(self, port: int, endpoint: str, **body: Any) -> tuple[TechminoClient, dict[str, Any]]:
        """Return a connection and its Connect; a server on a busy machine is asked again, as people do."""
        while True:
            client = await self.open(port, endpoint, body)
            try:
                return client, await client.next()
            except ConnectionDone:
                if client.answers.status != 503:
                    raise

    async def test_a_round_outlives_a_power_cut_and_is_downloaded_by_its_players(self) -> None:
        server = Server(("techmino.endpoints", "web.endpoints"), QUICK)
        self.addCleanup(server.kill)
        await deferToThread(server.start)
        own, site = server.ports["techmino.endpoints"], server.ports["web.endpoints"]
        app = await self.open(own, "app")
        await app.next()
        for name in ("alice", "bob"):
            app.send(2, username=name, email=f"{name}@x.org", password="mino-pw")
            self.assertEqual((await app.next())["type"], "Self")
        # The site serves the same endpoints.
        user, connect = await self.log_in(site, "user", email="alice@x.org", password="mino-pw")
        uid = connect["uid"]
        user.send(0)
        access = (await user.next())["accessToken"]
        play, _ = await self.log_in(own, "play", uid=uid, accessToken=access)
        play.send(1, config=CONFIG)
        play.send(6, ready=True)
        rid = (await play.until("Server", 8))["data"]["rid"]
        stream, _ = await self.log_in(site, "stream", uid=uid, accessToken=access, rid=rid)
        seed = (await stream.until("Server", 0))["data"]["seed"]
        for piece in ("EgA=", "DAYAJg=="):
            stream.send(5, stream=piece)
        stream.send(4, score=5, survivalTime=1)
        await play.until("Server", 9)
        server.kill()
        for client in (app, user, play, stream):
            await client.ended()
        await deferToThread(server.start)
        await self.check_replays(own, site, uid, access, seed)
        self.assertEqual(await deferToThread(server.stop), 0)

    async def check_replays(self, own: int, site: int, uid: int, access: str, seed: int) -> None:
        status, listed = await deferToThread(fetch, own, "/techmino/replays", access)
        self.assertEqual((status, len(listed["replays"])), (200, 1))
        number = listed["replays"][0]["id"]
        for port in (own, site):
            status, replay = await deferToThread(fetch, port, f"/techmino/replays/{number}?accessToken={access}")
            self.assertEqual((status, replay["seed"]), (200, seed))
            (player,) = replay["players"]
            self.assertEqual((player["uid"], player["place"], player["score"]), (uid, 1, 5))
            self.assertEqual(player["stream"], ["EgA=", "DAYAJg=="])
        tokens = {}
        for name in ("alice", "bob"):
            data = json.dumps({"name": name, "password": "mino-pw"}).encode()
            status, answer = await deferToThread(fetch, site, "/api/login", "", data)
            tokens[name] = answer["token"]
        for path, token, expected in (
            (f"/techmino/replays/{number}", tokens["alice"], 200),
            (f"/techmino/replays/{number}", tokens["bob"], 404),
            (f"/techmino/replays/{number}", "", 401),
            (f"/techmino/replays/{number}", "nonsense", 401),
            (f"/techmino/replays/{number + 1}", tokens["alice"], 404),
            ("/techmino/replays/x", tokens["alice"], 404),
            (f"/techmino/replays/{number}/x", tokens["alice"], 404),
            ("/techmino/replays?begin=1&count=5", tokens["alice"], 200),
            ("/techmino/replays?count=x", tokens["alice"], 400),
        ):
            status, _ = await deferToThread(fetch, site, path, token)
            self.assertEqual(status, expected, path)
