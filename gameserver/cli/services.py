"""The stores of a server for one command, beside the server that may be running on the same directory."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from twisted.internet import task
from twisted.internet.defer import Deferred, ensureDeferred
from twisted.python.failure import Failure

from gameserver.accounts.account import Account
from gameserver.app.services import Services, build_services
from gameserver.config import Config
from gameserver.errors import GameError

T = TypeVar("T")


def with_services(config: Config, work: Callable[[Services], Awaitable[T]]) -> T:
    """Open the stores, do the work, close them, and return what the work returned or raise what it raised."""
    from twisted.internet import reactor

    services = build_services(config, reactor)
    results: list[T | Failure] = []

    async def go() -> None:
        services.database.start()
        services.passwords.start()
        try:
            results.append(await work(services))
        except Exception:
            results.append(Failure())
        finally:
            services.passwords.stop()
            services.database.stop()

    def main(_reactor: object) -> Deferred[None]:
        return ensureDeferred(go())

    try:
        task.react(main)
    except SystemExit as end:
        if end.code:
            raise
    result = results[0]
    if isinstance(result, Failure):
        result.raiseException()
    return result


async def account_of(services: Services, name: str) -> Account:
    """Return the account that a command is about.

    Raises ``GameError`` ``no_account``. Its text names the data directory, if the database is there: most often a
    command that was given no ``--data-dir`` has looked into another one than the server's.
    """
    account = await services.accounts.by_name(name)
    if account is None:
        where = (
            ""
            if services.config.storage.url
            else f" in {services.config.data_dir} (--data-dir names another directory)"
        )
        raise GameError("no_account", f"There is no account {name}{where}.")
    return account
