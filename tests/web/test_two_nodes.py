"""What the site of one node shows of the other one, and does there."""

from __future__ import annotations

import io
import json
from typing import Any

from twisted.trial.unittest import SynchronousTestCase
from twisted.web.test.requesthelper import DummyRequest

from gameserver.accounts.tokens import LOGIN
from gameserver.edge.http.json_resource import JsonResource
from gameserver.edge.relay.asking import ANSWERED_WITHIN
from gameserver.protocols.kassel.site_pages import SitePages
from gameserver.web.connections import serve_connections
from gameserver.web.operators import operator_pages
from tests.protocols.kassel.services import ClockServices
from tests.protocols.kassel.two_nodes import TwoNodes
from tests.typed import deferred


class SiteOfTwoNodes(SynchronousTestCase):
    def setUp(self) -> None:
        self.nodes = TwoNodes()
        self.pages = [self.site(self.nodes, "here"), self.site(self.nodes.other, "there")]
        found: list[Any] = []
        self.nodes.register("op", role="admin")
        accounts = self.nodes.accounts
        deferred(accounts.by_name("op")).addCallback(found.append)
        deferred(accounts.tokens.issue(found[0], LOGIN, 3600)).addCallback(found.append)
        self.token = str(found[1])
        self.anne = self.nodes.user("anne")
        self.anne.ask("CREATE GAME table -maxPlayers 2")
        self.anne.join("table")
        self.bob = self.nodes.browsing("bob")
        self.nodes.clock.pump([0.0, 2.0, 0.0])

    def site(self, node: ClockServices, line: str) -> dict[str, JsonResource]:
        serve_connections(node.context)
        seasons = SitePages(node.context, list(node.seasons.values())).resources()
        return {**seasons, **operator_pages(node.context, lambda: [line])}

    def ask(self, path: str, body: Any = None, **arguments: str) -> tuple[int, Any]:
        """Ask the site of the other node; with a body it is a POST."""
        # Twisted's own stand-in for a request has no body.
        request: Any = DummyRequest([])
        request.method = b"GET" if body is None else b"POST"
        request.args = {name.encode(): [value.encode()] for name, value in arguments.items()}
        if body is not None:
            request.content = io.BytesIO(json.dumps(body).encode())
        request.requestHeaders.setRawHeaders(b"Authorization", [f"Bearer {self.token}".encode()])
        result = self.pages[1][path].render(request)
        self.nodes.clock.pump([0.0] * 10)
        if not isinstance(result, bytes) and not request.finished:
            self.nodes.clock.pump([ANSWERED_WITHIN, 0.0])
        if isinstance(result, bytes):
            request.write(result)
        return request.responseCode or 200, json.loads(b"".join(request.written))

    def cut_off(self) -> None:
        """Let nothing come through that one node says to the other."""
        self.nodes.bus.loses = lambda topic: topic.startswith("node/")

    def test_the_seats_of_a_game_there(self) -> None:
        status, found = self.ask("api/seats", season="ss14", name="table")
        self.assertEqual((status, [seat["name"] for seat in found["seats"]]), (200, ["anne"]))
        self.assertEqual(self.ask("api/seats", season="ss13", name="table")[1]["seats"], [])
        self.assertEqual(self.ask("api/seats", season="ss14", name="none")[1]["seats"], [])
        self.cut_off()
        self.assertEqual(self.ask("api/seats", season="ss14", name="table")[1]["code"], "busy")

    def test_a_game_there_is_closed(self) -> None:
        (match,) = self.nodes.matches.every()
        wanted = {"match": match.header.id}
        self.assertEqual(self.ask("api/operator/close", wanted), (200, {"closed": match.header.id}))
        self.assertEqual(self.nodes.matches.every(), [])
        told: list[Any] = []
        deferred(self.nodes.context.moderation.log(1)).addCallback(told.extend)
        self.assertEqual((told[0].actor, told[0].action, told[0].detail), ("op", "close", "table"))
        self.assertEqual(self.ask("api/operator/close", wanted)[1]["code"], "no_game")

    def test_the_connections_and_the_log_of_both(self) -> None:
        node = self.nodes.context.relays.node
        _, seen = self.ask("api/operator/overview")
        self.assertEqual(
            [(one["player"], one.get("node")) for one in seen["sessions"]], [("bob", None), ("anne", node)]
        )
        self.assertEqual(self.ask("api/operator/server-log"), (200, {"lines": ["there", f"— node {node}:", "here"]}))

    def test_a_node_that_does_not_answer_is_left_out(self) -> None:
        self.cut_off()
        _, seen = self.ask("api/operator/overview")
        self.assertEqual([one["player"] for one in seen["sessions"]], ["bob"])
