"""Kick, mute, ban, revoke, and who may do it to whom: one contract over memory, SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Awaitable

from twisted.internet.task import Clock
from twisted.trial.unittest import TestCase

from gameserver.accounts import Accounts
from gameserver.errors import GameError
from gameserver.moderation import COMMAND_LINE, Actor, Moderation
from gameserver.moderation.store import ModerationStore, Sanction
from gameserver.rooms.rooms import Rooms
from gameserver.sessions.limits import ConnectionCount
from gameserver.sessions.login_delay import LoginDelay
from gameserver.sessions.manager import COMMUNITY, RIGHTS, SessionManager
from gameserver.sessions.players import Player
from gameserver.storage.moderation import DatabaseModeration
from gameserver.testing.accounts import MemoryAccounts, PlainPasswords
from gameserver.testing.moderation import MemoryModeration
from gameserver.testing.sinks import RecordingSink
from tests.databases import open_postgresql, open_sqlite
from tests.typed import TestMixin, the

#: A moderator and an administrator.
OP, CHIEF = Actor("op", "moderator", "10.9.9.9"), Actor("chief", "admin", "10.9.9.8")


class ModerationContract(TestMixin):
    def setUp(self) -> None:
        self.clock = Clock()
        self.clock.advance(1_000_000)
        self.sessions = SessionManager(self.clock, ConnectionCount(100, 100))
        self.rooms = Rooms(self.sessions, self.clock)
        self.store = self.make_store()
        self.accounts = Accounts(MemoryAccounts(), PlainPasswords(), self.clock, LoginDelay(self.clock))
        self.accounts.admit = lambda player: self.sessions.check_banned(player=player)
        self.moderation = Moderation(self.sessions, self.store, self.accounts, self.clock)
        self.rooms.muted = self.moderation.muted

    def make_store(self) -> ModerationStore:
        raise NotImplementedError

    def come(self, name: str, address: str = "10.0.0.1", protocol: str = "chat") -> RecordingSink:
        sink = RecordingSink()
        session = self.sessions.open(protocol, address, sink, {})
        self.sessions.login(session, Player(name))
        return sink

    async def log_in(self, name: str, address: str = "10.0.0.5") -> RecordingSink:
        """Log somebody in who has an account."""
        account = the(await self.accounts.by_name(name))
        sink = RecordingSink()
        session = self.sessions.open("chat", address, sink, {})
        self.sessions.login(session, account.player, epoch=account.epoch)
        return sink

    async def refused(self, code: str, work: Awaitable[object]) -> None:
        with self.assertRaises(GameError) as caught:
            await work
        self.assertEqual(caught.exception.code, code)

    async def test_the_other_processes_are_told_of_each_change(self) -> None:
        told: list[str] = []
        self.patch(self.sessions.peers, "publish", lambda topic, _payload: told.append(topic))
        await self.accounts.register("alice", "secret")
        for done in (
            self.moderation.mute("alice", OP),
            self.moderation.lift("mute", "name:alice", OP),
            self.moderation.ban("alice", OP),
            self.moderation.ban_address("10.1.1.1", OP),
            self.moderation.revoke("alice", CHIEF),
            self.moderation.delete("alice", CHIEF),
        ):
            await done
            self.assertEqual(told, [RIGHTS])
            told.clear()

    async def test_a_kick_ends_every_session_of_a_player_and_is_logged(self) -> None:
        one, other = self.come("alice"), self.come("bob")
        self.assertEqual(await self.moderation.kick("ALICE", OP, "spam"), 1)
        self.assertEqual((one.closed, other.closed), (("kicked", "spam"), None))
        with self.assertRaises(GameError):
            await self.moderation.kick("alice", OP)
        (entry,) = await self.moderation.log()
        self.assertEqual(
            (entry.actor, entry.action, entry.subject, entry.detail), ("op", "kick", "name:alice", "spam")
        )

    async def test_a_name_that_is_nobodys_is_said_to_be_so_and_held_all_the_same(self) -> None:
        self.assertFalse(await self.moderation.mute("nobody", OP))
        self.assertFalse(await self.moderation.ban("nobody", OP))
        self.assertEqual({one.kind for one in await self.moderation.sanctions()}, {"mute", "ban"})
        await self.accounts.create("somebody", "secret")
        self.assertTrue(await self.moderation.mute("SOMEBODY", OP))
        self.assertTrue(await self.moderation.ban("somebody", OP))

    async def test_a_mute_takes_the_word_for_its_time(self) -> None:
        alice = Player("Alice")
        await self.moderation.mute("alice", OP, minutes=5)
        with self.assertRaises(GameError):
            self.rooms.say(COMMUNITY, alice, "hello")
        with self.assertRaises(GameError):
            self.rooms.tell(COMMUNITY, alice, "bob", "hello")
        self.clock.advance(301)
        self.rooms.say(COMMUNITY, alice, "hello")
        await self.moderation.mute("alice", OP)
        self.assertTrue(self.moderation.muted(alice))
        await self.moderation.lift("mute", "name:alice", OP)
        self.assertFalse(self.moderation.muted(alice))

    async def test_a_ban_puts_out_and_keeps_out_until_it_is_lifted(self) -> None:
        sink = self.come("alice")
        await self.moderation.ban("Alice", OP, "spam")
        self.assertEqual(the(sink.closed)[0], "banned")
        with self.assertRaises(GameError):
            self.come("ALICE")
        await self.moderation.lift("ban", "name:alice", OP)
        self.assertIsNone(self.come("alice").closed)
        with self.assertRaises(GameError):
            await self.moderation.lift("ban", "name:alice", OP)
        log = [(entry.actor, entry.action, entry.subject, entry.detail) for entry in await self.moderation.log()]
        self.assertEqual(log, [("op", "lift ban", "name:alice", ""), ("op", "ban", "name:alice", "spam")])

    async def test_an_address_can_be_banned(self) -> None:
        sink, other = self.come("alice"), self.come("bob", "10.0.0.2")
        await self.moderation.ban_address("10.0.0.1", OP)
        self.assertEqual((the(sink.closed)[0], other.closed), ("banned", None))
        with self.assertRaises(GameError):
            self.sessions.open("chat", "10.0.0.1", RecordingSink(), {})

    async def test_a_name_that_looks_like_an_address_is_no_address(self) -> None:
        named, other = self.come("10.0.0.2", "10.0.0.1"), self.come("bob", "10.0.0.2")
        await self.moderation.ban("10.0.0.2", OP)
        self.assertEqual((the(named.closed)[0], other.closed), ("banned", None))
        self.assertIsNone(self.come("anne", "10.0.0.2").closed)
        await self.moderation.lift("ban", "name:10.0.0.2", OP)
        await self.moderation.ban_address("10.0.0.2", OP)
        self.assertEqual(the(other.closed)[0], "banned")
        self.assertIsNone(self.come("10.0.0.2", "10.0.0.1").closed)

    async def test_an_address_in_any_form(self) -> None:
        mapped, other = self.come("alice", "::ffff:10.0.0.1"), self.come("bob", "2001:db8::1")
        await self.moderation.ban_address("10.0.0.1", OP)
        self.assertEqual(the(mapped.closed)[0], "banned")
        await self.moderation.lift("ban", "address:::FFFF:10.0.0.1", OP)
        self.assertIsNone(self.come("alice", "::ffff:10.0.0.1").closed)
        await self.moderation.ban_address("2001:DB8:0::1", OP)
        self.assertEqual(the(other.closed)[0], "banned")
        for wrong in ("", "nonsense", "10.0.0", "localhost", "10.0.0.1/8"):
            with self.assertRaises(GameError):
                await self.moderation.ban_address(wrong, OP)
        with self.assertRaises(GameError):
            await self.moderation.lift("ban", "address:nonsense", OP)
        self.assertEqual([item.subject for item in await self.moderation.sanctions()], ["address:2001:db8::/64"])

    async def test_of_ipv6_a_network_is_banned_and_let_in_again_by_any_of_its_addresses(self) -> None:
        ban, lift = self.moderation.ban_address, self.moderation.lift
        near, far = self.come("alice", "2001:db8::2"), self.come("bob", "2001:db8:0:1::1")
        await ban("2001:db8::1", OP)
        self.assertEqual((the(near.closed)[0], far.closed), ("banned", None))
        for address in ("2001:db8::3", "2001:db8::1%eth0"):
            with self.assertRaises(GameError):
                self.sessions.open("chat", address, RecordingSink(), {})
        await lift("ban", "address:2001:db8::9", OP)
        # As the list of bans shows it.
        await ban("2001:db8::/64", OP)
        await lift("ban", "address:2001:db8::/64", OP)
        # One from before there were networks.
        await self.store.put(Sanction("ban", "address:2001:db8::7", "", "op", 0, None))
        await self.moderation.refresh()
        with self.assertRaises(GameError):
            self.sessions.open("chat", "2001:db8::8", RecordingSink(), {})
        await lift("ban", "address:2001:db8::9", OP)
        self.assertEqual(await self.moderation.sanctions(), [])
        self.assertIsNone(self.come("carl", "2001:db8::7").closed)
        for wrong in ("2001:db8::/48", "10.0.0.1/64", "/64", "::1/64/64"):
            with self.assertRaises(GameError):
                await ban(wrong, OP)
        own = Actor("op", "moderator", "2001:db8:5::1")
        await self.refused("forbidden", ban("2001:db8:5::2", own))

    async def test_a_muted_guest_with_another_address_of_the_same_network_is_muted(self) -> None:
        self.come("eve", "2001:db8::1")
        await self.moderation.mute("eve", OP)
        self.come("eva", "2001:db8::2")
        self.come("bob", "2001:db8:0:1::1")
        self.assertEqual([self.moderation.muted(Player(name)) for name in ("eva", "bob")], [True, False])

    async def test_a_reason_is_one_line_at_every_door(self) -> None:
        alice = self.come("alice")
        await self.moderation.kick("alice", OP, "spam\r\nMSG FROM admin TO YOU: \x1b[2J\0 all " + "x" * 1000)
        code, text = the(alice.closed)
        self.assertEqual((code, text[:40], len(text)), ("kicked", "spam MSG FROM admin TO YOU: [2J all xxxx", 500))
        await self.moderation.mute("alice", OP, "a\nb")
        self.assertEqual([entry.detail for entry in await self.moderation.log()], ["a b", text])

    async def test_what_another_process_did_is_taken_over(self) -> None:
        sink = self.come("alice")
        elsewhere = SessionManager(self.clock, ConnectionCount(1, 1))
        await Moderation(elsewhere, self.store, self.accounts, self.clock).ban("alice", OP, minutes=1)
        self.assertIsNone(sink.closed)
        await self.moderation.refresh()
        self.assertEqual(the(sink.closed)[0], "banned")
        self.clock.advance(61)
        await self.moderation.refresh()
        self.assertIsNone(self.come("alice").closed)
        subjects = [item.subject for item in await self.moderation.sanctions()]
        self.assertEqual(sorted(subjects), ["guest:alice@10.0.0.1", "name:alice"])

    async def test_a_guests_mute_follows_them_to_another_name_and_hits_no_account(self) -> None:
        self.come("troll", "::ffff:10.0.0.1")
        await self.moderation.mute("troll", OP, minutes=5)
        self.come("troll2", "10.0.0.1")
        self.come("carl", "10.0.0.2")
        await self.accounts.create("anne", "secret")
        await self.log_in("anne", "10.0.0.1")
        anne = the(self.sessions.player("anne"))
        muted = [self.moderation.muted(one) for one in (Player("troll2"), Player("carl"), anne)]
        self.assertEqual(muted, [True, False, False])
        self.clock.advance(301)
        self.assertFalse(self.moderation.muted(Player("troll2")))
        await self.moderation.mute("troll", OP)
        self.assertTrue(self.moderation.muted(Player("troll2")))
        await self.moderation.lift("mute", "name:TROLL", OP)
        self.assertFalse(self.moderation.muted(Player("troll2")))
        self.assertEqual(await self.moderation.sanctions(), [])

    async def test_a_guests_ban_follows_them_to_another_name_and_hits_no_account(self) -> None:
        troll, other = self.come("troll"), self.come("second")
        await self.accounts.create("anne", "secret")
        anne = await self.log_in("anne", "10.0.0.1")
        await self.moderation.ban("troll", OP)
        self.assertEqual([the(troll.closed)[0], the(other.closed)[0], anne.closed], ["banned", "banned", None])
        with self.assertRaises(GameError):
            self.come("third")
        self.assertIsNone((await self.log_in("anne", "10.0.0.1")).closed)
        self.assertIsNone(self.come("third", "10.0.0.2").closed)
        await self.moderation.lift("ban", "address:10.0.0.1", OP)
        self.assertIsNone(self.come("fourth").closed)
        await self.refused("no_sanction", self.moderation.lift("ban", "address:10.0.0.1", OP))

    async def test_who_takes_a_banned_guests_name_later_has_done_nothing(self) -> None:
        await self.moderation.mute("troll", OP)
        self.clock.advance(1)
        self.come("troll", "10.0.0.7")
        await self.moderation.refresh()
        self.come("carl", "10.0.0.7")
        self.assertEqual([self.moderation.muted(Player(name)) for name in ("troll", "carl")], [True, False])

    async def test_what_a_command_did_to_a_guest_follows_them_too(self) -> None:
        troll = self.come("troll")
        self.clock.advance(1)
        elsewhere = SessionManager(self.clock, ConnectionCount(1, 1))
        await Moderation(elsewhere, self.store, self.accounts, self.clock).ban("troll", COMMAND_LINE)
        await self.moderation.refresh()
        self.assertEqual(the(troll.closed)[0], "banned")
        with self.assertRaises(GameError):
            self.come("troll2")

    async def test_operators_are_acted_against_by_administrators_alone(self) -> None:
        for name, role in (("op", "moderator"), ("chief", "admin"), ("second", "moderator")):
            await self.accounts.create(name, "secret", role=role)
        acts = self.moderation
        for name in ("CHIEF", "second", "op"):
            for work in (acts.kick(name, OP), acts.mute(name, OP), acts.ban(name, OP), acts.revoke(name, OP)):
                await self.refused("forbidden", work)
            for subject in (f"name:{name}", f"guest:{name}"):
                await self.refused("forbidden", acts.lift("ban", subject, OP))
        await self.refused("forbidden", acts.kick("anne", Actor("carl", "player")))
        self.assertEqual(await acts.log(), [])
        for work in (acts.ban("Chief", CHIEF), acts.mute("chief", CHIEF)):
            await self.refused("forbidden", work)
        await acts.ban("second", CHIEF)
        await acts.ban("chief", COMMAND_LINE)
        self.assertEqual({item.subject for item in await acts.sanctions()}, {"name:second", "name:chief"})

    async def test_an_account_is_deleted_by_administrators_and_by_who_has_it(self) -> None:
        for name, role in (("op", "moderator"), ("chief", "admin"), ("anne", "player"), ("bob", "player")):
            await self.accounts.create(name, "secret", role=role)
        anne, guest = await self.log_in("anne"), self.come("annette")
        await self.refused("forbidden", self.moderation.delete("anne", OP))
        await self.refused("forbidden", self.moderation.delete("anne", Actor("bob", "player")))
        await self.refused("no_account", self.moderation.delete("annette", CHIEF))
        self.assertIsNone(anne.closed)
        await self.moderation.delete("ANNE", CHIEF)
        self.assertEqual((the(anne.closed)[0], guest.closed), ("revoked", None))
        await self.moderation.delete("bob", Actor("bob", "player"))
        await self.moderation.delete("op", OP)
        await self.moderation.delete("chief", COMMAND_LINE)
        self.assertEqual(await self.accounts.everybody(), [])
        told = [(entry.actor, entry.action, entry.subject) for entry in await self.moderation.log()]
        self.assertEqual(
            told,
            [
                ("operator", "delete", "name:chief"),
                ("op", "delete", "name:op"),
                ("bob", "delete", "name:bob"),
                ("chief", "delete", "name:anne"),
            ],
        )

    async def test_addresses_that_take_an_administrator_or_force(self) -> None:
        for name, role in (("op", "moderator"), ("chief", "admin")):
            await self.accounts.create(name, "secret", role=role)
        await self.log_in("chief", "::ffff:10.0.0.5")
        ban = self.moderation.ban_address
        self.moderation.note_operator(Player("second", 7, "moderator"), "10.0.0.6")
        refused = [(OP, "10.0.0.5"), (OP, "10.0.0.6"), (OP, "127.0.0.1"), (OP, "10.9.9.9")]
        refused += [(CHIEF, "::1"), (CHIEF, "::ffff:10.9.9.8"), (COMMAND_LINE, "127.0.0.2")]
        refused += [(Actor("carl", "player"), "10.0.0.1")]
        for by, address in refused:
            await self.refused("forbidden", ban(address, by))
        await self.refused("forbidden", ban("10.0.0.1", OP, force=True))
        self.assertEqual(await self.moderation.sanctions(), [])
        await ban("10.0.0.1", OP)
        for by, address in ((CHIEF, "10.0.0.5"), (CHIEF, "10.9.9.8"), (COMMAND_LINE, "::1")):
            await ban(address, by, force=address != "10.0.0.5")
        self.assertEqual(len(await self.moderation.sanctions()), 4)

    async def test_a_new_password_a_ban_and_a_revocation_end_sessions_and_tokens(self) -> None:
        anne = await self.accounts.create("anne", "secret")
        token = await self.accounts.tokens.issue(anne, "web", 60)
        first = await self.log_in("anne")
        guest = self.come("bob")
        self.assertEqual(await self.moderation.revoke("ANNE", OP), 1)
        self.assertEqual((the(first.closed)[0], guest.closed), ("revoked", None))
        await self.refused("bad_token", self.accounts.tokens.owner("web", token))
        second = await self.log_in("anne")
        await self.moderation.refresh()
        self.assertIsNone(second.closed)
        # As a command does it, which has no sessions.
        await self.accounts.change_password(anne.id, "secret2")
        self.assertIsNone(second.closed)
        await self.moderation.refresh()
        self.assertEqual(the(second.closed)[0], "revoked")
        anne = the(await self.accounts.by_name("anne"))
        token = await self.accounts.tokens.issue(anne, "web", 60)
        third = await self.log_in("anne")
        await self.moderation.ban("anne", OP)
        self.assertEqual(the(third.closed)[0], "banned")
        await self.refused("bad_token", self.accounts.tokens.owner("web", token))
        await self.refused("banned", self.accounts.authenticate("anne", "secret2"))
        await self.refused("bad_credentials", self.accounts.authenticate("anne", "wrong"))
        await self.refused("banned", self.accounts.tokens.issue(the(await self.accounts.by_name("anne")), "web", 60))
        await self.moderation.lift("ban", "name:anne", OP)
        await self.refused("bad_token", self.accounts.tokens.owner("web", token))
        self.assertEqual((await self.accounts.authenticate("anne", "secret2")).epoch, 3)
        await self.refused("no_account", self.moderation.revoke("nobody", OP))

    async def test_a_session_ends_with_its_account(self) -> None:
        account, _ = await self.accounts.testplayers.make()
        sink = await self.log_in(account.name)
        self.clock.advance(25 * 3600)
        await self.accounts.sweep()
        await self.moderation.refresh()
        self.assertEqual(the(sink.closed)[0], "revoked")


class MemoryTests(ModerationContract, TestCase):
    def make_store(self) -> ModerationStore:
        return MemoryModeration()


class SqliteTests(ModerationContract, TestCase):
    def make_store(self) -> ModerationStore:
        return DatabaseModeration(open_sqlite(self))


class PostgresqlTests(ModerationContract, TestCase):
    def make_store(self) -> ModerationStore:
        return DatabaseModeration(open_postgresql(self))
