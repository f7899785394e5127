"""Moderation without a database."""

from __future__ import annotations

from gameserver.moderation.store import AuditEntry, Sanction


class MemoryModeration:
    """A ``ModerationStore`` that forgets everything with the process."""

    def __init__(self) -> None:
        self._sanctions: dict[tuple[str, str], Sanction] = {}
        self._log: list[AuditEntry] = []

    async def put(self, sanction: Sanction) -> None:
        """See ``ModerationStore``."""
        self._sanctions[sanction.kind, sanction.subject] = sanction

    async def remove(self, kind: str, subject: str) -> bool:
        """See ``ModerationStore``."""
        return self._sanctions.pop((kind, subject), None) is not None

    async def all(self) -> list[Sanction]:
        """See ``ModerationStore``."""
        return sorted(self._sanctions.values(), key=lambda item: item.since_ms)

    async def note(self, entry: AuditEntry) -> None:
        """See ``ModerationStore``."""
        self._log.append(entry)

    async def log(self, limit: int) -> list[AuditEntry]:
        """See ``ModerationStore``."""
        return self._log[::-1][:limit]
