"""What generation 3 asks over HTTP, how it is let in and refused, and the tickets of the site."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from twisted.internet.endpoints import TCP4ClientEndpoint, connectProtocol
from twisted.internet.task import deferLater
from twisted.trial.unittest import SynchronousTestCase, TestCase

from gameserver.accounts.seeded import seeded
from gameserver.moderation import COMMAND_LINE
from gameserver.protocols.techmino.config import Techmino
from gameserver.testing.techmino import TechminoClient
from gameserver.testing.techmino_generation3 import (
    ACCOUNTS_HOST,
    NEWER_HOST,
    OLDER_HOST,
    STRAY,
    Generation3Client,
    get,
    http_answer,
    send,
    upgrade,
)
from tests.protocols.techmino.generation3 import Generation3Services, Player
from tests.protocols.techmino.services import Services
from tests.protocols.techmino.test_generation3_recordings import PICTURE
from tests.reactor import listen, reactor

GAME, PEOPLE = "/techmino/api/v1", "/studio26f/api/v1"

BAD_TOKEN = (403, {"code": 403, "message": "Techrater.PlayerManager.invalidAccessToken"})
BAD_REFRESH = (403, {"code": 403, "message": "Techrater.PlayerManager.invalidRefreshToken"})


class HttpTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.services = Generation3Services(self)

    def check(self, token: str, base: str = GAME) -> tuple[int, Any]:
        return self.services.http(get(f"{base}/auth/check", x_access_token=token))

    def log_in(self, email: str, password: str) -> tuple[int, Any]:
        _, seed = self.services.http(send("POST", f"{GAME}/auth/seed/email", {"email": email}))
        sent = {"email": email, "password": seeded(password, seed["data"])}
        return self.services.http(send("POST", f"{GAME}/auth/login/email", sent))

    def site(self, path: str, token: str, body: object = None) -> tuple[int, Any]:
        head, data = send("POST", path, body, "127.0.0.1:8080")
        head = head.replace(b"\r\n\r\n", f"\r\nAuthorization: Bearer {token}\r\n\r\n".encode())
        return self.services.http([head, data])

    def site_token(self, player: Player) -> str:
        token, _ = self.services.result(self.services.accounts.tokens.issue_login(player.account))
        return str(token)

    # The five bytes behind a request.

    def test_five_bytes_behind_a_request_are_no_request(self) -> None:
        wired = self.services.connect(get(f"{GAME}/notice"))
        self.assertEqual((wired.answers.status, http_answer(wired.answers.body)["code"]), (200, 200))
        self.assertNotIn(b"HTTP/1.1", wired.answers.body)
        # The client closes; until then the next request would be answered, too.
        self.assertFalse(wired.ended)
        before = len(wired.answers.body)
        wired.write(get(f"{GAME}/notice"))
        self.assertIn(b"HTTP/1.1 200", wired.answers.body[before:])

    def test_each_byte_alone(self) -> None:
        wired = self.services.connect([bytes((byte,)) for byte in b"".join(get(f"{GAME}/notice"))])
        self.assertEqual(wired.answers.status, 200)
        self.assertNotIn(b"HTTP/1.1", wired.answers.body)

    def test_they_are_left_out_once_and_only_behind_a_request(self) -> None:
        wired = self.services.connect([*get(f"{GAME}/notice"), STRAY])
        self.assertIn(b"HTTP/1.1 400", wired.answers.body)
        self.assertEqual(self.services.connect([STRAY, b"\r\n\r\n"]).answers.status, 400)

    def test_answers_are_whole_and_not_in_chunks(self) -> None:
        wired = self.services.connect(get(f"{GAME}/notice"))
        headers = {name.lower(): value for name, value in wired.answers.headers}
        self.assertEqual(int(headers["content-length"]), len(wired.answers.body))
        self.assertNotIn("transfer-encoding", headers)

    # Tickets.

    def test_the_site_gives_a_ticket_that_opens_everything_in_upper_case(self) -> None:
        anna = Player(self.services, "anna")
        status, answer = self.site("/api/techmino/ticket", self.site_token(anna))
        self.assertEqual(status, 200)
        ticket = answer["ticket"]
        self.assertRegex(ticket, "^[0-9A-Z]{128}$")
        for base, token in ((PEOPLE, ticket[:64]), (GAME, ticket[64:])):
            self.assertEqual(self.check(token, base), (200, {"code": 200, "data": {"playerId": anna.uid}}))
        wired = self.services.connect(upgrade(ticket[64:]))
        self.assertEqual(wired.answers.status, 101)
        self.assertEqual(self.site("/api/techmino/ticket", "0" * 64)[0], 401)
        self.assertEqual(self.services.connect(get("/oauth?product=techmino")).answers.status, 302)

    def test_a_ticket_lives_long_after_its_last_use_and_another_computer_has_its_own(self) -> None:
        anna = Player(self.services, "anna")
        first = self.services.result(self.services.tokens3.ticket(anna.account))[:64]
        lifetime = Techmino().ticket_lifetime
        self.assertGreater(lifetime, 90 * 86400)
        for _ in range(3):
            self.services.clock.advance(lifetime - 10)
            self.assertEqual(self.check(first)[0], 200)
        self.services.clock.advance(lifetime + 10)
        self.assertEqual(self.check(first), BAD_TOKEN)

    def test_a_new_password_and_a_ban_end_tickets(self) -> None:
        anna, bert = Player(self.services, "anna"), Player(self.services, "bert")
        bert.connect()
        self.services.result(self.services.accounts.change_password(anna.uid, "another"))
        self.assertEqual(self.check(anna.ticket[:64]), BAD_TOKEN)
        self.services.result(self.services.context.moderation.ban("bert", COMMAND_LINE))
        self.assertEqual(bert.wired.closed, 1008)
        self.assertEqual(self.check(bert.ticket[:64]), BAD_TOKEN)
        self.services.result(self.services.context.moderation.ban_address("192.0.2.1", COMMAND_LINE, force=True))
        status, answer = self.check(anna.ticket[:64])
        self.assertEqual((status, answer["code"], " " in answer["message"]), (403, 403, True))

    def test_damaged_tokens_are_refused_in_silence(self) -> None:
        for token in ("", "x", "0" * 63, "0" * 65, "G" * 64, "\u00e4" * 64):
            self.assertEqual(self.check(token), BAD_TOKEN, token)

    # Passwords.

    def test_a_login_with_a_password_has_tokens_of_its_own_kind(self) -> None:
        anna = Player(self.services, "anna")
        status, answer = self.log_in("anna@x.org", "pw")
        self.assertEqual((status, answer["code"]), (200, 200))
        tokens = answer["data"]
        # The bare number: an object would be this client's own number from then on.
        self.assertEqual(self.check(tokens["accessToken"]), (200, {"code": 200, "data": anna.uid}))
        self.assertEqual(self.check(tokens["refreshToken"]), BAD_TOKEN)
        refresh = get(f"{GAME}/auth/refresh", x_refresh_token=tokens["refreshToken"])
        renewed = self.services.http(refresh)[1]["data"]
        self.assertEqual(self.check(renewed["accessToken"])[0], 200)
        # The answer may have been lost: the same refresh token opens again.
        self.assertEqual(self.services.http(refresh)[0], 200)
        bad = get(f"{GAME}/auth/refresh", x_refresh_token=tokens["accessToken"])
        self.assertEqual(self.services.http(bad), BAD_REFRESH)
        self.assertEqual(self.services.connect(upgrade(renewed["accessToken"], OLDER_HOST)).answers.status, 101)

    def test_wrong_and_unknown_are_not_told_apart(self) -> None:
        Player(self.services, "anna")
        wrong = {"code": 403, "message": "Techrater.PlayerManager.invalidEmailPass"}
        for email in ("anna@x.org", "nobody@x.org"):
            self.assertEqual(self.log_in(email, "wrong"), (403, wrong))
        for password in ("pw", "", "0" * 63):
            sent = {"email": "anna@x.org", "password": password}
            status, answer = self.services.http(send("POST", f"{GAME}/auth/login/email", sent))
            self.assertEqual((status, answer["message"]), (401, "Techrater.PlayerManager.invalidArguments"))

    def test_who_has_come_in_by_a_digest_gets_the_form_on_the_site(self) -> None:
        anna = Player(self.services, "anna")
        self.services.result(self.services.accounts.change(anna.uid, {"email": "other@x.org"}))
        self.services.result(self.services.accounts.change_password(anna.uid, hashlib.sha1(b"pw").hexdigest()))
        anna.account = self.services.result(self.services.accounts.by_id(anna.uid))
        token = self.site_token(anna)
        self.assertEqual(self.log_in("other@x.org", "pw")[0], 403)
        self.assertEqual(self.site("/api/techmino/password", token, {"password": "wrong"})[0], 401)
        # A browser's token stands for the password elsewhere; a client's hash cannot be made of it.
        self.assertEqual(self.site("/api/techmino/password", token, {"password": token})[0], 401)
        told = self.site("/api/techmino/password", token, {"password": "pw"})
        self.assertEqual(told, (200, {"login": "other@x.org"}))
        self.assertEqual(self.log_in("other@x.org", "pw")[0], 200)

    def test_who_has_no_address_puts_anything_behind_their_name(self) -> None:
        anna = Player(self.services, "anna")
        self.services.result(self.services.accounts.change(anna.uid, {"email": None}))
        told = self.site("/api/techmino/password", self.site_token(anna), {"password": "pw"})
        self.assertEqual(told, (200, {"login": "anna@lan"}))
        self.assertEqual(self.log_in("anna@lan", "pw")[0], 200)
        self.assertEqual(self.log_in("anna@lan", "Pw")[0], 403)

    def test_codes_by_mail_are_refused_with_the_way_to_go(self) -> None:
        for method, path, sent in (
            ("POST", "auth/verify/email", {"email": "a@b.org"}),
            ("POST", "auth/login/email", {"email": "a@b.org", "code": "12345678"}),
            ("PUT", "auth/reset/email", {"email": "a@b.org", "code": "12345678", "newPassword": "0" * 64}),
        ):
            status, answer = self.services.http(send(method, f"{GAME}/{path}", sent))
            self.assertEqual((status, answer["code"]), (403, 403))
            self.assertIn("this server's page", answer["message"])

    # Everything else.

    def test_players_and_their_pictures(self) -> None:
        anna = Player(self.services, "anna")
        path = f"{PEOPLE}/player/info?playerId={anna.uid}"
        _, answer = self.services.http(get(path, ACCOUNTS_HOST))
        self.assertEqual((answer["data"]["id"], answer["data"]["username"]), (anna.uid, "anna"))
        # Who has no picture of their own has no hash, and is not asked for one.
        self.assertEqual(answer["data"]["avatar_hash"], "")
        picture = f"{PEOPLE}/player/avatar?playerId={anna.uid}"
        self.assertEqual(self.services.http(get(picture))[0], 404)
        for damaged in ("no comma", "data:image/png;base64", "data:text/html,x", ""):
            self.services.result(self.services.accounts.change(anna.uid, {"avatar": damaged}))
            self.assertEqual(self.services.http(get(path))[1]["data"]["avatar_hash"], "", damaged)
            self.assertEqual(self.services.http(get(picture))[0], 404)
        self.services.result(self.services.accounts.change(anna.uid, {"avatar": PICTURE}))
        self.assertRegex(self.services.http(get(path))[1]["data"]["avatar_hash"], "^[0-9a-f]{64}$")
        self.assertEqual(self.services.http(get(picture))[1], {"code": 200, "data": PICTURE})
        for number in ("", "x", "-1", "1.5", "9" * 12, "999", "%D9%A1"):
            status, answer = self.services.http(get(f"{PEOPLE}/player/info?playerId={number}"))
            self.assertIn((status, answer["code"]), ((401, 401), (404, 404)), number)

    def test_the_notice_is_a_list_in_the_language_that_was_asked_for(self) -> None:
        for language in ("zh_cn", "zh_tw", "en_us"):
            _, answer = self.services.http(get(f"{GAME}/notice?language={language}&lastCount=5"))
            self.assertEqual(answer["data"]["language"], language)
            self.assertEqual([entry["content"] for entry in answer["data"]["contents"]], ["Welcome"])
        self.services = Generation3Services(
            self, Techmino(notice="zh=\u4f60\u597d///en=Hello = everybody///fr_fr=Salut")
        )
        for language, told in (("zh_cn", "\u4f60\u597d"), ("en_us", "Hello = everybody"), ("x", "Hello = everybody")):
            _, answer = self.services.http(get(f"{GAME}/notice?language={language}"))
            self.assertEqual(answer["data"]["contents"][0]["content"], told)
        self.services = Generation3Services(self, Techmino(notice=""))
        self.assertEqual(self.services.http(get(f"{GAME}/notice?language=x"))[1]["data"]["contents"], [])

    def test_what_is_not_there_is_refused_in_json(self) -> None:
        for first in ("", "/", "/nothing", "/auth", "/auth/check/more", "/%ff"):
            status, answer = self.services.http(get(f"{GAME}{first}"))
            self.assertEqual((status, answer["code"]), (405, 405), first)
        status, answer = self.services.http(send("POST", f"{GAME}/auth/seed/email", ["x"]))
        self.assertEqual((status, answer["message"]), (400, "Techrater.PlayerManager.invalidFormat"))

    # Refusals of the WebSocket.

    def test_older_releases_are_refused_over_http_with_a_reason(self) -> None:
        for host in (OLDER_HOST, "cafuuchino1.3322.org", "192.0.2.7:10026"):
            wired = self.services.connect(upgrade("0" * 64, host))
            self.assertEqual(wired.answers.status, 403)
            self.assertEqual(json.loads(wired.answers.body)["reason"], "Your ticket is not valid here.")
            self.assertIn("content-length", dict(wired.answers.headers))

    def test_newer_releases_would_hang_behind_that_and_are_let_in_to_be_told(self) -> None:
        for host in (NEWER_HOST, "www.studio26f.org", "www.studio26f.org:80"):
            wired = self.services.connect(upgrade("0" * 64, host))
            self.assertEqual(wired.answers.status, 101)
            self.assertIn(("content-length", "0"), wired.answers.headers)
            self.assertEqual(wired.closed, 1008)
            self.assertEqual(
                json.loads(wired.answers.reason), {"errno": -1, "message": "Your ticket is not valid here."}
            )

    def test_reasons_fit_into_a_close_frame_and_stay_json(self) -> None:
        for text in ("x" * 500, "\u4f60" * 100, '"' * 200, ""):
            anna = Player(self.services, f"p{len(text)}").connect()
            self.services.result(self.services.context.moderation.kick(anna.name, COMMAND_LINE, text))
            self.assertEqual(anna.wired.closed, 1008)
            self.assertLessEqual(len(anna.wired.answers.reason), 123)
            self.assertIn("message", json.loads(anna.wired.answers.reason))


class SocketTests(TestCase):
    """The same over TCP, where bytes come as the network likes."""

    timeout = 60

    async def test_requests_and_what_stands_behind_them_in_one_go(self) -> None:
        services = Services(reactor)
        port = listen(self, services.factory)
        client = TechminoClient(reactor)
        await connectProtocol(TCP4ClientEndpoint(reactor, "127.0.0.1", port), client)
        client.write([2 * b"".join(get(f"{GAME}/notice"))])
        while client.answers.body.count(b"Welcome") < 2:
            await deferLater(reactor, 0.01)
        await deferLater(reactor, 0.1)
        self.assertEqual((client.answers.status, client.answers.body.count(b"HTTP/1.1 200")), (200, 1))
        self.assertNotIn(b"HTTP/1.1 400", client.answers.body)
        client.drop()
        await client.ended()
        await services.techmino.stop()

    async def test_a_whole_round_by_two_players_and_a_watcher(self) -> None:
        services = Services(reactor)
        self.port = listen(self, services.factory)
        people = [await self.come(services, name) for name in ("anna", "bert", "carl")]
        (anna, one), (bert, two), (carl, _) = people
        info = {"name": "x", "type": "normal", "version": "ver A-13"}
        anna.ask(1301, {"capacity": 3, "info": info, "data": {"hurry": 1e99}})
        room = (await anna.until_action(1301))["data"]["roomId"]
        bert.ask(1306, {"roomId": room})
        await bert.until_action(1306)
        for client in (anna, bert):
            client.ask(1207, "Gamer")
            client.ask(1203, True)
        seeds = [(await client.until_action(1102))["data"]["seed"] for client in (anna, bert)]
        anna.ask(1206, "CQAAAAAA")
        self.assertEqual((await bert.until_action(1206))["data"], {"playerId": one, "data": "CQAAAAAA"})
        carl.ask(1306, {"roomId": room})
        joined = (await carl.until_action(1306))["data"]
        self.assertEqual((joined["seed"], joined["players"][0]["history"]), (seeds[0], "CQAAAAAA"))
        bert.ask(1201, {"reason": "lose"})
        for client in (anna, bert, carl):
            ended = await client.until_action(1201)
            self.assertEqual(ended["data"], {"playerId": two, "data": {"reason": "lose"}})
            await client.until_action(1100)
        (record,) = services.store._kept.values()
        self.assertEqual((record.seed, seeds[0]), (seeds[0], seeds[1]))
        self.assertEqual([(one.username, one.place) for one in record.players], [("anna", 1), ("bert", 2)])
        await services.techmino.stop()
        for client, _ in people:
            await client.ended()
            self.assertEqual(client.answers.closed, 1001)
            self.assertEqual(json.loads(client.answers.reason), {"errno": -1, "message": "The server is stopping."})

    async def come(self, services: Services, name: str) -> tuple[Generation3Client, int]:
        """Return a client who has logged in with a ticket, and their number."""
        account = await services.accounts.register(name, "pw", f"{name}@x.org")
        ticket = await services.tokens3.ticket(account)
        client = Generation3Client(reactor)
        await connectProtocol(TCP4ClientEndpoint(reactor, "127.0.0.1", self.port), client)
        client.write(upgrade(ticket[64:]))
        client.ask(1200, "{}")
        await client.until_action(1200)
        return client, account.id
