"""What a console program is seen to do."""

from __future__ import annotations

import attrs


@attrs.frozen
class Joined:
    """A player has come into the game."""

    sender: str


@attrs.frozen
class Left:
    """A player has left the game."""

    sender: str


@attrs.frozen
class Said:
    """A player has said something to all."""

    sender: str
    text: str


@attrs.frozen
class Printed:
    """A line that a rule of the configuration shows as it is."""

    text: str


@attrs.frozen
class Started:
    """The process runs."""


@attrs.frozen
class Stopped:
    """The process has ended, in whatever way."""


Event = Joined | Left | Said | Printed | Started | Stopped
