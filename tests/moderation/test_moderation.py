"""Kick, mute, ban: one contract over memory and SQLite."""

from __future__ import annotations

from twisted.internet.task import Clock
from twisted.trial.unittest import TestCase

from gameserver.errors import GameError
from gameserver.moderation import Moderation
from gameserver.moderation.store import ModerationStore
from gameserver.rooms.rooms import Rooms
from gameserver.sessions.limits import ConnectionCount
from gameserver.sessions.manager import COMMUNITY, SessionManager
from gameserver.sessions.players import Player
from gameserver.storage.moderation import DatabaseModeration
from gameserver.testing.moderation import MemoryModeration
from gameserver.testing.sinks import RecordingSink
from tests.databases import open_sqlite
from tests.typed import TestMixin, the


class ModerationContract(TestMixin):
    def setUp(self) -> None:
        self.clock = Clock()
        self.clock.advance(1_000_000)
        self.sessions = SessionManager(self.clock, ConnectionCount(100, 100))
        self.rooms = Rooms(self.sessions, self.clock)
        self.store = self.make_store()
        self.moderation = Moderation(self.sessions, self.store, self.clock)
        self.rooms.muted = self.moderation.muted

    def make_store(self) -> ModerationStore:
        raise NotImplementedError

    def come(self, name: str, address: str = "10.0.0.1", protocol: str = "chat") -> RecordingSink:
        sink = RecordingSink()
        session = self.sessions.open(protocol, address, sink, {})
        self.sessions.login(session, Player(name))
        return sink

    async def test_a_kick_ends_every_session_of_a_player_and_is_logged(self) -> None:
        one, other = self.come("alice"), self.come("bob")
        self.assertEqual(await self.moderation.kick("ALICE", "op", "spam"), 1)
        self.assertEqual((one.closed, other.closed), (("kicked", "spam"), None))
        with self.assertRaises(GameError):
            await self.moderation.kick("alice", "op")
        (entry,) = await self.moderation.log()
        self.assertEqual(
            (entry.actor, entry.action, entry.subject, entry.detail), ("op", "kick", "name:alice", "spam")
        )

    async def test_a_mute_takes_the_word_for_its_time(self) -> None:
        alice = Player("Alice")
        await self.moderation.mute("alice", "op", minutes=5)
        with self.assertRaises(GameError):
            self.rooms.say(COMMUNITY, alice, "hello")
        with self.assertRaises(GameError):
            self.rooms.tell(COMMUNITY, alice, "bob", "hello")
        self.clock.advance(301)
        self.rooms.say(COMMUNITY, alice, "hello")
        await self.moderation.mute("alice", "op")
        self.assertTrue(self.moderation.muted(alice))
        await self.moderation.lift("mute", "name:alice", "op")
        self.assertFalse(self.moderation.muted(alice))

    async def test_a_ban_puts_out_and_keeps_out_until_it_is_lifted(self) -> None:
        sink = self.come("alice")
        await self.moderation.ban("Alice", "op", "spam")
        self.assertEqual(the(sink.closed)[0], "banned")
        with self.assertRaises(GameError):
            self.come("ALICE")
        await self.moderation.lift("ban", "name:alice", "op")
        self.assertIsNone(self.come("alice").closed)
        with self.assertRaises(GameError):
            await self.moderation.lift("ban", "name:alice", "op")
        log = [(entry.actor, entry.action, entry.subject, entry.detail) for entry in await self.moderation.log()]
        self.assertEqual(log, [("op", "lift ban", "name:alice", ""), ("op", "ban", "name:alice", "spam")])

    async def test_an_address_can_be_banned(self) -> None:
        sink, other = self.come("alice"), self.come("bob", "10.0.0.2")
        await self.moderation.ban_address("10.0.0.1", "op")
        self.assertEqual((the(sink.closed)[0], other.closed), ("banned", None))
        with self.assertRaises(GameError):
            self.sessions.open("chat", "10.0.0.1", RecordingSink(), {})

    async def test_a_name_that_looks_like_an_address_is_no_address(self) -> None:
        named, other = self.come("10.0.0.2", "10.0.0.1"), self.come("bob", "10.0.0.2")
        await self.moderation.ban("10.0.0.2", "op")
        self.assertEqual((the(named.closed)[0], other.closed), ("banned", None))
        self.assertIsNone(self.come("anne", "10.0.0.2").closed)
        await self.moderation.lift("ban", "name:10.0.0.2", "op")
        await self.moderation.ban_address("10.0.0.2", "op")
        self.assertEqual(the(other.closed)[0], "banned")
        self.assertIsNone(self.come("10.0.0.2", "10.0.0.1").closed)

    async def test_an_address_in_any_form(self) -> None:
        mapped, other = self.come("alice", "::ffff:10.0.0.1"), self.come("bob", "2001:db8::1")
        await self.moderation.ban_address("10.0.0.1", "op")
        self.assertEqual(the(mapped.closed)[0], "banned")
        await self.moderation.lift("ban", "address:::FFFF:10.0.0.1", "op")
        self.assertIsNone(self.come("alice", "::ffff:10.0.0.1").closed)
        await self.moderation.ban_address("2001:DB8:0::1", "op")
        self.assertEqual(the(other.closed)[0], "banned")
        for wrong in ("", "nonsense", "10.0.0", "localhost", "10.0.0.1/8"):
            with self.assertRaises(GameError):
                await self.moderation.ban_address(wrong, "op")
        with self.assertRaises(GameError):
            await self.moderation.lift("ban", "address:nonsense", "op")
        self.assertEqual([item.subject for item in await self.moderation.sanctions()], ["address:2001:db8::1"])

    async def test_a_reason_is_one_line_at_every_door(self) -> None:
        alice = self.come("alice")
        await self.moderation.kick("alice", "op", "spam\r\nMSG FROM admin TO YOU: \x1b[2J\0 all " + "x" * 1000)
        code, text = the(alice.closed)
        self.assertEqual((code, text[:40], len(text)), ("kicked", "spam MSG FROM admin TO YOU: [2J all xxxx", 500))
        await self.moderation.mute("alice", "op", "a\nb")
        self.assertEqual([entry.detail for entry in await self.moderation.log()], ["a b", text])

    async def test_what_another_process_did_is_taken_over(self) -> None:
        sink = self.come("alice")
        elsewhere = SessionManager(self.clock, ConnectionCount(1, 1))
        await Moderation(elsewhere, self.store, self.clock).ban("alice", "op", minutes=1)
        self.assertIsNone(sink.closed)
        await self.moderation.refresh()
        self.assertEqual(the(sink.closed)[0], "banned")
        self.clock.advance(61)
        await self.moderation.refresh()
        self.assertIsNone(self.come("alice").closed)
        self.assertEqual([item.kind for item in await self.moderation.sanctions()], ["ban"])


class MemoryTests(ModerationContract, TestCase):
    def make_store(self) -> ModerationStore:
        return MemoryModeration()


class SqliteTests(ModerationContract, TestCase):
    def make_store(self) -> ModerationStore:
        return DatabaseModeration(open_sqlite(self))
