"""What accounts need of whatever hashes passwords."""

from __future__ import annotations

from typing import Protocol

from twisted.internet.defer import Deferred


class PasswordPool(Protocol):
    """What hashes and checks passwords; ``passwords.Passwords`` or a fake without threads."""

    def hash(self, password: str, address: str = "") -> Deferred[str]:
        """Fire with the text to keep; ``address`` is whose turn it is."""

    def matches(self, kept: str | None, password: str, address: str = "") -> Deferred[bool]:
        """Fire with whether a password fits what is kept."""

    def outdated(self, kept: str) -> bool:
        """Say whether a kept hash should be made anew."""
