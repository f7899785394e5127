"""What a client in a game sends, line by line, as commands; one may come in several lines."""

from __future__ import annotations

from collections.abc import Callable

from gameserver.games.api import Command
from gameserver.protocols.kassel.game.commands import BadCommand, Truncated, decode, is_command
from gameserver.protocols.kassel.shared import SeasonShared, Unfinished
from gameserver.protocols.kassel.telnet import Input

#: Longest command over several lines, in characters.
_LONGEST = 65536


class CommandReader:
    """One client's. ``say`` tells them what is wrong; ``client`` is told when the rest of a command is late."""

    def __init__(self, shared: SeasonShared, client: Unfinished, say: Callable[[str], None]) -> None:
        self._shared = shared
        self._client = client
        self._say = say
        self._rest = ""

    def command(self, item: Input) -> Command | None:
        """Return the command that a line is or ends; ``None`` if it is neither."""
        if not isinstance(item, str):
            self._say("ERROR: command - This line is too long.")
            return None
        try:
            return self._decode(item)
        except Truncated:
            return None
        except BadCommand as error:
            self._shared.metrics.error(self._shared.protocol, "undecodable")
            self._say(f"ERROR: {error.action} - {error.sentence}")
            return None

    def rest_is_late(self) -> None:
        """The rest of a command has not come: what there is is no command."""
        if self._rest:
            self._rest = ""
            self._say("ERROR: command - The JSON object is not complete.")

    def _decode(self, line: str) -> Command:
        """Return the command of a line, or of several that belong together. Raises ``BadCommand``."""
        begun, self._rest = self._rest, ""
        if not begun:
            return self._decode_new(line)
        self._shared.rests.stop(self._client)
        try:
            return decode(f"{begun}\n{line}")
        except Truncated as error:
            if is_command(line):
                self._say(f"ERROR: {error.action} - {error.sentence}")
                return decode(line)
            if len(begun) + len(line) > _LONGEST:
                raise BadCommand("This command is too long.") from None
            self._keep(f"{begun}\n{line}")
            raise
        except BadCommand as error:
            if not line.lstrip().startswith("{"):
                raise
            # The line before was broken; this one stands for itself.
            self._say(f"ERROR: {error.action} - {error.sentence}")
            return self._decode_new(line)

    def _decode_new(self, line: str) -> Command:
        try:
            return decode(line)
        except Truncated:
            self._keep(line)
            raise

    def _keep(self, text: str) -> None:
        self._rest = text
        self._shared.rests.start(self._client)
