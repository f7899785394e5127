"""What was said last in a match, for those who come later. It is in memory alone: a restart forgets it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from gameserver.matches.batch import Chat

#: Lines that are remembered, and characters of all of them together.
LINES = 100
CHARACTERS = 20_000


class Talk:
    """The last lines, the oldest first."""

    def __init__(self) -> None:
        self._lines: deque[tuple[int, Chat]] = deque()
        self._characters = 0

    def add(self, at_ms: int, chat: Chat) -> None:
        """Remember a line, and forget the oldest ones beyond what may be remembered."""
        self._lines.append((at_ms, chat))
        self._characters += len(chat.text)
        while len(self._lines) > LINES or self._characters > CHARACTERS:
            _, oldest = self._lines.popleft()
            self._characters -= len(oldest.text)

    def __iter__(self) -> Iterator[tuple[int, Chat]]:
        """Return each line with the moment when it was said, in milliseconds since 1970."""
        return iter(self._lines)
