"""What moderation needs from storage."""

from __future__ import annotations

from typing import Protocol

import attrs


@attrs.frozen
class Sanction:
    """A ban or a mute.

    ``kind`` is ``ban`` or ``mute``, ``subject`` ``name:<name without case>``, ``address:<host>``, or
    ``guest:<name>@<host>`` where that of a guest holds for guests from their address too; times are milliseconds
    since 1970, ``until_ms`` None means for good.
    """

    kind: str
    subject: str
    reason: str
    by: str
    since_ms: int
    until_ms: int | None = None


@attrs.frozen
class AuditEntry:
    """One line of the log: when, who, what, to whom, why."""

    at_ms: int
    actor: str
    action: str
    subject: str
    detail: str


class ModerationStore(Protocol):
    """Sanctions and the audit log on disk. Every method returns when the change is durable."""

    async def put(self, sanction: Sanction) -> None:
        """Keep a sanction; it replaces one of the same kind and subject."""

    async def remove(self, kind: str, subject: str) -> bool:
        """Forget a sanction; return whether there was one."""

    async def all(self) -> list[Sanction]:
        """Return every sanction."""

    async def note(self, entry: AuditEntry) -> None:
        """Add a line to the log."""

    async def log(self, limit: int) -> list[AuditEntry]:
        """Return the newest lines, newest first."""
