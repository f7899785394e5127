"""Limits that hold at several processes together: what each has let through counts at all of them, a little later."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from gameserver.sessions.limits import STRANGER, Shared

#: What was counted: by limit, by whose it is.
Used = dict[str, dict[str, float]]


class Limit(Protocol):
    """A limit that can be shared."""

    def parts(self) -> Mapping[str, Shared]:
        """Return what is counted in it, by names of its own."""


class SharedLimits:
    """The limits of a process by name. Until ``begin`` nothing is noted for others: there are none."""

    def __init__(self) -> None:
        self._parts: dict[str, Shared] = {}
        self._begun = False

    def add(self, name: str, limit: Limit) -> None:
        """Let a limit hold at all processes that have one of this name."""
        for part, shared in limit.parts().items():
            self._parts[f"{name} {part}"] = shared
            if self._begun:
                shared.used = {}

    def begin(self) -> None:
        """Note from now on what is counted here."""
        self._begun = True
        for shared in self._parts.values():
            shared.used = {}

    def take(self) -> Used:
        """Return what has been counted here since the last time.

        Who has not logged in is not among it: a session's number means somebody else at another process.
        """
        taken: Used = {}
        for name, shared in self._parts.items():
            if shared.used:
                used, shared.used = shared.used, {}
                if found := {key: amount for key, amount in used.items() if not key.startswith(STRANGER)}:
                    taken[name] = found
        return taken

    def learn(self, used: Used, now: float) -> None:
        """Count at time ``now`` (seconds) what another process has counted."""
        for name, amounts in used.items():
            shared = self._parts.get(name)
            if shared is not None:
                shared.learn(amounts, now)
