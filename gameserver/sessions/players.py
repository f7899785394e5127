"""Who a person is while they are connected."""

from __future__ import annotations

import msgspec

from gameserver.sessions.names import shown


def name_key(name: str) -> str:
    """Return the form in which names are compared: without case."""
    return name.casefold()


class Player(msgspec.Struct, frozen=True):
    """A person as every protocol sees them: a name, and the account behind it unless they are a guest.

    Two players are the same person when their ``key`` is the same: a guest cannot take a registered name. ``voice``
    says that it is no person but the server itself who speaks.
    """

    name: str
    account: int | None = None
    role: str = "player"
    team: str = "guests"
    voice: bool = False

    @property
    def key(self) -> str:
        """The name without case."""
        return name_key(self.name)

    @property
    def shown(self) -> str:
        """The name as it is told to others: a person's is never one that the server itself speaks by."""
        return self.name if self.voice else shown(self.name)

    @property
    def guest(self) -> bool:
        """Whether there is no account behind the name."""
        return self.account is None

    def limited_as(self, namespace: str) -> str:
        """Return whose limits this person's are: an account's at every protocol, a guest's in their namespace."""
        return f"account {self.account}" if self.account is not None else f"guest {namespace} {self.key}"
