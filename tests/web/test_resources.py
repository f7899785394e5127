"""Sign-up, login, status, operators, health and metrics, over HTTP."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import msgspec
from twisted.internet.defer import Deferred
from twisted.internet.endpoints import TCP4ClientEndpoint, connectProtocol
from twisted.trial.unittest import TestCase
from twisted.web.server import Request

from gameserver.accounts import Accounts
from gameserver.accounts.tokens import LOGIN_LIFETIME
from gameserver.edge.http.json_resource import BODY_LIMIT, JsonResource, body
from gameserver.moderation import Actor
from gameserver.sessions.limits import Meters
from gameserver.sessions.login_delay import LoginDelay
from gameserver.sessions.players import Player
from gameserver.testing.accounts import MemoryAccounts, PlainPasswords
from gameserver.testing.context import memory_context
from gameserver.testing.sinks import RecordingSink
from gameserver.web.health import Health, MetricsPage
from gameserver.web.operators import operator_pages
from gameserver.web.people import people_pages
from gameserver.web.seasons import seasons_resource
from gameserver.web.status import ProtocolStatus, status_resource
from tests.reactor import reactor
from tests.web.asking import Asking
from tests.web.test_site import Raw

CHIEF = Actor("chief", "admin")
WEB_PAGE = Path(__file__).resolve().parents[2] / "docs" / "web.md"


class Sized(msgspec.Struct):
    text: str


class ResourceTests(Asking, TestCase):
    def setUp(self) -> None:
        accounts = Accounts(
            MemoryAccounts(),
            PlainPasswords(),
            reactor,
            LoginDelay(reactor, 100),
            registrations=Meters(0.01, 4),
            shortest=1,
        )
        context = memory_context(reactor, accounts=accounts, open_matches=lambda: [{"name": "a game"}])
        self.sessions, self.accounts, self.moderation = context.sessions, context.accounts, context.moderation
        self.state = "starting"
        self.gates: list[Deferred[None]] = []
        pages = {
            "healthz": Health(lambda: self.state),
            "metrics": MetricsPage(context, ()),
            "api/seasons": seasons_resource(context.kinds.values()),
            "api/status": status_resource(
                "test", self.sessions, context.directory, lambda: self.state, lambda: [ProtocolStatus("k", "e", "h")]
            ),
            "api/broken": JsonResource(GET=self.broken, POST=self.sized),
            **people_pages(context),
            **operator_pages(context, lambda: ["a line"]),
        }
        self.serve(pages)

    async def broken(self, _request: Request) -> object:
        raise ZeroDivisionError

    async def sized(self, request: Request) -> object:
        gate: Deferred[None] = Deferred()
        self.gates.append(gate)
        found = body(request, Sized)
        if found.text == "wait":
            await gate
        return {"size": len(found.text)}

    async def log_in(self, name: str, role: str = "player") -> str:
        account = await self.accounts.create(name, "secret", role=role)
        self.assertEqual(account.role, role)
        _, answer = await self.ask("POST", "/api/login", {"name": name, "password": "secret"})
        return str(answer["token"])

    async def test_health_follows_the_server(self) -> None:
        for self.state, status in (("starting", 503), ("ok", 200), ("stopping", 503)):
            self.assertEqual(await self.ask("GET", "/healthz"), (status, self.state.encode() + b"\n"))
        status, text = await self.ask("GET", "/metrics")
        self.assertEqual(status, 200)
        self.assertIn(b"gameserver_database_wait_seconds", text)

    async def test_the_status_lists_doors_and_each_person_once(self) -> None:
        for protocol in ("chat", "kassel", "chat"):
            session = self.sessions.open(protocol, "", RecordingSink(), {})
            if protocol != "chat" or not self.sessions.online():
                self.sessions.login(session, Player("anne", 1, team="Red"))
        status, answer = await self.ask("GET", "/api/status")
        self.assertEqual(status, 200)
        self.assertEqual(answer["doors"], [{"key": "k", "endpoint": "e", "hint": "h"}])
        self.assertEqual(
            answer["online"], [{"name": "anne", "guest": False, "team": "Red", "doors": ["chat", "kassel"]}]
        )

    async def test_the_seasons_say_what_a_page_needs_that_knows_no_game(self) -> None:
        status, answer = await self.ask("GET", "/api/seasons")
        self.assertEqual(status, 200)
        found = {season["name"]: season for season in answer["seasons"]}
        # Ours in this order: the first one's lobby is where people are who play nothing.
        self.assertEqual(list(found), ["ss14", "ss13", "ss12"])
        # As docs/web.md shows it, with two of the actions.
        (shown,) = re.findall(r"^```json\n(.*?)^```$", WEB_PAGE.read_text("utf-8"), re.M | re.S)
        (example,) = json.loads(shown)["seasons"]
        actions = found["ss14"].pop("actions")
        for action in example.pop("actions"):
            self.assertIn(action, actions)
        self.assertEqual(len(actions), 6)
        self.assertEqual(found["ss14"], example)
        told = [[season[key] for key in ("maps", "zipped", "passwords", "real_time")] for season in found.values()]
        self.assertEqual(told[1:], [[True, False, False, False], [True, True, True, True]])
        self.assertEqual([season["count_option"] for season in found.values()][2], "-players")

    async def test_who_acts_on_a_name_that_is_nobodys_is_told_so(self) -> None:
        token = await self.log_in("chief", "admin")
        await self.accounts.create("carl", "secret")
        for action in ("mute", "ban"):
            for subject, known in (("nobody", False), ("carl", True)):
                wanted = {"action": action, "subject": subject}
                answer = await self.ask("POST", "/api/operator/act", wanted, token)
                self.assertEqual(answer, (200, {"done": action, "known": known}))

    async def test_people_sign_up_and_log_in(self) -> None:
        wanted = {"name": "anne", "password": "secret", "email": "a@b"}
        answer = {"name": "anne", "team": "SE", "warning": "This is a top-100 common password."}
        self.assertEqual(await self.ask("POST", "/api/accounts", wanted), (200, answer))
        strong = {"name": "carl", "password": "horses paint 5 windows"}
        self.assertEqual(await self.ask("POST", "/api/accounts", strong), (200, {"name": "carl", "team": "SE"}))
        status, error = await self.ask("POST", "/api/accounts", wanted)
        self.assertEqual((status, error["code"]), (409, "name_taken"))
        status, answer = await self.ask("POST", "/api/login", {"name": "a@b", "password": "secret"})
        self.assertEqual((status, answer["name"], answer["role"]), (200, "anne", "player"))
        status, error = await self.ask("POST", "/api/login", {"name": "anne", "password": "wrong"})
        self.assertEqual((status, error["code"]), (401, "bad_credentials"))

    async def test_a_browser_says_who_is_logged_in_and_logs_out(self) -> None:
        laptop = await self.log_in("anne")
        status, answer = await self.ask("POST", "/api/login", {"name": "anne", "password": "secret"})
        phone = answer.pop("token")
        told = {"name": "anne", "role": "player", "guest": False}
        self.assertEqual((status, answer), (200, told | {"expires_in": LOGIN_LIFETIME}))
        self.assertEqual(await self.ask("GET", "/api/login", token=laptop), (200, told))
        # The token stands for the password.
        status, answer = await self.ask("POST", "/api/login", {"name": "anne", "password": phone})
        self.assertEqual((status, answer["name"]), (200, "anne"))
        self.assertEqual(await self.ask("POST", "/api/logout", {}, laptop), (200, {"ended": 0}))
        self.assertEqual((await self.ask("GET", "/api/login", token=laptop))[0], 401)
        self.assertEqual(await self.ask("GET", "/api/login", token=phone), (200, told))
        session = self.sessions.open("chat", "", RecordingSink(), {})
        self.sessions.login(session, Player("anne", 1))
        self.assertEqual(await self.ask("POST", "/api/logout", {"everywhere": True}, phone), (200, {"ended": 1}))
        for token in (phone, answer["token"], ""):
            self.assertEqual((await self.ask("GET", "/api/login", token=token))[0], 401)
            self.assertEqual((await self.ask("POST", "/api/logout", {}, token))[0], 401)
        guest, password = await self.accounts.testplayers.make()
        status, answer = await self.ask("POST", "/api/login", {"name": guest.name, "password": password})
        self.assertEqual((status, answer["guest"]), (200, True))

    async def test_an_address_makes_only_so_many_accounts(self) -> None:
        found = []
        # A name that is taken costs nothing.
        for name in ("anne0", "anne0", "anne1", "anne2", "anne3", "anne4"):
            status, _ = await self.ask("POST", "/api/accounts", {"name": name, "password": "x"})
            found.append(status)
        self.assertEqual(found, [200, 409, 200, 200, 200, 429])

    async def test_what_does_not_fit_is_refused(self) -> None:
        for data in (b"", b"{", b"[]", {"name": "a"}, {"name": 1, "password": "x"}, b"\xff", b"[" * 50_000):
            status, error = await self.ask("POST", "/api/login", data)
            self.assertEqual((status, error["code"]), (400, "bad_request"), str(data)[:20])
        status, error = await self.ask("POST", "/api/login", b"x" * (BODY_LIMIT + 1))
        self.assertEqual((status, error["code"]), (413, "too_large"))
        self.assertEqual((await self.ask("DELETE", "/api/login"))[0], 405)
        self.assertEqual((await self.ask("GET", "/api/nothing"))[0], 404)

    async def test_what_fails_here_is_logged_and_told_in_one_sentence(self) -> None:
        status, error = await self.ask("GET", "/api/broken")
        self.assertEqual((status, error["code"]), (500, "internal"))
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 1)

    async def test_whoever_goes_before_his_answer_does_no_harm(self) -> None:
        raw = Raw()
        await connectProtocol(TCP4ClientEndpoint(reactor, "127.0.0.1", self.port), raw)
        raw.transport.write(b'POST /api/broken HTTP/1.1\r\nHost: x\r\nContent-Length: 15\r\n\r\n{"text":"wait"}')
        while not self.gates:
            turn: Deferred[None] = Deferred()
            reactor.callLater(0.01, turn.callback, None)
            await turn
        raw.transport.abortConnection()
        await raw.ended
        self.gates[0].callback(None)

    async def test_operators_see_and_act_and_nobody_else_does(self) -> None:
        player, moderator = await self.log_in("anne"), await self.log_in("op", "moderator")
        for token, status in (("", 401), ("nonsense", 401), (player, 403)):
            for method, path in (("GET", "overview"), ("GET", "log"), ("POST", "act")):
                found, _ = await self.ask(method, f"/api/operator/{path}", {"action": "kick", "subject": "x"}, token)
                self.assertEqual(found, status, path)
        sink = RecordingSink()
        self.sessions.login(self.sessions.open("chat", "10.0.0.1", sink, {}), Player("bob"))
        _, seen = await self.ask("GET", "/api/operator/overview", token=moderator)
        self.assertEqual((seen["matches"], seen["sessions"][0]["player"]), ([{"name": "a game"}], "bob"))

        async def act(**keys: object) -> tuple[int, Any]:
            return await self.ask("POST", "/api/operator/act", keys, moderator)

        self.assertEqual(await act(action="kick", subject="bob", reason="spam"), (200, {"ended": 1}))
        self.assertEqual(sink.closed, ("kicked", "spam"))
        self.assertEqual((await act(action="kick", subject="bob"))[0], 404)
        for action in ("mute", "ban"):
            self.assertEqual((await act(action=action, subject="bob", minutes=5))[0], 200)
            self.assertEqual((await act(action=f"lift_{action}", subject="BOB"))[0], 200)
            self.assertEqual((await act(action=f"lift_{action}", subject="bob"))[0], 404)
        self.assertEqual((await act(action="ban_address", subject="10.0.0.1"))[0], 200)
        self.assertEqual((await act(action="lift_ban", subject="address:10.0.0.1"))[0], 200)
        await self.moderation.mute("carl", CHIEF, minutes=0)
        await self.moderation.mute("dora", CHIEF, minutes=1)
        _, seen = await self.ask("GET", "/api/operator/overview", token=moderator)
        self.assertEqual([item["subject"] for item in seen["sanctions"]], ["name:dora"])
        for wrong in (
            {"action": "dance", "subject": "x"},
            {"action": "ban", "subject": " "},
            {"action": "ban", "subject": "x" * 81},
            {"action": "ban_address", "subject": "nonsense"},
        ):
            self.assertEqual((await act(**wrong))[0], 400)
        self.assertEqual((await act(action="ban", subject="x", minutes=0))[0], 400)
        _, log = await self.ask("GET", "/api/operator/log?limit=3", token=moderator)
        status, _ = await self.ask("GET", "/api/operator/server-log", token=moderator)
        self.assertEqual(status, 403)
        await self.accounts.create("chief", "secret", role="admin")
        admin = (await self.ask("POST", "/api/login", {"name": "chief", "password": "secret"}))[1]["token"]
        self.assertEqual(await self.ask("GET", "/api/operator/server-log", token=admin), (200, {"lines": ["a line"]}))
        self.assertEqual([entry["action"] for entry in log["entries"]], ["mute", "mute", "lift ban"])
        self.assertEqual({entry["actor"] for entry in log["entries"]}, {"op", "chief"})
        for limit in ("0", "x", "1001"):
            self.assertEqual((await self.ask("GET", f"/api/operator/log?limit={limit}", token=moderator))[0], 400)

    async def test_who_is_banned_gets_nothing_here_either(self) -> None:
        token, moderator = await self.log_in("anne", "moderator"), await self.log_in("op", "moderator")
        await self.moderation.ban("anne", CHIEF)
        for method, path, content, answer in (
            ("POST", "/api/login", {"name": "anne", "password": "secret"}, (403, "banned")),
            # The ban has ended the token.
            ("GET", "/api/operator/overview", None, (401, "bad_token")),
        ):
            status, found = await self.ask(method, path, content, token)
            self.assertEqual((status, found["code"]), answer, path)
        await self.moderation.lift("ban", "name:anne", CHIEF)
        await self.moderation.ban_address("127.0.0.1", CHIEF, force=True)
        for path, content in (
            ("/api/login", {"name": "anne", "password": "secret"}),
            ("/api/accounts", {"name": "newcomer", "password": "secret"}),
        ):
            self.assertEqual((await self.ask("POST", path, content))[0], 403, path)
        self.assertEqual((await self.ask("GET", "/api/operator/overview", token=moderator))[0], 403)

    async def test_only_an_administrator_acts_against_operators(self) -> None:
        moderator, chief = await self.log_in("op", "moderator"), await self.log_in("chief", "admin")
        await self.log_in("anne")
        for action in ("kick", "mute", "ban", "lift_ban"):
            wanted = {"action": action, "subject": "CHIEF"}
            self.assertEqual((await self.ask("POST", "/api/operator/act", wanted, moderator))[0], 403)
        self.assertEqual(await self.moderation.log(), [])
        for action, subject, token, status in (
            ("mute", "op", chief, 200),
            ("mute", "anne", moderator, 200),
            ("mute", "nobody", moderator, 200),
            ("ban", "Chief", chief, 403),
            ("lift_mute", "op", moderator, 403),
            ("lift_mute", "name:op", moderator, 403),
            # Everybody is on this machine here, the administrator too.
            ("ban_address", "127.0.0.1", moderator, 403),
            ("ban_address", "127.0.0.1", chief, 403),
            ("revoke", "chief", moderator, 403),
            ("revoke", "anne", moderator, 200),
        ):
            wanted = {"action": action, "subject": subject}
            found, _ = await self.ask("POST", "/api/operator/act", wanted, token)
            self.assertEqual(found, status, f"{action} {subject}")
        forced = {"action": "ban_address", "subject": "127.0.0.1", "force": True}
        self.assertEqual((await self.ask("POST", "/api/operator/act", forced, moderator))[0], 403)
        self.assertEqual((await self.ask("POST", "/api/operator/act", forced, chief))[0], 200)
        self.assertEqual((await self.ask("GET", "/api/operator/overview", token=chief))[0], 403)
