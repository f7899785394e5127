"""The log: readable lines by default, one JSON object a line by option.

Protocols log what happened and to which session, never what was sent: passwords and tokens cannot be in it.
"""

from __future__ import annotations

import io
import json
import sys
from collections import deque
from datetime import UTC, datetime
from typing import Any, TextIO

from twisted.logger import (
    ILogObserver,
    LogEvent,
    LogLevel,
    formatEvent,
    formatEventAsClassicLogText,
    textFileLogObserver,
)
from twisted.python.components import Componentized
from zope.interface import implementer

from gameserver.config.tree import Log

#: Lines of the log that operators can look at on the site.
REMEMBERED = 300


@implementer(ILogObserver)
class RecentLines:
    """The last lines of the log, readable whatever the log itself looks like."""

    def __init__(self, count: int = REMEMBERED) -> None:
        self._events: deque[str] = deque(maxlen=count)

    def __call__(self, event: LogEvent) -> None:
        """Keep one event."""
        text = formatEventAsClassicLogText(event)
        if text is not None:
            self._events.append(text.rstrip("\n"))

    def lines(self) -> list[str]:
        """Return what is kept, the oldest first."""
        return list(self._events)


#: Of our own packages, those whose level can be set apart; every protocol is one more.
PACKAGES = (
    "accounts",
    "app",
    "cluster",
    "consoles",
    "edge",
    "matches",
    "moderation",
    "net",
    "rooms",
    "sessions",
    "storage",
    "wallet",
    "web",
)

#: What an event may tell besides its text, each a field of its own in JSON.
FIELDS = ("protocol", "session", "player", "code", "duration")


@implementer(ILogObserver)
class Written:
    """Writes the log to a file, or to standard output when ``path`` is ``None`` or ``-``.

    What is written is kept in ``recent``, too. ``configure`` may be called again at any time.
    """

    def __init__(self, path: str | None, recent: RecentLines, log: Log) -> None:
        self._stream = sys.stdout if path is None or path == "-" else _append(path)
        self._recent = recent
        self.configure(log)

    def configure(self, log: Log) -> None:
        """Write in this form, and what is severe enough."""
        self._writer = JsonLines(self._stream) if log.format == "json" else textFileLogObserver(self._stream)
        self._least = LogLevel.levelWithName(log.level)
        self._of_parts = {name: LogLevel.levelWithName(level) for name, level in log.levels.items()}

    def __call__(self, event: LogEvent) -> None:
        """Write one event, if it is severe enough for the part of the server it comes from."""
        level = event.get("log_level")
        if level is None or level >= self._level_of(event):
            self._writer(event)
            self._recent(event)

    def _level_of(self, event: LogEvent) -> Any:
        if not self._of_parts:
            return self._least
        # About a client of a protocol wherever it is told, or told by a module of the part.
        names = [str(event.get("protocol", ""))]
        ours, _, inside = str(event.get("log_namespace", "")).partition(".")
        if ours == "gameserver":
            names += inside.removeprefix("protocols.").split(".")[:1]
        return next((self._of_parts[name] for name in names if name in self._of_parts), self._least)


def log_with(parent: object, log: ILogObserver) -> None:
    """Let an application log with ``log``, before twistd chooses an observer of its own."""
    if isinstance(parent, Componentized):
        parent.setComponent(ILogObserver, log)


def _append(path: str) -> TextIO:
    """Open a log file for as long as the process lives, written line by line."""
    return io.TextIOWrapper(io.FileIO(path, "a"), encoding="utf-8", line_buffering=True)


@implementer(ILogObserver)
class JsonLines:
    """Writes an event as one JSON object: time, level, system, text, ``FIELDS``, and a traceback if there is one."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def __call__(self, event: LogEvent) -> None:
        """Write one event; what cannot be formatted is written as well as it can be."""
        level = event.get("log_level")
        entry: dict[str, str | int | float] = {
            "time": datetime.fromtimestamp(event.get("log_time", 0.0), UTC).isoformat(timespec="milliseconds"),
            "level": level.name if level is not None else "info",
            "system": str(event.get("log_system") or event.get("log_namespace") or "-"),
            "text": formatEvent(event) or "",
        }
        for name in FIELDS:
            value = event.get(name)
            if isinstance(value, (str, int, float)):
                entry[name] = value
        failure = event.get("log_failure")
        if failure is not None:
            entry["failure"] = failure.getTraceback()
        self._stream.write(json.dumps(entry, ensure_ascii=False) + "\n")
        self._stream.flush()
