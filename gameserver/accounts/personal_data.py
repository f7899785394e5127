"""Everything that is kept of one person, in whatever table: to show it, to hand it out, to forget whose it was."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import msgspec

#: The subjects of what is kept of a person, each a list or an object in JSON.
Sections = Mapping[str, msgspec.Raw]


class PersonalData(Protocol):
    """What all stores together have of a person."""

    async def export(self, number: int, latest: int | None = None) -> Sections | None:
        """Return all that is kept of an account, or the ``latest`` of each kind; ``None`` if there is none."""

    async def forget_former(self) -> bool:
        """Take the names of accounts that have been removed out of all that is over; say whether any is left.

        Matches have "former-player-1" in their place (``sessions.names.former``) and are the same otherwise; results,
        ratings and achievements are gone; the books have nobody's name. What is not over yet keeps the name until a
        later call.
        """
