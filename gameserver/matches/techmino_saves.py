"""What players of Techmino keep on the server: their settings and statistics, opaque to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol


class SaveStore(Protocol):
    """Saves on disk. Every method returns when the change is durable."""

    async def keep_sections(self, uid: int, sections: Mapping[int, str]) -> None:
        """Keep some sections of an account by their numbers, all of them or none; others stay as they are."""

    async def sections_of(self, uid: int) -> dict[int, str]:
        """Return what an account has kept, by number."""
