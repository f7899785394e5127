"""Give somebody play money or take it, prove that the books balance. Works beside a running server."""

from __future__ import annotations

import argparse

from gameserver.edge.context import Context
from gameserver.edge.part import Installation, account_of
from gameserver.errors import Code, GameError
from gameserver.moderation import COMMAND_LINE
from gameserver.protocols.invoker.books import opened_books
from gameserver.protocols.invoker.config import Invoker
from gameserver.wallet.books import Books

NAME = "wallet"
ABOUT = "give and take play money, audit the books"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command line."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    for act, about in (("credit", "give an account play money"), ("debit", "take play money from an account")):
        one = actions.add_parser(act, help=about)
        one.add_argument("name")
        one.add_argument("amount", help='a decimal number such as "100.00"')
        one.add_argument("--currency", default="USD", help="USD, USDT or BTC")
        one.add_argument("--reason", default="", help="what the audit log will say")
    actions.add_parser("audit", help="hold the books against themselves; status 0 only when they balance")


def run(parsed: argparse.Namespace, installation: Installation) -> int:
    """Do what was asked and print the result."""
    if parsed.action == "audit":
        return installation.with_context(_audit)
    section = installation.config.section(Invoker)
    return installation.with_context(lambda context: _change(context, section, parsed))


async def _change(context: Context, section: Invoker, parsed: argparse.Namespace) -> int:
    books, code = opened_books(context, section), parsed.currency
    account = await account_of(context, parsed.name)
    currency = books.currencies.get(code)
    if currency is None:
        raise GameError(Code.UNKNOWN_CURRENCY, f"The currency is one of {', '.join(books.currencies)}.")
    units = currency.units(parsed.amount)
    player = (await books.identities.of_account(account)).id

    def operation(opened: Books) -> int:
        (opened.credit if parsed.action == "credit" else opened.debit)(player, code, units)
        return opened.balance(player, code)

    balance = await books.ledger.submit(operation)
    detail = f"{currency.shown(units)} {code} {parsed.reason}".strip()
    await context.moderation.note(COMMAND_LINE.name, parsed.action, f"name:{account.player.key}", detail)
    print(f"{account.name} has {currency.shown(balance)} {code}")
    return 0


async def _audit(context: Context) -> int:
    found = context.stores.audit()
    for problem in found.problems:
        print(problem)
    counts = f"{found.accounts} accounts, {found.entries} entries, {found.rounds} rounds, {found.requests} requests"
    print(f"{counts}: {'the books balance' if found.balanced else 'THE BOOKS DO NOT BALANCE'}")
    return 0 if found.balanced else 1
