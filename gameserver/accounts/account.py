"""One account, and what names, passwords and teams may look like."""

from __future__ import annotations

import re

import attrs

from gameserver.errors import Code, GameError
from gameserver.sessions.players import Player, name_key

#: Words nobody may be called (chat document, appendix 1).
RESERVED = frozenset({"admin", "administrator", "guest", "user", "table"})

ROLES = ("player", "moderator", "admin")

#: No blanks, no quotes, no ``=`` and no ``:``: names stand in lines like ``USER NICK=name TEAM=team``.
_NAME = re.compile(r"[^\s=:\"'<>&/\\,;\x00-\x1f\x7f]{1,64}")
_EMAIL = re.compile(r"[^\s@=\"<>]{1,64}@[^\s@=\"<>]{1,190}")

PASSWORD_LENGTH = 256


@attrs.frozen
class Account:
    """What is kept of a person, without the password.

    ``expires_ms`` (milliseconds since 1970) is set for temporary test players only.
    """

    id: int
    name: str
    email: str | None
    role: str
    team: str
    motto: str = ""
    avatar: str | None = None
    expires_ms: int | None = None

    @property
    def temporary(self) -> bool:
        """Whether the account goes away by itself."""
        return self.expires_ms is not None

    @property
    def player(self) -> Player:
        """The account as a connected player."""
        return Player(self.name, self.id, self.role, self.team)


def check_name(name: str) -> None:
    """Raise ``GameError`` ``bad_name`` unless a name can be shown at every protocol."""
    if not _NAME.fullmatch(name):
        raise GameError(Code.BAD_NAME, "A name has 1 to 64 characters, without blanks, quotes, '=' and ':'.")
    if name_key(name) in RESERVED:
        raise GameError(Code.BAD_NAME, "This name is reserved.")


def check_email(email: str) -> None:
    """Raise ``GameError`` ``bad_email`` unless a text looks like an address."""
    if not _EMAIL.fullmatch(email):
        raise GameError(Code.BAD_EMAIL, "This is not an e-mail address.")


def check_password(password: str) -> None:
    """Raise ``GameError`` ``bad_password`` unless a password can be kept."""
    if not 1 <= len(password) <= PASSWORD_LENGTH:
        raise GameError(Code.BAD_PASSWORD, f"A password has 1 to {PASSWORD_LENGTH} characters.")


def check_team(team: str) -> None:
    """Raise ``GameError`` ``bad_team`` unless a team name can stand in a line of a lobby."""
    if not _NAME.fullmatch(team):
        raise GameError(Code.BAD_TEAM, "A team name has 1 to 64 characters, without blanks, quotes, '=' and ':'.")
