"""What every hosted game offers, so that a match can host it without knowing its rules.

A game lives from CREATE GAME on: people take and leave seats before it starts, so seats are part of the rules'
own command log. Whatever changes a game goes through ``join``, ``leave``, ``apply`` or ``advance``; replaying
those calls with the same options and seed gives the same final state, object names included.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import attrs

from gameserver.games.entity import Entity, Model


class Illegal(Exception):
    """A command the rules refuse. Nothing has changed.

    ``action`` is the command in lower camel case (``placeCard``), ``sentence`` says what is wrong and what would
    be right.
    """

    def __init__(self, action: str, sentence: str) -> None:
        super().__init__(f"{action} - {sentence}")
        self.action = action
        self.sentence = sentence


@attrs.frozen
class Participant:
    """Who takes a seat: nickname, team (name and all its members' nicknames), visitor, computer player."""

    nickname: str
    team: str
    members: tuple[str, ...] = ()
    color: str | None = None
    visitor: bool = False
    computer: bool = False


@attrs.frozen
class Command:
    """One command of a seat: the action in capitals (``PLACE_CARD``) and its arguments as texts."""

    action: str
    arguments: Mapping[str, str] = attrs.field(factory=dict)


@attrs.frozen
class Options:
    """What CREATE GAME fixes: the name, how many may play, the text of the map if the season has maps."""

    name: str
    max_players: int
    test_game: bool = False
    map_name: str | None = None
    map_text: str | None = None


class Game(Protocol):
    """One game from its creation to its end. Created as ``Class(options, seed)``."""

    model: Model

    @property
    def root(self) -> Entity:
        """The object every dump starts at."""

    @property
    def running(self) -> bool:
        """Whether the game has started and not ended."""

    @property
    def over(self) -> bool:
        """Whether the game has ended."""

    def join(self, seat: int, participant: Participant) -> None:
        """Seat somebody; seats are numbered by the host from 0 and never reused. Raises ``Illegal``."""

    def leave(self, seat: int) -> None:
        """Take somebody out for good, at any time. A running game goes on by its rules for leavers."""

    def apply(self, seat: int, command: Command) -> None:
        """Carry out a command, checked completely before anything changes. Raises ``Illegal``."""

    def advance(self, milliseconds: int) -> None:
        """Let time pass in a real-time game; other games do nothing here."""

    def prompts(self, seat: int) -> Sequence[str]:
        """The prompts open for a seat now (``OK - drawCard``), for somebody who has just come back."""

    def legal(self, seat: int) -> Sequence[Command]:
        """Commands the rules would accept from this seat now; empty when it is not its turn."""
