"""Give somebody play money, or prove that the books balance. Works beside a running server."""

from __future__ import annotations

import argparse

from gameserver.edge.context import Context
from gameserver.edge.part import Installation, account_of
from gameserver.errors import Code, GameError
from gameserver.protocols.invoker.books import opened_books
from gameserver.protocols.invoker.config import Invoker
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


def run(parsed: argparse.Namespace, installation: Installation) -> int:
    """Do what was asked and print the result."""
    if parsed.action == "audit":
        return installation.with_context(_audit)
    section = installation.config.section(Invoker)
    return installation.with_context(
        lambda context: _credit(context, section, parsed.name, parsed.amount, parsed.currency)
    )


async def _credit(context: Context, section: Invoker, name: str, amount: str, code: str) -> int:
    books = opened_books(context, section)
    account = await account_of(context, name)
    currency = books.currencies.get(code)
    if currency is None:
        raise GameError(Code.UNKNOWN_CURRENCY, f"The currency is one of {', '.join(books.currencies)}.")
    units = currency.units(amount)
    player = (await books.identities.of_account(account)).id

    def operation(opened: Books) -> int:
        opened.credit(player, code, units)
        return opened.balance(player, code)

    balance = await books.ledger.submit(operation)
    print(f"{account.name} has {currency.shown(balance)} {code}")
    return 0


async def _audit(context: Context) -> int:
    found = context.stores.audit()
    for problem in found.problems:
        print(problem)
    counts = f"{found.accounts} accounts, {found.entries} entries, {found.rounds} rounds, {found.requests} requests"
    print(f"{counts}: {'the books balance' if found.balanced else 'THE BOOKS DO NOT BALANCE'}")
    return 0 if found.balanced else 1
