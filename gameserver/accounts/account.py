"""One account, and what addresses and teams may look like."""

from __future__ import annotations

import re

import attrs

from gameserver.accounts.names import WORD
from gameserver.errors import Code, GameError
from gameserver.sessions.players import Player

ROLES = ("player", "moderator", "admin")

_EMAIL = re.compile(r"[^\s@=\"<>]{1,64}@[^\s@=\"<>]{1,190}")


@attrs.frozen
class Account:
    """What is kept of a person, without the password.

    ``expires_ms`` (milliseconds since 1970) is set for temporary test players only. ``epoch`` is raised when all that
    was given out before ends: tokens and sessions of an older epoch are refused.
    """

    id: int
    name: str
    email: str | None
    role: str
    team: str
    motto: str = ""
    avatar: str | None = None
    expires_ms: int | None = None
    epoch: int = 0

    @property
    def temporary(self) -> bool:
        """Whether the account goes away by itself."""
        return self.expires_ms is not None

    @property
    def player(self) -> Player:
        """The account as a connected player."""
        return Player(self.name, self.id, self.role, self.team)


def check_email(email: str) -> None:
    """Raise ``GameError`` ``bad_email`` unless a text looks like an address."""
    if not _EMAIL.fullmatch(email):
        raise GameError(Code.BAD_EMAIL, "This is not an e-mail address.")


def check_team(team: str) -> None:
    """Raise ``GameError`` ``bad_team`` unless a team name can stand in a line of a lobby."""
    if not WORD.fullmatch(team):
        raise GameError(Code.BAD_TEAM, "A team name has 1 to 64 characters, without blanks, quotes, '=' and ':'.")
