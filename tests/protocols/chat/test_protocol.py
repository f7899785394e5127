"""What the chat protocol does in time, at its limits and to those who do not behave, on a clock's time."""

from __future__ import annotations

import gc

from twisted.internet.defer import Deferred
from twisted.trial.unittest import SynchronousTestCase

from gameserver.config.tree import Limits
from gameserver.edge.shared import HANDSHAKE_TIMEOUT
from gameserver.net.http import READING_TIME
from gameserver.net.outbox import LINGER
from gameserver.protocols.chat.config import Chat
from gameserver.protocols.chat.connection import ChatConnection
from gameserver.sessions.events import ServerNotice
from gameserver.sessions.manager import COMMUNITY, presence_topic
from tests.protocols.chat.services import ClockServices, Wired
from tests.typed import deferred

REFUSED = {"Command": "11", "Flag": 0, "Friends": []}
NOT_SENT = {"Command": "14", "Comment": "14", "Flag": 0}


class ClockTestCase(SynchronousTestCase):
    def services(self, config: Chat | None = None, limits: Limits | None = None) -> ClockServices:
        services = ClockServices(config or Chat(heartbeat=0), limits)
        self.successResultOf(deferred(services.chat.start()))
        return services


class PacingTests(ClockTestCase):
    LOGIN = b'{"Command":"01","Name":"anne"}'

    def test_a_client_without_newlines_gets_one_object_at_a_time(self) -> None:
        services = self.services()
        ann = services.connect()
        self.assertEqual(ann.write(self.LOGIN)[0]["Command"], "11")
        said = ann.write(b'{"Command":"05","Message":"a"}{"Command":"05","Message":"b"}')
        self.assertEqual(said, [])
        for text in ("a", "b"):
            services.clock.advance(0.03)
            self.assertEqual(ann.read(), [])
            services.clock.advance(0.011)
            self.assertEqual([item["Message"] for item in ann.read()], [text])
        services.clock.advance(1)
        self.assertEqual([item["Message"] for item in ann.write(b'{"Command":"05","Message":"c"}')], ["c"])

    def test_a_line_client_never_waits_and_one_that_turns_out_to_be_one_waits_no_longer(self) -> None:
        services = self.services()
        ann = services.connect()
        ann.write(self.LOGIN)
        self.assertEqual(ann.write(b'{"Command":"05","Message":"a"}' * 3), [])
        self.assertEqual(len(ann.write(b"\n")), 3)
        self.assertEqual(len(ann.write(b'{"Command":"05","Message":"a"}\n' * 3)), 3)

    def test_the_gap_can_be_switched_off(self) -> None:
        services = self.services(Chat(heartbeat=0, pace_ms=0))
        ann = services.connect()
        ann.write(self.LOGIN)
        self.assertEqual(len(ann.write(b'{"Command":"05","Message":"a"}' * 3)), 3)

    def test_too_much_that_waits_for_its_gap_drops_the_client(self) -> None:
        services = self.services(limits=Limits(outbox_bytes=65536))
        ann, bob = services.connect(), services.guest("bobby")
        ann.write(self.LOGIN)
        for _ in range(20):
            bob.send({"Command": "05", "Message": "x" * 8000})
        self.assertTrue(ann.wire.aborted)
        self.assertEqual(services.metric("slow_readers_dropped_total", protocol="chat"), 1)
        bob.read()
        ann.hang_up()
        self.assertEqual(bob.read(), [{"Command": "31", "LogOutUserName": "anne"}])

    def test_what_has_been_sent_waits_no_longer(self) -> None:
        services = self.services(limits=Limits(outbox_bytes=65536))
        ann, bob = services.connect(), services.guest("bobby")
        ann.write(self.LOGIN)
        ann.read()
        for _ in range(20):
            for _ in range(2):
                bob.send({"Command": "05", "Message": "x" * 8000})
            services.clock.advance(0.2)
            services.clock.advance(0.2)
            self.assertEqual(len(ann.read()), 2)
        self.assertFalse(ann.ended)


class TimeTests(ClockTestCase):
    def test_the_heart_beats_for_those_who_have_logged_in(self) -> None:
        services = self.services(Chat(heartbeat=60))
        ann, nobody = services.guest("anne"), services.connect()
        services.clock.advance(59)
        self.assertEqual(ann.raw(), b"")
        services.clock.advance(1)
        self.assertEqual(ann.raw(), b'{"Command":"14"}\n')
        self.assertEqual(nobody.raw(), b"")
        self.assertEqual(ann.send({"Command": "14"}), [])
        services.clock.advance(60)
        self.assertEqual(ann.raw(), b'{"Command":"14"}\n')

    def test_a_connection_without_a_login_ends(self) -> None:
        services = self.services()
        ann, nobody = services.guest("anne"), services.connect()
        nobody.log_in("x")
        services.clock.advance(599)
        self.assertFalse(nobody.ended)
        services.clock.advance(2)
        self.assertTrue(nobody.ended)
        self.assertFalse(ann.ended)

    def test_half_an_object_is_forgotten_and_does_not_spoil_the_next(self) -> None:
        services = self.services()
        ann = services.guest("anne")
        ann.write(b'{"Command":"05","Mess')
        services.clock.advance(31)
        (said,) = ann.send({"Command": "05", "Message": "whole"})
        self.assertEqual(said["Message"], "whole")

    def test_a_handshake_that_does_not_come_ends_the_connection(self) -> None:
        services = self.services()
        client = services.connect()
        services.shared.handshakes.start(client.protocol)
        services.clock.advance(HANDSHAKE_TIMEOUT)
        self.assertTrue(client.wire.aborted)

    def test_http_is_answered_at_once_and_closed_within_four_seconds(self) -> None:
        services = self.services()
        for packets in ((b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",), (b"PO", b"ST", b" / HTTP/1.1\r\n\r\n")):
            client = services.connect()
            for packet in packets:
                client.protocol.dataReceived(packet)
            answer = client.raw()
            self.assertTrue(answer.startswith(b"HTTP/1.1 400 "), answer)
            client.protocol.dataReceived(b"more of it")
            services.clock.advance(READING_TIME)
            self.assertTrue(client.ended)
            self.assertEqual(client.raw(), b"")

    def test_tls_on_the_plain_port_is_closed_at_once(self) -> None:
        for hello in (b"\x16\x03\x01\x02\x00\x01", b"\x16"):
            client = self.services().connect()
            self.assertEqual(client.write(hello), [])
            self.assertTrue(client.ended)


class LimitTests(ClockTestCase):
    def test_too_many_connections_are_refused_in_the_doors_words(self) -> None:
        services = self.services(limits=Limits(connections_per_address=2, connections=3))
        first, second = services.connect("10.0.0.1"), services.connect("10.0.0.1")
        third = services.connect("10.0.0.1")
        self.assertEqual(third.read(), [REFUSED])
        self.assertEqual(third.log_in("anne"), [])
        services.clock.advance(READING_TIME)
        self.assertTrue(third.ended)
        third.hang_up()
        self.assertEqual(services.connect("10.0.0.2").log_in("bobby")[0]["Flag"], 1)
        self.assertEqual(services.connect("10.0.0.3").read(), [REFUSED])
        first.hang_up()
        self.assertEqual(services.connect("10.0.0.1").log_in("anne")[0]["Flag"], 1)
        self.assertFalse(second.ended)

    def test_a_burst_fits_then_messages_are_refused_and_going_on_ends_it(self) -> None:
        services = self.services(limits=Limits(messages_per_second=10, burst=20))
        ann = services.guest("anne")
        said = ann.send(*[{"Command": "05", "Message": "x"}] * 25)
        self.assertEqual([item["Command"] for item in said], ["32"] * 20 + ["14"] * 5)
        services.clock.advance(1)
        said = ann.send(*[{"Command": "05", "Message": "x"}] * 10)
        self.assertEqual([item["Command"] for item in said], ["32"] * 10)
        self.assertFalse(ann.ended)
        ann.send(*[{"Command": "05", "Message": "x"}] * 60)
        self.assertTrue(ann.ended)

    def test_ordinary_clients_never_meet_a_limit(self) -> None:
        services = self.services()
        ann = services.guest("anne")
        for _ in range(10):
            said = ann.send(*[{"Command": "05", "Message": "y" * 8000}] * 10)
            self.assertEqual({item["Command"] for item in said}, {"32"})
            services.clock.advance(1)
        self.assertEqual(len(ann.send(*[{"Command": "05", "Message": "x"}] * 24)), 24)

    def test_a_guest_keeps_his_name_against_everybody_but_himself(self) -> None:
        services = self.services()
        anne, bob, stranger = services.guest("anne"), services.guest("bobby"), services.connect()

        def flags(client: Wired, name: str) -> list[int]:
            answers = client.send({"Command": "02", "Name": name, "Password": "secret1"})
            return [answer["Flag"] for answer in answers if answer["Command"] == "12"]

        self.assertEqual((flags(bob, "anne"), flags(stranger, "ANNE")), ([0], [0]))
        self.assertEqual(flags(bob, "somebody"), [1])
        self.assertEqual((flags(anne, "anne"), flags(bob, "anne")), ([1], [0]))

    def test_wrong_passwords_make_answers_later_not_impossible(self) -> None:
        services = self.services()
        services.register("anne", "secret")
        ann = services.connect()
        for attempt in range(6):
            answer = ann.log_in("anne", "wrong1")
            waited = 0.0
            while not answer:
                services.clock.advance(0.5)
                waited += 0.5
                answer = ann.read()
            self.assertEqual(answer, [REFUSED], attempt)
            self.assertLessEqual(waited, 10)
        answer = ann.log_in("anne", "secret")
        while not answer:
            services.clock.advance(0.5)
            answer = ann.read()
        self.assertEqual(answer[0]["Flag"], 1)

    def test_deep_and_long_objects_are_refused_without_an_end(self) -> None:
        services = self.services()
        ann = services.guest("anne")
        self.assertEqual(ann.write(b'{"Command":"05","Message":"x","a":' + b"[" * 5000 + b"]" * 5000 + b"}\n"), [])
        self.assertEqual(ann.write(b'{"Command":"05","Message":"' + b"x" * 200_000 + b'"}\n'), [])
        self.assertEqual(ann.send({"Command": "05", "Message": "x" * 8001}), [NOT_SENT])
        self.assertEqual(len(ann.send({"Command": "05", "Message": "x" * 8000})), 1)

    def test_repeated_garbage_ends_it_and_a_good_message_between_forgives(self) -> None:
        services = self.services()
        ann, bob = services.guest("anne"), services.guest("bobby")
        for _ in range(5):
            ann.write(b"garbage\n" * 49)
            ann.send({"Command": "99"})
            services.clock.advance(5)
        self.assertFalse(ann.ended)
        ann.write(b"garbage\n" * 50)
        self.assertTrue(ann.ended)
        self.assertEqual(bob.read(), [{"Command": "31", "LogOutUserName": "anne"}])


class EndTests(ClockTestCase):
    def test_a_lost_connection_while_its_password_is_checked_logs_nobody_in(self) -> None:
        services = self.services()
        services.register("anne", "secret")
        gate: Deferred[bool] = Deferred()
        self.patch(services.passwords, "matches", lambda kept, password, address: gate)
        bob, ann = services.guest("bobby"), services.connect()
        ann.log_in("anne", "secret")
        ann.hang_up()
        gate.callback(True)
        self.assertEqual((bob.read(), services.sessions.online()), ([], services.sessions.online()[:1]))

    def test_a_slow_reader_is_dropped_and_the_others_lose_nothing(self) -> None:
        services = self.services(limits=Limits(outbox_bytes=65536))
        ann, bob, carl = services.guest("anne"), services.guest("bobby"), services.guest("carl")
        for client in (ann, bob, carl):
            client.read()
        ann.protocol.outbox.pauseProducing()
        for number in range(20):
            bob.send({"Command": "05", "Message": f"{number}" + "x" * 7000})
        self.assertTrue(ann.wire.aborted)
        self.assertEqual(services.metric("slow_readers_dropped_total", protocol="chat"), 1)
        ann.hang_up()
        commands = [item["Command"] for item in carl.read()]
        self.assertEqual((commands.count("32"), commands.count("31")), (20, 1))

    def test_whoever_does_not_read_his_goodbye_is_given_up(self) -> None:
        services = self.services()
        ann = services.guest("anne")
        ann.send({"Command": "03"})
        self.assertTrue(ann.wire.disconnecting)
        services.clock.advance(LINGER)
        self.assertTrue(ann.wire.aborted)

    def test_a_door_that_crashes_says_no_in_its_words_and_logs_where(self) -> None:
        services = self.services()
        ann = services.guest("anne")
        self.patch(services.rooms, "tell", lambda *_: 1 / 0)
        self.assertEqual(ann.send({"Command": "04", "FriendName": "bobby", "Message": "x"}), [NOT_SENT])
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 1)
        self.assertEqual(services.metric("errors_total", protocol="chat", code="internal"), 1)

    def test_stopping_ends_everything_and_leaves_no_timer(self) -> None:
        services = self.services(Chat())
        clients = [services.guest(name) for name in ("anne", "bobby")] + [services.connect()]
        for client in clients:
            client.read()
        stopped = deferred(services.chat.stop())
        for client in clients:
            self.assertTrue(client.ended)
        self.assertEqual(
            clients[0].read()[-1], {"Command": "32", "Speaker": "admin", "Message": "The server is stopping."}
        )
        self.assertEqual(clients[2].read(), [])
        self.assertNoResult(stopped)
        for client in clients:
            client.hang_up()
        self.successResultOf(stopped)
        self.assertEqual(services.clock.getDelayedCalls(), [])

    def test_what_the_server_says_reaches_everybody_in_its_name(self) -> None:
        services = self.services()
        ann = services.guest("anne")
        services.sessions.topics.publish(presence_topic(COMMUNITY), ServerNotice("soon"))
        self.assertEqual(ann.read(), [{"Command": "32", "Speaker": "admin", "Message": "soon"}])

    def test_nothing_is_left_of_connections_that_have_ended(self) -> None:
        services = self.services()
        for number in range(50):
            client = services.guest(f"guest{number}")
            client.write(b'{"Command":"05"' if number % 2 else b"")
            client.hang_up()
        services.clock.advance(700)
        gc.collect()
        left = [
            item
            for item in gc.get_objects()
            if isinstance(item, ChatConnection) and item.shared.context is services.context
        ]
        self.assertEqual((left, len(services.sessions), services.sessions.online()), ([client.protocol], 0, []))
        self.assertEqual((services.sessions.topics._members, list(services.shared.connections)), ({}, []))

    def test_messages_are_counted_and_timed_by_kind(self) -> None:
        services = self.services()
        ann = services.guest("anne")
        ann.send({"Command": "05", "Message": "x"}, {"Command": "99"}, {"Command": "04"})
        for kind in ("login", "say", "unknown", "malformed"):
            self.assertEqual(services.metric("messages_total", protocol="chat", kind=kind), 1, kind)
            self.assertEqual(services.metric("message_seconds_count", protocol="chat", kind=kind), 1, kind)
        self.assertEqual(services.metric("connections_opened_total", protocol="chat"), 1)
