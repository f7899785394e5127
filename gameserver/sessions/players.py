"""Who a person is while they are connected."""

from __future__ import annotations

import msgspec


def name_key(name: str) -> str:
    """Return the form in which names are compared: without case."""
    return name.casefold()


class Player(msgspec.Struct, frozen=True):
    """A person as every protocol sees them: a name, and the account behind it unless they are a guest.

    Two players are the same person when their ``key`` is the same: a guest cannot take a registered name.
    """

    name: str
    account: int | None = None
    role: str = "player"
    team: str = "guests"

    @property
    def key(self) -> str:
        """The name without case."""
        return name_key(self.name)

    @property
    def guest(self) -> bool:
        """Whether there is no account behind the name."""
        return self.account is None

    def limited_as(self, namespace: str) -> str:
        """Return whose limits this person's are: an account's at every protocol, a guest's in their namespace."""
        return f"account {self.account}" if self.account is not None else f"guest {namespace} {self.key}"
