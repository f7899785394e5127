"""What the site's page about clients asks, and which clients count as seen, on a clock."""

from __future__ import annotations

import json
from typing import Any

from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from gameserver.protocols.techmino.releases import RELEASES
from gameserver.protocols.techmino.seen import ADDRESSES, SeenClients
from tests.protocols.techmino.services import CONFIG, ClockServices


class PagesTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.services = ClockServices(self)

    def ask(self, path: str, body: Any = None, token: str = "", host: str = "192.0.2.1") -> tuple[int, Any]:
        data = b"" if body is None else json.dumps(body).encode()
        head = f"{'GET' if body is None else 'POST'} {path} HTTP/1.1\r\nHost: localhost\r\n"
        head += f"Content-Length: {len(data)}\r\n" + (f"Authorization: Bearer {token}\r\n" if token else "")
        wired = self.services.connect([head.encode() + b"\r\n" + data], host)
        return wired.answers.status, json.loads(wired.answers.body)

    def seen(self, host: str = "192.0.2.1") -> str | None:
        status, answer = self.ask("/api/techmino/client", host=host)
        self.assertEqual((status, answer["address"]), (200, host))
        where: str | None = answer["seen"]
        return where

    def test_a_client_is_seen_while_it_is_here_and_a_minute_longer(self) -> None:
        self.assertIsNone(self.seen())
        app = self.services.open("app")
        self.services.wait(300)
        app.read()
        self.assertEqual(self.seen(), "app")
        self.assertIsNone(self.seen("192.0.2.2"))
        app.hang_up()
        self.services.wait(59)
        self.assertEqual(self.seen(), "app")
        self.services.wait(2)
        self.assertIsNone(self.seen())

    def test_a_browser_is_no_client(self) -> None:
        self.services.browse("app").read()
        self.assertIsNone(self.seen())

    def test_the_releases_are_those_of_the_command(self) -> None:
        _, answer = self.ask("/api/techmino/client")
        self.assertEqual([one["host"] for one in answer["releases"]], [one.host for one in RELEASES])

    def test_rooms_of_every_generation_are_listed(self) -> None:
        anna, bert = (self.services.person(name).play() for name in ("anna", "bert"))
        anna.send(1, type="solo", name="old", password="x", config=CONFIG)
        info = {"name": "new", "type": "normal", "version": "ver A-2"}
        bert.send(1, capacity=3, roomInfo=info, roomData={}, config=CONFIG)
        bert.send(6, mode=2)
        _, answer = self.ask("/api/techmino/rooms")
        shown = [(one["name"], one["generation"], one["version"], one["private"]) for one in answer["rooms"]]
        expected = [("new", "Techmino 0.15 to 0.17.6", "ver A-2", False), ("old", "Techmino 0.14", "", True)]
        self.assertEqual(shown, expected)
        self.assertEqual([(one["playing"], one["watching"]) for one in answer["rooms"]], [(0, 1), (1, 0)])

    def test_an_account_without_an_address_gets_one(self) -> None:
        services = self.services
        anna = services.result(services.accounts.register("anna", "pw"))
        services.register("bert")
        token, _ = services.result(services.accounts.tokens.issue_login(anna))
        self.assertEqual(self.ask("/api/techmino/email", {"email": "a@x.org"})[0], 401)
        self.assertEqual(self.ask("/api/techmino/email", {"email": "bert@x.org"}, token)[0], 409)
        self.assertEqual(self.ask("/api/techmino/email", {"email": "nonsense"}, token)[0], 400)
        self.assertEqual(self.ask("/api/techmino/email", {"email": "a@x.org"}, token), (200, {"email": "a@x.org"}))
        self.assertEqual(services.open("user", {"email": "a@x.org", "password": "pw"}).answers.status, 101)
        self.assertEqual(self.ask("/api/techmino/email", {"email": ""}, token), (200, {"email": None}))


class SeenTests(SynchronousTestCase):
    def test_addresses_are_bounded(self) -> None:
        seen = SeenClients(Clock())
        for number in range(ADDRESSES + 10):
            seen.came(f"a{number}", "app")
            seen.came("often", "play")
        self.assertIsNone(seen.last("a0"))
        seen.went("a0")
        self.assertEqual((seen.last("often"), seen.last(f"a{ADDRESSES + 9}")), ("play", "app"))
