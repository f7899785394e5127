"""How a protocol is spoken, as far as the edge's contract must know it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, Protocol

from gameserver.edge.connection import Connection
from gameserver.edge.context import Context
from gameserver.edge.part import AnyPart
from gameserver.sessions.manager import REPLACED, DuplicateLogin
from gameserver.testing.clients import Client

#: The password of every account here; a name is letters and digits.
PASSWORD = "secret1"


class Suite(Protocol):
    """A test of the suite, as a driver sees it."""

    context: Context

    async def connect(self, host: str, **options: Any) -> Client:
        """Return a client that nobody has logged in on; ``options`` are those of the transport's ``client``."""


class NotAdmitted(Exception):
    """A client has been refused, and says so on a connection that stays open."""


class Driver(ABC):
    """How a protocol is spoken, as far as the suite must know."""

    part: AnyPart

    #: The class of the connections that are tested.
    connection: type[Connection[Any, Any]]

    #: A message that costs little and is answered, by who has been let in.
    request: bytes

    #: The beginning of a message that never ends.
    endless: bytes = b""

    #: Whether a connection goes on after a message that was too long.
    survives_endless = True

    #: The method of the connection in which a handler is called; the suite lets it fail.
    handling = "measured"

    #: Whether a connection goes on after a failure of ours.
    survives_crash = True

    #: What a second login of the same player means, and what the older one is told that it replaces.
    duplicate = DuplicateLogin.REPLACE
    replaced = REPLACED

    @abstractmethod
    def section(self, login_timeout: float) -> Any:
        """Return the part's section; who does not log in has so many seconds, where the protocol gives any."""

    @abstractmethod
    async def enter(self, suite: Suite, name: str, host: str) -> Client:
        """Return a client that has connected with ``suite.connect``, and logged in where people do.

        The account is there, with ``PASSWORD``. Raises ``NotAdmitted`` or ``ConnectionDone`` if it is refused.
        """

    @abstractmethod
    def answered(self, message: bytes) -> bool:
        """Say whether a message is the answer to ``request``."""

    @abstractmethod
    def too_fast(self, message: bytes) -> bool:
        """Say whether a message refuses what came too fast."""

    @abstractmethod
    def crashed(self, message: bytes) -> bool:
        """Say whether a message tells of an internal error."""

    def goodbye(self, client: Client, last: list[bytes], text: str) -> bool:
        """Say whether a client whose connection has ended was told why; ``True`` where there are no words for it."""
        return True
