"""Print a token that opens the games for an account, and nothing else."""

from __future__ import annotations

import argparse

from gameserver.app.services import Services
from gameserver.app.wallet import wallet
from gameserver.cli.services import account_of, with_services
from gameserver.config import Config
from gameserver.wallet.games import DICE, NAMES

NAME = "token"
ABOUT = "print a token that opens the games for an account"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command line."""
    parser.add_argument("name", help="the account")
    parser.add_argument("--game", choices=tuple(NAMES), default=DICE, help="what is to be played")
    parser.add_argument("--currency", default="USD", help="USD, USDT or BTC")


def run(parsed: argparse.Namespace, config: Config) -> int:
    """Print the token and nothing else. Raises ``GameError`` for an account, game or currency that is not there."""

    async def work(services: Services) -> str:
        account = await account_of(services, parsed.name)
        token, _ = await wallet(services).identities.issue(account, parsed.game, parsed.currency)
        return token

    print(with_services(config, work))
    return 0
