"""/app and /user."""

from __future__ import annotations

import hashlib

from twisted.trial.unittest import SynchronousTestCase

from gameserver.config.tree import Limits
from gameserver.protocols.techmino.config import Techmino
from tests.protocols.techmino.services import ClockServices, only


class AppTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.services = ClockServices(self)
        self.app = self.services.open("app")
        self.app.read()

    def test_versions_and_notice(self) -> None:
        newest = {"code": 1407, "name": "Alpha V0.14.7", "content": ""}
        answer = only(self.app.send(0, newestOnly=True))
        self.assertEqual(answer, {"type": "Self", "action": 0, "newest": newest})
        for answer in (only(self.app.send(0, newestOnly=False)), only(self.app.send(0))):
            self.assertEqual(answer["newest"], newest)
            self.assertEqual(answer["least"], {"code": 1402, "name": "Alpha V0.14.2", "content": ""})
            self.assertEqual(answer["notice"], "Welcome")
        self.assertEqual(only(self.app.send(1)), {"type": "Self", "action": 1, "notice": "Welcome"})

    def test_register_and_log_in(self) -> None:
        answer = only(self.app.send(2, username="alice", email="a@x.org", password="pw"))
        self.assertEqual((answer["type"], answer["action"]), ("Self", 2))
        self.assertIn("alice", answer["data"]["message"])
        self.assertEqual(self.services.open("user", {"email": "a@x.org", "password": "pw"}).answers.status, 101)
        for more in (
            {"username": "ALICE", "email": "b@x.org", "password": "pw"},
            {"username": "bob", "email": "A@x.org", "password": "pw"},
            {"username": "b b", "email": "b@x.org", "password": "pw"},
            {"username": "bob", "email": "nonsense", "password": "pw"},
            {"username": "bob", "email": "b@x.org", "password": ""},
        ):
            refusal = only(self.app.send(2, **more))
            self.assertEqual((refusal["type"], refusal["action"]), ("Private", 2), "a Warn locks the button")
            self.assertTrue(refusal["reason"])
        self.assertEqual(only(self.app.send(2, username="bob", email="b@x.org"))["type"], "Warn")
        self.assertIsNone(self.app.closed)

    def test_registration_can_be_switched_off(self) -> None:
        services = ClockServices(self, Techmino(registration=False))
        app = services.open("app")
        app.read()
        self.assertEqual(only(app.send(2, username="alice", email="a@x.org", password="pw"))["type"], "Private")
        self.assertIsNone(services.result(services.accounts.by_name("alice")))

    def test_endless_registrations_are_slowed_down(self) -> None:
        app = self.services.open("app")
        app.read()
        answers = [only(app.send(2, username=f"p{n}", email=f"p{n}@x.org", password="pw")) for n in range(11)]
        self.assertEqual({answer["type"] for answer in answers[:10]}, {"Self"})
        self.assertEqual(answers[10]["type"], "Private")

    def test_how_many_players_are_where(self) -> None:
        alice, bob = self.services.person("alice"), self.services.person("bob")
        alice.play()
        bob.play()
        alice.open("chat").read()
        counts = {"User": 0, "Play": 2, "Stream": 0, "Chat": 1}
        self.assertEqual(only(self.app.send(3)), {"type": "Self", "action": 3, "data": counts})


class UserTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.services = ClockServices(self)
        self.alice = self.services.register("alice")
        self.user = self.services.open("user", {"email": "alice@x.org", "password": "pw"})
        self.connect = only(self.user.read())

    def test_password_gets_uid_and_token_and_token_gets_neither(self) -> None:
        token = self.connect["authToken"]
        self.assertEqual(self.connect, {"type": "Connect", "uid": self.alice.id, "authToken": token})
        again = self.services.open("user", {"uid": self.alice.id, "authToken": token})
        self.assertEqual(only(again.read()), {"type": "Connect"})

    def test_who_has_no_address_puts_anything_behind_their_name(self) -> None:
        services = self.services
        services.result(services.accounts.register("carl", "pw"))
        services.result(services.accounts.register("dora", "other", "carl@lan"))
        for email, password, status in (
            ("carl@x.org", "pw", 101),
            ("carl@x.org", "other", 403),
            ("carl@lan", "pw", 403),
            ("carl@lan", "other", 101),
            ("alice@x.org", "pw", 101),
            ("nobody@x.org", "pw", 403),
        ):
            with self.subTest(email=email, password=password):
                services.wait(2)
                client = services.open("user", {"email": email, "password": password})
                services.wait(2)
                client.settle()
                self.assertEqual(client.answers.status, status)

    def test_a_new_auth_token_ends_the_older_one_at_once(self) -> None:
        self.services.open("user", {"email": "alice@x.org", "password": "pw"}).read()
        old = self.services.open("user", {"uid": self.alice.id, "authToken": self.connect["authToken"]})
        self.assertEqual(old.answers.status, 403)

    def test_a_name_serves_as_e_mail(self) -> None:
        self.assertEqual(self.services.open("user", {"email": "Alice", "password": "pw"}).answers.status, 101)

    def test_a_new_access_token_ends_the_older_one_at_once(self) -> None:
        tokens = []
        for _ in range(2):
            answer = only(self.user.send(0))
            self.assertEqual(set(answer), {"type", "action", "accessToken"})
            tokens.append(answer["accessToken"])
        statuses = [
            self.services.open("play", {"uid": self.alice.id, "accessToken": token}).answers.status
            for token in tokens
        ]
        self.assertEqual(statuses, [403, 101])

    def test_a_new_password_ends_tokens_and_connections(self) -> None:
        access = only(self.user.send(0))["accessToken"]
        auth = self.connect["authToken"]
        self.services.result(self.services.accounts.change_password(self.alice.id, "new"))
        # Until the next look at the database the connection is open, but gets no token any more.
        self.assertEqual(only(self.user.send(0))["type"], "Warn")
        self.services.result(self.services.context.moderation.refresh())
        self.assertTrue(self.user.hung_up)
        for endpoint, key, token in (("user", "authToken", auth), ("chat", "authToken", auth)):
            self.assertEqual(self.services.open(endpoint, {"uid": self.alice.id, key: token}).answers.status, 403)
        for endpoint in ("chat", "play", "stream"):
            asked = {"uid": self.alice.id, "accessToken": access, "rid": "1"}
            self.assertEqual(self.services.open(endpoint, asked).answers.status, 403, endpoint)
        self.assertEqual(self.services.open("user", {"email": "alice", "password": "new"}).answers.status, 101)

    def test_who_is_banned_gets_and_uses_no_token(self) -> None:
        access = only(self.user.send(0))["accessToken"]
        self.services.sessions.refused_players.add("alice")
        for endpoint, asked in (
            ("user", {"email": "alice", "password": "pw"}),
            ("user", {"uid": self.alice.id, "authToken": self.connect["authToken"]}),
            ("play", {"uid": self.alice.id, "accessToken": access}),
        ):
            self.assertEqual(self.services.open(endpoint, asked).answers.status, 403)

    def test_tokens_belong_to_their_account(self) -> None:
        bob = self.services.register("bob")
        token = only(self.user.send(0))["accessToken"]
        self.assertEqual(self.services.open("play", {"uid": bob.id, "accessToken": token}).answers.status, 403)

    def test_what_a_player_keeps_comes_back(self) -> None:
        nothing = only(self.user.send(3, sections=[1, 2, 3, 4, 5, 6, 7]))
        self.assertEqual(nothing, {"type": "Warn", "reason": "You have saved nothing here"})
        sections = [{"section": number, "data": f"H4sI{number}"} for number in range(1, 8)]
        self.assertEqual(only(self.user.send(2, sections=sections)), {"type": "Self", "action": 2})
        expected = {"type": "Self", "action": 3, "data": {"sections": sections}}
        self.assertEqual(only(self.user.send(3, sections=[1, 2, 3, 4, 5, 6, 7])), expected)
        self.user.send(2, sections=[{"section": 2, "data": "other"}])
        self.assertEqual(only(self.user.send(3, sections=[2]))["data"]["sections"], [{"section": 2, "data": "other"}])
        for wrong in (
            [{"section": 0, "data": "x"}],
            [{"section": 8, "data": "x"}],
            [{"section": 1}],
            [{"section": 1, "data": "x" * 65537}],
            [{"section": 1, "data": "\x00"}],
            sections * 2,
        ):
            self.assertEqual(only(self.user.send(2, sections=wrong))["type"], "Warn")
        self.assertEqual(only(self.user.send(3, sections=[2]))["data"]["sections"], [{"section": 2, "data": "other"}])
        bob = self.services.person("bob")
        other = self.services.open("user", {"email": "bob@x.org", "password": "pw"})
        other.read()
        self.assertEqual(only(other.send(3, sections=[1]))["type"], "Warn", f"{bob.name} has kept nothing")

    def test_information_of_oneself_and_others(self) -> None:
        bob = self.services.register("bob")
        answer = only(self.user.send(1, uid=bob.id, hash=""))
        expected = {"uid": bob.id, "username": "bob", "motto": ""}
        self.assertEqual(answer, {"type": "Self", "action": 1, "data": expected})
        short = {"uid": self.alice.id, "username": "alice"}
        whole = {"type": "Self", "action": 1, **short, "data": {**short, "motto": ""}}
        for answer in (only(self.user.send(1)), only(self.user.send(1, hash=False)), only(self.user.send(1, id=5))):
            self.assertEqual(answer, whole, "v0.14.4 asks with other keys and is told about itself")

    def test_an_avatar_comes_with_its_hash_and_only_when_it_is_another(self) -> None:
        avatar = "data:image/jpg;base64,/9j/4A=="
        digest = hashlib.sha256(avatar.encode()).hexdigest()
        self.services.result(self.services.accounts.change(self.alice.id, {"avatar": avatar, "motto": "hi"}))
        data = only(self.user.send(1, uid=self.alice.id, hash=""))["data"]
        self.assertEqual((data["hash"], data["avatar"], data["motto"]), (digest, avatar, "hi"))
        for given in (digest, False):
            data = only(self.user.send(1, uid=self.alice.id, hash=given))["data"]
            self.assertNotIn("avatar", data)
            self.assertNotIn("hash", data)

    def test_an_unknown_player_is_an_error(self) -> None:
        for uid in (99, 10**14):
            expected = {"type": "Error", "reason": f"ID not found: {uid}"}
            self.assertEqual(only(self.user.send(1, uid=uid)), expected)
        self.assertIsNone(self.user.closed)

    def test_a_second_connection_replaces_the_first_and_the_player_stays_online(self) -> None:
        self.assertEqual([player.name for player in self.services.sessions.online()], ["alice"])
        second = self.services.open("user", {"email": "alice@x.org", "password": "pw"})
        self.assertEqual(only(second.read())["type"], "Connect")
        self.assertEqual(only(self.user.read())["type"], "Error")
        self.assertTrue(self.user.hung_up)
        play = self.services.open("play", {"uid": self.alice.id, "accessToken": only(second.send(0))["accessToken"]})
        seasons = [(session.protocol, session.state) for session in self.services.sessions.find("alice")]
        self.assertEqual(seasons, [("techmino", "user"), ("techmino", "play")])
        second.close()
        self.assertEqual([player.name for player in self.services.sessions.online()], ["alice"])
        play.hang_up()
        self.assertEqual(self.services.sessions.online(), [])

    def test_kicked_players_are_told(self) -> None:
        self.services.sessions.disconnect(self.services.sessions.find("alice"), "kicked", "Be nice.")
        self.assertEqual(only(self.user.read()), {"type": "Error", "reason": "Be nice."})
        self.assertTrue(self.user.hung_up)

    def test_an_internal_error_ends_the_connection(self) -> None:
        def crash(number: int) -> None:
            raise RuntimeError("broken")

        self.services.accounts.by_id = crash  # type: ignore
        self.assertEqual(only(self.user.send(1)), {"type": "Error", "reason": "Internal server error"})
        self.assertTrue(self.user.hung_up)
        self.flushLoggedErrors(RuntimeError)

    def test_too_many_connections(self) -> None:
        services = ClockServices(self, limits=Limits(connections_per_address=2))
        apps = [services.open("app") for _ in range(3)]
        self.assertEqual([only(app.read())["type"] for app in apps], ["Connect", "Connect", "Error"])
        self.assertTrue(apps[2].hung_up)
