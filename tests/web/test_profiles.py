"""Profiles over HTTP, on a real store: what is shown to whom."""

from __future__ import annotations

from typing import Any

from twisted.trial.unittest import TestCase

from gameserver.accounts import Accounts
from gameserver.games.api import Options
from gameserver.matches.command_log import Header
from gameserver.matches.standings import count_all
from gameserver.sessions.login_delay import LoginDelay
from gameserver.storage.accounts import DatabaseAccounts
from gameserver.storage.matches import DatabaseMatches
from gameserver.storage.standings import DatabaseStandings
from gameserver.testing.accounts import PlainPasswords
from gameserver.testing.context import memory_context
from gameserver.testing.sinks import RecordingSink
from gameserver.web.people import people_pages
from gameserver.web.profiles import profile_pages
from tests.databases import open_sqlite
from tests.reactor import reactor
from tests.web.asking import Asking


class ProfileTests(Asking, TestCase):
    def setUp(self) -> None:
        database = open_sqlite(self)
        accounts = Accounts(
            DatabaseAccounts(database), PlainPasswords(), reactor, LoginDelay(reactor, 100), shortest=1
        )
        self.context = memory_context(reactor, accounts=accounts)
        self.store = DatabaseStandings(database)
        self.matches = DatabaseMatches(database, "here")
        self.serve({**people_pages(self.context), **profile_pages(self.context, self.store)})

    async def log_in(self, name: str, role: str = "player") -> str:
        await self.context.accounts.create(name, "secret", role=role)
        return str((await self.ask("POST", "/api/login", {"name": name, "password": "secret"}))[1]["token"])

    async def match(self, at_ms: int, *players: str) -> int:
        """Keep a match that the first of its players has won."""
        header = Header(0, "catan", Options(f"g{at_ms}", 2), 1, players[0], 1)
        number = await self.matches.create(header, 50)
        await self.matches.finish(Header(number, "catan", header.options, 1, "", 1), at_ms, players[0], players)
        return number

    async def profile(self, name: str, token: str = "", more: str = "") -> Any:
        status, found = await self.ask("GET", f"/api/profile?name={name}{more}", token=token)
        self.assertEqual(status, 200, found)
        return found

    async def test_a_profile_has_results_and_ratings(self) -> None:
        await self.log_in("anne")
        await self.log_in("bob")
        number = await self.match(7, "anne", "bob")
        await count_all(self.store)
        session = self.context.sessions.open("chat", "", RecordingSink(), {})
        self.context.sessions.login(session, (await self.context.accounts.by_name("anne")).player)  # type: ignore[union-attr]
        found = await self.profile("ANNE")
        self.assertEqual(
            (found["name"], found["doors"], found["own"], found["friend"]), ("anne", ["chat"], False, False)
        )
        (standing,) = found["standings"]
        self.assertEqual((standing["game"], standing["played"], standing["won"]), ("catan", 1, 1))
        self.assertEqual((standing["rating"], standing["deviation"]), (1662, 290))
        (result,) = found["results"]
        self.assertEqual((result["number"], result["place"], result["against"]), (number, 1, ["anne", "bob"]))
        self.assertEqual((result["kept"], found["more"], found["achievements"], found["bets"]), (True, False, [], []))
        _, leaders = await self.ask("GET", "/api/leaders?game=catan")
        self.assertEqual(leaders["games"], ["catan"])
        self.assertEqual(
            [(one["name"], one["rating"]) for one in leaders["leaders"]], [("anne", 1662), ("bob", 1338)]
        )
        self.assertEqual((await self.ask("GET", "/api/leaders?game=chess"))[1]["leaders"], [])

    async def test_results_have_pages(self) -> None:
        await self.log_in("anne")
        for at_ms in range(25):
            await self.match(at_ms, "anne", "bob")
        await count_all(self.store)
        first, second = await self.profile("anne"), await self.profile("anne", more="&offset=20")
        self.assertEqual((len(first["results"]), first["more"]), (20, True))
        self.assertEqual(([one["at_ms"] for one in second["results"]], second["more"]), ([4, 3, 2, 1, 0], False))

    async def test_who_hides_is_seen_by_themselves_and_by_operators(self) -> None:
        anne, bob = await self.log_in("anne"), await self.log_in("bob")
        chief = await self.log_in("chief", "moderator")
        await self.match(7, "anne", "bob")
        await count_all(self.store)
        self.assertEqual(await self.ask("POST", "/api/profile", {"hidden": True}, anne), (200, {"hidden": True}))
        for token in ("", bob):
            found = await self.profile("anne", token)
            self.assertTrue(found["hidden"])
            self.assertNotIn("results", found)
            self.assertNotIn("standings", found)
        for token in (anne, chief):
            self.assertEqual(len((await self.profile("anne", token))["results"]), 1)
        _, leaders = await self.ask("GET", "/api/leaders?game=catan")
        self.assertEqual([one["name"] for one in leaders["leaders"]], ["bob"])
        await self.ask("POST", "/api/profile", {"hidden": False}, anne)
        self.assertEqual(len((await self.profile("anne"))["results"]), 1)

    async def test_friends(self) -> None:
        anne = await self.log_in("anne")
        await self.log_in("Bob")
        added = await self.ask("POST", "/api/friends", {"name": "bob", "friend": True}, anne)
        self.assertEqual(added, (200, {"name": "Bob", "friend": True}))
        self.assertEqual(
            await self.ask("GET", "/api/friends", token=anne), (200, {"friends": [{"name": "Bob", "doors": None}]})
        )
        self.assertTrue((await self.profile("bob", anne))["friend"])
        await self.ask("POST", "/api/friends", {"name": "Bob", "friend": False}, anne)
        self.assertEqual((await self.ask("GET", "/api/friends", token=anne))[1], {"friends": []})

    async def test_what_is_refused(self) -> None:
        anne = await self.log_in("anne")
        for expected, method, path, value, token in (
            (404, "GET", "/api/profile?name=nobody", None, ""),
            (404, "GET", "/api/profile", None, ""),
            (400, "GET", "/api/profile?name=anne&offset=-1", None, ""),
            (400, "GET", "/api/profile?name=anne&offset=9999999", None, ""),
            (401, "GET", "/api/profile?name=anne", None, "nonsense"),
            (401, "POST", "/api/profile", {"hidden": True}, ""),
            (400, "POST", "/api/profile", {"hidden": "yes"}, anne),
            (401, "GET", "/api/friends", None, ""),
            (404, "POST", "/api/friends", {"name": "nobody", "friend": True}, anne),
            (400, "POST", "/api/friends", {"name": "anne", "friend": True}, anne),
        ):
            self.assertEqual((await self.ask(method, path, value, token))[0], expected, (method, path, value))
