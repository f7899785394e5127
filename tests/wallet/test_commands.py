"""``gameserver token`` and ``gameserver wallet``, as processes of their own."""

from __future__ import annotations

import sqlite3
import subprocess

import jwt
from twisted.trial.unittest import SynchronousTestCase

from gameserver.config import ConfigError
from gameserver.errors import StartError
from gameserver.games.fair.money import UNITS
from gameserver.protocols.invoker.books import currencies
from gameserver.protocols.invoker.pages.operator_sessions import OperatorKey
from gameserver.protocols.invoker.part import operator_keys
from gameserver.wallet.offer import Currency
from tests.configuration import load
from tests.directories import temporary_directory
from tests.integration.commands import gameserver


class CommandTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.data = str(temporary_directory())

    def run_command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return gameserver("--data-dir", self.data, *arguments)

    def refused(self, text: str, *arguments: str) -> None:
        done = self.run_command(*arguments)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn(text, done.stderr)

    def test_tokens_credit_and_audit(self) -> None:
        self.run_command("user", "add", "alexandra", "--password", "secret")
        done = self.run_command("token", "alexandra", "--game", "inhousegame:keno")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        token = done.stdout.removesuffix("\n")
        self.assertEqual(done.stdout.count("\n"), 1)
        claims = jwt.decode(token, options={"verify_signature": False})
        self.assertEqual((claims["game_id"], claims["currency"]), ("inhousegame:keno", "USD"))
        credited = self.run_command("wallet", "credit", "ALEXANDRA", "12.50")
        self.assertEqual((credited.returncode, credited.stdout), (0, "alexandra has 1012.50 USD\n"))
        credited = self.run_command("wallet", "credit", "alexandra", "0.00000001", "--currency", "BTC")
        self.assertEqual(credited.stdout, "alexandra has 0.10000001 BTC\n")
        debited = self.run_command("wallet", "debit", "alexandra", "1000", "--reason", "a mistake")
        self.assertEqual(debited.stdout, "alexandra has 12.50 USD\n")
        self.refused("There is not that much", "wallet", "debit", "alexandra", "12.51")
        with sqlite3.connect(f"{self.data}/gameserver.db") as connection:
            log = connection.execute("SELECT actor, action, subject, detail FROM audit ORDER BY id").fetchall()
        connection.close()
        self.assertEqual(log[0], ("operator", "credit", "name:alexandra", "12.50 USD"))
        self.assertEqual(log[2:], [("operator", "debit", "name:alexandra", "1000.00 USD a mistake")])
        audited = self.run_command("wallet", "audit")
        self.assertEqual(audited.returncode, 0)
        self.assertIn("the books balance", audited.stdout)
        with sqlite3.connect(f"{self.data}/gameserver.db") as connection:
            connection.execute("UPDATE wallet_accounts SET balance = balance + 1 WHERE owner LIKE 'player%'")
        connection.close()
        audited = self.run_command("wallet", "audit")
        self.assertEqual(audited.returncode, 1)
        self.assertIn("THE BOOKS DO NOT BALANCE", audited.stdout)

    def test_what_cannot_be_done_is_one_line_and_status_1(self) -> None:
        self.run_command("user", "add", "alexandra", "--password", "secret")
        self.refused(f"There is no account nobody in {self.data} ", "wallet", "credit", "nobody", "1.00")
        self.refused(f"There is no account nobody in {self.data} ", "token", "nobody")
        self.refused("at most 2 decimals", "wallet", "credit", "alexandra", "1.005")
        self.refused("The currency is one of", "token", "alexandra", "--currency", "EUR")


class LimitTests(SynchronousTestCase):
    def currencies(self, *settings: str) -> dict[str, Currency]:
        return currencies(load(settings=settings).invoker)

    def test_limits_are_numbers_or_texts_of_the_configuration(self) -> None:
        found = self.currencies(
            "invoker.usd.play_money=5000", "invoker.btc.min_bet=0.00000002", "invoker.usdt.play_money=0"
        )
        self.assertEqual((found["USD"].play_money, found["BTC"].min_bet), (5000 * UNITS, 2))
        self.assertEqual((found["USDT"].play_money, found["USD"].max_profit), (0, 100_000 * UNITS))

    def test_limits_that_are_no_amounts_are_refused_before_anything_starts(self) -> None:
        for settings in (
            ("invoker.usd.min_bet=0.001",),
            ("invoker.usd.min_bet=0",),
            ("invoker.usd.max_bet=0.05",),
            ("invoker.usd.max_profit=1e12",),
            ("invoker.usd.max_profit=inf",),
        ):
            with self.assertRaises((StartError, ConfigError), msg=settings):
                self.currencies(*settings)

    def test_operators_need_a_key_of_their_own_and_a_secret(self) -> None:
        def keys(*settings: str) -> dict[str, OperatorKey]:
            return operator_keys(load(settings=settings).invoker)

        good = ("invoker.operators.ga1.key=k1", "invoker.operators.ga1.secret=s1")
        self.assertEqual(keys(*good)["k1"].name, "ga1")
        for more in (
            ("invoker.operators.ga2.key=k2",),
            ("invoker.operators.ga2.key=k1", "invoker.operators.ga2.secret=s"),
        ):
            with self.assertRaises(StartError):
                keys(*good, *more)
