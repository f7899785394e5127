"""What a name looks like, and how one is shown that looks like the server's own voice.

Nobody new gets such a name (``accounts.names``). Accounts from before that rule keep theirs and are shown with a mark
behind it, so that ``MSG FROM SERVER`` and ``"Speaker":"admin"`` come from the server alone.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from itertools import count

from confusable_homoglyphs import confusables

#: Words nobody may be called: those of the chat document (appendix 1), and the voices of the server at any protocol.
RESERVED = frozenset(
    {
        "admin",
        "administrator",
        "guest",
        "user",
        "table",
        "server",
        "gameserver",
        "system",
        "operator",
        "moderator",
        "hub",
        "console",
        "everybody",
        "nobody",
        "all",
        "you",
        "me",
    }
)

#: What those are called who have deleted their account, with a number behind it: one in each match.
FORMER = "former-player"

#: Stands behind a name of somebody's that is reserved.
MARK = "_"

#: What looks alike within ASCII, when case does not count.
_ALIKE = str.maketrans({"0": "o", "1": "l", "|": "l"})

#: Categories of what is not seen, or only with the character before it; letters that are blank.
_UNSEEN = {"Cc", "Cf", "Cn", "Co", "Mn", "Me", "Zl", "Zp", "Zs"}
_BLANKS = "\u115f\u1160\u3164\uffa0"


def skeleton(name: str) -> str:
    """Return what a name looks like: two names with the same skeleton can be taken for each other.

    Latin letters with marks stay what they are: nobody takes ``ä`` for ``a``.
    """
    shape = "".join(_shape(character) for character in unicodedata.normalize("NFC", name.replace("I", "l")))
    return shape.casefold().translate(_ALIKE).replace("rn", "m").replace("vv", "w")


@cache
def _shape(character: str) -> str:
    if character.isascii():
        return character
    for alike in confusables.confusables_data.get(character, ()):
        shape: str = alike["c"]
        if shape.isascii() and shape.isalnum():
            return shape
    return character


@cache
def _reserved() -> frozenset[str]:
    spelled = [how for word in RESERVED for how in (word, word.upper(), word.capitalize())]
    return frozenset(skeleton(word) for word in spelled)


@lru_cache(maxsize=4096)
def shown(name: str) -> str:
    """Return a person's name as others see it: with a mark if it could be taken for one that is reserved.

    Wide letters, invisible characters and marks at the end make no difference to that.
    """
    wide = unicodedata.normalize("NFKC", name)
    seen = "".join(one for one in wide if unicodedata.category(one) not in _UNSEEN and one not in _BLANKS)
    seen = seen.rstrip(MARK)
    return name + MARK if not seen or skeleton(seen) in _reserved() else name


def meant(name: str) -> str:
    """Return the name of whom others see as ``name``."""
    bare = name.removesuffix(MARK)
    return bare if shown(bare) == name else name


def former(others: Iterable[str]) -> str:
    """Return a name for a former player that none of the others in the same place has."""
    taken = set(others)
    return next(name for number in count(1) if (name := f"{FORMER}-{number}") not in taken)


def is_former(name: str) -> bool:
    """Say whether a name stands for somebody whose account has been deleted."""
    return name.casefold().startswith(f"{FORMER}-")
