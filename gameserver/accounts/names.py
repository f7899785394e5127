"""What people may be called: one policy for all protocols, so that a name says who somebody is.

A name is a PRECIS username (RFC 8265, UsernameCasePreserved): no blanks, nothing invisible, nothing that turns the
direction of a line, no symbols, no wide forms of narrow letters. It is written in one script, or in one of the usual
mixtures. Its skeleton (Unicode TS 39: what it looks like) is nobody else's, and no reserved word's. Accounts that are
older than this policy stay as they are.
"""

from __future__ import annotations

import re

from confusable_homoglyphs import categories
from precis_i18n import get_profile

from gameserver.errors import Code, GameError
from gameserver.sessions.names import is_former, shown
from gameserver.sessions.players import name_key

#: Test players of the Kassel lobby; the server numbers them.
_TEMPORARY = re.compile(r"tempuser[0-9]*")

#: No blanks, no quotes, no ``=`` and no ``:``: names stand in lines like ``USER NICK=name TEAM=team``.
WORD = re.compile(r"[^\s=:\"'<>&/\\,;\x00-\x1f\x7f]{1,64}")

#: Scripts that belong together, besides each alone. Digits, points and lines are everybody's.
_MIXTURES = (
    {"LATIN", "HAN", "HIRAGANA", "KATAKANA"},
    {"LATIN", "HAN", "HANGUL"},
    {"LATIN", "HAN", "BOPOMOFO"},
)
_EVERYBODYS = {"COMMON", "INHERITED"}

_NEITHER = "A name has letters and digits; some of these characters are neither."

_profile = get_profile("UsernameCasePreserved")


def check_name(name: str) -> None:
    """Raise ``GameError`` ``bad_name`` unless somebody may be called that."""
    if not WORD.fullmatch(name):
        raise GameError(Code.BAD_NAME, "A name has 1 to 64 characters, without blanks, quotes, '=' and ':'.")
    try:
        plain = _profile.enforce(name)
    except UnicodeEncodeError:
        raise GameError(
            Code.BAD_NAME, "A name has letters and digits; some of these characters are neither."
        ) from None
    if plain != name:
        raise GameError(Code.BAD_NAME, f"Please write this name as {plain}.")
    if not _one_script(name):
        raise GameError(Code.BAD_NAME, "A name is written in one script.")
    if shown(name) != name or is_former(name) or _TEMPORARY.fullmatch(name_key(name)):
        raise GameError(Code.BAD_NAME, "This name is reserved.")


def _one_script(name: str) -> bool:
    scripts = {categories.alias(character).upper() for character in name} - _EVERYBODYS
    return len(scripts) <= 1 or any(scripts <= mixture for mixture in _MIXTURES)
