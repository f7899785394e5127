"""What is asked over HTTP beside the WebSocket, over sockets: tokens, seeds, operators' sessions, verification."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from http.client import HTTPConnection
from typing import Any

from twisted.internet.threads import deferToThread
from twisted.trial.unittest import TestCase

from gameserver.edge.http.site import site, tree
from gameserver.games.fair import dice
from gameserver.games.fair.seeds import Seeds
from gameserver.moderation import COMMAND_LINE
from gameserver.protocols.invoker.config import Invoker, Operator
from gameserver.wallet.offer import DICE, KENO, MINES
from tests.protocols.invoker.services import SEED, Client, Refusal, Services, now
from tests.reactor import listen, reactor
from tests.typed import the


def fetch(port: int, method: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, dict[str, Any]]:
    """Ask over a socket; blocks."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request(method, f"/{path}", body, headers)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


class HttpTests(TestCase):
    def setUp(self) -> None:
        operators = {"ga1": Operator("key-1", "a secret"), "ga2": Operator("key-2", "another")}
        self.services = Services(Invoker(operators=operators), reactor=reactor)
        self.account = now(self.services.accounts.register("alexandra", "secret"))
        self.addCleanup(self.services.part.stop)
        self.port = listen(self, site(tree(self.services.part.pages)))

    async def ask(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, dict[str, Any]]:
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return await deferToThread(fetch, self.port, method, path, data, sent)

    async def token(self, game: str = DICE) -> str:
        status, answer = await self.ask(
            "POST", "v1/sessions", {"name": "alexandra", "password": "secret", "gameId": game}
        )
        self.assertEqual(status, 200)
        self.assertEqual((answer["expires_in"], answer["gameId"]), (7200, game))
        self.assertLess(abs(answer["expires_at"] / 1000 - time.time() - 7200), 60)
        token: str = answer["token"]
        return token

    async def test_name_and_password_get_a_token(self) -> None:
        claims = (await self.services.identities.check(await self.token())).claims
        self.assertEqual((claims.game_id, claims.currency, claims.has_account), (DICE, "USD", True))
        for changes, status, code in (
            ({"password": "wrong"}, 401, "bad_credentials"),
            ({"name": "nobody"}, 401, "bad_credentials"),
            ({"gameId": "inhousegame:plinko"}, 404, "GAME_NOT_FOUND"),
            ({"currency": "EUR"}, 400, "INVALID_PARAMS"),
            ({"colour": "red"}, 400, "bad_request"),
        ):
            asked = {"name": "alexandra", "password": "secret", **changes}
            answer = await self.ask("POST", "v1/sessions", asked)
            self.assertEqual((answer[0], answer[1]["code"]), (status, code))

    async def test_a_token_is_renewed_while_it_is_good(self) -> None:
        token = await self.token()
        status, answer = await self.ask("POST", "v1/auth/refresh", Authorization=f"Bearer {token}")
        self.assertEqual((status, answer["expires_in"]), (200, 7200))
        await self.services.identities.check(answer["token"])
        row = await self.services.identities.of_account(self.account)
        old, _ = self.services.identities.tokens.issue(row, DICE, "USD", time.time() - 8000)
        status, answer = await self.ask("POST", "v1/auth/refresh", Authorization=f"Bearer {old}")
        self.assertEqual((status, answer["code"]), (401, "TOKEN_EXPIRED"))

    async def test_who_is_banned_or_has_a_new_password_gets_and_uses_no_token(self) -> None:
        accounts, moderation = self.services.accounts, self.services.context.moderation
        paths = ("POST v1/auth/refresh", "GET v1/seeds/current", "GET v1/seeds/history", "POST v1/seeds/rotate")

        async def refused(token: str, *expected: object) -> None:
            for path in paths:
                status, answer = await self.ask(*path.split(), Authorization=f"Bearer {token}")
                self.assertEqual((status, answer["code"]), expected, path)

        asked = {"name": "alexandra", "password": "secret"}
        token = await self.token()
        await accounts.change_password(self.account.id, "secret")
        await refused(token, 401, "INVALID_TOKEN")
        token = await self.token()
        # By address alone: it has no epoch.
        self.services.sessions.refused.add("127.0.0.1")
        await refused(token, 403, "banned")
        self.assertEqual((await self.ask("POST", "v1/sessions", asked))[0], 403)
        self.services.sessions.refused.clear()
        self.assertEqual((await self.ask("GET", "v1/seeds/current", Authorization=f"Bearer {token}"))[0], 200)
        self.services.sessions.refused_players.add("alexandra")
        await refused(token, 403, "banned")
        self.services.sessions.refused_players.clear()
        await moderation.ban("alexandra", COMMAND_LINE)
        await refused(token, 401, "INVALID_TOKEN")
        status, answer = await self.ask("POST", "v1/sessions", asked)
        self.assertEqual((status, answer["code"]), (403, "banned"))
        await moderation.lift("ban", "name:alexandra", COMMAND_LINE)
        await refused(token, 401, "INVALID_TOKEN")
        await self.token()

    async def test_without_a_good_token_nothing_is_told(self) -> None:
        token = await self.token()
        for method, path in (
            ("POST", "v1/auth/refresh"),
            ("GET", "v1/seeds/current"),
            ("GET", "v1/seeds/history"),
            ("POST", "v1/seeds/rotate"),
            ("POST", "v1/seeds/generate-client"),
            ("POST", "v1/fairness/dice/verify"),
        ):
            self.assertEqual((await self.ask(method, path))[0], 401, path)
            for bad in ("Bearer nonsense", f"Bearer {token}x", "Basic abc", "Bearer ", "Bearer \xff\xfe", "\xff"):
                self.assertEqual((await self.ask(method, path, Authorization=bad))[0], 401, (path, bad))

    async def test_seeds_are_shown_revealed_and_replaced(self) -> None:
        token = await self.token()
        bearer = {"Authorization": f"Bearer {token}"}
        client = self.connect(token)
        before = (await self.ask("GET", "v1/seeds/current", **bearer))[1]
        self.assertEqual((before["nonce"], before["totalBets"], before["isActive"]), (0, 0, True))
        self.assertNotIn("seedValue", before)
        shown = client.done("GET_GAME_STATE")["serverSeedInfo"]
        self.assertEqual((shown["hashedServerSeed"], shown["createdAt"]), (before["seedHash"], before["createdAt"]))
        results = [client.bet("1.00")["gameResult"]["diceOutcome"] for _ in range(3)]
        status, answer = await self.ask("POST", "v1/seeds/rotate", {}, **bearer)
        old, new = answer["oldSeed"], answer["newSeed"]
        self.assertEqual((status, old["seedId"], old["nonce"], old["totalBets"]), (200, before["seedId"], 3, 3))
        self.assertEqual((old["isActive"], new["isActive"], new["nonce"], new["totalBets"]), (False, True, 0, 0))
        self.assertNotIn("seedValue", new)
        self.assertGreaterEqual(old["revealedAt"], old["createdAt"])
        self.assertEqual(hashlib.sha256(old["seedValue"].encode()).hexdigest(), before["seedHash"])
        for nonce, outcome in enumerate(results):
            checked = dice.roll(Seeds(old["seedValue"], SEED, nonce))
            self.assertEqual(outcome["rolledNumber"], checked / 100)
            asked = {"serverSeed": old["seedValue"], "clientSeed": SEED, "nonce": nonce}
            status, verified = await self.ask("POST", "v1/fairness/dice/verify", asked, **bearer)
            self.assertEqual((status, float(verified["roll"])), (200, outcome["rolledNumber"]))
        self.assertEqual((await self.ask("GET", "v1/seeds/current", **bearer))[1], new)
        history = (await self.ask("GET", "v1/seeds/history?limit=20&offset=0", **bearer))[1]
        self.assertEqual((history["seeds"], history["total"]), ([old], 1))
        self.assertEqual((await self.ask("GET", "v1/seeds/history?offset=1", **bearer))[1]["seeds"], [])
        for query in ("limit=0", "limit=101", "limit=x", "offset=-1", "limit=1e1"):
            self.assertEqual((await self.ask("GET", f"v1/seeds/history?{query}", **bearer))[0], 400)
        keno = {"Authorization": f"Bearer {await self.token(KENO)}"}
        self.assertNotEqual((await self.ask("GET", "v1/seeds/current", **keno))[1]["seedHash"], new["seedHash"])

    async def test_a_seed_that_an_open_round_needs_is_not_revealed(self) -> None:
        token = await self.token(MINES)
        bearer = {"Authorization": f"Bearer {token}"}
        client = self.connect(token)
        game = client.bet(mines=(5, "5x5"))["gameResult"]["minesOutcome"]["gameId"]
        status, answer = await self.ask("POST", "v1/seeds/rotate", **bearer)
        self.assertEqual((status, answer["code"]), (409, "GAME_ALREADY_ACTIVE"))
        client.done("MINES_ABANDON_GAME", {"gameId": game})
        self.assertEqual((await self.ask("POST", "v1/seeds/rotate", **bearer))[0], 200)

    async def test_client_seeds_are_made_on_request(self) -> None:
        bearer = {"Authorization": f"Bearer {await self.token()}"}
        status, answer = await self.ask("POST", "v1/seeds/generate-client", {"length": 16}, **bearer)
        self.assertEqual((status, len(answer["clientSeed"])), (200, 32))
        for body in ({"length": 3}, {"length": 129}, {"length": "x"}, {"x": 1}, b"{"):
            self.assertEqual((await self.ask("POST", "v1/seeds/generate-client", body, **bearer))[0], 400)

    async def test_a_path_that_is_not_there_is_answered_in_json(self) -> None:
        for path in ("v1/fairness/plinko/verify", "v1/fairness/dice", "v1/seeds", "v1", "api/provider/v1/nothing"):
            for method in ("GET", "POST"):
                status, answer = await self.ask(method, path)
                self.assertEqual((status, answer["code"]), (404, "not_found"), path)

    def connect(self, token: str) -> Client:
        client = self.services.open({"token": token})
        client.pushes()
        self.addCleanup(client.leave)
        return client

    async def operator(self, body: Any, secret: str = "a secret", **headers: str) -> tuple[int, dict[str, Any]]:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        signature = hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()
        sent = {"X_API_KEY": "key-1", "X_SIGNATURE": signature, **headers}
        return await self.ask("POST", "api/provider/v1/sessions", raw, **{k: v for k, v in sent.items() if v})

    ASKED = {  # noqa: RUF012
        "player_id": "customer 7",
        "game_id": DICE,
        "currency": "USD",
        "operator_id": "op-1",
        "session_params": {"language": "en", "return_url": "https://example.org"},
    }

    async def test_an_operator_gets_a_token_for_their_player(self) -> None:
        status, answer = await self.operator(self.ASKED)
        self.assertEqual((status, answer["success"], answer["data"]["expires_in"]), (200, True, 7200))
        self.assertLess(abs(answer["data"]["expires_at"] / 1000 - time.time() - 7200), 60)
        identity = await self.services.identities.check(answer["data"]["token"])
        claims = identity.claims
        self.assertEqual((claims.player_id, claims.aggregator_id, claims.operator_id), ("customer 7", "ga1", "op-1"))
        client = self.connect(answer["data"]["token"])
        self.assertEqual(client.balance(), "1000.00")
        client.bet("1.00")
        _, other = await self.operator(self.ASKED, "another", X_API_KEY="key-2")
        stranger = await self.services.identities.check(other["data"]["token"])
        self.assertNotEqual(stranger.row.id, identity.row.id)

    async def test_a_new_session_ends_the_older_one(self) -> None:
        _, first = await self.operator(self.ASKED)
        client = self.connect(first["data"]["token"])
        _, other = await self.operator({**self.ASKED, "game_id": MINES})
        self.assertIsNone(client.wire.closed)
        _, second = await self.operator({**self.ASKED, "session_params": {}})
        self.assertEqual(the(client.wire.closed)[0], 1008)
        with self.assertRaises(Refusal):
            self.services.open({"token": first["data"]["token"]})
        self.connect(second["data"]["token"])
        self.connect(other["data"]["token"])

    async def test_wrong_signatures_and_bodies_are_refused(self) -> None:
        missing = {key: value for key, value in self.ASKED.items() if key != "game_id"}
        old = {**self.ASKED, "timestamp": int(time.time() * 1000) - 301_000}
        for work, status, code in (
            (self.operator(self.ASKED, X_SIGNATURE=""), 401, "MISSING_SIGNATURE"),
            (self.operator(self.ASKED, X_API_KEY=""), 401, "MISSING_SIGNATURE"),
            (self.operator(self.ASKED, X_API_KEY="key-9"), 401, "INVALID_SIGNATURE"),
            (self.operator(self.ASKED, X_API_KEY="key-2"), 401, "INVALID_SIGNATURE"),
            (self.operator(self.ASKED, "wrong"), 401, "INVALID_SIGNATURE"),
            (self.operator(self.ASKED, X_SIGNATURE="0" * 64), 401, "INVALID_SIGNATURE"),
            (self.operator(self.ASKED, X_SIGNATURE="\xff\xfe"), 401, "INVALID_SIGNATURE"),
            (self.operator(self.ASKED, X_API_KEY="\xff"), 401, "INVALID_SIGNATURE"),
            (self.operator(missing), 400, "MISSING_PARAMETER"),
            (self.operator({**self.ASKED, "player_id": ""}), 400, "MISSING_PARAMETER"),
            (self.operator({**self.ASKED, "player_id": 7}), 400, "INVALID_PARAMETER"),
            (self.operator({**self.ASKED, "player_id": "x" * 129}), 400, "INVALID_PARAMETER"),
            (self.operator({**self.ASKED, "currency": "EUR"}), 400, "INVALID_PARAMETER"),
            (self.operator({**self.ASKED, "game_id": "inhousegame:plinko"}), 404, "GAME_NOT_FOUND"),
            (self.operator(b"{"), 400, "INVALID_PARAMETER"),
            (self.operator(old), 408, "EXPIRED_REQUEST"),
        ):
            found, answer = await work
            self.assertEqual((found, answer["success"], answer["error"]["code"]), (status, False, code))
            self.assertTrue(answer["error"]["message"])
        self.assertEqual((await self.operator({**self.ASKED, "timestamp": int(time.time() * 1000)}))[0], 200)
        self.assertEqual((await self.ask("GET", "api/provider/v1/sessions"))[0], 405)

    async def test_the_same_request_is_not_taken_twice(self) -> None:
        self.assertEqual((await self.operator(self.ASKED))[0], 200)
        status, answer = await self.operator(self.ASKED)
        self.assertEqual((status, answer["error"]["code"]), (408, "EXPIRED_REQUEST"))
