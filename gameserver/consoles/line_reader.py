"""What one line of a program's output is: an event, the word that it is ready, noise, or output of a command."""

from __future__ import annotations

import attrs

from gameserver.consoles.dialects import Dialect
from gameserver.consoles.events import Joined, Left, Printed, Roster, Said
from gameserver.consoles.lines import Line


@attrs.frozen
class Heard:
    """A line as it was understood; ``text`` is what a person would read.

    ``event`` is there if the line is news for everybody, ``output`` if it could belong to a command, ``prompted``
    says that it stood behind a prompt. With neither it is noise, or says again what is known; ``ready``: the program
    can be typed to from here on.
    """

    text: str
    event: Joined | Left | Said | Printed | None = None
    output: str | None = None
    prompted: bool = False
    ready: bool = False


class LineReader:
    """Reads the lines of one run, and keeps who is in the game by them."""

    def __init__(self, dialect: Dialect, encoding: str) -> None:
        self._dialect = dialect
        self._encoding = encoding
        self.roster = Roster(paired=dialect.paired)

    def clean(self, raw: bytes) -> str:
        """Return what a person would read."""
        return self._dialect.clean(raw.decode(self._encoding, "replace"))

    def read(self, line: Line) -> Heard | None:
        """Return what a line is; ``None`` if there is nothing on it."""
        dialect = self._dialect
        raw = line.raw.decode(self._encoding, "replace")
        text = dialect.clean(raw)
        if not text:
            return None
        if not line.whole:
            # The end of the line is missing, and with it what tells a rule that the line is no other.
            return Heard(text, output=dialect.body(text))
        reading = dialect.read(text, self.roster)
        if reading.renamed is not None:
            self.roster.rename(*reading.renamed)
        if reading.event is not None:
            return Heard(text, reading.event if self.roster.note(reading.event) else None)
        if reading.is_event:
            return Heard(text, ready=reading.ready)
        body = reading.body
        if line.shown:
            # What was shown may have been a prompt alone, and the whole line with its prefix stands behind it.
            body = dialect.body(self.clean(line.raw[line.shown :])).strip()
        if line.shown and not body:
            return Heard(text)
        return Heard(text, output=body, prompted=raw.startswith(dialect.prompts))
