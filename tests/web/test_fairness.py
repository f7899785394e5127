"""``POST /v1/fairness/…/verify`` over HTTP."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.protocol import Protocol, connectionDone
from twisted.python.failure import Failure
from twisted.trial.unittest import TestCase
from twisted.web.client import Agent, FileBodyProducer
from twisted.web.http_headers import Headers
from twisted.web.iweb import IResponse
from twisted.web.server import Request

from gameserver.edge.http.json_resource import bearer
from gameserver.edge.http.site import site, tree
from gameserver.protocols.invoker.pages.fairness import Authorize, fairness_pages
from tests.reactor import listen, reactor

SEEDS = {"serverSeed": "server seed", "clientSeed": "client seed", "nonce": 1}


class Whole(Protocol):
    """Collects a body."""

    def __init__(self, ended: Deferred[bytes]) -> None:
        self.got = b""
        self.ended = ended

    def dataReceived(self, data: bytes) -> None:
        self.got += data

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.ended.callback(self.got)


class FairnessTests(TestCase):
    def served(self, authorize: Authorize | None = None) -> None:
        self.base = f"http://127.0.0.1:{listen(self, site(tree(fairness_pages(authorize))))}/v1/fairness"

    async def ask(self, game: str, body: object, token: str | None = None) -> tuple[int, Any]:
        """The status and the answer."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = Headers({"Authorization": [f"Bearer {token}"]} if token else {})
        url = f"{self.base}/{game}/verify".encode()
        response = await Agent(reactor).request(b"POST", url, headers, FileBodyProducer(BytesIO(data)))
        return response.code, json.loads(await self.body(response))

    def body(self, response: IResponse) -> Deferred[bytes]:
        """Everything until the end."""
        whole: Deferred[bytes] = Deferred()
        response.deliverBody(Whole(whole))
        return whole

    async def test_each_game(self) -> None:
        self.served()
        status, dice = await self.ask("dice", SEEDS)
        self.assertEqual((status, dice["roll"], dice["nonce"]), (200, 74.67, 1))
        self.assertEqual(dice["rounds"][0]["message"], "client seed:1:0")
        _, dice = await self.ask("dice", {**SEEDS, "target": 50, "condition": "OVER"})
        self.assertTrue(dice["isWin"])
        _, mines = await self.ask("mines", {**SEEDS, "minesCount": 3, "gridType": "5x5"})
        self.assertEqual(mines["minePositions"], [5, 15, 18])
        status, mines = await self.ask("mines", {**SEEDS, "minesCount": 24})
        self.assertEqual((status, len(mines["minePositions"])), (200, 24))
        _, keno = await self.ask("keno", {**SEEDS, "selectedNumbers": [4, 10, 22, 24, 1], "difficulty": "low"})
        self.assertEqual((keno["drawnNumbers"], keno["matchCount"]), ([4, 10, 22, 24, 25, 26, 30, 35, 37, 39], 4))
        self.assertEqual((keno["matchedNumbers"], keno["multiplier"]), ([4, 10, 22, 24], "13.00"))
        _, blackjack = await self.ask("blackjack", {**SEEDS, "actions": ["stand:0"]})
        self.assertEqual((len(blackjack["deck"]), len(blackjack["shuffledOrder"])), (312, 312))
        self.assertEqual(blackjack["status"], "finished")

    async def test_bad_input_is_answered_with_its_code(self) -> None:
        self.served()
        for game, body, code in (
            ("dice", {**SEEDS, "serverSeed": ""}, "INVALID_SEED"),
            ("dice", {**SEEDS, "serverSeed": 7}, "INVALID_SEED"),
            ("dice", {**SEEDS, "clientSeed": "short"}, "INVALID_CLIENT_SEED"),
            ("dice", {**SEEDS, "nonce": -1}, "INVALID_NONCE"),
            ("dice", {**SEEDS, "nonce": 1.5}, "INVALID_NONCE"),
            ("dice", {}, "INVALID_SEED"),
            ("dice", {**SEEDS, "target": 3, "condition": "OVER"}, "INVALID_PARAMS"),
            ("dice", {**SEEDS, "colour": "red"}, "INVALID_PARAMS"),
            ("dice", b"not json", "INVALID_PARAMS"),
            ("dice", b"[]", "INVALID_PARAMS"),
            ("dice", b'{"nonce":' + b"9" * 400 + b"}", "INVALID_SEED"),
            ("dice", b"[" * 20_000, "INVALID_PARAMS"),
            ("mines", {**SEEDS, "minesCount": 25}, "INVALID_PARAMS"),
            ("mines", SEEDS, "INVALID_PARAMS"),
            ("keno", {**SEEDS, "selectedNumbers": [41]}, "INVALID_NUMBER_RANGE"),
            ("keno", {**SEEDS, "selectedNumbers": [1, 1]}, "DUPLICATE_NUMBERS"),
            ("blackjack", {**SEEDS, "actions": ["surrender:0"]}, "INVALID_PARAMS"),
        ):
            status, answer = await self.ask(game, body)
            self.assertEqual((status, answer["code"]), (400, code), (game, body))
            self.assertTrue(answer["text"])
        status, answer = await self.ask("dice", b'"' + b"x" * 70_000 + b'"')
        self.assertEqual((status, answer["code"]), (413, "too_large"))

    async def test_who_may_ask_is_the_doors_decision(self) -> None:
        async def authorize(request: Request) -> object:
            return bearer(request)

        self.served(authorize)
        status, answer = await self.ask("dice", SEEDS)
        self.assertEqual((status, answer["code"]), (401, "bad_token"))
        self.assertEqual((await self.ask("dice", SEEDS, token="any"))[0], 200)
