"""What the site's match pages ask beside the lobby's lines, over HTTP in memory."""

from __future__ import annotations

import io
import json
from typing import Any

from twisted.trial.unittest import SynchronousTestCase
from twisted.web.test.requesthelper import DummyRequest

from gameserver.accounts.tokens import LOGIN
from gameserver.protocols.kassel.site_pages import SitePages
from gameserver.web.room import room_resource
from tests.protocols.kassel.services import ClockServices
from tests.typed import deferred, the


class SeatsAndGames(SynchronousTestCase):
    def setUp(self) -> None:
        self.services = ClockServices()
        self.pages = SitePages(self.services.context, list(self.services.seasons.values())).resources()
        self.pages["api/room"] = room_resource(self.services.context)

    def ask(self, path: str, body: Any = None, token: str = "", **arguments: str) -> tuple[int, Any]:
        """Ask a page; with a body it is a POST."""
        # Twisted's own stand-in for a request has no body.
        request: Any = DummyRequest([])
        request.method = b"GET" if body is None else b"POST"
        request.args = {name.encode(): [value.encode()] for name, value in arguments.items()}
        if body is not None:
            request.content = io.BytesIO(json.dumps(body).encode())
        if token:
            request.requestHeaders.setRawHeaders(b"Authorization", [f"Bearer {token}".encode()])
        result = self.pages[path].render(request)
        self.services.clock.advance(0)
        if isinstance(result, bytes):
            request.write(result)
        return request.responseCode or 200, json.loads(b"".join(request.written))

    def seats(self, **arguments: str) -> Any:
        return self.ask("api/seats", **{"season": "ss14", "name": "table", **arguments})[1]

    def test_who_is_away_and_for_how_long_their_seat_waits(self) -> None:
        anne = self.services.browsing("anne")
        anne.ask("CREATE GAME table -maxPlayers 2")
        anne.join("table")
        bob, eve = self.services.user("bob"), self.services.user("eve")
        bob.join("table")
        eve.join("table", "-visitor true")
        bob.hang_up()
        self.services.clock.advance(20.5)
        found = self.seats()
        self.assertEqual(found["turn_seconds"], 0)
        self.assertEqual([seat["name"] for seat in found["seats"]], ["anne", "bob", "eve"])
        self.assertEqual([seat["away_s"] for seat in found["seats"]], [None, 100, None])
        self.assertEqual([seat["visitor"] for seat in found["seats"]], [False, False, True])

    def test_who_comes_later_finds_what_was_said_to_all(self) -> None:
        anne = self.services.user("anne")
        anne.ask("CREATE GAME table -maxPlayers 2")
        anne.join("table")
        token = self.token("late")
        place = {"season": "ss14", "name": "table"}
        anne.order("MESSAGE", message="hello")
        anne.order("MESSAGE", message="to myself", audience="USER", recipient="anne")
        status, found = self.ask("api/talk", token=token, **place)
        self.assertEqual(status, 200)
        self.assertEqual([(one["from"], one["text"]) for one in found["messages"]], [("anne", "hello")])
        for number in range(150):
            anne.order("MESSAGE", message=f"{number} {'x' * 100}")
        texts = [one["text"] for one in self.ask("api/talk", token=token, **place)[1]["messages"]]
        self.assertEqual((len(texts), texts[-1].split()[0]), (100, "149"))
        # Long lines are fewer.
        for _ in range(5):
            anne.order("MESSAGE", message="y" * 7000)
        self.assertEqual(len(self.ask("api/talk", token=token, **place)[1]["messages"]), 2)
        self.assertEqual(self.ask("api/talk", token=token, season="ss14", name="none")[1], {"messages": []})
        self.assertEqual(self.ask("api/talk", **place)[0], 401)

    def test_a_game_that_is_not_here_has_no_seats(self) -> None:
        self.assertEqual(self.seats(name="nowhere"), {"turn_seconds": 0, "seats": []})
        self.assertEqual(self.ask("api/seats", season="ss99", name="x")[0], 400)

    def token(self, name: str) -> str:
        """Return the site's token of a new account."""
        self.services.register(name)
        found: list[Any] = []
        accounts = self.services.accounts
        deferred(accounts.by_name(name)).addCallback(found.append)
        deferred(accounts.tokens.issue(found[0], LOGIN, 3600)).addCallback(found.append)
        return str(found[1])

    def test_an_operator_closes_a_game(self) -> None:
        anne = self.services.browsing("anne")
        anne.ask("CREATE GAME table -maxPlayers 2")
        anne.join("table")
        (match,) = self.services.seasons["ss14"].matches.every()
        token, player = self.token("op"), self.token("eve")
        found: list[Any] = []
        deferred(self.services.accounts.by_name("op")).addCallback(found.append)
        deferred(self.services.accounts.change(found[0].id, {"role": "moderator"}))
        wanted = {"match": match.header.id}
        self.assertEqual(self.ask("api/operator/close", wanted, player)[0], 403)
        self.assertEqual(self.ask("api/operator/close", {"match": 99}, token)[1]["code"], "no_game")
        self.assertIsNone(anne.wire.closed)
        self.assertEqual(self.ask("api/operator/close", wanted, token), (200, {"closed": match.header.id}))
        self.assertEqual(the(anne.wire.closed)[0], 4004)
        self.assertEqual(self.services.seasons["ss14"].matches.every(), [])
        self.assertEqual(self.ask("api/operator/close", wanted, token)[1]["code"], "no_game")
        told: list[Any] = []
        deferred(self.services.context.moderation.log(1)).addCallback(told.extend)
        self.assertEqual((told[0].actor, told[0].action, told[0].detail), ("op", "close", "table"))

    def test_the_room_remembers_for_who_has_come_in(self) -> None:
        token = self.token("anne")
        bob = self.services.browsing("bob")
        bob.ask("MSG ALL hello")
        self.services.clock.advance(10)
        bob.ask("MSG USER bob a word to myself")
        self.assertEqual(self.ask("api/room")[0], 401)
        status, found = self.ask("api/room", token=token)
        self.assertEqual(status, 200)
        self.assertEqual([(one["from"], one["text"]) for one in found["messages"]], [("bob", "hello")])
        age_ms = self.services.clock.seconds() * 1000 - found["messages"][0]["at_ms"]
        self.assertEqual(round(age_ms), 10_000)

    def test_a_game_with_a_clock_is_made_by_who_has_a_token(self) -> None:
        token = self.token("anne")
        wanted = {"season": "ss14", "game": "table -maxPlayers 3 -testgame", "turn_seconds": 60}
        self.assertEqual(self.ask("api/games", wanted)[0], 401)
        self.assertEqual(self.ask("api/games", wanted, token), (200, {"name": "table"}))
        (match,) = self.services.matches.every()
        options = match.header.options
        self.assertEqual((options.max_players, options.test_game, options.turn_seconds), (3, True, 60))
        self.assertEqual(match.header.creator, "anne")
        self.assertEqual(self.seats()["turn_seconds"], 60)
        for wrong in (
            {"turn_seconds": 3},
            {"season": "ss12"},
            {"game": "-maxPlayers 3"},
            {"game": "a=b -maxPlayers 2"},
        ):
            self.assertEqual(self.ask("api/games", {**wanted, "game": "other -maxPlayers 2", **wrong}, token)[0], 400)
        self.assertEqual(len(self.services.matches), 1)
