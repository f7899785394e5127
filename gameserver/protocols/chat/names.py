"""What the document allows as a name and as a password; stricter than the accounts that all protocols share."""

from __future__ import annotations

import re

from gameserver.errors import Code, GameError

#: Letters and digits of ASCII; a name has more than three. ``fullmatch`` lets no newline through at the end.
_NAME = re.compile(r"[A-Za-z0-9]{4,}")
_PASSWORD = re.compile(r"[A-Za-z0-9]+")


def check_name(name: str) -> None:
    """Raise ``GameError`` ``bad_name`` unless a name is one of the document's.

    Its reserved words are the accounts' part: they hold at every protocol.
    """
    if not _NAME.fullmatch(name):
        raise GameError(Code.BAD_NAME, "A name has at least 4 letters and digits, and nothing else.")


def check_password(password: str) -> None:
    """Raise ``GameError`` ``bad_password`` unless a password is one of the document's."""
    if not _PASSWORD.fullmatch(password):
        raise GameError(Code.BAD_PASSWORD, "A password has letters and digits, at least one, and nothing else.")
