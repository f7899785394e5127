"""What may be a password, and which ones are easy to guess.

The rule holds for people and operators alike. The chat has a rule of its own, that of its document.
"""

from __future__ import annotations

from zxcvbn import zxcvbn

from gameserver.accounts.passwords import canonical
from gameserver.errors import Code, GameError
from gameserver.sessions.players import name_key

#: Longest password, in characters.
LONGEST = 256

#: Shortest password unless the configuration says otherwise, in characters.
SHORTEST = 6

#: How zxcvbn rates a password that may be guessed online: 0 to 2 of 4.
_GUESSABLE = 2

#: What zxcvbn looks at. Its time grows with the square of the length, and far faster with the number of different
#: characters that may stand for letters; within these bounds it takes 10 ms at most.
_JUDGED = 32
_STAND_FOR_LETTERS = frozenset("@4({[<863!|1$057+2%9z")
_AT_MOST = 6


def check_any_password(password: str) -> None:
    """Raise ``GameError`` ``bad_password`` unless a password can be kept; for a protocol with a rule of its own."""
    if not 1 <= len(password) <= LONGEST:
        raise GameError(Code.BAD_PASSWORD, f"A password has 1 to {LONGEST} characters.")


def check_password(password: str, name: str, shortest: int = SHORTEST) -> None:
    """Raise ``GameError`` ``bad_password`` unless somebody called ``name`` may have this password."""
    if not shortest <= len(password) <= LONGEST:
        raise GameError(Code.BAD_PASSWORD, f"A password has {shortest} to {LONGEST} characters.")
    # Course clients send the SHA-1 of what was typed; then that of the name is as bad.
    if name_key(password) == name_key(name) or canonical(password) == canonical(name):
        raise GameError(Code.BAD_PASSWORD, "A password is something else than the name.")


def weakness(password: str, *about: str) -> str:
    """Return one sentence why a password is easy to guess, empty if it is not or cannot be judged in short time.

    ``about`` is what others know of its owner: name, e-mail address. Only ever a warning.
    """
    judged = password[:_JUDGED]
    if not judged or len(_STAND_FOR_LETTERS.intersection(judged)) > _AT_MOST:
        return ""
    found = zxcvbn(judged, [word[:_JUDGED] for word in about])
    if found["score"] > _GUESSABLE:
        return ""
    return found["feedback"]["warning"] or "This password is easy to guess."
