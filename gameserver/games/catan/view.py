"""What a computer player sees: the table and what it is asked; the rules and a reader of events make it alike."""

from __future__ import annotations

import re
from collections.abc import Sequence

import attrs

from gameserver.games.api import Command
from gameserver.games.catan import legal
from gameserver.games.catan.model import UserAssets
from gameserver.games.catan.state import State

_CHOOSE = re.compile(r"OK - choose\(([A-Za-z]+):(.+)\)")


@attrs.frozen
class View:
    """``lines`` are the prompts open for ``me``, as they came, remarks included.

    A strategy may look at whatever its player may see; other people's cards, the bank and the decks are not for it.
    ``offers`` are the OFFER commands that may answer ``offer(card,user)``, ``refused`` what has been tried in vain.
    """

    state: State
    me: UserAssets
    lines: Sequence[str]
    offers: Sequence[Command] = ()
    refused: Sequence[Command] = ()

    @property
    def subject(self) -> str:
        """What the prompt is about: the first word of its remark, or of itself (``discard``, ``rollDies``)."""
        found = re.match(r"(?:OK - )?(\w+)", self.lines[0]) if self.lines else None
        return found[1] if found else ""

    @property
    def kind(self) -> str:
        """The kind of thing that is to be chosen, ``""`` when nothing is listed."""
        listed = self._listed()
        return listed[1] if listed else ""

    @property
    def options(self) -> list[str]:
        """The values listed to choose from."""
        listed = self._listed()
        return listed[2].split(",") if listed else []

    @property
    def may_decline(self) -> bool:
        """Whether END_PLAY answers."""
        return self.lines[:1] != [] and (self.lines[0].endswith("END_PLAY") or self._offering)

    def commands(self) -> list[Command]:
        """Return every answer; some more than the rules take, where those depend on what is hidden."""
        if not self.lines:
            return []
        found = [Command("CHOOSE", {"id": option}) for option in self.options]
        if self._offering:
            found.extend(self.offers)
        if self.may_decline:
            found.append(Command("END_PLAY"))
        if self.lines[-1] in ("OK - rollDies", "OK - endTurn"):
            found.extend(legal.commands(self.state, self.me))
        return [command for command in found if command not in self.refused]

    @property
    def _offering(self) -> bool:
        return self.lines[-1:] == ["OK - offer(card,user)"]

    def _listed(self) -> re.Match[str] | None:
        return _CHOOSE.fullmatch(self.lines[-1]) if self.lines else None
