"""Accounts: one contract over memory, SQLite and PostgreSQL."""

from __future__ import annotations

import hashlib
import os
import sys
import threading
from collections.abc import Awaitable
from unittest import mock

import attrs
from twisted.internet.defer import Deferred, ensureDeferred, gatherResults
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase, TestCase

from gameserver.accounts import Accounts
from gameserver.accounts.account import Account
from gameserver.accounts.passwords import NICENESS, Passwords, canonical
from gameserver.accounts.seeded import is_seeded, seeded
from gameserver.accounts.store import AccountStore
from gameserver.accounts.tokens import LOGIN, LOGIN_LIFETIME, LOGINS, STAFF_LIFETIME
from gameserver.errors import Code, GameError
from gameserver.sessions.limits import Meters
from gameserver.sessions.login_delay import LoginDelay
from gameserver.storage.accounts import DatabaseAccounts
from gameserver.testing.accounts import MemoryAccounts, PlainPasswords
from tests.databases import open_postgresql, open_sqlite
from tests.reactor import reactor
from tests.typed import TestMixin, refusal


class AccountsContract(TestMixin):
    store: AccountStore

    def setUp(self) -> None:
        self.clock = Clock()
        self.clock.advance(1_000_000)
        self.store = self.make_store()
        self.accounts = Accounts(self.store, PlainPasswords(), self.clock, LoginDelay(self.clock), shortest=1)

    def make_store(self) -> AccountStore:
        raise NotImplementedError

    async def refused(self, code: str, work: Awaitable[object]) -> None:
        with self.assertRaises(GameError) as caught:
            await work
        self.assertEqual(caught.exception.code, code)

    async def test_an_account_opens_by_name_or_mail_without_case_and_by_the_password_in_either_form(self) -> None:
        made = await self.accounts.register("Alice", "secret", "Alice@Example.org")
        sha1 = hashlib.sha1(b"secret").hexdigest()
        for login, password in (
            ("Alice", "secret"),
            ("aLICE", sha1),
            ("alice@example.ORG", sha1.upper()),
        ):
            self.assertEqual(await self.accounts.authenticate(login, password), made)
        self.assertEqual((made.player.name, made.player.guest), ("Alice", False))

    async def test_a_client_that_hashes_the_password_with_the_seed_of_its_account_comes_in(self) -> None:
        made = await self.accounts.register("alice", "secret", "a@b.org")
        seed = await self.accounts.seed("A@b.org")
        self.assertRegex(seed, "^[0-9a-f]{32}$")
        sent = seeded("secret", seed) or ""
        self.assertTrue(is_seeded(sent))
        self.assertEqual(await self.accounts.authenticate("a@b.org", sent, as_seeded=True), made)
        for login, password in (("a@b.org", seeded("Secret", seed)), ("a@b.org", "secret"), ("c@d.org", sent)):
            await self.refused("bad_credentials", self.accounts.authenticate(login, password or "", as_seeded=True))
        # What is kept beside it opens nothing in the other way.
        await self.refused("bad_credentials", self.accounts.authenticate("a@b.org", sent))
        # Of an address nobody has there is a seed as well, the same each time.
        unknown = await self.accounts.seed("c@d.org")
        self.assertEqual((len(unknown), await self.accounts.seed("C@d.org")), (32, unknown))

    async def test_the_name_of_an_account_that_is_removed_is_nobody_s_for_some_time(self) -> None:
        alice = await self.accounts.register("Alice", "secret", "a@b.org")
        token, _ = await self.accounts.tokens.issue_login(alice)
        self.assertEqual(await self.accounts.remove(alice.id), alice)
        await self.refused("no_account", self.accounts.remove(alice.id))
        await self.refused("bad_credentials", self.accounts.authenticate("alice", "secret"))
        await self.refused("bad_token", self.accounts.tokens.owner(LOGIN, token))
        self.assertEqual(await self.accounts.epochs([alice.id]), {})
        # Nor is what looks like it; nobody gets it from an operator either.
        for name in ("alice", "A1ice"):
            await self.refused("name_taken", self.accounts.register(name, "secret"))
            await self.refused("name_taken", self.accounts.create(name, "secret"))
            await self.refused("name_taken", self.accounts.guest(name))
        # The address is free at once, and numbers are never given again.
        bob = await self.accounts.register("bob", "secret", "a@b.org")
        self.assertNotEqual(bob.id, alice.id)

    async def test_a_link_gives_a_new_password_once(self) -> None:
        alice = await self.accounts.register("alice", "secret")
        older = await self.accounts.reset_links.make(alice)
        link = await self.accounts.reset_links.make(alice)
        for token in (older, "nonsense"):
            await self.refused("bad_token", self.accounts.reset_links.use(token, "new"))
        # It opens nothing else, and a password that is refused does not cost it.
        await self.refused("bad_credentials", self.accounts.authenticate("alice", link))
        await self.refused("bad_password", self.accounts.reset_links.use(link, ""))
        login, _ = await self.accounts.tokens.issue_login(alice)
        results = await gatherResults(
            [
                ensureDeferred(self.accounts.reset_links.use(link, password)).addErrback(refusal)
                for password in ("one", "two")
            ]
        )
        self.assertEqual(sum(isinstance(one, Account) for one in results), 1)
        changed = next(one for one in results if isinstance(one, Account))
        self.assertEqual((changed.name, changed.epoch), ("alice", alice.epoch + 1))
        await self.refused("bad_token", self.accounts.reset_links.use(link, "three"))
        await self.refused("bad_token", self.accounts.tokens.owner(LOGIN, login))
        await self.refused("bad_credentials", self.accounts.authenticate("alice", "secret"))

    async def test_a_link_is_good_for_a_day_and_ends_with_a_new_password(self) -> None:
        alice = await self.accounts.register("alice", "secret")
        link = await self.accounts.reset_links.make(alice)
        self.clock.advance(86_401)
        await self.refused("token_expired", self.accounts.reset_links.use(link, "new"))
        link = await self.accounts.reset_links.make(alice)
        await self.accounts.change_password(alice.id, "another")
        await self.refused("bad_token", self.accounts.reset_links.use(link, "new"))

    async def test_a_guest_who_signs_up_is_the_same_account(self) -> None:
        guest, password = await self.accounts.testplayers.make()
        token, _ = await self.accounts.tokens.issue_login(guest)
        await self.accounts.register("bob", "secret")
        await self.refused("name_taken", self.accounts.register("Bob", "secret", guest=guest))
        await self.refused("bad_password", self.accounts.register("anne", "", guest=guest))
        self.assertEqual((await self.accounts.tokens.owner(LOGIN, token)).id, guest.id)
        anne = await self.accounts.register("Anne", "secret", "a@b.org", guest=guest)
        self.assertEqual((anne.id, anne.name, anne.temporary, anne.epoch), (guest.id, "Anne", False, guest.epoch + 1))
        self.assertEqual(await self.accounts.authenticate("a@b.org", "secret"), anne)
        await self.refused("bad_token", self.accounts.tokens.owner(LOGIN, token))
        await self.refused("bad_credentials", self.accounts.authenticate(guest.name, password))
        # Once, and only who is a guest; the next one has another name.
        for who in (guest, attrs.evolve(guest, id=999)):
            await self.refused("no_account", self.accounts.register("carl", "secret", guest=who))
        self.assertNotEqual((await self.accounts.testplayers.make())[0].name, guest.name)
        # It lasts, and can be deleted like any other.
        self.clock.advance(10 * 86_400)
        await self.accounts.sweep()
        self.assertEqual((await self.accounts.remove(anne.id)).name, "Anne")

    async def test_accounts_are_found_by_a_part_of_name_or_address(self) -> None:
        for name, email in (("bob_1", None), ("Anne", "queen@x.org"), ("annette", None)):
            await self.accounts.create(name, "secret", email)
        for text, found in (("ANN", ["Anne", "annette"]), ("_1", ["bob_1"]), ("EEN@", ["Anne"]), ("%", [])):
            self.assertEqual([one.name for one in await self.accounts.search(text, 5)], found, text)
        self.assertEqual(len(await self.accounts.search("n", 1)), 1)

    async def test_nobody_is_called_like_a_former_player(self) -> None:
        for name in ("former-player-1", "Former-Player-77"):
            await self.refused("bad_name", self.accounts.register(name, "secret"))
            await self.refused("bad_name", self.accounts.guest(name))

    async def test_a_token_does_not_show_that_its_owner_knows_the_password(self) -> None:
        alice = await self.accounts.register("alice", "secret")
        token, _ = await self.accounts.tokens.issue_login(alice)
        await self.refused("bad_credentials", self.accounts.confirm(alice.id, token))
        await self.refused("bad_credentials", self.accounts.confirm(alice.id, "wrong"))
        await self.refused("no_account", self.accounts.confirm(999, "secret"))
        await self.accounts.confirm(alice.id, "secret")

    async def test_a_new_password_has_a_new_seed_and_without_a_password_there_is_none(self) -> None:
        alice = await self.accounts.register("alice", "old", "a@b.org")
        seed = await self.accounts.seed("a@b.org")
        await self.accounts.change_password(alice.id, "new")
        renewed = await self.accounts.seed("a@b.org")
        self.assertNotEqual(renewed, seed)
        await self.accounts.authenticate("a@b.org", seeded("new", renewed) or "", as_seeded=True)
        await self.accounts.revoke(alice.id)
        await self.accounts.authenticate("a@b.org", seeded("new", renewed) or "", as_seeded=True)
        # Course clients send the SHA-1 of what was typed, from which nothing can be made.
        digest = hashlib.sha1(b"typed").hexdigest()
        await self.accounts.change_password(alice.id, digest)
        self.assertIsNone(seeded(digest, renewed))
        sent = seeded("typed", await self.accounts.seed("a@b.org")) or ""
        await self.refused("bad_credentials", self.accounts.authenticate("a@b.org", sent, as_seeded=True))

    async def test_who_has_no_such_form_gets_it_for_the_password(self) -> None:
        bob = await self.accounts.register("bob", "secret")
        changed = await self.accounts.change(bob.id, {"email": "b@b.org"})
        await self.refused("bad_credentials", self.accounts.keep_seeded(bob.id, "wrong"))
        digest = hashlib.sha1(b"secret").hexdigest()
        await self.refused("bad_credentials", self.accounts.keep_seeded(bob.id, digest))
        await self.refused("no_account", self.accounts.keep_seeded(999, "secret"))
        await self.accounts.keep_seeded(bob.id, "secret")
        sent = seeded("secret", await self.accounts.seed("b@b.org")) or ""
        self.assertEqual(await self.accounts.authenticate("b@b.org", sent, as_seeded=True), changed)

    async def test_a_form_made_while_the_password_was_changed_is_not_kept(self) -> None:
        bob = await self.accounts.register("bob", "old", "b@b.org")
        passwords = SlowPasswords()
        self.patch(passwords, "outdated", lambda _: False)
        slow = Accounts(self.store, passwords, self.clock, LoginDelay(self.clock), shortest=1)
        keeping = ensureDeferred(slow.keep_seeded(bob.id, "old"))
        await passwords.asked
        await self.accounts.change_password(bob.id, "new")
        seed = await self.accounts.seed("b@b.org")
        passwords.go_on.callback(None)
        await self.refused("bad_credentials", keeping)
        self.assertEqual(await self.accounts.seed("b@b.org"), seed)

    async def test_wrong_and_unknown_are_not_told_apart(self) -> None:
        await self.accounts.register("alice", "secret")
        for login, password in (
            ("alice", "Secret"),
            ("nobody", "secret"),
            ("a@b", "x"),
            ("", ""),
            ("a\0b\ud800", "x"),
        ):
            await self.refused("bad_credentials", self.accounts.authenticate(login, password))

    async def test_names_and_mails_are_unique_without_case(self) -> None:
        await self.accounts.register("alice", "x", "a@b")
        await self.refused("name_taken", self.accounts.register("ALICE", "x"))
        await self.refused("email_taken", self.accounts.register("bob", "x", "A@B"))
        await self.refused("name_taken", self.accounts.guest("Alice"))
        self.assertTrue((await self.accounts.guest("bob")).guest)

    async def test_nobody_gets_a_name_that_looks_like_somebodys(self) -> None:
        for name in ("bob", "modem", "Iris"):
            await self.accounts.register(name, "x")
        for alike in ("b0b", "modern", "lris", "1ris"):
            await self.refused("name_taken", self.accounts.register(alike, "x"))
            await self.refused("name_taken", self.accounts.guest(alike))
        bob = await self.accounts.by_name("bob")
        assert bob is not None
        self.assertEqual((await self.accounts.change(bob.id, {"motto": "hello"})).motto, "hello")

    async def test_two_who_ask_for_a_name_at_once_get_it_once(self) -> None:
        asked = [ensureDeferred(self.accounts.register("alice", "x")) for _ in range(5)]
        done = await gatherResults([one.addErrback(refusal) for one in asked])
        self.assertEqual(done.count("name_taken"), 4)

    async def test_bad_names_mails_passwords_and_teams_are_refused(self) -> None:
        for name in ("", "a b", "Admin", "guest", "x" * 65, "a=b", 'a"b', "a\nb", "a:b", "a<b"):
            await self.refused("bad_name", self.accounts.register(name, "x"))
        await self.refused("bad_email", self.accounts.register("alice", "x", "nonsense"))
        await self.refused("bad_password", self.accounts.register("alice", ""))
        await self.refused("bad_password", self.accounts.register("alice", "x" * 257))
        await self.refused("bad_team", self.accounts.create("alice", "x", team="a b"))

    async def test_registration_can_be_closed_but_operators_still_make_accounts(self) -> None:
        self.accounts.registration = False
        await self.refused("registration_closed", self.accounts.register("alice", "x"))
        self.assertEqual((await self.accounts.create("alice", "x")).name, "alice")

    async def test_failures_make_answers_later_and_never_impossible(self) -> None:
        made = await self.accounts.register("alice", "secret")
        guesses = [ensureDeferred(self.accounts.authenticate("alice", "wrong", "10.0.0.1")) for _ in range(9)]
        attempt = ensureDeferred(self.accounts.authenticate("alice", "secret", "10.0.0.1"))
        self.clock.pump([1.0] * 20)
        self.assertFalse(attempt.called)
        self.clock.pump([1.0] * 20)
        self.assertEqual(await attempt, made)
        for guess in guesses:
            await self.refused("bad_credentials", guess)

    async def test_nobody_is_held_up_by_what_others_do_to_their_name(self) -> None:
        made = await self.accounts.register("alice", "secret")
        guesses = [ensureDeferred(self.accounts.authenticate("alice", "wrong", "10.0.0.1")) for _ in range(200)]
        self.assertEqual(await self.accounts.authenticate("alice", "secret", "10.0.0.2"), made)
        self.clock.pump([1.0] * 200)
        codes = [await one.addErrback(refusal) for one in guesses]
        self.assertEqual(codes.count("bad_credentials") + codes.count("too_fast"), 200)
        # Three are free; within 160 seconds of waiting ten seconds each there are few more.
        self.assertLess(codes.count("bad_credentials"), 25)

    async def test_of_ipv6_a_network_has_one_place_in_line_one_turn_of_hashing_and_the_accounts_of_one_address(
        self,
    ) -> None:
        turns: list[str] = []

        class Noting(PlainPasswords):
            def hash(self, password: str, address: str = "") -> Deferred[str]:
                turns.append(address)
                return super().hash(password, address)

            def matches(self, kept: str | None, password: str, address: str = "") -> Deferred[bool]:
                turns.append(address)
                return super().matches(kept, password, address)

        delays = LoginDelay(self.clock)
        meters = Meters(0.001, 2), Meters(0.001, 1)
        accounts = Accounts(self.store, Noting(), self.clock, delays, "SE", True, 24, *meters, shortest=1)
        addresses = [f"2001:db8::{number:x}" for number in range(1, 300)]
        await accounts.register("alice", "secret", address=addresses[0])
        await accounts.testplayers.make(addresses[1])
        await accounts.register("bob", "secret", address=addresses[2])
        await self.refused("too_many_requests", accounts.register("carl", "secret", address=addresses[3]))
        await self.refused("too_many_requests", accounts.testplayers.make(addresses[4]))
        guesses = [ensureDeferred(accounts.authenticate("alice", "wrong", address)) for address in addresses]
        self.assertLessEqual(len(accounts._lines), 1)
        self.clock.pump([1.0] * 200)
        codes = [await one.addErrback(refusal) for one in guesses]
        self.assertLess(codes.count("bad_credentials"), 25)
        self.assertEqual(set(turns), {"2001:db8::/64"})

    async def test_clients_that_do_not_wait_are_told_at_once(self) -> None:
        made = await self.accounts.register("alice", "secret")
        for _ in range(8):
            guess = ensureDeferred(self.accounts.authenticate("alice", "wrong", timeout=1.0))
            self.clock.pump([1.0])
            await self.refused("bad_credentials", guess)
        guesses = [ensureDeferred(self.accounts.authenticate("alice", "wrong", timeout=1.0)) for _ in range(9)]
        self.clock.pump([1.0])
        codes = [await guess.addErrback(refusal) for guess in guesses]
        self.assertIn(codes.count("bad_credentials"), (1, 2))
        self.assertEqual(codes.count("bad_credentials") + codes.count("too_fast"), 9)
        attempt = ensureDeferred(self.accounts.authenticate("alice", "secret", timeout=1.0))
        self.clock.pump([1.0])
        self.assertEqual(await attempt, made)

    async def test_nobody_is_checked_who_has_gone(self) -> None:
        await self.accounts.register("alice", "secret")
        asked = self.accounts.authenticate("alice", "secret", wanted=lambda: False)
        await self.refused("closed", asked)

    async def test_passwords_roles_teams_and_avatars_change(self) -> None:
        alice = await self.accounts.register("alice", "old", "a@b")
        await self.accounts.change_password(alice.id, "new")
        await self.refused("bad_credentials", self.accounts.authenticate("alice", "old"))
        changed = await self.accounts.change(alice.id, {"role": "admin", "team": "Red", "motto": "hi", "avatar": "x"})
        self.assertEqual(await self.accounts.authenticate("alice", "new"), changed)
        self.assertEqual((changed.role, changed.team, changed.motto, changed.avatar), ("admin", "Red", "hi", "x"))
        self.assertEqual(await self.accounts.team_members("Red"), ["alice"])
        self.assertEqual(await self.accounts.teams(), ["Red"])
        await self.refused("no_account", self.accounts.change(999, {"role": "admin"}))
        await self.refused("no_account", self.accounts.change_password(999, "x"))

    async def test_a_password_has_a_length_and_is_not_the_name(self) -> None:
        ruled = Accounts(self.store, PlainPasswords(), self.clock, LoginDelay(self.clock))
        sha1 = hashlib.sha1(b"Annette").hexdigest()
        for password in ("", "x", "short", "x" * 257, "ANNETTE", sha1, sha1.upper()):
            await self.refused("bad_password", ruled.register("Annette", password))
        anne = await ruled.register("Annette", "secret")
        for password in ("short", "annette"):
            await self.refused("bad_password", ruled.change_password(anne.id, password))
        # The chat's document has a rule of its own.
        self.assertEqual((await ruled.register("carl", "carl", own_rule=True)).name, "carl")
        await self.refused("bad_password", ruled.register("dora", "", own_rule=True))
        (_, password) = await Accounts(
            self.store, PlainPasswords(), self.clock, LoginDelay(self.clock), shortest=64
        ).testplayers.make()
        self.assertEqual(len(password), 6)

    async def test_an_epoch_ends_all_tokens_of_an_account_and_of_nobody_else(self) -> None:
        alice, bob = await self.accounts.register("alice", "x"), await self.accounts.register("bob", "x")
        self.assertEqual((alice.epoch, await self.accounts.epochs([])), (0, {}))
        for end in (self.accounts.revoke(alice.id), self.accounts.change_password(alice.id, "y")):
            alice = await self.accounts.authenticate("alice", "x")
            tokens = [await self.accounts.tokens.issue(alice, kind, 100) for kind in ("auth", "access")]
            kept = await self.accounts.tokens.issue(bob, "auth", 100)
            self.assertEqual(await end, alice.epoch + 1)
            for kind, token in zip(("auth", "access"), tokens, strict=True):
                await self.refused("bad_token", self.accounts.tokens.owner(kind, token, prolong=100))
            self.assertEqual(await self.accounts.tokens.owner("auth", kept), bob)
            # Who was recognised before gets no token after.
            await self.refused("bad_token", self.accounts.tokens.issue(alice, "auth", 100))
        self.assertEqual(await self.accounts.epochs([alice.id, bob.id, 999]), {alice.id: 2, bob.id: 0})
        self.assertEqual(await self.accounts.epochs(range(2000)), {alice.id: 2, bob.id: 0})
        self.assertEqual((await self.accounts.change(alice.id, {"motto": "hi"})).epoch, 2)
        await self.refused("no_account", self.accounts.revoke(999))

    async def test_a_name_with_an_at_sign_logs_in(self) -> None:
        made = await self.accounts.register("alice@home", "secret")
        self.assertEqual(await self.accounts.authenticate("alice@home", "secret"), made)

    async def test_what_registering_refuses_no_change_brings_in(self) -> None:
        alice = await self.accounts.register("alice", "old", "a@b")
        await self.accounts.register("bob", "x", "b@b")
        for password in ("", "x" * 257):
            await self.refused("bad_password", self.accounts.change_password(alice.id, password))
        await self.refused("bad_email", self.accounts.change(alice.id, {"email": "nonsense"}))
        await self.refused("email_taken", self.accounts.change(alice.id, {"email": "B@b"}))
        await self.refused("bad_team", self.accounts.change(alice.id, {"team": "a b"}))
        self.assertEqual(await self.accounts.authenticate("a@b", "old"), alice)
        self.assertIsNone((await self.accounts.change(alice.id, {"email": None})).email)

    async def test_a_role_given_while_a_new_password_is_hashed_stays(self) -> None:
        alice = await self.accounts.register("alice", "old", "a@b")
        passwords = SlowPasswords()
        slow = Accounts(self.store, passwords, self.clock, LoginDelay(self.clock), shortest=1)
        changing = ensureDeferred(slow.change_password(alice.id, "new"))
        await passwords.asked
        changed = await self.accounts.change(alice.id, {"role": "admin", "email": "c@d"})
        passwords.go_on.callback(None)
        await changing
        self.assertEqual(await self.accounts.authenticate("c@d", "new"), attrs.evolve(changed, epoch=1))

    async def test_a_hash_made_anew_at_a_login_does_not_bring_back_a_password_that_was_changed(self) -> None:
        alice = await self.accounts.register("alice", "old")
        passwords = SlowPasswords()
        slow = Accounts(self.store, passwords, self.clock, LoginDelay(self.clock), shortest=1)
        logging_in = ensureDeferred(slow.authenticate("alice", "old"))
        await passwords.asked
        await self.accounts.change_password(alice.id, "new")
        passwords.go_on.callback(None)
        await logging_in
        await self.refused("bad_credentials", self.accounts.authenticate("alice", "old"))
        self.assertEqual(await self.accounts.authenticate("alice", "new"), attrs.evolve(alice, epoch=1))

    async def test_tokens_belong_to_one_account_and_end(self) -> None:
        alice = await self.accounts.register("alice", "x")
        first = await self.accounts.tokens.issue(alice, "auth", 100)
        self.assertEqual(await self.accounts.tokens.owner("auth", first), alice)
        await self.refused("bad_token", self.accounts.tokens.owner("access", first))
        second = await self.accounts.tokens.issue(alice, "auth", 100)
        await self.refused("bad_token", self.accounts.tokens.owner("auth", first))
        self.clock.advance(99)
        await self.accounts.tokens.owner("auth", second, prolong=100)
        self.clock.advance(99)
        self.assertEqual(await self.accounts.tokens.owner("auth", second), alice)
        self.clock.advance(2)
        await self.refused("token_expired", self.accounts.tokens.owner("auth", second))
        await self.accounts.sweep()
        await self.refused("bad_token", self.accounts.tokens.owner("auth", second))

    async def test_a_browser_that_is_logged_in_needs_no_password(self) -> None:
        alice = await self.accounts.register("alice", "x", "a@b")
        await self.accounts.register("bob", "x")
        token, lifetime = await self.accounts.tokens.issue_login(alice)
        for login in ("alice", "ALICE", "A@b"):
            self.assertEqual(await self.accounts.authenticate(login, token), alice)
        await self.refused("bad_credentials", self.accounts.authenticate("bob", token))
        await self.refused("bad_credentials", self.accounts.authenticate("alice", token[:-1] + "~"))
        await self.refused("bad_credentials", self.accounts.authenticate("alice", "0" * 64))
        # A token of another kind stands for no password.
        other = await self.accounts.tokens.issue(alice, "auth", 100)
        await self.refused("bad_credentials", self.accounts.authenticate("alice", other))
        # It lasts as long as it is used, and no longer.
        for _ in range(3):
            self.clock.advance(lifetime * 0.9)
            self.assertEqual(await self.accounts.authenticate("alice", token), alice)
        self.clock.advance(lifetime + 1)
        await self.refused("bad_credentials", self.accounts.authenticate("alice", token))
        token, _ = await self.accounts.tokens.issue_login(alice)
        with mock.patch.object(self.accounts, "admit", side_effect=GameError(Code.BANNED, "")):
            await self.refused("banned", self.accounts.authenticate("alice", token))
        await self.accounts.revoke(alice.id)
        await self.refused("bad_credentials", self.accounts.authenticate("alice", token))

    async def test_of_many_browsers_the_one_used_longest_ago_is_logged_out(self) -> None:
        alice = await self.accounts.register("alice", "x")
        kept = await self.accounts.tokens.issue(alice, "auth", 10)
        tokens = []
        for _ in range(LOGINS):
            self.clock.advance(LOGIN_LIFETIME / 100)
            tokens.append((await self.accounts.tokens.issue_login(alice))[0])
        await self.accounts.authenticate("alice", tokens[0])
        await self.accounts.tokens.issue_login(alice)
        await self.refused("bad_token", self.accounts.tokens.owner(LOGIN, tokens[1]))
        for token in (tokens[0], tokens[2], tokens[-1]):
            self.assertEqual(await self.accounts.tokens.owner(LOGIN, token), alice)
        await self.accounts.tokens.end(LOGIN, tokens[2])
        await self.accounts.tokens.end(LOGIN, kept)
        await self.refused("bad_token", self.accounts.tokens.owner(LOGIN, tokens[2]))
        await self.refused("token_expired", self.accounts.tokens.owner("auth", kept))

    async def test_a_login_ends_sooner_for_operators_and_with_a_test_player(self) -> None:
        chief = await self.accounts.create("chief", "secret", role="admin")
        self.assertEqual((await self.accounts.tokens.issue_login(chief))[1], STAFF_LIFETIME)
        guest, _ = await self.accounts.testplayers.make()
        token, _ = await self.accounts.tokens.issue_login(guest)
        self.clock.advance(24 * 3600 - 1)
        self.assertEqual(await self.accounts.authenticate(guest.name, token), guest)
        self.clock.advance(2)
        await self.refused("bad_credentials", self.accounts.authenticate(guest.name, token))

    async def test_an_address_makes_only_so_many_accounts_and_test_players(self) -> None:
        accounts = Accounts(
            self.store,
            PlainPasswords(),
            self.clock,
            LoginDelay(self.clock),
            registrations=Meters(1.0, 2),
            testplayers=Meters(1.0, 1),
            shortest=1,
        )
        await accounts.register("anne", "x", address="192.0.2.1")
        # What is refused anyhow costs nothing.
        for name, code in (("anne", "name_taken"), ("a b", "bad_name")):
            await self.refused(code, accounts.register(name, "x", address="192.0.2.1"))
        await accounts.register("bob", "x", address="192.0.2.1")
        await self.refused("too_many_requests", accounts.register("carl", "x", address="192.0.2.1"))
        await accounts.register("dora", "x", address="192.0.2.2")
        await accounts.create("emil", "x")
        await accounts.testplayers.make("192.0.2.1")
        await self.refused("too_many_requests", accounts.testplayers.make("192.0.2.1"))
        self.clock.advance(1)
        await accounts.register("carl", "x", address="192.0.2.1")
        await accounts.testplayers.make("192.0.2.1")

    async def test_temporary_players_live_a_day_and_are_numbered(self) -> None:
        (first, password), (second, _) = (
            await self.accounts.testplayers.make(),
            await self.accounts.testplayers.make(),
        )
        self.assertEqual((first.name, second.name), ("tempUser0", "tempUser1"))
        self.assertRegex(password, "^[a-z0-9]{6}$")
        self.clock.advance(24 * 3600 - 1)
        self.assertEqual(await self.accounts.sweep(), 0)
        self.assertEqual(await self.accounts.authenticate("tempuser0", password), first)
        self.clock.advance(2)
        await self.refused("bad_credentials", self.accounts.authenticate("tempuser0", password))
        self.assertEqual(await self.accounts.sweep(), 2)
        self.assertEqual(await self.accounts.team_members("SE"), [])
        self.assertEqual((await self.accounts.testplayers.make())[0].name, "tempUser0")

    async def test_numbers_of_temporary_players_go_on_when_the_oldest_are_gone(self) -> None:
        # An account that is older than the names' policy.
        await self.store.insert(Account(0, "tempUser5", None, "player", "SE"), "", 0)
        for _ in range(3):
            await self.accounts.testplayers.make()
        self.clock.advance(12 * 3600)
        names = [(await self.accounts.testplayers.make())[0].name for _ in range(2)]
        self.assertEqual(names, ["tempUser3", "tempUser4"])
        self.clock.advance(12 * 3600 + 1)
        self.assertEqual(await self.accounts.sweep(), 3)
        tried: list[str] = []
        insert = self.store.insert

        def watched(account: Account, password: str, now_ms: int) -> Awaitable[Account]:
            tried.append(account.name)
            return insert(account, password, now_ms)

        self.patch(self.store, "insert", watched)
        names = [(await self.accounts.testplayers.make())[0].name for _ in range(2)]
        # Nobody becomes somebody who was there before, and no name is tried again and again.
        self.assertEqual(names, ["tempUser6", "tempUser7"])
        self.assertEqual(tried, ["tempUser5", "tempUser6", "tempUser7"])

    async def test_accounts_are_found_by_number_name_and_mail(self) -> None:
        alice = await self.accounts.register("alice", "x", "a@b")
        self.assertEqual(await self.accounts.by_id(alice.id), alice)
        self.assertEqual(await self.accounts.by_name("ALICE"), alice)
        self.assertEqual(await self.accounts.by_email("A@b"), alice)
        self.assertEqual(await self.accounts.everybody(), [alice])
        self.assertIsNone(await self.accounts.by_id(99))
        self.assertIsNone(await self.accounts.by_name("bob"))
        self.assertIsNone(await self.accounts.by_email(""))


class SlowPasswords(PlainPasswords):
    """Takes what it keeps for outdated; ``asked`` fires when it is to hash, which it does when ``go_on`` fires."""

    def __init__(self) -> None:
        self.asked: Deferred[None] = Deferred()
        self.go_on: Deferred[None] = Deferred()

    def hash(self, password: str, address: str = "") -> Deferred[str]:
        if not self.asked.called:
            self.asked.callback(None)
        ready: Deferred[str] = Deferred()
        self.go_on.addCallback(lambda _: ready.callback("plain:" + canonical(password)))
        return ready

    def outdated(self, kept: str) -> bool:
        return True


class SeededTests(SynchronousTestCase):
    def test_it_is_what_the_real_client_sends(self) -> None:
        """As measured with release 0.17.10."""
        self.assertEqual(
            seeded("start1", "0123456789abcdef0123456789abcdef"),
            "DDBD3900C46540BDFB32C9A3DE6BEEEAD0ACBAA856D24CA36C83CF676CFA5658",
        )

    def test_nothing_else_is_of_that_form(self) -> None:
        for text in ("", "0" * 63, "0" * 65, "a" * 64, "0" * 64 + "\n", "\u0660" * 64):
            self.assertFalse(is_seeded(text))


class MemoryTests(AccountsContract, TestCase):
    def make_store(self) -> AccountStore:
        return MemoryAccounts()


class SqliteTests(AccountsContract, TestCase):
    def make_store(self) -> AccountStore:
        return DatabaseAccounts(open_sqlite(self))


class PostgresqlTests(AccountsContract, TestCase):
    def make_store(self) -> AccountStore:
        return DatabaseAccounts(open_postgresql(self))


class PasswordContract(TestMixin):
    """What hashes and checks passwords, for real or for tests."""

    passwords: Passwords | PlainPasswords

    async def test_a_kept_text_serves_the_password_and_its_sha1_and_nothing_else(self) -> None:
        kept = await self.passwords.hash("BLABLA")
        self.assertTrue(await self.passwords.matches(kept, "BLABLA"))
        self.assertTrue(await self.passwords.matches(kept, "b8ae8d86daa90b41f2c7b0f4a4809e86309960f8"))
        self.assertFalse(await self.passwords.matches(kept, "blabla"))
        self.assertFalse(await self.passwords.matches(None, "nobody"))
        self.assertFalse(await self.passwords.matches("nonsense", "nobody"))
        self.assertFalse(self.passwords.outdated(kept))


class PlainPasswordTests(PasswordContract, TestCase):
    def setUp(self) -> None:
        self.passwords = PlainPasswords()


class PasswordTests(PasswordContract, TestCase):
    """The real hashing."""

    passwords: Passwords

    def setUp(self) -> None:
        self.passwords = Passwords(reactor, threads=1, queue=2)
        self.passwords.start()
        self.addCleanup(self.passwords.stop)

    async def test_it_is_argon2id_with_19_mib_and_two_passes(self) -> None:
        self.assertTrue((await self.passwords.hash("x")).startswith("$argon2id$v=19$m=19456,t=2,p=1$"))

    async def test_it_stands_behind_the_reactor(self) -> None:
        if sys.platform != "linux":
            return
        found = await self.passwords._run("", lambda: os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))
        self.assertEqual(found, min(19, os.getpriority(os.PRIO_PROCESS, 0) + NICENESS))

    async def test_a_storm_is_told_to_come_back(self) -> None:
        running = [self.passwords.hash("a"), self.passwords.hash("b")]
        self.assertEqual(self.passwords.waiting, 2)
        with self.assertRaises(GameError) as caught:
            self.passwords.hash("c")
        self.assertEqual(caught.exception.code, "busy")
        await gatherResults(running)
        self.assertTrue(await self.passwords.hash("c"))
