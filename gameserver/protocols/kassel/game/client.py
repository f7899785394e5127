"""A connection as its part in a match sees it, wherever the match is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol

from gameserver.protocols.kassel.encoders import Frame
from gameserver.protocols.kassel.shared import SeasonShared
from gameserver.sessions.players import Player


class Client(Protocol):
    """``frame`` frames a line, ``write`` sends framed bytes."""

    shared: SeasonShared
    frame: Frame
    write: Callable[[bytes], None]
    #: The colour chosen in this session.
    color: str | None
    #: Whether it takes part in the heartbeat, as the site's pages do.
    beating: bool

    @property
    def clogged(self) -> bool:
        """Whether the client is behind with reading."""

    def require_player(self) -> Player:
        """Return who has logged in. Raises ``GameError`` ``not_logged_in``."""

    def send(self, lines: Iterable[str]) -> None:
        """Send lines of text in one write."""

    def left_game(self) -> None:
        """This connection is in no game any more."""

    def close(self, code: str, text: str) -> None:
        """End the connection, saying why."""


class FrontClient(Client, Protocol):
    """One whose match is elsewhere. ``frame_name`` is what ``frame`` is in ``FRAMES``."""

    frame_name: str
