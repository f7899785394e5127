"""What is kept of a person, on SQLite and PostgreSQL: all of it is handed out, and nothing of it outlives them."""

from __future__ import annotations

from typing import Any

import attrs
import msgspec
import sqlalchemy as sa
from twisted.trial.unittest import TestCase

from gameserver.accounts.account import Account
from gameserver.app.games import installed_kinds
from gameserver.errors import Code, GameError
from gameserver.games.api import Command, Options, Participant
from gameserver.matches.command_log import Commanded, Header, Joined, write
from gameserver.matches.public import public_events
from gameserver.matches.standings import count_all
from gameserver.matches.store import Achievement, LogLine, StoredMap
from gameserver.matches.techmino_rounds import PlayerRecord, RoundRecord
from gameserver.moderation.store import AuditEntry, Sanction
from gameserver.storage import personal_data
from gameserver.storage.accounts import DatabaseAccounts
from gameserver.storage.database import Database
from gameserver.storage.kassel import DatabaseAchievements, DatabaseMaps
from gameserver.storage.matches import DatabaseMatches
from gameserver.storage.moderation import DatabaseModeration
from gameserver.storage.personal_data import DatabasePersonalData
from gameserver.storage.schema import metadata
from gameserver.storage.standings import DatabaseStandings
from gameserver.storage.techmino import DatabaseRounds
from gameserver.storage.techmino_saves import DatabaseSaves
from gameserver.storage.wallet_players import DatabasePlayers
from gameserver.wallet.rows import owner_of
from tests.databases import open_postgresql, open_sqlite
from tests.typed import TestMixin, the

#: A name that stands nowhere by chance, and has what means something in a pattern.
NAME = "Zq_anne%"

#: Tables that say nothing of people, and those that are an operator's: signatures and sessions of other operators.
IMPERSONAL = {"nodes", "wallet_requests", "wallet_sessions", "wallet_signatures"}

#: Tables that may have the name of somebody who has gone: who may not have it yet, and what operators have done.
OPERATORS = {"former_names", "audit"}


class Suite(TestMixin):
    database: Database

    def make(self) -> None:
        self.accounts = DatabaseAccounts(self.database)
        self.matches = DatabaseMatches(self.database, "here")
        self.standings = DatabaseStandings(self.database)
        self.store = DatabasePersonalData(self.database)
        self.patch(personal_data, "SLICE", 2)

    async def account(self, name: str) -> int:
        made = await self.accounts.insert(Account(0, name, f"{name}@x.org", "player", "Red"), "secret-hash", 1)
        return made.id

    async def match(self, at_ms: int, *players: str, over: bool = True, name: str = "") -> Header:
        """Keep a match that has begun; who plays has everybody in their team."""
        header = Header(0, "carcassonne", Options(name or f"g{at_ms}", len(players)), 1, players[0], 1)
        number = await self.matches.create(header, 50)
        header = Header(number, "carcassonne", header.options, 1, players[0], 1)
        entries: list[Any] = [
            Joined(seat, Participant(one, "Red", tuple(dict.fromkeys((one, *players)))))
            for seat, one in enumerate(players)
        ]
        entries += [Commanded(0, Command("START_GAME", {})), Commanded(0, Command("DRAW_CARD", {}))]
        await self.matches.append([LogLine(number, place, 5, write(one)) for place, one in enumerate(entries, 1)])
        if over:
            await self.matches.finish(header, at_ms, players[0], players)
        return header

    async def events(self, header: Header) -> list[str]:
        lines = await self.matches.lines(header.id)
        told = public_events(header, installed_kinds()["carcassonne"], lines)
        return [event.decode() for events in told for event in events]

    async def fill(self) -> tuple[int, int]:
        """Put somebody into every table that knows people."""
        anne, bob = await self.account(NAME), await self.account("bob")
        await self.accounts.put_token(anne, 0, "web", "d" * 64, 10**15)
        await self.match(10, NAME, "bob")
        await self.match(11, "bob", NAME)
        await self.match(12, "bob", "carl")
        await DatabaseRounds(self.database).keep_round(
            RoundRecord(
                0,
                "r",
                "room",
                "classic",
                1,
                1,
                9,
                (PlayerRecord(anne, NAME, 1, 5, 9), PlayerRecord(bob, "bob", 2, 0, 9)),
            )
        )
        await DatabaseSaves(self.database).keep_sections(anne, {3: "abc"})
        await count_all(self.standings)
        achievements = DatabaseAchievements(self.database)
        await achievements.put(Achievement("rich", "at least 3 points", NAME, "Red"), 1)
        await achievements.reach("rich", NAME.casefold(), 1, 7)
        await DatabaseMaps(self.database).put(StoredMap("creepsmash", "hills", "Red", 1, "x", b"jpg"), NAME, 1)
        await self.standings.befriend(anne, bob, True)
        await self.standings.befriend(bob, anne, True)
        await self.standings.hide(anne, False)
        moderation = DatabaseModeration(self.database)
        await moderation.put(Sanction("mute", f"name:{NAME.casefold()}", "loud", "op", 1))
        await moderation.put(Sanction("mute", f"guest:{NAME.casefold()}@10.0.0.1", "loud", "op", 1))
        await moderation.put(Sanction("mute", "name:zqxannex", "another", "op", 1))
        await moderation.note(AuditEntry(1, "op", "mute", f"name:{NAME.casefold()}", "loud"))
        await self.wallet(anne)
        return anne, bob

    async def wallet(self, account: int) -> None:
        player = (await DatabasePlayers(self.database).ensure_player("", str(account), NAME)).id

        def put(connection: sa.Connection) -> None:
            tables = metadata.tables
            wallet = {"id": 1, "owner": owner_of(player), "currency": "USD", "balance": 150_000_000}
            connection.execute(tables["wallet_accounts"].insert().values(wallet))
            entry = {"id": 1, "transfer": 1, "account": 1, "amount": 150_000_000, "balance": 150_000_000}
            connection.execute(
                tables["wallet_entries"].insert().values(**entry, reason="CREDIT", reference="", at_ms=1)
            )
            for number, revealed in ((1, None), (2, 5)):
                seed = {"id": number, "player": player, "game": f"g{number}", "value": f"seed{number}", "hash": "h"}
                seed |= {"nonce": 1, "bets": 1, "created_ms": 1, "revealed_ms": revealed}
                connection.execute(tables["wallet_seeds"].insert().values(seed))
                bet = {"id": number, "player": player, "game": f"g{number}", "currency": "USD", "stake": 50_000_000}
                bet |= {"win": 0, "client_seed": "c", "seed": number, "nonce": 0, "state": b'{"mines":[4]}'}
                bet |= {"created_ms": 1, "updated_ms": 2, "ended_ms": revealed}
                connection.execute(tables["wallet_rounds"].insert().values(bet))

        await self.database.run("put", put)

    async def export(self, number: int, latest: int | None = None) -> Any:
        return msgspec.json.decode(msgspec.json.encode(the(await self.store.export(number, latest))))

    async def test_everything_is_handed_out_but_what_would_harm(self) -> None:
        anne, _ = await self.fill()
        found = await self.export(anne)
        self.assertEqual([name for name, rows in found.items() if not rows], [])
        self.assertEqual((found["account"]["name"], found["account"]["email"]), (NAME, f"{NAME}@x.org"))
        self.assertEqual(found["tokens"], [{"kind": "web", "expires_ms": 10**15}])
        self.assertEqual([one["subject"] for one in found["sanctions"]], ["name:zq_anne%", "guest:zq_anne%@10.0.0.1"])
        self.assertEqual([one["players"] for one in found["matches"]], [["bob", NAME], [NAME, "bob"]])
        self.assertEqual([one["place"] for one in found["results"]], [2, 1, 1])
        self.assertEqual(found["friends"], [{"name": "bob"}])
        self.assertEqual(found["techmino_saves"], [{"section": 3, "data": "abc"}])
        self.assertEqual(found["wallet"], [{"currency": "USD", "balance": "1.50000000"}])
        self.assertEqual([(one["id"], one["state"]) for one in found["bets"]], [(2, {"mines": [4]})])
        self.assertEqual([(one["id"], "state" in one) for one in found["open_bets"]], [(1, False)])
        self.assertEqual([(one["id"], one["value"]) for one in found["seeds"]], [(2, "seed2"), (1, None)])
        self.assertNotIn("secret-hash", str(found))
        self.assertNotIn("d" * 64, str(found))
        few = await self.export(anne, 1)
        self.assertEqual([one["id"] for one in few["matches"]], [found["matches"][0]["id"]])
        self.assertNotIn("wallet_entries", few)
        self.assertIsNone(await self.store.export(999))

    async def test_no_table_keeps_the_name_of_somebody_who_has_gone(self) -> None:
        anne, bob = await self.fill()
        before = await self.with_name()
        # Whoever makes another table has to say what becomes of the people in it.
        filled = await self.with_rows()
        self.assertEqual(set(metadata.tables) - filled - IMPERSONAL, {"former_names"})
        removed = the(await self.accounts.remove(anne, 1000, 5000))
        self.assertEqual((removed.name, await self.accounts.remove(anne, 1000, 5000)), (NAME, None))
        self.assertFalse(await self.store.forget_former())
        self.assertTrue(before > OPERATORS - {"former_names"})
        self.assertEqual(await self.with_name(), OPERATORS)
        self.assertIsNone(await self.store.export(anne))
        self.assertEqual(await self.accounts.token("web", "d" * 64), None)
        # The others have what they had.
        results = await self.standings.results("bob", 10, 0)
        told = [one.against for one in results if one.source == "match"]
        self.assertEqual(told, [("bob", "carl"), ("bob", "former-player-1"), ("former-player-1", "bob")])
        self.assertEqual(len(results), 4)
        (mute,) = await DatabaseModeration(self.database).all()
        self.assertEqual(mute.subject, "name:zqxannex")
        (record,) = await DatabaseRounds(self.database).rounds_of(bob, 0, 9)
        self.assertEqual(sorted(one.username for one in record.players), ["bob", "former-player-1"])

    async def with_name(self) -> set[str]:
        def look(connection: sa.Connection) -> set[str]:
            return {
                table.name
                for table in metadata.sorted_tables
                if NAME.casefold() in str(connection.execute(sa.select(table)).all()).casefold()
            }

        return await self.database.run("look", look)

    async def with_rows(self) -> set[str]:
        def look(connection: sa.Connection) -> set[str]:
            return {table.name for table in metadata.sorted_tables if connection.execute(sa.select(table)).first()}

        return await self.database.run("look", look)

    async def test_a_match_is_the_same_but_for_the_name(self) -> None:
        anne = await self.account(NAME)
        gone = await self.match(9, "former-player-1", NAME, "bob")
        before = await self.events(gone)
        self.assertIn(NAME, "".join(before))
        await self.accounts.remove(anne, 1000, 5000)
        self.assertFalse(await self.store.forget_former())
        after = await self.events(gone)
        self.assertEqual(after, [event.replace(NAME, "former-player-2") for event in before])
        summary = the(await self.matches.summary(gone.id))
        self.assertEqual(summary.players, ("former-player-1", "former-player-2", "bob"))

    async def test_what_a_guest_has_done_goes_over_to_the_account(self) -> None:
        anne, bob = await self.fill()
        # Somebody was called so before, without an account.
        await self.match(13, "Wilma", "bob")
        await self.match(14, NAME, "Wilma")
        await DatabaseModeration(self.database).put(Sanction("mute", "name:wilma", "loud", "op", 1))
        await count_all(self.standings)

        def leave(connection: sa.Connection) -> None:
            people = metadata.tables["accounts"]
            connection.execute(people.update().where(people.c.id == anne).values(expires_ms=10**15))

        await self.database.run("leave", leave)
        before = await self.standings.results(NAME, 10, 0)
        wanted = Account(0, "Wilma", None, "player", "Red")
        self.assertEqual(the(await self.accounts.keep(anne, wanted, "x", 5, 6)).id, anne)
        self.assertIsNone(await self.accounts.keep(bob, attrs.evolve(wanted, name="carl"), "x", 5, 6))
        found = await self.export(anne)
        account = found["account"]
        self.assertEqual((account["name"], account["expires_ms"], found["tokens"]), ("Wilma", None, []))
        after = await self.standings.results("wilma", 10, 0)
        places = [{(one.source, one.number, one.place) for one in some} for some in (before, after)]
        self.assertTrue(places[0] <= places[1])
        self.assertIn(("bob", "Wilma"), [one.against for one in after])
        self.assertEqual([one["played"] for one in found["standings"] if one["game"] == "carcassonne"], [3])
        for name in ("achievements", "achievements_made", "maps", "bets"):
            self.assertEqual(len(found[name]), 1, name)
        self.assertEqual(found["techmino_rounds"][0]["username"], "Wilma")
        self.assertEqual(len(found["techmino_saves"]), 1)
        self.assertEqual([one["subject"] for one in found["sanctions"]], ["name:wilma"])
        self.assertEqual(await self.standings.results(NAME, 10, 0), [])

    async def test_a_match_that_is_not_over_has_the_name_until_then(self) -> None:
        anne = await self.account(NAME)
        await self.match(9, NAME, "bob")
        header = await self.match(0, NAME, "bob", over=False, name="open")
        await self.accounts.remove(anne, 1000, 5000)
        self.assertTrue(await self.store.forget_former())
        self.assertIn("match_log", await self.with_name())
        # Not even its time makes the name free before it is nobody's any more.
        await self.accounts.delete_expired(6000)
        with self.assertRaises(GameError) as caught:
            await self.account(NAME)
        self.assertEqual(caught.exception.code, Code.NAME_TAKEN)
        await self.matches.finish(header, 10**9, NAME, [NAME, "bob"])
        self.assertFalse(await self.store.forget_former())
        self.assertEqual(await self.with_name(), {"former_names"})
        await self.accounts.delete_expired(6000)
        await self.account(NAME)
        # What was played meanwhile is nobody's who comes later.
        await count_all(self.standings)
        self.assertEqual(await self.standings.results(NAME, 10, 0), [])
        self.assertEqual(await self.standings.results("former-player-1", 10, 0), [])
        self.assertEqual(len(await self.standings.results("bob", 10, 0)), 2)


class SqliteTests(Suite, TestCase):
    def setUp(self) -> None:
        self.database = open_sqlite(self)
        self.make()


class PostgresqlTests(Suite, TestCase):
    def setUp(self) -> None:
        self.database = open_postgresql(self)
        self.make()
