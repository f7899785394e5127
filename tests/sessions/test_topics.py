"""Telling many: encoded once, in slices, never out of order."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

from twisted.internet.interfaces import IDelayedCall
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from gameserver.sessions.session import Encoders, Session
from gameserver.sessions.topics import Topics
from gameserver.testing.sinks import RecordingSink


class Event:
    def __init__(self, text: bytes) -> None:
        self.text = text


class Member(Session):
    """A session whose end of the protocol keeps what it is told."""

    sink: RecordingSink


class TopicsTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.topics = Topics(self.clock)
        self.encoded = 0
        self.encoders: Encoders = {Event: self.encode}

    def encode(self, event: Event) -> bytes | None:
        self.encoded += 1
        if event.text == b"bad":
            raise ValueError("no words for this")
        return event.text or None

    def members(self, count: int, topic: str = "t") -> list[Member]:
        made = [Member(number, "d", "r", "", RecordingSink(), self.encoders, 0.0) for number in range(count)]
        for session in made:
            self.topics.subscribe(session, topic)
        return made

    def turn(self) -> None:
        """Run what is due, but not what becomes due by that; ``Clock.advance`` would."""
        due: list[Any] = list(self.clock.getDelayedCalls())
        for call in due:
            function = call.func
            call.cancel()
            function()

    def test_an_event_is_encoded_once_and_the_same_bytes_go_to_each(self) -> None:
        members = self.members(10)
        self.topics.publish("t", Event(b"x"), lambda session: session.id == 3)
        payloads = [session.sink.payloads for session in members]
        self.assertEqual((payloads, self.encoded), ([[b"x"]] * 3 + [[]] + [[b"x"]] * 6, 1))
        self.assertEqual(len({id(payload[0]) for payload in payloads if payload}), 1)

    def test_a_door_without_words_hears_nothing(self) -> None:
        (session,) = self.members(1)
        self.topics.publish("t", Event(b""))
        self.topics.publish("t", object())
        self.topics.publish("nobody", Event(b"x"))
        self.assertEqual((session.sink.payloads, self.encoded), ([], 1))
        self.assertFalse(session.emit(object()))

    def test_thousands_are_served_in_slices_and_events_never_overtake_each_other(self) -> None:
        members = self.members(1005)
        turns: list[int] = []
        call_later = self.clock.callLater

        def counted(delay: float, function: Callable[..., object], *arguments: object) -> IDelayedCall:
            turns.append(sum(len(session.sink.payloads) for session in members))
            return call_later(delay, function, *arguments)

        self.patch(self.clock, "callLater", counted)
        self.topics.publish("t", Event(b"1"))
        for session in members[:2]:
            self.topics.unsubscribe(session, "t")
        members[3].open = False
        self.topics.publish("t", Event(b"2"))
        self.clock.pump([0] * 10)
        for session in members[4:]:
            self.assertEqual(session.sink.payloads, [b"1", b"2"])
        self.assertEqual(self.encoded, 2)
        # In a turn 500 receivers, each of both events.
        steps = [after - before for before, after in itertools.pairwise(turns)]
        self.assertLessEqual(max(steps), 1000)

    def test_who_is_served_gets_everything_that_waits(self) -> None:
        members = self.members(1200)
        for number in range(3):
            self.topics.publish("t", Event(b"%d" % number))
        for turn in range(1, 4):
            self.turn()
            told = [session.sink.payloads for session in members if session.sink.payloads]
            self.assertEqual([[b"0", b"1", b"2"]] * min(500 * turn, 1200), told)
        self.assertEqual(([], 3), (self.clock.getDelayedCalls(), self.encoded))

    def test_where_much_waits_for_each_a_slice_has_fewer_receivers(self) -> None:
        members = self.members(501)
        for number in range(40):
            self.topics.publish("t", Event(b"%d" % number))
        self.turn()
        self.assertEqual(2000, sum(len(session.sink.payloads) for session in members))
        self.clock.pump([0] * 11)
        self.assertEqual([40] * 501, [len(session.sink.payloads) for session in members])

    def test_who_came_later_is_not_told_what_was_before(self) -> None:
        self.members(1000)
        self.topics.publish("t", Event(b"1"))
        late = Member(5000, "d", "r", "", RecordingSink(), self.encoders, 0.0)
        self.topics.subscribe(late, "t")
        self.topics.publish("t", Event(b"2"))
        self.clock.pump([0] * 10)
        self.assertEqual([b"2"], late.sink.payloads)

    def test_few_are_told_at_once_whatever_thousands_are_still_told(self) -> None:
        *_, last = self.members(1005)
        other = Member(5000, "d", "r", "", RecordingSink(), self.encoders, 0.0)
        self.topics.subscribe(last, "few")
        self.topics.subscribe(other, "few")
        self.topics.publish("t", Event(b"1"))
        self.topics.publish("few", Event(b"2"))
        self.assertEqual(([b"1", b"2"], [b"2"]), (last.sink.payloads, other.sink.payloads))
        self.clock.pump([0] * 10)
        self.assertEqual([b"1", b"2"], last.sink.payloads)

    def test_an_encoder_that_fails_keeps_nobody_from_what_comes_after(self) -> None:
        members = self.members(600)
        self.topics.publish("t", Event(b"bad"))
        self.topics.publish("t", Event(b"good"))
        failures = 0
        while self.clock.getDelayedCalls():
            try:
                self.clock.advance(0)
            except ValueError:
                failures += 1
        self.assertEqual(1, failures)
        self.assertEqual([[b"good"]] * 600, [session.sink.payloads for session in members])

    def test_what_few_are_told_does_not_overtake_what_thousands_are_still_told(self) -> None:
        *_, last = self.members(1005)
        self.topics.subscribe(last, "few")
        self.topics.publish("t", Event(b"1"))
        self.topics.publish("few", Event(b"2"))
        self.clock.pump([0] * 10)
        self.assertEqual(last.sink.payloads, [b"1", b"2"])

    def test_leaving_everything_leaves_nothing_behind(self) -> None:
        (session,) = self.members(1)
        self.topics.subscribe(session, "u")
        self.topics.subscribe(session, "u")
        self.topics.leave_all(session)
        self.topics.unsubscribe(session, "u")
        self.assertEqual((self.topics._members, session.topics), ({}, set()))
        session.open = False
        self.topics.subscribe(session, "t")
        self.assertEqual(self.topics.members("t"), [])

    def test_listeners_hear_what_is_published_for_all_and_not_what_is_only_for_here(self) -> None:
        heard: list[str] = []
        self.topics.listeners.append(lambda topic, event: heard.append(topic))
        self.topics.publish("a", Event(b"x"))
        self.topics.publish_here("b", Event(b"x"))
        self.assertEqual(heard, ["a"])
