"""Requests to upgrade: every form of credentials, every refusal."""

from __future__ import annotations

import json

from twisted.internet.defer import Deferred, DeferredLock, ensureDeferred
from twisted.trial.unittest import SynchronousTestCase

from gameserver.config.tree import Limits
from gameserver.protocols.techmino.config import Techmino
from gameserver.protocols.techmino.identities import _Turn
from gameserver.testing.techmino import browser_request, frame, request
from tests.protocols.techmino.services import ClockServices, only


class ConnectingTests(SynchronousTestCase):
    def setUp(self) -> None:
        # Some log in hundreds of times within no time.
        self.services = ClockServices(self, limits=Limits(burst=10_000, logins=10_000, logins_per_address=10_000))

    def test_app_connects_with_the_captured_bytes_and_a_lower_case_content_length(self) -> None:
        app = self.services.open("app")
        self.assertEqual(app.answers.status, 101)
        self.assertIn(("content-length", "0"), app.answers.headers)
        headers = {name.lower(): value for name, value in app.answers.headers}
        self.assertEqual(headers["sec-websocket-accept"], "lLkj5bEp3Q5UIHPV1JxdMqSfbhU=")
        connect = only(app.read())
        self.assertEqual(
            connect,
            {
                "type": "Connect",
                "newestCode": 1407,
                "newestName": "Alpha V0.14.7",
                "lowest": 1402,
                "notice": "Welcome",
            },
        )

    def test_every_segmentation_of_request_and_first_frame(self) -> None:
        account = self.services.register("alice")
        body = {"password": "pw", "email": "alice@x.org"}
        stream = b"".join(request("user", body) + frame(b'{"action":1,"data":{"uid":%d,"hash":""}}' % account.id))
        for cut in range(1, len(stream)):
            client = self.services.connect([stream[:cut], stream[cut:]])
            connect, info = client.read()
            self.assertEqual((connect["type"], connect["uid"]), ("Connect", account.id))
            self.assertEqual(info["data"]["username"], "alice")
            client.hang_up()
        for size in (1, 2, 3, 7):
            client = self.services.connect([stream[i : i + size] for i in range(0, len(stream), size)])
            self.assertEqual(len(client.read()), 2)
            client.hang_up()

    def test_a_refusal_with_a_body_is_an_http_answer_with_a_reason(self) -> None:
        account = self.services.register("alice")
        for endpoint, body, status, reason in (
            ("user", {"email": "alice@x.org", "password": "no"}, 403, "Email or Password is incorrect"),
            ("user", {"email": "nobody@x.org", "password": "no"}, 403, "Email or Password is incorrect"),
            ("user", {"uid": account.id, "authToken": "no"}, 403, "Auth Token is incorrect"),
            ("user", {"uid": 99, "authToken": "no"}, 404, "ID not found: 99"),
            ("user", {"uid": 10**14, "authToken": "no"}, 404, f"ID not found: {10**14}"),
            ("user", {"uid": 10**15, "authToken": "no"}, 400, "Wrong format"),
            ("user", {"uid": -1, "authToken": "no"}, 400, "Wrong format"),
            ("user", {"uid": True, "authToken": "no"}, 400, "Wrong format"),
            ("user", {"uid": account.id, "authToken": ""}, 400, "Wrong format"),
            ("user", {"email": "alice@x.org"}, 400, "Wrong format"),
            ("user", b"{", 400, "Wrong format"),
            ("user", b"\xff\xfe", 400, "Wrong format"),
            ("user", b"[" * 5000, 400, "Wrong format"),
            ("user", None, 400, "Wrong format"),
            ("chat", {"uid": account.id, "accessToken": "no"}, 403, "Access Token is incorrect"),
            ("play", {"uid": account.id, "accessToken": "no"}, 403, "Access Token is incorrect"),
            ("play", {"uid": account.id, "authToken": "no"}, 400, "Wrong format"),
            ("stream", {"uid": account.id, "accessToken": "no"}, 400, "Wrong format"),
            ("app", b"nonsense", 400, "Wrong format"),
            ("nowhere", None, 404, "There is no such endpoint"),
        ):
            with self.subTest(endpoint=endpoint, body=body):
                client = self.services.open(endpoint, body)
                self.assertEqual(client.answers.status, status)
                answer = json.loads(client.answers.body)
                self.assertEqual(answer["type"], "Error")
                self.assertIn(reason, answer["reason"])
                length = dict(client.answers.headers)["content-length"]
                self.assertEqual(int(length), len(client.answers.body))
                self.assertTrue(client.gone, "the connection is closed")
                self.services.wait(10)

    def test_a_body_above_64_kib_is_refused_with_4xx(self) -> None:
        client = self.services.open("user", b"x" * 65537)
        self.assertEqual(client.answers.status, 413)

    def test_a_refusal_without_a_body_is_an_error_and_a_close_code(self) -> None:
        for path, code in (
            ("user?email=alice@x.org&password=no", 1008),
            ("user?uid=x&authToken=no", 1008),
            ("play?uid=99&accessToken=no", 1008),
        ):
            client = self.services.browse(path)
            self.assertEqual(client.answers.status, 101)
            self.assertNotIn("content-length", [name.lower() for name, _ in client.answers.headers])
            self.assertEqual(only(client.read())["type"], "Error")
            self.assertEqual(client.closed, code)

    def test_credentials_in_the_query(self) -> None:
        alice = self.services.register("alice")
        connect = only(self.services.browse("user?email=alice@x.org&password=pw").read())
        self.assertEqual(connect["uid"], alice.id)
        token = connect["authToken"]
        self.assertEqual(
            only(self.services.browse(f"user?uid={alice.id}&authToken={token}").read()), {"type": "Connect"}
        )

    def test_credentials_in_the_first_message(self) -> None:
        alice = self.services.register("alice")
        for opcode in (1, 2):
            user = self.services.browse("user")
            self.assertEqual(user.read(), [])
            connect = only(user.say({"email": "alice@x.org", "password": "pw"}, opcode))
            self.assertEqual((connect["type"], connect["uid"]), ("Connect", alice.id))
            self.assertEqual(only(user.send(0))["action"], 0)

    def test_a_first_message_that_comes_with_the_request(self) -> None:
        self.services.register("alice")
        pieces = browser_request("user") + frame(b'{"email":"alice@x.org","password":"pw"}', 1)
        stream = b"".join(pieces)
        for cut in range(1, len(stream)):
            user = self.services.connect([stream[:cut], stream[cut:]])
            self.assertEqual(only(user.read())["type"], "Connect")
            user.hang_up()

    def test_a_wrong_first_message_is_an_error_and_a_close_code(self) -> None:
        self.services.register("alice")
        for message, code in (
            (b"{", 1007),
            (b"\xff", 1007),
            ([], 1008),
            ({"action": 0}, 1008),
            ({"uid": "x"}, 1008),
            ({"email": "alice@x.org", "password": "no"}, 1008),
        ):
            user = self.services.browse("user")
            self.assertEqual(only(user.say(message))["type"], "Error")
            self.assertEqual(user.closed, code)

    def test_no_first_message_ends_after_some_seconds(self) -> None:
        user = self.services.browse("user")
        self.services.wait(3.9)
        self.assertEqual(user.read(), [])
        self.services.wait(0.2)
        self.assertEqual(only(user.read())["type"], "Error")
        self.assertEqual(user.closed, 1008)

    def test_six_failed_logins_lock_nobody_out_and_every_answer_comes_within_two_seconds(self) -> None:
        self.services.register("alice")
        for password, status in [("no", 403)] * 6 + [("pw", 101)]:
            client = self.services.open("user", {"email": "alice@x.org", "password": password})
            self.services.wait(1.9)
            client.settle()
            self.assertEqual(client.answers.status, status)

    def test_a_slow_check_is_answered_with_busy(self) -> None:
        self.services.register("alice")
        self.patch(self.services.passwords, "matches", lambda kept, password, address: Deferred())
        clients = [self.services.open("user", {"email": "alice@x.org", "password": "pw"}) for _ in range(17)]
        self.assertEqual(clients[16].answers.status, 429, "guesses at once are no faster than one after the other")
        elsewhere = self.services.open("user", {"email": "Alice@x.org", "password": "pw"}, host="192.0.2.2")
        self.assertEqual(elsewhere.answers.status, 0, "nobody is held up by others who try their name elsewhere")
        self.services.wait(1.9)
        for client in [*clients[:3], elsewhere]:
            client.settle()
            self.assertEqual(client.answers.status, 503)

    def test_the_banned_are_refused(self) -> None:
        alice = self.services.person("alice")
        self.services.sessions.refused_players.add("alice")
        self.assertEqual(alice.open("play").answers.status, 403)
        self.services.sessions.refused.add("192.0.2.9")
        self.assertEqual(self.services.open("app", None, "192.0.2.9").answers.status, 403)

    def test_an_internal_error_is_500_or_1011(self) -> None:
        def crash(number: int) -> None:
            raise RuntimeError("broken")

        self.services.accounts.by_id = crash  # type: ignore
        client = self.services.open("user", {"uid": 1, "authToken": "x"})
        self.assertEqual((client.answers.status, json.loads(client.answers.body)["type"]), (500, "Error"))
        client = self.services.browse("user?uid=1&authToken=x")
        self.assertEqual(only(client.read()), {"type": "Error", "reason": "Internal server error"})
        self.assertEqual(client.closed, 1011)
        self.assertEqual(len(self.flushLoggedErrors(RuntimeError)), 2)

    def test_tokens_are_prolonged_by_use_and_expire(self) -> None:
        services = ClockServices(self, Techmino(access_lifetime=100))
        alice = services.person("alice")
        for _ in range(3):
            services.clock.advance(90)
            self.assertEqual(alice.open("play").answers.status, 101)
        services.clock.advance(101)
        client = alice.open("play")
        self.assertEqual(client.answers.status, 401)
        self.assertEqual(json.loads(client.answers.body)["reason"], "Access Token is expired")

    def test_a_stopping_server_takes_nobody(self) -> None:
        self.services.shared.stopping = True
        self.assertEqual(self.services.open("app").answers.status, 503)


class TurnTests(SynchronousTestCase):
    def test_an_account_is_served_once_at_a_time_and_nothing_is_kept_of_it(self) -> None:
        locks: dict[int, tuple[DeferredLock, int]] = {}
        entered: list[str] = []
        gates: dict[str, Deferred[None]] = {name: Deferred() for name in ("first", "second", "other")}

        async def serve(name: str, uid: int) -> None:
            async with _Turn(locks, uid):
                entered.append(name)
                await gates[name]

        done = [ensureDeferred(serve(name, uid)) for name, uid in (("first", 1), ("second", 1), ("other", 2))]
        self.assertEqual(entered, ["first", "other"])
        gates["first"].errback(ValueError("broken"))
        self.failureResultOf(done[0], ValueError)
        self.assertEqual(entered, ["first", "other", "second"])
        for name in ("second", "other"):
            gates[name].callback(None)
        self.assertEqual(locks, {})
