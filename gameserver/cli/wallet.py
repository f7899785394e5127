"""Give somebody play money, or prove that the books balance. Works beside a running server."""

from __future__ import annotations

import argparse

from gameserver.app.services import Services
from gameserver.app.wallet import audited, wallet
from gameserver.cli.services import account_of, with_services
from gameserver.config import Config
from gameserver.errors import GameError
from gameserver.wallet.books import Books

NAME = "wallet"
ABOUT = "give play money, audit the books"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command line."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    credit = actions.add_parser("credit", help="give an account play money")
    credit.add_argument("name")
    credit.add_argument("amount", help='a decimal number such as "100.00"')
    credit.add_argument("--currency", default="USD", help="USD, USDT or BTC")
    actions.add_parser("audit", help="hold the books against themselves; status 0 only when they balance")


def run(parsed: argparse.Namespace, config: Config) -> int:
    """Do what was asked and print the result."""
    if parsed.action == "audit":
        return with_services(config, _audit)
    return with_services(config, lambda services: _credit(services, parsed.name, parsed.amount, parsed.currency))


async def _credit(services: Services, name: str, amount: str, code: str) -> int:
    books = wallet(services)
    account = await account_of(services, name)
    currency = books.currencies.get(code)
    if currency is None:
        raise GameError("INVALID_PARAMS", f"The currency is one of {', '.join(books.currencies)}.")
    units = currency.units(amount)
    player = (await books.identities.of_account(account)).id

    def operation(opened: Books) -> int:
        opened.credit(player, code, units)
        return opened.balance(player, code)

    balance = await books.ledger.submit(operation)
    print(f"{account.name} has {currency.shown(balance)} {code}")
    return 0


async def _audit(services: Services) -> int:
    found = audited(services)
    for problem in found.problems:
        print(problem)
    counts = f"{found.accounts} accounts, {found.entries} entries, {found.rounds} rounds, {found.requests} requests"
    print(f"{counts}: {'the books balance' if found.balanced else 'THE BOOKS DO NOT BALANCE'}")
    return 0 if found.balanced else 1
