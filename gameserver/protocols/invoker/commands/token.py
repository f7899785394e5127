"""Print a token that opens the games for an account, and nothing else."""

from __future__ import annotations

import argparse

from gameserver.edge.context import Context
from gameserver.edge.part import Installation, account_of
from gameserver.protocols.invoker.books import opened_books
from gameserver.protocols.invoker.config import Invoker
from gameserver.wallet.offer import DICE, NAMES

NAME = "token"
ABOUT = "print a token that opens the games for an account"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command line."""
    parser.add_argument("name", help="the account")
    parser.add_argument("--game", choices=tuple(NAMES), default=DICE, help="what is to be played")
    parser.add_argument("--currency", default="USD", help="USD, USDT or BTC")


def run(parsed: argparse.Namespace, installation: Installation) -> int:
    """Print the token and nothing else. Raises ``GameError`` for what is not there, or a ban."""
    section = installation.config.section(Invoker)

    async def work(context: Context) -> str:
        account = await account_of(context, parsed.name)
        # Who is banned is known to a running server; this command has to look.
        await context.moderation.refresh()
        token, _ = await opened_books(context, section).identities.issue(account, parsed.game, parsed.currency)
        return token

    print(installation.with_context(work))
    return 0
