"""What a protocol brings: a part of the server, found by its entry point in the group ``gameserver.protocols``."""

from __future__ import annotations

import argparse
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Generic, Protocol, TypeVar

import attrs
from twisted.web.resource import IResource

from gameserver.accounts import Account
from gameserver.config import Config
from gameserver.edge.context import Context, OpenMatch
from gameserver.errors import Code, GameError
from gameserver.games.kind import Kind
from gameserver.net.endpoints import Listener

T = TypeVar("T")
S = TypeVar("S")


async def _nothing() -> None:
    """Take no time to start or stop."""


def _not() -> bool:
    """Have nothing under way that ends by itself."""
    return False


def _nothing_wrong(_config: Config, _section: object) -> None:
    """Find nothing wrong with a section beyond the bounds of its keys."""


def every_name(_name: str) -> None:
    """Let every name log in that the accounts take."""


@attrs.frozen
class PeriodicTask:
    """Something that is done when the server has started and then each so many ``seconds``."""

    seconds: float
    run: Callable[[], Awaitable[object]]


@attrs.frozen(kw_only=True)
class RunningPart:
    """A part of this server, joined to everything it stands on.

    ``start`` has returned before anybody is let in; ``stop`` tells the clients where the protocol can, finishes what
    is under way and ends every connection. ``pages`` are resources by path (``kassel/ss14``) that the site serves;
    that of the empty path answers WebSockets at the site's first page. ``open_matches`` returns the open games, for
    operators. ``under_way`` says whether something is played that soon ends by itself and ends with this process, be
    it by people of other ones: who runs empty waits for it.
    """

    listeners: Sequence[Listener] = ()
    pages: Mapping[str, IResource] = attrs.field(factory=dict)
    periodic: Sequence[PeriodicTask] = ()
    open_matches: Callable[[], list[OpenMatch]] = list
    under_way: Callable[[], bool] = _not
    start: Callable[[], Awaitable[None]] = _nothing
    stop: Callable[[], Awaitable[None]] = _nothing


class Installation(Protocol):
    """A configured server for one command, beside the one that may be running on the same data directory."""

    config: Config

    def with_context(self, work: Callable[[Context], Awaitable[T]]) -> T:
        """Open the stores, do the work, close them; return what the work returned or raise what it raised."""


async def account_of(context: Context, name: str) -> Account:
    """Return the account that a command is about.

    Raises ``GameError`` ``no_account``. Its text names the data directory, if the database is there: most often a
    command that was given no ``--data-dir`` has looked into another one than the server's.
    """
    account = await context.accounts.by_name(name)
    if account is None:
        where = f" in {context.data_dir} (--data-dir names another directory)" if context.data_dir else ""
        raise GameError(Code.NO_ACCOUNT, f"There is no account {name}{where}.")
    return account


class Command(Protocol):
    """A command of ``gameserver``; a module that has these names is one."""

    NAME: str
    ABOUT: str

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        """Describe the command line."""

    def run(self, parsed: argparse.Namespace, installation: Installation) -> int:
        """Do it and return the exit status. Raises ``GameError`` or ``StartError`` for what cannot be done."""


@attrs.frozen
class Part(Generic[S]):
    """A protocol as it is registered.

    ``name`` is the protocol's, and that of its section in the configuration. ``section`` is a frozen attrs class of
    keys made with ``config.option``. ``check`` raises ``StartError`` for a section that cannot be served, for
    whatever can be told before there is a server; it is called before every ``build``, and by ``check-config``.
    ``build`` joins the part to a server, and raises ``StartError`` for what shows only then. ``commands`` are added
    to the command line. ``with_games`` returns a section with the keys that the installed games add to it; without
    it there are none. ``check_name`` raises ``GameError`` ``bad_name`` for the name of an account that cannot log in
    there (``every_name`` where all can); ``None`` where nobody logs in with an account.
    """

    name: str
    section: type[S]
    build: Callable[[Context, S], RunningPart]
    check: Callable[[Config, S], None] = _nothing_wrong
    commands: Sequence[Command] = ()
    with_games: Callable[[Mapping[str, Kind[Any]]], type[S]] | None = None
    check_name: Callable[[str], None] | None = None

    def section_with(self, kinds: Mapping[str, Kind[Any]]) -> type[S]:
        """Return the section's class where these games are installed. Raises ``StartError``."""
        return self.section if self.with_games is None else self.with_games(kinds)


AnyPart = Part[Any]
