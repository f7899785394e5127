"""Who sits in a match, and the connection that tells him what happens there."""

from __future__ import annotations

from typing import Protocol

import attrs

from gameserver.games.api import Participant
from gameserver.matches.batch import Batch


class Receiver(Protocol):
    """Somebody's connection to a match. None of its methods may raise or block."""

    def welcome(self, seat: Seat, dump: Batch) -> None:
        """Take the whole model as it is now; comes first and once."""

    def deliver(self, batch: Batch) -> None:
        """Take what has happened since."""

    def replaced(self) -> None:
        """Learn that the same person has come back over another connection; nothing more is delivered here."""


@attrs.define(eq=False)
class Seat:
    """A participant; ``receiver`` is his connection, ``None`` while he has none."""

    number: int
    participant: Participant
    receiver: Receiver | None = None

    @property
    def human(self) -> bool:
        """Whether a person sits here."""
        return not self.participant.computer
