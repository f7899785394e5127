"""What people do with their own account over HTTP, on a real store."""

from __future__ import annotations

from typing import Any

import attrs
from twisted.trial.unittest import TestCase

from gameserver.accounts import Accounts
from gameserver.sessions.login_delay import LoginDelay
from gameserver.storage.accounts import DatabaseAccounts
from gameserver.storage.personal_data import DatabasePersonalData
from gameserver.testing.accounts import PlainPasswords
from gameserver.testing.context import memory_context, memory_stores
from gameserver.testing.sinks import RecordingSink
from gameserver.web.own_account import own_account_pages
from gameserver.web.people import people_pages
from tests.databases import open_sqlite
from tests.reactor import reactor
from tests.typed import the
from tests.web.asking import Asking


class OwnAccountTests(Asking, TestCase):
    def setUp(self) -> None:
        database = open_sqlite(self)
        accounts = Accounts(
            DatabaseAccounts(database), PlainPasswords(), reactor, LoginDelay(reactor, 100), shortest=1
        )
        stores = attrs.evolve(memory_stores(), personal=DatabasePersonalData(database))
        self.context = memory_context(reactor, accounts=accounts, stores=stores)
        self.serve({**people_pages(self.context), **own_account_pages(self.context)})

    async def sign_up(self, name: str) -> str:
        await self.context.accounts.create(name, "secret")
        return await self.log_in(name, "secret")

    async def log_in(self, name: str, password: str) -> str:
        status, answer = await self.ask("POST", "/api/login", {"name": name, "password": password})
        self.assertEqual(status, 200, answer)
        return str(answer["token"])

    async def session(self, name: str) -> RecordingSink:
        account = the(await self.context.accounts.by_name(name))
        sink = RecordingSink()
        session = self.context.sessions.open("chat", "10.0.0.5", sink, {})
        self.context.sessions.login(session, account.player, epoch=account.epoch)
        return sink

    async def refused(self, path: str, value: Any, token: str) -> str:
        status, answer = await self.ask("POST", path, value, token)
        self.assertNotEqual(status, 200)
        return str(answer["code"])

    async def test_everything_that_is_kept_can_be_had(self) -> None:
        token = await self.sign_up("anne")
        await self.session("anne")
        status, found = await self.ask("GET", "/api/account/data", token=token)
        self.assertEqual((status, found["account"]["name"], len(found["tokens"])), (200, "anne", 1))
        (session,) = found["sessions"]
        self.assertEqual((session["door"], session["address"]), ("chat", "10.0.0.5"))
        self.assertEqual((await self.ask("GET", "/api/account/data"))[0], 401)

    async def test_an_account_is_deleted_with_its_password_and_not_with_a_token(self) -> None:
        token, other = await self.sign_up("anne"), await self.sign_up("bob")
        sink, stays = await self.session("anne"), await self.session("bob")
        for password in ("wrong", token):
            self.assertEqual(
                await self.refused("/api/account/delete", {"password": password}, token), "bad_credentials"
            )
        self.assertEqual(
            await self.ask("POST", "/api/account/delete", {"password": "secret"}, token), (200, {"deleted": "anne"})
        )
        self.assertEqual((the(sink.closed)[0], stays.closed), ("revoked", None))
        self.assertEqual((await self.ask("GET", "/api/account/data", token=token))[0], 401)
        self.assertEqual((await self.ask("GET", "/api/account/data", token=other))[0], 200)
        self.assertEqual(
            await self.refused("/api/login", {"name": "anne", "password": "secret"}, ""), "bad_credentials"
        )
        self.assertEqual(
            await self.refused("/api/accounts", {"name": "Anne", "password": "secret"}, ""), "name_taken"
        )
        (entry,) = await self.context.moderation.log()
        self.assertEqual((entry.actor, entry.action, entry.subject), ("anne", "delete", "name:anne"))

    async def test_a_guest_signs_up_and_an_account_makes_another_one(self) -> None:
        guest, password = await self.context.accounts.testplayers.make()
        token = await self.log_in(guest.name, password)
        sink = await self.session(guest.name)
        status, _ = await self.ask("POST", "/api/accounts", {"name": "wilma", "password": "violet-otter-7"}, token)
        wilma = the(await self.context.accounts.by_name("wilma"))
        self.assertEqual((status, wilma.id, the(sink.closed)[0]), (200, guest.id, "revoked"))
        token = await self.log_in("wilma", "violet-otter-7")
        status, _ = await self.ask("POST", "/api/accounts", {"name": "fred", "password": "violet-otter-7"}, token)
        self.assertEqual((status, the(await self.context.accounts.by_name("wilma")).id), (200, guest.id))
        self.assertNotEqual(the(await self.context.accounts.by_name("fred")).id, guest.id)

    async def test_a_new_password_needs_the_old_one_and_ends_what_was_open(self) -> None:
        token = await self.sign_up("anne")
        sink = await self.session("anne")
        for password in ("wrong", token):
            wanted = {"password": password, "new_password": "violet-otter-7"}
            self.assertEqual(await self.refused("/api/account/password", wanted, token), "bad_credentials")
        wanted = {"password": "secret", "new_password": "violet-otter-7"}
        self.assertEqual(
            await self.refused("/api/account/password", wanted | {"new_password": ""}, token), "bad_password"
        )
        self.assertIsNone(sink.closed)
        self.assertEqual(await self.ask("POST", "/api/account/password", wanted, token), (200, {"ended": 1}))
        self.assertEqual(the(sink.closed)[0], "revoked")
        self.assertEqual((await self.ask("GET", "/api/login", token=token))[0], 401)
        await self.log_in("anne", "violet-otter-7")
        (entry,) = await self.context.moderation.log()
        self.assertEqual((entry.actor, entry.action), ("anne", "password"))
