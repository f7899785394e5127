"""A connection as the handlers of the lobby see it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from contextlib import AbstractContextManager
from typing import Protocol

from gameserver.protocols.kassel.shared import SeasonShared
from gameserver.protocols.kassel.telnet import Input
from gameserver.sessions.manager import DuplicateLogin
from gameserver.sessions.players import Player
from gameserver.sessions.session import Session

#: The data lines of a reply; the connection sends the OK behind them.
Lines = list[str]

#: What a handler returns, now or later; ``None`` if it has answered by itself.
Answer = Lines | None | Awaitable[Lines | None]

#: What one command does with the rest of its line. Raises ``GameError``, which becomes the ERROR line.
Handler = Callable[["Client", str], Answer]


class Upload(Protocol):
    """What takes the bytes of a file that has been announced."""

    def received(self, client: Client, item: Input) -> Awaitable[Lines | None]:
        """Keep them. Raises ``GameError``, for damage too."""


class Client(Protocol):
    """One client of a season."""

    shared: SeasonShared

    @property
    def session(self) -> Session:
        """The open session."""

    async def identified(self, name: str, password: str) -> Player:
        """Return who logs in. Raises ``GameError``."""

    def login(self, player: Player, again: DuplicateLogin) -> None:
        """Make the connection a player's. Raises ``GameError``."""

    def require_player(self) -> Player:
        """Return who has logged in. Raises ``GameError`` ``not_logged_in``."""

    def send(self, lines: Iterable[str]) -> None:
        """Send lines of text in one write."""

    def send_file(self, data: bytes) -> None:
        """Send the bytes of a file."""

    def expect_upload(self, upload: Upload, longest: int) -> None:
        """Give the next bytes to an upload, so many at most."""

    def may_upload(self) -> bool:
        """Count an upload, and say whether it is within the limit of a day."""

    def pushes_held(self) -> AbstractContextManager[None]:
        """Hold back what is pushed to this client in the meantime; it comes behind what is sent here."""

    def enter_lobby(self) -> None:
        """Hear what is said to everybody."""

    async def join_game(self, name: str, visitor: bool) -> None:
        """Enter a game; returns when the joiner has been welcomed. Raises ``GameError``."""

    def leave(self, code: str = "", text: str = "") -> None:
        """Send what waits and end the connection."""
