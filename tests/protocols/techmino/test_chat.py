"""/chat, and what it shares with the other protocols."""

from __future__ import annotations

from twisted.internet.defer import ensureDeferred
from twisted.trial.unittest import SynchronousTestCase

from gameserver.protocols.techmino.config import Techmino
from gameserver.sessions.events import RoomMessage, ServerNotice
from gameserver.sessions.manager import presence_topic
from gameserver.sessions.players import Player
from gameserver.testing.sinks import RecordingSink
from tests.protocols.techmino.services import ClockServices, Wired, only


class ChatTests(SynchronousTestCase):
    SERVICES: type[ClockServices] = ClockServices

    def setUp(self) -> None:
        self.services = self.SERVICES(self, Techmino(chat_rooms={"global": 1024, "small": 1}))
        self.alice, self.bob = self.services.person("alice"), self.services.person("bob")

    def chat(self, person: object) -> Wired:
        wired: Wired = person.open("chat")  # type: ignore[attr-defined]
        self.assertEqual(only(wired.read()), {"type": "Connect"})
        return wired

    def test_an_auth_token_gets_an_access_token_that_opens_play(self) -> None:
        auth = self.services.token(self.alice.uid, "techmino-auth")
        chat = self.services.open("chat", {"uid": self.alice.uid, "authToken": auth})
        connect = only(chat.read())
        self.assertEqual(set(connect), {"type", "uid", "accessToken"})
        self.assertEqual(self.alice.open("play").answers.status, 403, "the older one has ended")
        self.alice.access = connect["accessToken"]
        self.assertEqual(self.alice.open("play").answers.status, 101)

    def test_list_join_say_leave(self) -> None:
        alice, bob = self.chat(self.alice), self.chat(self.bob)
        rooms = [{"rid": "global", "count": 0, "capacity": 1024}, {"rid": "small", "count": 0, "capacity": 1}]
        self.assertEqual(only(alice.send(0)), {"type": "Self", "action": 0, "roomList": rooms})
        joined = {"type": "Self", "action": 1, "rid": "global", "data": {"histories": []}}
        self.assertEqual(only(alice.send(1, rid="global")), joined)
        self.assertEqual(only(bob.send(1, rid="global")), joined)
        who = {"uid": self.bob.uid, "username": "bob"}
        self.assertEqual(only(alice.read()), {"type": "Broadcast", "action": 1, "rid": "global", "data": who})
        said = only(alice.send(3, rid="global", message="hello"))
        self.assertEqual(said["type"], "Broadcast")
        self.assertEqual((said["action"], said["rid"]), (3, "global"))
        self.assertRegex(said["data"].pop("time"), r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}$")
        self.assertEqual(said["data"], {"uid": self.alice.uid, "username": "alice", "message": "hello"})
        self.assertEqual(only(bob.read())["data"]["message"], "hello")
        self.assertEqual(only(bob.send(2, rid="global")), {"type": "Self", "action": 2, "rid": "global"})
        self.assertEqual(only(alice.read()), {"type": "Broadcast", "action": 2, "rid": "global", "data": who})
        alice.send(3, rid="global", message="alone")
        self.assertEqual(bob.read(), [])

    def test_the_last_ten_messages_come_oldest_first(self) -> None:
        alice, bob = self.chat(self.alice), self.chat(self.bob)
        alice.send(1, rid="global")
        for number in range(12):
            alice.send(3, rid="global", message=str(number))
        histories = only(bob.send(1, rid="global"))["data"]["histories"]
        self.assertEqual([entry["message"] for entry in histories], [str(number) for number in range(2, 12)])
        self.assertEqual(set(histories[0]), {"uid", "username", "time", "message"})

    def test_refusals_are_warnings(self) -> None:
        alice, bob = self.chat(self.alice), self.chat(self.bob)
        alice.send(1, rid="small")
        self.services.tell_counts()
        for client, action, data, reason in (
            (alice, 1, {"rid": "nowhere"}, "Room not found"),
            (alice, 1, {"rid": "small"}, "Room subscribed already"),
            (bob, 1, {"rid": "small"}, "Room is full"),
            (bob, 2, {"rid": "small"}, "Room not subscribed"),
            (bob, 2, {"rid": "nowhere"}, "Room not found"),
            (bob, 3, {"rid": "global", "message": "x"}, "Room not subscribed"),
            (alice, 3, {"rid": "small", "message": "x" * 8001}, "A message has at most 8000 characters"),
        ):
            self.assertEqual(only(client.send(action, **data)), {"type": "Warn", "reason": reason})
        self.assertEqual(len(only(alice.send(3, rid="small", message="é" * 8000))["data"]["message"]), 8000)

    def test_muted_players_are_warned(self) -> None:
        alice = self.chat(self.alice)
        alice.send(1, rid="global")
        self.services.rooms.muted = lambda player: player.name == "alice"
        self.assertEqual(only(alice.send(3, rid="global", message="x"))["type"], "Warn")

    def test_a_new_connection_goes_on_where_the_older_was(self) -> None:
        alice, bob = self.chat(self.alice), self.chat(self.bob)
        for client in (alice, bob):
            client.send(1, rid="global")
        alice.read()
        again = self.chat(self.alice)
        self.assertEqual((only(alice.read())["type"], alice.hung_up), ("Error", True))
        self.assertEqual(bob.read(), [], "nobody has come or gone")
        bob.send(3, rid="global", message="still there?")
        self.assertEqual(only(again.read())["data"]["message"], "still there?")
        bob.read()
        again.hang_up()
        self.assertEqual(only(bob.read())["action"], 2)

    def test_global_is_the_public_room_of_all_protocols(self) -> None:
        sink = RecordingSink()
        other = self.services.sessions.open("chat", "", sink, {RoomMessage: lambda event: event.text.encode()})
        self.services.sessions.login(other, Player("carl"))
        self.services.rooms.room("community").enter(other)
        alice = self.chat(self.alice)
        self.assertEqual(only(alice.send(0))["roomList"][0]["count"], 1)
        alice.send(1, rid="global")
        alice.send(3, rid="global", message="from Techmino")
        self.assertEqual(sink.payloads, [b"from Techmino"])
        self.services.rooms.say("community", Player("carl"), "from chat")
        data = only(alice.read())["data"]
        self.assertEqual((data["uid"], data["username"], data["message"]), (0, "carl", "from chat"))
        self.assertTrue(self.services.rooms.tell("community", Player("carl"), "alice", "psst"))
        private = only(alice.read())
        self.assertEqual((private["type"], private["data"]["message"]), ("Private", "psst"))
        self.assertEqual(private["data"].keys(), {"uid", "username", "time", "message"})
        self.services.sessions.topics.subscribe(self.services.sessions.find("alice")[0], presence_topic("community"))
        self.services.sessions.topics.publish(presence_topic("community"), ServerNotice("soon"))
        notice = only(alice.read())
        self.assertEqual((notice["rid"], notice["data"]["message"]), ("global", "soon"))
        self.assertEqual(notice["data"].keys(), {"uid", "username", "time", "message"})

    def test_a_protocol_may_stay_alone(self) -> None:
        services = ClockServices(self, Techmino(community=False))
        services.person("alice").open("chat").send(1, rid="global")
        self.assertEqual(services.rooms.room("community").count, 0)
        self.assertEqual(services.rooms.room("techmino").count, 1)

    def test_stop_says_goodbye(self) -> None:
        alice = self.chat(self.alice)
        app = self.services.open("app")
        app.read()
        stopping = ensureDeferred(self.services.shared.stop())
        for client in (alice, app):
            self.assertEqual(only(client.read()), {"type": "Error", "reason": "The server is stopping."})
            self.assertTrue(client.hung_up)
        self.services.hang_up_all()
        self.successResultOf(stopping)
