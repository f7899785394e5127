"""Everything that is settled about a console before it is started."""

from __future__ import annotations

import codecs
from collections.abc import Mapping

import attrs

from gameserver.consoles.commands import AnswerTimes
from gameserver.consoles.dialects import Dialect


@attrs.frozen
class Plan:
    """What to run and how; times in seconds.

    A stop is the console's own stop command, SIGTERM after ``stop_within``, SIGKILL ``term_within`` after that.
    ``merge`` reads standard error as if it were output; otherwise it only goes to the log tail.
    """

    name: str
    command: tuple[str, ...]
    dialect: Dialect
    directory: str = ""
    environment: Mapping[str, str] = attrs.field(factory=dict)
    encoding: str = "utf-8"
    stop_command: str = "stop"
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
