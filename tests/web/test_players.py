"""What operators look up over HTTP, on a real store: whom they find, what of them each role sees and may do."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote as quoted

import attrs
from twisted.trial.unittest import TestCase

from gameserver.accounts import Accounts
from gameserver.games.api import Options
from gameserver.matches.command_log import Header
from gameserver.moderation import COMMAND_LINE
from gameserver.sessions.login_delay import LoginDelay
from gameserver.sessions.players import Player
from gameserver.storage.accounts import DatabaseAccounts
from gameserver.storage.matches import DatabaseMatches
from gameserver.storage.personal_data import DatabasePersonalData
from gameserver.testing.accounts import PlainPasswords
from gameserver.testing.context import memory_context, memory_stores
from gameserver.testing.sinks import RecordingSink
from gameserver.web.operators import operator_pages
from gameserver.web.own_account import own_account_pages
from gameserver.web.people import people_pages
from gameserver.web.players import Players
from tests.databases import open_sqlite
from tests.reactor import reactor
from tests.web.asking import Asking


class PlayerTests(Asking, TestCase):
    def setUp(self) -> None:
        database = open_sqlite(self)
        accounts = Accounts(
            DatabaseAccounts(database), PlainPasswords(), reactor, LoginDelay(reactor, 100), shortest=1
        )
        self.matches = DatabaseMatches(database, "alone")
        stores = attrs.evolve(memory_stores(), personal=DatabasePersonalData(database), matches=self.matches)
        self.open: list[dict[str, Any]] = []
        self.context = memory_context(reactor, accounts=accounts, stores=stores, open_matches=lambda: self.open)
        pages = {
            **people_pages(self.context),
            **own_account_pages(self.context),
            **operator_pages(self.context, list),
        }
        self.serve({**pages, **Players(self.context).resources()})

    async def log_in(self, name: str, role: str = "player") -> str:
        await self.context.accounts.create(name, "secret", f"{name}@x.org", role)
        return str((await self.ask("POST", "/api/login", {"name": name, "password": "secret"}))[1]["token"])

    async def come(self, name: str, address: str) -> None:
        account = await self.context.accounts.by_name(name)
        session = self.context.sessions.open("chat", address, RecordingSink(), {})
        self.context.sessions.login(session, account.player if account else Player(name))

    async def found(self, path: str, token: str) -> Any:
        status, answer = await self.ask("GET", f"/api/operator/{path}", token=token)
        self.assertEqual(status, 200, answer)
        return answer

    async def test_nobody_else_looks_anybody_up(self) -> None:
        token = await self.log_in("anne")
        for path in ("search?q=a", "player?name=anne", "match?id=1", "export?name=anne"):
            self.assertEqual((await self.ask("GET", f"/api/operator/{path}", token=token))[0], 403)
            self.assertEqual((await self.ask("GET", f"/api/operator/{path}"))[0], 401)

    async def test_people_are_found_by_name_address_and_sanction(self) -> None:
        token = await self.log_in("op", "moderator")
        await self.log_in("annabel")
        await self.come("hannah", "10.7.7.7")
        await self.come("bob", "10.7.7.8")
        await self.context.moderation.ban("joanna", COMMAND_LINE)
        found = await self.found("search?q=ANN", token)
        self.assertEqual(
            found["players"],
            [
                {"name": "annabel", "role": "player", "doors": []},
                {"name": "hannah", "role": None, "doors": ["chat"]},
                {"name": "joanna", "role": None, "doors": []},
            ],
        )
        found = await self.found("search?q=10.7.7.", token)
        self.assertEqual([one["name"] for one in found["players"]], ["bob", "hannah"])
        found = await self.found("search?q=nobody", token)
        self.assertEqual(found, {"players": [], "matches": []})
        for wrong in ("", "x" * 81):
            self.assertEqual((await self.ask("GET", f"/api/operator/search?q={wrong}", token=token))[0], 400)

    async def test_a_role_sees_and_is_offered_what_it_may(self) -> None:
        moderator, admin = await self.log_in("op", "moderator"), await self.log_in("chief", "admin")
        await self.log_in("anne")
        await self.come("anne", "10.0.0.1")
        self.open.append({"id": 7, "game": "catan", "name": "table", "running": True, "players": ["anne", "bob"]})
        seen = await self.found("player?name=ANNE", moderator)
        self.assertEqual((seen["name"], seen["role"], seen["doors"]), ("anne", "player", ["chat"]))
        self.assertEqual([one["address"] for one in seen["sessions"]], ["10.0.0.1"])
        self.assertEqual([one["id"] for one in seen["playing"]], [7])
        self.assertEqual(seen["acts"], ["mute", "ban", "kick", "revoke"])
        self.assertNotIn("email", seen["account"])
        self.assertFalse({"tokens", "wallet", "bets", "seeds", "friends", "techmino_saves"} & set(seen))
        await self.context.moderation.mute("anne", COMMAND_LINE, "loud")
        seen = await self.found("player?name=anne", admin)
        self.assertEqual(seen["acts"], ["mute", "ban", "kick", "lift_mute", "revoke", "reset", "export", "delete"])
        self.assertEqual((seen["account"]["email"], len(seen["tokens"])), ("anne@x.org", 1))
        self.assertEqual([one["reason"] for one in seen["sanctions"]], ["loud"])
        # Nobody is offered what would be refused.
        self.assertEqual((await self.found("player?name=chief", moderator))["acts"], [])
        self.assertEqual(
            (await self.found("player?name=chief", admin))["acts"], ["revoke", "reset", "export", "delete"]
        )

    async def test_who_has_no_account_is_somebody_while_there_is_something_about_them(self) -> None:
        token = await self.log_in("op", "moderator")
        status, answer = await self.ask("GET", "/api/operator/player?name=bob", token=token)
        self.assertEqual((status, answer["text"]), (404, "Nobody is called bob here."))
        await self.come("Bob", "10.0.0.1")
        seen = await self.found("player?name=bob", token)
        self.assertEqual((seen["name"], seen["role"], seen["acts"]), ("Bob", None, ["mute", "ban", "kick"]))
        self.assertNotIn("account", seen)
        await self.context.moderation.ban("carl", COMMAND_LINE)
        self.assertEqual((await self.found("player?name=carl", token))["acts"], ["mute", "ban", "lift_ban"])

    async def test_everything_is_handed_to_an_administrator_who_is_noted(self) -> None:
        moderator, admin = await self.log_in("op", "moderator"), await self.log_in("chief", "admin")
        await self.log_in("anne")
        self.assertEqual((await self.ask("GET", "/api/operator/export?name=anne", token=moderator))[0], 403)
        found = await self.found("export?name=anne", admin)
        self.assertEqual((found["account"]["name"], found["sessions"]), ("anne", []))
        (entry,) = await self.context.moderation.log()
        self.assertEqual((entry.actor, entry.action, entry.subject), ("chief", "export", "name:anne"))
        self.assertEqual((await self.ask("GET", "/api/operator/export?name=bob", token=admin))[0], 404)

    async def test_an_account_is_deleted_by_an_administrator(self) -> None:
        moderator, admin = await self.log_in("op", "moderator"), await self.log_in("chief", "admin")
        token = await self.log_in("anne")
        wanted = {"action": "delete", "subject": "anne"}
        self.assertEqual((await self.ask("POST", "/api/operator/act", wanted, moderator))[0], 403)
        self.assertEqual((await self.ask("GET", "/api/login", token=token))[0], 200)
        self.assertEqual(await self.ask("POST", "/api/operator/act", wanted, admin), (200, {"done": "delete"}))
        self.assertEqual((await self.ask("GET", "/api/login", token=token))[0], 401)
        status, answer = await self.ask("POST", "/api/operator/act", wanted, admin)
        self.assertEqual((status, answer["code"]), (404, "no_account"))

    async def test_an_administrator_hands_out_a_link_for_a_new_password(self) -> None:
        moderator, admin = await self.log_in("op", "moderator"), await self.log_in("chief", "admin")
        token = await self.log_in("anne")
        wanted = {"action": "reset", "subject": "anne"}
        self.assertEqual((await self.ask("POST", "/api/operator/act", wanted, moderator))[0], 403)
        status, made = await self.ask("POST", "/api/operator/act", wanted, admin)
        self.assertEqual((status, made["expires_in"]), (200, 86_400))
        self.assertEqual((await self.ask("GET", "/api/login", token=token))[0], 200)
        given = {"token": made["token"], "password": "violet-otter-7"}
        self.assertEqual(await self.ask("POST", "/api/reset", given), (200, {"name": "anne", "ended": 0}))
        self.assertEqual((await self.ask("GET", "/api/login", token=token))[0], 401)
        self.assertEqual((await self.ask("POST", "/api/reset", given))[1]["code"], "bad_token")
        entries = await self.context.moderation.log()
        told = [(entry.actor, entry.action, entry.subject) for entry in entries]
        self.assertEqual(told, [("anne", "password", "name:anne"), ("chief", "reset", "name:anne")])

    async def test_a_match_is_shown_open_and_over(self) -> None:
        token = await self.log_in("op", "moderator")
        header = Header(0, "catan", Options("Table", 2), 1, "anne", 5)
        number = await self.matches.create(header, 50)
        self.open.append({"id": number, "game": "catan", "name": "Table", "running": True, "players": ["anne"]})
        (found,) = (await self.found("search?q=tab", token))["matches"]
        self.assertEqual((found["id"], found["name"], found["finished_ms"]), (number, "Table", None))
        seen = await self.found(f"match?id={number}", token)
        told = (seen["owner"], seen["here"], seen["running"], seen["seated"], seen["lines"], seen["creator"])
        self.assertEqual(told, ("alone", True, True, ["anne"], 0, "anne"))
        self.open.clear()
        await self.matches.finish(attrs.evolve(header, id=number), 9, "anne", ["anne", "bob"])
        seen = await self.found(f"match?id={number}", token)
        self.assertEqual((seen["running"], seen["players"], seen["finished_ms"]), (False, ["anne", "bob"], 9))
        for wrong in ("999", "x", "٣", "1" * 30):
            status, answer = await self.ask("GET", f"/api/operator/match?id={quoted(wrong)}", token=token)
            self.assertEqual((status, answer["code"]), (404, "no_game"))
