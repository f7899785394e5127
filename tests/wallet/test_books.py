"""The books: one contract over memory, SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from twisted.internet.defer import Deferred, gatherResults
from twisted.internet.task import Clock
from twisted.trial.unittest import TestCase

from gameserver.errors import Code, GameError
from gameserver.games.fair.money import UNITS
from gameserver.storage.database import Database
from gameserver.storage.wallet import DatabaseLedger
from gameserver.storage.wallet_audit import audit
from gameserver.storage.wallet_players import DatabasePlayers
from gameserver.testing.wallet import CURRENCIES, MemoryLedger, MemoryPlayers
from gameserver.wallet.books import Books
from gameserver.wallet.ledger import Ledger
from gameserver.wallet.rows import RequestRow, RoundRow
from gameserver.wallet.store import LedgerStore, PlayerStore
from tests.databases import open_postgresql, open_sqlite
from tests.typed import TestMixin, refusal

THOUSAND = 1000 * UNITS


def bet(player: int, amount: int, win: int = 0, game: str = "dice") -> Callable[[Books], tuple[int, int, int]]:
    """Return the operation of a bet that is over at once; it returns the round's number, nonce and the balance."""

    def operation(books: Books) -> tuple[int, int, int]:
        number = books.new_id()
        books.take(player, "USD", amount, "BET", str(number))
        seed = books.use_seed(player, game)
        if win:
            books.pay(player, "USD", win, "WIN", str(number))
        now = books.now_ms
        books.keep_round(
            RoundRow(number, player, game, "USD", amount, win, "client00", seed.id, seed.nonce, b"{}", now, now, now)
        )
        return number, seed.nonce, books.balance(player, "USD")

    return operation


def balance(player: int, currency: str = "USD") -> Callable[[Books], int]:
    return lambda books: books.balance(player, currency)


class BooksContract(TestMixin):
    store: LedgerStore
    players: PlayerStore

    def setUp(self) -> None:
        self.clock = Clock()
        self.clock.advance(1_800_000_000)
        self.open()
        self.ledger = Ledger(self.store, self.clock)

    def open(self) -> None:
        """Make ``store`` and ``players``."""
        raise NotImplementedError

    def balanced(self) -> None:
        """Check that the books balance."""
        raise NotImplementedError

    def now_ms(self) -> int:
        return int(self.clock.seconds() * 1000)

    async def refused(self, code: str, work: Deferred[Any]) -> GameError:
        with self.assertRaises(GameError) as caught:
            await work
        error: GameError = caught.exception
        self.assertEqual(error.code, code)
        return error

    async def test_a_new_player_finds_play_money_once(self) -> None:
        self.assertEqual(await self.ledger.submit(balance(1)), THOUSAND)
        self.assertEqual(await self.ledger.submit(balance(1)), THOUSAND)
        self.assertEqual(await self.ledger.submit(balance(1, "BTC")), THOUSAND)
        self.balanced()

    async def test_a_bet_moves_stake_and_win_and_counts_the_nonce(self) -> None:
        for nonce, left in ((0, 1005), (1, 1010)):
            _, used, now = await self.ledger.submit(bet(1, 10 * UNITS, 15 * UNITS))
            self.assertEqual((used, now), (nonce, left * UNITS))
        seed = await self.ledger.submit(lambda books: books.seed(1, "dice"))
        self.assertEqual((seed.nonce, seed.bets), (2, 2))
        self.balanced()

    async def test_nobody_bets_more_than_he_has_and_a_refused_bet_leaves_no_trace(self) -> None:
        error = await self.refused(Code.INSUFFICIENT_BALANCE, self.ledger.submit(bet(1, THOUSAND + 1_000_000)))
        self.assertEqual(error.details, {"required": "1000.01", "available": "1000.00"})
        seed = await self.ledger.submit(lambda books: books.seed(1, "dice"))
        self.assertEqual(seed.nonce, 0)
        self.assertEqual(await self.ledger.submit(balance(1)), THOUSAND)

        def fails_late(books: Books) -> None:
            bet(1, UNITS)(books)
            raise GameError(Code.BUSY, "Too late.")

        await self.refused(Code.BUSY, self.ledger.submit(fails_late))
        self.assertEqual(await self.ledger.submit(balance(1)), THOUSAND)
        self.assertEqual((await self.store.history(1, None, 10, 0)).total, 0)
        self.balanced()

    async def test_parallel_bets_never_overdraw_and_every_one_is_in_the_books(self) -> None:
        asked = [self.ledger.submit(bet(1 + number % 2, 30 * UNITS)) for number in range(200)]
        done = await gatherResults([one.addErrback(refusal) for one in asked])
        self.assertEqual(done.count(Code.INSUFFICIENT_BALANCE), 200 - 2 * 33)
        for player in (1, 2):
            self.assertEqual(await self.ledger.submit(balance(player)), 10 * UNITS)
            page = await self.store.history(player, "dice", 100, 0)
            self.assertEqual(sorted(round_.nonce for round_, _ in page.rounds), list(range(33)))
        self.balanced()

    async def test_play_money_given_is_seen_from_the_last_look_on(self) -> None:
        await self.ledger.submit(lambda books: books.credit(1, "USD", UNITS))
        first, given = await self.store.credits(None)
        self.assertEqual(given, [])
        self.assertEqual(await self.store.credits(first), (first, []))
        await self.ledger.submit(bet(1, UNITS, 2 * UNITS))
        await self.ledger.submit(lambda books: books.credit(7, "BTC", 5))
        await self.ledger.submit(lambda books: books.credit(1, "USD", UNITS))
        second, given = await self.store.credits(first)
        self.assertEqual(
            [(row.player, row.currency, row.amount) for row in given], [(7, "BTC", 5), (1, "USD", UNITS)]
        )
        self.assertTrue(first < given[0].entry < given[1].entry <= second)
        self.assertEqual(await self.store.credits(second), (second, []))

    async def test_play_money_is_taken_as_far_as_there_is_some(self) -> None:
        first, _ = await self.store.credits(None)
        await self.ledger.submit(lambda books: books.debit(1, "USD", 400 * UNITS))
        await self.refused(
            Code.INSUFFICIENT_BALANCE, self.ledger.submit(lambda books: books.debit(1, "USD", 601 * UNITS))
        )
        self.assertEqual(await self.ledger.submit(balance(1)), 600 * UNITS)
        _, taken = await self.store.credits(first)
        self.assertEqual([(row.player, row.amount, row.reason) for row in taken], [(1, -400 * UNITS, "DEBIT")])
        self.balanced()

    async def test_a_mistake_in_one_operation_costs_the_others_nothing(self) -> None:
        def broken(books: Books) -> None:
            books.take(1, "USD", UNITS, "BET", "")
            raise ValueError("broken")

        asked = [self.ledger.submit(one) for one in (bet(1, UNITS), broken, bet(2, UNITS))]
        done = await gatherResults([one.addErrback(lambda failure: type(failure.value)) for one in asked])
        self.assertIs(done[1], ValueError)
        self.assertEqual([one[2] for one in done if isinstance(one, tuple)], [999 * UNITS] * 2)
        self.balanced()

    async def test_an_operation_knows_its_own_changes_only(self) -> None:
        def change(player: int) -> Callable[[Books], list[tuple[int, int, int, str]]]:
            def operation(books: Books) -> list[tuple[int, int, int, str]]:
                books.take(player, "USD", player * UNITS, "BET", "")
                books.pay(player, "USD", UNITS, "WIN", "")
                return [(found.player, found.amount, found.balance, found.reason) for found in books.changes]

            return operation

        # One batch: what changes one player's balance must not be told to another.
        done = await self.store.settle([change(1), change(2)], 1_800_000_000_000)
        left = THOUSAND - UNITS
        self.assertEqual(
            done,
            [
                [(1, -UNITS, left, "BET"), (1, UNITS, THOUSAND, "WIN")],
                [(2, -2 * UNITS, left - UNITS, "BET"), (2, UNITS, left, "WIN")],
            ],
        )

    async def test_rotation_reveals_the_seed_and_begins_at_nonce_0(self) -> None:
        await self.ledger.submit(bet(1, UNITS))
        old, new = await self.ledger.submit(lambda books: books.rotate(1, "dice"))
        self.assertEqual((old.nonce, old.replaced_by, new.nonce, new.revealed_ms), (1, new.id, 0, None))
        self.assertEqual(await self.ledger.submit(lambda books: books.seed(1, "dice")), new)
        other = await self.ledger.submit(lambda books: books.seed(1, "keno"))
        self.assertNotIn(other.hash, (old.hash, new.hash))
        self.assertEqual(await self.store.revealed_seeds(1, "dice", 10, 0), ([old], 1))
        (round_, seed) = (await self.store.history(1, None, 10, 0)).rounds[0]
        self.assertEqual((round_.seed, seed), (old.id, old))
        self.assertEqual(await self.ledger.submit(lambda books: books.seed_of(round_)), old)
        self.balanced()

    async def test_history_has_pages_newest_first_and_only_what_is_over(self) -> None:
        made = [(await self.ledger.submit(bet(1, UNITS)))[0] for _ in range(5)]
        await self.ledger.submit(bet(1, UNITS, game="keno"))
        await self.ledger.submit(self.begin(1))
        page = await self.store.history(1, "dice", 2, 1)
        self.assertEqual(([round_.id for round_, _ in page.rounds], page.total), ([made[3], made[2]], 5))
        self.assertEqual((await self.store.history(1, None, 10, 0)).total, 6)
        self.assertEqual((await self.store.history(2, None, 10, 0)).total, 0)

    def begin(self, player: int) -> Callable[[Books], int]:
        def operation(books: Books) -> int:
            number = books.new_id()
            books.take(player, "USD", UNITS, "BET", str(number))
            seed = books.use_seed(player, "mines")
            now = books.now_ms
            books.keep_round(
                RoundRow(number, player, "mines", "USD", UNITS, 0, "client00", seed.id, seed.nonce, b"{}", now, now)
            )
            return number

        return operation

    async def test_an_open_round_is_found_until_it_is_over(self) -> None:
        number = await self.ledger.submit(self.begin(1))
        found = await self.ledger.submit(lambda books: books.open_round(1, "mines"))
        self.assertEqual(found.id, number)
        self.assertEqual(await self.store.idle_rounds(self.now_ms(), 10), [])
        self.clock.advance(1)
        self.assertEqual(await self.store.idle_rounds(self.now_ms(), 10), [found])

        def end(books: Books) -> None:
            import msgspec

            round_ = books.round(number)
            assert round_ is not None
            books.keep_round(msgspec.structs.replace(round_, ended_ms=books.now_ms))

        await gatherResults([self.ledger.submit(end), self.ledger.submit(self.begin(1))])
        again = await self.ledger.submit(lambda books: books.open_round(1, "mines"))
        self.assertNotEqual(again.id, number)
        self.balanced()

    async def test_requests_are_remembered_and_forgotten(self) -> None:
        request = RequestRow(1, "msg_1", b"digest", b"reply", self.now_ms())
        await self.ledger.submit(lambda books: books.keep_request(request))
        self.assertEqual(await self.ledger.submit(lambda books: books.request(1, "msg_1")), request)
        self.assertIsNone(await self.ledger.submit(lambda books: books.request(2, "msg_1")))
        self.assertEqual(await self.store.forget_requests(request.at_ms), 0)
        self.assertEqual(await self.store.forget_requests(request.at_ms + 1), 1)
        self.assertIsNone(await self.ledger.submit(lambda books: books.request(1, "msg_1")))

    async def test_credit_is_play_money_out_of_the_mint_and_has_an_end(self) -> None:
        await self.ledger.submit(lambda books: books.credit(1, "USD", 5 * UNITS))
        self.assertEqual(await self.ledger.submit(balance(1)), 1005 * UNITS)
        await self.refused(Code.BALANCE_TOO_LARGE, self.ledger.submit(lambda books: books.credit(1, "USD", 1 << 61)))
        self.balanced()

    async def test_players_are_one_for_each_operator_and_name(self) -> None:
        alice = await self.players.ensure_player("", "1", "alice")
        self.assertEqual(await self.players.ensure_player("", "1", "other"), alice)
        self.assertNotEqual((await self.players.ensure_player("ga1", "1", "alice")).id, alice.id)
        self.assertEqual(await self.players.player_by_id(alice.id), alice)
        self.assertIsNone(await self.players.player_by_id(99))

    async def test_a_new_operator_session_ends_the_older_one_of_the_same_game(self) -> None:
        self.assertEqual(await self.players.open_session("s1", 1, "dice", 1000), [])
        self.assertEqual(await self.players.open_session("s2", 1, "mines", 1000), [])
        self.assertEqual(await self.players.open_session("s3", 1, "dice", 1000), ["s1"])
        states = [await self.players.session_open(session, 999) for session in ("s1", "s2", "s3", "s4")]
        self.assertEqual(states, [False, True, True, False])
        self.assertFalse(await self.players.session_open("s3", 1000))

    async def test_a_signature_comes_once_within_its_window(self) -> None:
        times = (0, 10, 111, 112)
        self.assertEqual(
            [await self.players.note_signature("abc", at, 100) for at in times], [False, True, False, True]
        )


class MemoryTests(BooksContract, TestCase):
    store: MemoryLedger

    def open(self) -> None:
        self.store = MemoryLedger()
        self.players = MemoryPlayers()

    def balanced(self) -> None:
        self.assertEqual(sum(entry.amount for entry in self.store.entries), 0)


class OnDatabase(BooksContract):
    store: DatabaseLedger

    def opened(self, database: Database) -> None:
        self.database = database
        self.store = DatabaseLedger(database, CURRENCIES)
        self.players = DatabasePlayers(database)

    def balanced(self) -> None:
        self.assertEqual(audit(self.database.engine).problems, ())

    async def test_an_operation_the_database_refuses_costs_the_others_nothing(self) -> None:
        def bad(books: Books) -> None:
            # Half a surrogate pair cannot be stored: the database itself refuses the batch.
            books.keep_request(RequestRow(1, "\ud800", b"", b"", 0))

        asked = [self.ledger.submit(one) for one in (bet(1, UNITS), bad, bet(2, UNITS))]
        done = await gatherResults([one.addErrback(lambda failure: failure.type) for one in asked])
        self.assertEqual([one[2] for one in done if isinstance(one, tuple)], [999 * UNITS] * 2)
        error = done[1]
        self.assertTrue(isinstance(error, type) and issubclass(error, Exception))
        self.flushLoggedErrors()
        self.balanced()

    async def test_a_number_that_another_process_has_used_is_not_used_again(self) -> None:
        first, _, _ = await self.ledger.submit(bet(1, UNITS))
        numbers = [first]
        ids = self.store._ids
        fresh = ids.next
        self.patch(ids, "next", lambda now_ms: numbers.pop() if numbers else fresh(now_ms))
        second, _, _ = await self.ledger.submit(bet(2, UNITS))
        self.assertNotEqual(second, first)
        self.assertEqual(len(self.flushLoggedErrors()), 1)
        self.assertEqual((await self.store.history(1, None, 10, 0)).total, 1)
        self.balanced()

    async def test_two_processes_take_turns(self) -> None:
        other = Ledger(DatabaseLedger(self.database, CURRENCIES), self.clock)
        asked = [ledger.submit(bet(1, 30 * UNITS)) for _ in range(40) for ledger in (self.ledger, other)]
        done = await gatherResults([one.addErrback(refusal) for one in asked])
        self.assertEqual(done.count(Code.INSUFFICIENT_BALANCE), 80 - 33)
        self.balanced()

    async def test_the_audit_finds_what_is_wrong(self) -> None:
        await self.ledger.submit(bet(1, UNITS, 2 * UNITS))
        self.balanced()
        for statement, problem in (
            ("UPDATE wallet_accounts SET balance = balance + 1 WHERE owner = 'player:1'", "its entries add up to"),
            ("UPDATE wallet_rounds SET win = win + 2", "its entries say"),
            ("UPDATE wallet_entries SET amount = amount + 1 WHERE reason = 'WIN'", "has 2 entries that add up to"),
            ("UPDATE wallet_rounds SET currency = 'BTC'", "in another currency"),
            ("UPDATE wallet_seeds SET nonce = nonce + 1", "1 bets at nonce 2, 1 rounds"),
            ("DELETE FROM wallet_rounds", "0 rounds were drawn with it"),
        ):
            self.assertNotIn(problem, " ".join(audit(self.database.engine).problems))
            with self.database.engine.begin() as connection:
                connection.exec_driver_sql(statement)
            self.assertIn(problem, " ".join(audit(self.database.engine).problems))


class SqliteTests(OnDatabase, TestCase):
    def open(self) -> None:
        self.opened(open_sqlite(self))


class PostgresqlTests(OnDatabase, TestCase):
    def open(self) -> None:
        self.opened(open_postgresql(self))
