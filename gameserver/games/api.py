"""The words that rules and their hosts share: a seat taken, a command, a refusal, what a game is made from."""

from __future__ import annotations

import re
from collections.abc import Mapping

import attrs

_ACTION = re.compile(r"[A-Z]{1,20}(_[A-Z]{1,20}){0,5}")


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
    """What CREATE GAME fixes: the name, how many may play, the text of the map if the season has maps.

    ``rules`` is the edition of the game's rules that the match keeps to its end (see ``Kind.rules``), 0 the latest.
    ``turn_seconds`` is the time of a turn where the match has turn clocks, 0 where it has none; the rules know
    nothing of it.
    """

    name: str
    max_players: int
    test_game: bool = False
    map_name: str | None = None
    map_text: str | None = None
    rules: int = 0
    turn_seconds: int = 0


def camel(action: str) -> str:
    """Return an action as errors name it, ``placeCard`` for ``PLACE_CARD``; ``command`` for what is none."""
    if not _ACTION.fullmatch(action):
        return "command"
    head, *tail = action.lower().split("_")
    return head + "".join(part.capitalize() for part in tail)


def argument(command: Command, key: str, meaning: str = "") -> str:
    """Return an argument of a command; ``meaning`` says what it is. Raises ``Illegal`` if it is missing."""
    value = command.arguments.get(key)
    if value is None:
        raise Illegal(camel(command.action), f"The key {key} is missing{f': {meaning}' if meaning else ''}.")
    return value
