"""Every kind of malformed message gets a Warn, costs nobody else anything, and the connection stays."""

from __future__ import annotations

import json
import os
import random
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from gameserver.config.tree import Limits
from gameserver.testing.techmino import compact, frame
from tests.protocols.techmino.services import CONFIG, ClockServices, Wired, only

MALFORMED = (
    b"",
    b" ",
    b"nonsense",
    b"{",
    b'{"action":4,"data":{"message":hello}}',
    b'{"action":1}{"action":1}',
    b"[]",
    b"null",
    b"5",
    b'"x"',
    b"{}",
    b'{"action":null}',
    b'{"action":true}',
    b'{"action":1.0}',
    b'{"action":1e0}',
    b'{"action":"1"}',
    b'{"action":[1]}',
    b'{"action":-1}',
    b'{"action":99}',
    b'{"action":1e999}',
    b'{"action":' + b"9" * 400 + b"}",
    b'{"data":{}}',
    b"\xff\xfe",
    b'{"action":1,"data":{"rid":"\xff","config":"","uid":1.5}}',
    b'{"action":1,"x":"\xc3\x28"}',
    b'{"action":1,"data":{"rid":"\\ud800","uid":"x","config":5}}',
    b"[" * 100_000,
    b'{"action":1,"data":' * 5000,
    b'{"a":' * 3000 + b"1" + b"}" * 3000,
    b"\x00" * 50,
    b'\xef\xbb\xbf{"action":1}',
    b'{"action":1,}',
    b"{'action':1}",
    b'{"action":NaN}',
)

#: For each endpoint an action that has data, so that data of another form is malformed.
WITH_DATA = {"app": 0, "user": 1, "chat": 1, "play": 0, "stream": 5}


class MalformedTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.services = ClockServices(self, limits=Limits(messages_per_second=1e6, burst=1_000_000))
        self.alice, self.bob = self.services.person("alice"), self.services.person("bob")

    def endpoints(self) -> dict[str, tuple[Wired, bytes]]:
        """Return a connection to each endpoint and a request that it answers."""
        play = self.alice.play()
        rid = only(play.send(1, config=CONFIG))["data"]["rid"]
        other = self.bob.play()
        other.send(2, rid=rid, config=CONFIG)
        for wired in (play, other):
            wired.send(6, ready=True)
        self.services.wait(2.1)
        stream, far = (person.open("stream", rid=rid) for person in (self.alice, self.bob))
        self.services.wait(1.1)
        token = self.services.token(self.alice.uid, "techmino-auth")
        user = self.services.open("user", {"uid": self.alice.uid, "authToken": token})
        opened = {
            "app": (self.services.open("app"), b'{"action":1}'),
            "user": (user, b'{"action":1}'),
            "chat": (self.alice.open("chat"), b'{"action":0}'),
            "play": (play, b'{"action":0}'),
            "stream": (stream, b'{"action":5,"data":{}}'),
        }
        for wired in (other, far, *(wired for wired, _ in opened.values())):
            wired.read()
        self.others = (other, far)
        return opened

    def test_every_endpoint_answers_every_malformed_message_with_warn(self) -> None:
        for name, (wired, good) in self.endpoints().items():
            for opcode in (1, 2):
                data = [b'{"action":%d,"data":%b}' % (WITH_DATA[name], bad) for bad in (b"5", b"null", b"[]", b'""')]
                for payload in (*MALFORMED, *data):
                    with self.subTest(endpoint=name, payload=payload[:40], opcode=opcode):
                        answer = only(wired.say(payload, opcode))
                        self.assertEqual((answer["type"], set(answer)), ("Warn", {"type", "reason"}))
                        self.assertTrue(answer["reason"])
            self.assertEqual(len(wired.say(good)), 1, "it works as before")
            self.assertIsNone(wired.closed)
        for other in self.others:
            self.assertEqual(other.read(), [], "nobody else hears of it")

    def test_null_is_no_value_of_any_field(self) -> None:
        opened = self.endpoints()
        for name, action, data in (
            ("app", 0, {"newestOnly": None}),
            ("user", 1, {"uid": None}),
            ("user", 1, {"uid": self.alice.uid, "hash": None}),
            ("play", 0, {"type": None}),
            ("play", 0, {"message": None}),
            ("play", 0, {"begin": None}),
            ("play", 1, {"config": CONFIG, "password": None}),
        ):
            with self.subTest(endpoint=name, action=action, data=data):
                self.assertEqual(only(opened[name][0].send(action, **data))["type"], "Warn")

    def test_random_damage_never_closes_a_connection_or_logs_an_error(self) -> None:
        rounds = 60_000 if os.environ.get("GAMESERVER_LONG") == "1" else 2_500
        source = random.Random(4)
        opened = self.endpoints()
        templates = [
            {"action": 0, "data": {"newestOnly": True}},
            {"action": 1, "data": {"uid": 1, "hash": ""}},
            {"action": 1, "data": {"type": "solo", "name": "n", "password": "p", "config": CONFIG}},
            {"action": 2, "data": {"rid": "global", "password": "", "config": CONFIG}},
            {"action": 3, "data": {"rid": "global", "message": "hello"}},
            {"action": 0, "data": {"type": "solo", "begin": 0, "count": 10}},
            {"action": 6, "data": {"ready": True}},
            {"action": 4, "data": {"score": 0, "survivalTime": 0}},
            {"action": 5, "data": {"stream": "EgACBgAm"}},
        ]
        for _ in range(rounds):
            name, (wired, _) = source.choice(list(opened.items()))
            message = damaged(source, source.choice(templates))
            wired.write(frame(message, source.choice((1, 2))))
            for answer in wired.read():
                self.assertIn(answer["type"], ("Warn", "Self", "Error", "Broadcast", "Server"))
            if name == "stream" and wired.closed == 1000:
                del opened["stream"]  # Something that was left of a message has left the room.
            else:
                self.assertIsNone(wired.closed)
                self.assertFalse(wired.gone, name)

    def test_flooding_is_warned_of_and_ends_in_a_drop(self) -> None:
        services = ClockServices(self)
        app = services.open("app")
        app.read()
        for _ in range(240):
            app.write(frame(b'{"action":1}'))
        self.assertEqual({answer["type"] for answer in app.read()}, {"Self"})
        answers = app.say(b'{"action":1}')
        self.assertEqual(only(answers)["reason"], "Too many messages; wait a moment")
        services.wait(1)
        self.assertEqual(only(app.say(b'{"action":1}'))["type"], "Self")
        for _ in range(600):
            app.write(frame(b'{"action":1}'))
        self.assertEqual(app.read()[-1]["type"], "Error")
        self.assertTrue(app.hung_up)

    def test_ordinary_clients_are_never_limited(self) -> None:
        self.services = ClockServices(self)
        self.alice, self.bob = self.services.person("alice"), self.services.person("bob")
        opened = self.endpoints()
        stream, far = opened["stream"][0], self.others[1]
        for _ in range(100):
            for _ in range(7):
                stream.write(frame(compact({"action": 5, "data": {"stream": "EgA="}})))
            self.services.wait(1)
        self.assertEqual(stream.read(), [])
        self.assertEqual(len(far.read()), 700)
        play = opened["play"][0]
        for _ in range(16):
            play.write(frame(compact({"action": 4, "data": {"message": "x" * 8000}})))
        self.assertEqual({answer["type"] for answer in play.read()}, {"Broadcast"})

    def test_a_message_above_a_mib_is_closed_as_documented(self) -> None:
        app = self.services.open("app")
        app.read()
        self.assertEqual(only(app.say(b'{"action":1,"x":"' + b"y" * 1_000_000 + b'"}'))["type"], "Self")
        app.say(b"x" * (1 << 20) + b"x")
        self.assertEqual(app.closed, 1009)

    def test_fragments_are_put_together(self) -> None:
        app = self.services.open("app")
        app.read()
        first, last = frame(b'{"act', 2), frame(b'ion":1}', 0)
        first[0] = bytes((first[0][0] & 0x7F, first[0][1]))
        app.write([*first, *last])
        self.assertEqual(only(app.read())["notice"], "Welcome")


def damaged(source: random.Random, template: dict[str, Any]) -> bytes:
    """Return a message with something wrong, or not."""
    message = json.loads(json.dumps(template))
    kind = source.randrange(5)
    junk: Any = source.choice((None, True, -1, 1.5, "", "x" * 100, [], {}, 10**20, "\u0000", "é"))
    if kind == 0:
        message["action"] = source.choice((junk, source.randrange(-2, 12)))
    elif kind == 1:
        message["data"][source.choice(list(message["data"]))] = junk
    elif kind == 2:
        message.pop(source.choice(("action", "data")))
    data = bytearray(compact(message))
    if kind == 3:
        for _ in range(source.randrange(1, 5)):
            data[source.randrange(len(data))] = source.randrange(256)
    elif kind == 4:
        del data[source.randrange(len(data)) :]
    return bytes(data)
