"""The log: readable lines by default, one JSON object a line by option.

Protocols log what happened and to which session, never what was sent: passwords and tokens cannot be in it.
"""

from __future__ import annotations

import io
import json
import sys
from collections import deque
from datetime import UTC, datetime
from typing import TextIO

from twisted.logger import (
    FilteringLogObserver,
    ILogObserver,
    LogEvent,
    LogLevel,
    LogLevelFilterPredicate,
    LogPublisher,
    formatEvent,
    formatEventAsClassicLogText,
    textFileLogObserver,
)
from twisted.python.components import Componentized
from zope.interface import implementer

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


def observer(form: str, level: str, path: str | None, recent: RecentLines) -> ILogObserver:
    """Return an observer that writes to a file, or to standard output when ``path`` is ``None`` or ``-``.

    ``form`` is ``text`` or ``json``; ``level`` the least severe level written. What is written is kept in ``recent``.
    """
    stream = sys.stdout if path is None or path == "-" else _append(path)
    writer = JsonLines(stream) if form == "json" else textFileLogObserver(stream)
    return FilteringLogObserver(
        LogPublisher(writer, recent), [LogLevelFilterPredicate(LogLevel.levelWithName(level))]
    )


def log_with(parent: object, log: ILogObserver) -> None:
    """Let an application log with ``log``, before twistd chooses an observer of its own."""
    if isinstance(parent, Componentized):
        parent.setComponent(ILogObserver, log)


def _append(path: str) -> TextIO:
    """Open a log file for as long as the process lives, written line by line."""
    return io.TextIOWrapper(io.FileIO(path, "a"), encoding="utf-8", line_buffering=True)


@implementer(ILogObserver)
class JsonLines:
    """Writes an event as one JSON object: time, level, system, text, and the traceback if there is one."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def __call__(self, event: LogEvent) -> None:
        """Write one event; what cannot be formatted is written as well as it can be."""
        level = event.get("log_level")
        entry = {
            "time": datetime.fromtimestamp(event.get("log_time", 0.0), UTC).isoformat(timespec="milliseconds"),
            "level": level.name if level is not None else "info",
            "system": str(event.get("log_system") or event.get("log_namespace") or "-"),
            "text": formatEvent(event) or "",
        }
        failure = event.get("log_failure")
        if failure is not None:
            entry["failure"] = failure.getTraceback()
        self._stream.write(json.dumps(entry, ensure_ascii=False) + "\n")
        self._stream.flush()
