"""The people in a hosted game as its objects show them: users, their teams, their colours.

``User``, ``Team`` and the ``user``/``game``/``color``/``visitor`` part of ``UserAssets`` are the same in every
season of the Kassel family; the rest of a game's ``UserAssets`` belongs to its own package.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from gameserver.games.api import Command, Illegal, Participant
from gameserver.games.entity import Attribute, Entity, Model, ToMany, ToOne, dump

#: Colours given on joining, in this order, while nobody in the game has them yet. Each has a letter: to clients that
#: guess types, six digits are a number, and a colour that was a text before is none any more.
COLORS = ("FF6600", "3366CC", "33AA33", "CC3333", "9933CC", "FFCC00", "00AAAA", "AA6633")

_COLOR = re.compile(r"[0-9A-Fa-f]{6}")


class Team(Entity):
    """A team with all its members, those outside the game too."""

    name = Attribute[str]("")
    users = ToMany["User"]("team")


class User(Entity):
    """A person: team first, then the nickname, as recorded."""

    team = ToOne[Team]("users")
    nickname = Attribute[str]("")


class Roster:
    """Makes the ``User`` and ``Team`` objects of a game, one a name, and chooses colours."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._users: dict[str, User] = {}
        self._teams: dict[str, Team] = {}

    def user(self, participant: Participant) -> User:
        """Return the user of that nickname, made with the whole team when seen for the first time."""
        self._member(participant.nickname, participant.team)
        for nickname in participant.members:
            self._member(nickname, participant.team)
        return self._users[participant.nickname]

    def reintroduce(self, root: Entity) -> None:
        """After somebody has left: forget that the users and teams no dump shows any more were announced.

        Who joined after that has never heard of them; when they come back they must be introduced anew.
        """
        shown = {change.source for change in dump(root, None)}
        for entity in (*self._users.values(), *self._teams.values()):
            entity.known = entity.known and entity in shown

    def _member(self, nickname: str, team_name: str) -> None:
        if nickname in self._users:
            return
        team = self._teams.get(team_name)
        if team is None:
            team = self._teams[team_name] = Team(self._model, name=team_name)
        self._users[nickname] = User(self._model, nickname=nickname, team=team)

    @staticmethod
    def color(wanted: str | None, taken: Iterable[str]) -> str:
        """Return the colour for a newcomer: the one chosen earlier, else the first that nobody has."""
        if wanted:
            return wanted
        used = {color.upper() for color in taken}
        for color in COLORS:
            if color not in used:
                return color
        number = 0x202020
        while (color := f"{number:06X}") in used or color.isdigit():
            number = (number + 0x1F1F1) % 0x1000000
        return color


def parse_color(command: Command) -> str:
    """Return the colour a CHANGE_USER_COLOR command asks for. ``Illegal`` unless it is six hex digits."""
    color = command.arguments.get("color")
    if color is None or not _COLOR.fullmatch(color):
        raise Illegal("changeUserColor", "color must be six hex digits without #, for example FFFF00")
    return color
