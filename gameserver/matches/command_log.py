"""The command log of a match: what it consists of, how a line of it is written, and how it is played again.

A match is a header (kind, options, seed) and the calls that changed it. Whoever makes the same calls on a game with
the same header gets the same final state, object names included.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import attrs
import msgspec
from twisted.logger import Logger

from gameserver.games.api import Command, Illegal, Options, Participant
from gameserver.games.hosted import Game

_log = Logger()


@attrs.frozen
class Header:
    """What a match starts from. ``seed`` is at most 62 bits; ``created_ms`` counts from 1970.

    ``epoch`` counts how often the match has been taken over, by a restart or by another node.
    """

    id: int
    kind: str
    options: Options
    seed: int
    creator: str
    created_ms: int
    epoch: int = 0


@attrs.frozen
class Joined:
    """Somebody took a seat."""

    seat: int
    participant: Participant


@attrs.frozen
class Left:
    """Somebody left his seat for good."""

    seat: int


@attrs.frozen
class Commanded:
    """A command that the rules accepted."""

    seat: int
    command: Command


@attrs.frozen
class Passed:
    """Time passed in a real-time game: so many milliseconds since the entry before."""

    milliseconds: int


Entry = Joined | Left | Commanded | Passed

_TAGS: dict[type[Any], str] = {Joined: "join", Left: "leave", Commanded: "command", Passed: "time"}


def write(entry: Entry) -> str:
    """Return an entry as one line of JSON."""
    tag = _TAGS[type(entry)]
    match entry:
        case Joined(seat, participant):
            values: list[object] = [tag, seat, attrs.asdict(participant)]
        case Left(seat):
            values = [tag, seat]
        case Commanded(seat, command):
            values = [tag, seat, command.action, dict(command.arguments)]
        case Passed(milliseconds):
            values = [tag, milliseconds]
    return msgspec.json.encode(values).decode()


def read(line: str) -> Entry:
    """Return the entry that ``write`` has written. Raises ``ValueError`` for anything else."""
    try:
        tag, *values = msgspec.json.decode(line, type=list)
        if tag == "join":
            seat, fields = values
            fields["members"] = tuple(fields["members"])
            return Joined(seat, Participant(**fields))
        if tag == "leave":
            return Left(*values)
        if tag == "command":
            seat, action, arguments = values
            return Commanded(seat, Command(action, arguments))
        if tag == "time":
            return Passed(*values)
    except (msgspec.DecodeError, TypeError, KeyError) as error:
        raise ValueError(f"not a line of a command log: {error}") from None
    raise ValueError(f"not a line of a command log: {line[:80]}")


def perform(game: Game, entry: Entry) -> None:
    """Make the call that an entry stands for. ``Illegal`` comes through, and then nothing has changed.

    Any other exception is a fault of the rules. It is logged and swallowed: the same call on the same state fails in
    the same place, so that a match and its replay stay the same.
    """
    try:
        match entry:
            case Joined(seat, participant):
                game.join(seat, participant)
            case Left(seat):
                game.leave(seat)
            case Commanded(seat, command):
                game.apply(seat, command)
            case Passed(milliseconds):
                game.advance(milliseconds)
    except Illegal:
        raise
    except Exception:
        _log.failure("a rule failed at {entry}", entry=entry)


def replay(game: Game, entries: Iterable[Entry]) -> Iterator[Entry]:
    """Play entries on a fresh game; yields each after it has been played, so that callers can pause in between.

    Raises ``ValueError`` when the rules refuse what they once accepted: the log belongs to other rules.
    """
    for entry in entries:
        try:
            perform(game, entry)
        except Illegal as error:
            raise ValueError(f"the rules refuse {entry}: {error}") from None
        yield entry
