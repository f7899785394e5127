"""Everything that is settled about a console before it is started, and when it is started again."""

from __future__ import annotations

import codecs
from collections.abc import Mapping

import attrs

from gameserver.consoles.commands import AnswerTimes
from gameserver.consoles.dialects import Dialect


@attrs.frozen
class Plan:
    """What to run and how; times in seconds.

    A stop is the console's own stop command, or ``stop_signal`` (``INT``) where it has none, SIGTERM after
    ``stop_within``, SIGKILL ``term_within`` after that.
    ``merge`` reads standard error as if it were output; otherwise it only goes to the log tail.
    """

    name: str
    command: tuple[str, ...]
    dialect: Dialect
    directory: str = ""
    environment: Mapping[str, str] = attrs.field(factory=dict)
    encoding: str = "utf-8"
    stop_command: str = "stop"
    stop_signal: str = ""
    stop_within: float = 10.0
    term_within: float = 4.0
    times: AnswerTimes = attrs.field(factory=AnswerTimes)
    line_bytes: int = 8192
    tail_lines: int = 200
    merge: bool = False


def usable_encoding(name: str) -> bool:
    """Say whether lines of an encoding can be found by their newlines, and ASCII commands be typed in it."""
    try:
        found = codecs.lookup(name)
        return found._is_text_encoding and "stop 1\n".encode(name) == b"stop 1\n"
    except (LookupError, UnicodeError):
        return False


@attrs.define
class Restarts:
    """A policy and its memory.

    ``policy`` is ``never``, ``crash`` (after an end with another status than 0 or by a signal) or ``always``. The
    delay (seconds) begins with ``delay`` and doubles up to ``longest``. After ``limit`` restarts in a row the program
    is left alone; a run of at least ``settled`` seconds ends the row, and so does a person who starts it.
    """

    policy: str = "crash"
    delay: float = 1.0
    longest: float = 60.0
    limit: int = 5
    settled: float = 60.0
    row: int = attrs.field(default=0, init=False)

    def forget(self) -> None:
        """Begin a new row."""
        self.row = 0

    def after(self, *, clean: bool, lasted: float) -> float | None:
        """Return the seconds until the next start after a run of ``lasted`` seconds, ``None`` for no start."""
        if lasted >= self.settled:
            self.row = 0
        if self.policy == "never" or (self.policy == "crash" and clean) or self.row >= self.limit:
            return None
        seconds = min(self.longest, self.delay * 2.0**self.row)
        self.row += 1
        return seconds
