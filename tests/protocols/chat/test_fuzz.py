"""Mutated frames: nothing raises, every answer is the document's, nothing is left. GAMESERVER_LONG=1: 100,000."""

from __future__ import annotations

import gc
import json
import os
import random

from hypothesis import given, settings
from hypothesis import strategies as st
from twisted.internet.defer import Deferred
from twisted.logger import Logger, LogPublisher
from twisted.trial.unittest import SynchronousTestCase

from gameserver.config.tree import Limits
from gameserver.protocols.chat.config import Chat
from gameserver.sessions.manager import SessionManager
from tests.protocols.chat.services import ClockServices, Wired
from tests.typed import deferred

FRAMES = 100_000 if os.environ.get("GAMESERVER_LONG") else 3_000

#: Good messages and damage seen in the field, to start from.
CORPUS = [
    b'{"Command":"01","Name":"anne"}\n',
    b'{"Command":"01","Name":"bobby","Password":"secret1"}\n',
    b'{"Command": 1, "Name": "carl4", "Password": null}',
    b'{"Command":"02","Name":"dora","Password":"secret1"}\n',
    b'{"Command":"03"}\n',
    b'{"Command":"04","FriendName":"anne","Message":"\xe4\xbd\xa0\xe5\xa5\xbd \xf0\x9f\x98\x80"}\n',
    b'{"Command":"04","FriendName":"nobody","Message":"\\ud83d\\ude00\\u0000\\n"}\r\n',
    b'{"Command":"05","Message":"hello \\"all\\" \\\\ /"}\n',
    b'{\n    "Command": "05",\n    "Message": "pretty"\n}\n',
    b'{"Command":"05","Message":"' + b"x" * 9000 + b'"}\n',
    b'{"Command":"14","Comment":"14","Flag":1}\n',
    b'{"Command":"99","a":[1,2.5e300,true,null,{"b":[]}]}\n',
    b'{"Command":"05","Message":"\\ud83d"}\n',
    b'{"Command":"05","Message":"raw\nnewline"}\n',
    b'{"Command":NaN}\n{"Command":' + b"9" * 400 + b"}\n",
    b'{"Command":"05","Command":"04"}\n',
    b'[{"Command":"05"}]\n"05"\n5\nnull\n',
    b"\xef\xbb\xbf{}\0\0\n",
    b'{"a":' * 40 + b"1" + b"}" * 40 + b"\n",
    b"\xff\xfe\xfd\x80{\xc3\x28}\n",
    b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"\xff\xfb\x01\xff\xfd\x03\r\n",
]

COMMANDS = {"11", "12", "13", "14", "30", "31", "32"}

INTERESTING = [
    b"{",
    b"}",
    b"[",
    b"]",
    b'"',
    b"\\",
    b"\n",
    b"\0",
    b",",
    b":",
    b"\xf0\x9f",
    b"\\ud800",
    b"1e999",
    b"\xff",
]


def mutated(chance: random.Random) -> bytes:
    """Return one frame of the corpus, changed in a few places."""
    frame = bytearray(chance.choice(CORPUS))
    for _ in range(chance.randrange(4)):
        at = chance.randrange(len(frame) + 1)
        kind = chance.randrange(5)
        if kind == 0:
            frame[at:at] = chance.choice(INTERESTING)
        elif kind == 1:
            del frame[at : at + chance.randrange(1, 9)]
        elif kind == 2 and at < len(frame):
            frame[at] ^= 1 << chance.randrange(8)
        elif kind == 3:
            frame[at:at] = chance.choice(CORPUS)[: chance.randrange(40)]
        else:
            frame[at:at] = frame[max(0, at - chance.randrange(12)) : at]
    # A line of its own is found whatever came before it.
    return b"\n" * chance.randrange(2) + bytes(frame)


class FuzzTests(SynchronousTestCase):
    def services(self) -> ClockServices:
        limits = Limits(messages_per_second=1e6, burst=1_000_000)
        services = ClockServices(Chat(heartbeat=60), limits)
        self.successResultOf(deferred(services.chat.start()))
        return services

    def check_output(self, client: Wired) -> None:
        data = client.raw()
        if data.startswith(b"HTTP/1.1 400 "):
            return
        for line in data.splitlines(keepends=True):
            self.assertTrue(line.endswith(b"\n"), line)
            self.assertIn(json.loads(line)["Command"], COMMANDS)

    def feed(self, services: ClockServices, frames: list[bytes], chance: random.Random) -> None:
        """Send frames over a few connections, cut anywhere, with the time going on."""
        clients = [services.connect() for _ in range(3)]
        for frame in frames:
            number = chance.randrange(3)
            client = clients[number]
            if client.ended:
                self.check_output(client)
                client.hang_up()
                client = clients[number] = services.connect()
            cut = chance.randrange(len(frame) + 1) if chance.random() < 0.3 else len(frame)
            client.protocol.dataReceived(frame[:cut])
            if cut < len(frame):
                client.protocol.dataReceived(frame[cut:])
            if chance.random() < 0.2:
                services.clock.advance(chance.choice((0, 0.05, 1, 40)))
            self.check_output(client)
        for client in clients:
            self.check_output(client)
            client.hang_up()
        services.clock.advance(60)
        self.assertEqual((len(services.sessions), services.sessions.online()), (0, []))
        self.assertEqual((services.sessions.topics._members, list(services.shared.connections)), ({}, []))
        self.assertEqual(services.metric("errors_total", protocol="chat", code="internal"), 0)

    def test_the_corpus_as_it_is(self) -> None:
        self.feed(self.services(), CORPUS * 3, random.Random(1))

    def test_mutated_frames_raise_nothing_and_leave_nothing(self) -> None:
        # A worker of trial's keeps each line of the log until it has been sent, which is after this test.
        self.patch(SessionManager, "_log", Logger(observer=LogPublisher()))
        services, chance = self.services(), random.Random(4004)
        self.feed(services, [mutated(chance) for _ in range(300)], chance)
        gc.collect()
        before = len(gc.get_objects())
        for _ in range(FRAMES // 300):
            self.feed(services, [mutated(chance) for _ in range(300)], chance)
        gc.collect()
        # Accounts that the mutants have registered stay, and nothing else.
        accounts = len(self.successResultOf(Deferred.fromCoroutine(services.accounts.everybody())))
        self.assertLess(len(gc.get_objects()) - before, 500 + 20 * accounts)

    @settings(max_examples=150 if FRAMES < 10_000 else 3000, deadline=None)
    @given(
        st.lists(
            st.sampled_from(CORPUS)
            | st.binary(max_size=30)
            | st.builds(
                lambda keys: json.dumps(keys).encode() + b"\n",
                st.dictionaries(
                    st.sampled_from(["Command", "Name", "Password", "FriendName", "Message", "x"]),
                    st.sampled_from(["01", "02", "03", "04", "05", "anne", "", None, 1, -1, 1.5, True, [], {}])
                    | st.text(max_size=5),
                ),
            ),
            max_size=12,
        ),
        st.integers(min_value=0, max_value=2**32),
    )
    def test_any_mixture(self, frames: list[bytes], seed: int) -> None:
        self.feed(self.services(), frames, random.Random(seed))
