"""The lists of matches and the public streams, over HTTP in memory."""

from __future__ import annotations

import json
from typing import Any, cast

from twisted.internet.defer import Deferred
from twisted.internet.error import ConnectionDone
from twisted.internet.interfaces import IPullProducer
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase
from twisted.web import server
from twisted.web.test.requesthelper import DummyRequest

from gameserver.matches.matches import Matches
from gameserver.matches.store import LogLine
from gameserver.protocols.kassel.match_pages import STREAMS, MatchPages
from tests.protocols.kassel.services import ClockServices


class Request(DummyRequest):
    """A request whose producer is asked for everything at once."""

    def __init__(self, path: str, **arguments: str) -> None:
        super().__init__([part.encode() for part in path.split("/") if part])
        self.args = {name.encode(): [value.encode()] for name, value in arguments.items()}

    def registerProducer(self, prod: IPullProducer, s: bool) -> None:
        self.producer: IPullProducer | None = prod
        while self.producer is not None:
            self.producer.resumeProducing()

    def unregisterProducer(self) -> None:
        self.producer = None


class Pages(SynchronousTestCase):
    def setUp(self) -> None:
        self.services = ClockServices()
        self.pages = MatchPages(
            self.services.matches,
            self.services.seasons["ss14"].listings,
            self.services.store,
            {"ss14": "carcassonne", "ss13": "catan"},
        )

    def render(self, request: Request) -> int | bytes:
        # All that pages ask of a request, Twisted's own stand-in for one has too.
        return self.pages.render(cast(server.Request, request))

    def get(self, path: str, **arguments: str) -> tuple[int, Any]:
        request = Request(path, **arguments)
        result = self.render(request)
        if isinstance(result, bytes):
            request.write(result)
        return request.responseCode or 200, json.loads(b"".join(request.written))

    def play(self) -> None:
        anne = self.services.user("anne")
        bob = self.services.user("bob")
        anne.ask("CREATE GAME g -maxPlayers 2")
        anne.join("g")
        bob.join("g")
        anne.order("START_GAME")
        anne.order("DRAW_CARD")
        self.heard = bob.events()
        anne.order("LEAVE_GAME")
        self.heard += bob.events()

    def test_open_and_over(self) -> None:
        anne = self.services.user("eve")
        anne.ask("CREATE GAME open -maxPlayers 2 -testgame")
        status, found = self.get("", season="ss14", state="open")
        self.assertEqual((status, [match["name"] for match in found["matches"]]), (200, ["open"]))
        self.assertEqual(self.get("", season="ss14")[1], {"matches": []})
        self.play()
        status, found = self.get("", season="ss14", state="over")
        match = found["matches"][0]
        self.assertEqual((match["name"], match["players"], match["winner"]), ("g", ["anne", "bob"], "bob"))
        self.assertEqual(self.get(str(match["id"])), (200, match))

    def test_the_public_story(self) -> None:
        self.play()
        number = self.get("", season="ss14")[1]["matches"][0]["id"]
        status, found = self.get(f"{number}/events")
        self.assertEqual(status, 200)
        events = found["events"]
        self.assertEqual(events[0]["@src"].partition("@")[0], "CarcassonneGame")
        # What a player has heard of the model ends the story word for word.
        model = [event for event in self.heard if event["@src"] != "SERVER"]
        strip = lambda event: {key: value for key, value in event.items() if key != "@ts"}  # noqa: E731
        self.assertEqual([strip(e) for e in events[-len(model) :]], [strip(e) for e in model])
        self.assertNotIn("SERVER", {event["@src"] for event in events})

    def test_replays_at_the_same_time_are_few_and_give_their_place_back(self) -> None:
        self.play()
        number = self.get("", season="ss14")[1]["matches"][0]["id"]
        gates: list[Deferred[None]] = []
        store = self.services.store
        lines = store.lines

        async def slowly(match: int) -> list[LogLine]:
            gates.append(Deferred())
            await gates[-1]
            return await lines(match)

        self.patch(store, "lines", slowly)
        requests = [Request(f"{number}/events") for _ in range(STREAMS + 2)]
        for request in requests:
            self.render(request)
        self.assertEqual([request.responseCode for request in requests[STREAMS:]], [503, 503])
        requests[0].processingFailed(Failure(ConnectionDone()))
        for gate in gates:
            gate.callback(None)
        self.assertEqual([bool(request.written) for request in requests[:STREAMS]], [False] + [True] * (STREAMS - 1))
        self.patch(store, "lines", lines)
        self.assertEqual(self.get(f"{number}/events")[0], 200)
        self.assertEqual(self.pages._streams, 0)

    def test_what_is_not_there(self) -> None:
        for path, arguments, status in (
            ("7", {}, 404),
            ("x", {}, 404),
            ("7/events", {}, 404),
            ("7/moves/1", {}, 404),
            ("", {"season": "ss99"}, 400),
            ("", {"season": "ss14", "state": "odd"}, 400),
        ):
            self.assertEqual(self.get(path, **arguments)[0], status, path)

    def test_a_log_of_other_rules_is_cut_off(self) -> None:
        self.play()
        number = self.get("", season="ss14")[1]["matches"][0]["id"]
        lines = self.services.store._lines[number]
        last = lines[max(lines)]
        lines[max(lines) + 1] = type(last)(number, max(lines) + 1, 0, '["command",0,"DRAW_CARD",{}]')
        status, found = self.get(f"{number}/events")
        self.assertEqual(status, 200)
        self.assertTrue(found["events"])
        self.assertEqual(len(self.flushLoggedErrors(ValueError)), 1)
        assert isinstance(self.services.matches, Matches)
