"""Who may connect to a server, and whether they may send plain packs.

There is no login: everybody who knows the password can read and write packs. A server without a password, or with
one that can be guessed, can be reached from this machine only. A browser must have the page from this machine too,
because any page in the world can open a WebSocket to 127.0.0.1.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

import attrs

from gameserver.errors import Code, GameError, StartError
from gameserver.net.endpoints import EndpointText, is_loopback
from gameserver.net.origins import Origins
from gameserver.net.websocket import Upgrade

#: A password is weak when it is shorter, has fewer different characters, or is one of everybody's.
PASSWORD_LENGTH = 10
PASSWORD_CHARACTERS = 5
EVERYBODYS = frozenset(
    {
        "administrator",
        "changemeplease",
        "gameserver",
        "keepwatchon",
        "password",
        "passwordpassword",
        "passwd",
        "1234567890",
        "0123456789",
        "12345678910",
        "qwertyuiop",
    }
)

#: Headers by which a proxy says that somebody else is behind it.
_FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")


def weak(password: str) -> bool:
    """Say whether a password may not guard a server from other machines."""
    short = len(password) < PASSWORD_LENGTH or len(set(password)) < PASSWORD_CHARACTERS
    return short or password.lower().rstrip("0123456789!") in EVERYBODYS or password.lower() in EVERYBODYS


def check_password(key: str, password: str, endpoints: Iterable[str]) -> None:
    """Raise ``StartError`` for a weak password of a server that others can reach by one of its endpoints."""
    outside = [text for text in endpoints if not EndpointText.parse(text).local]
    if password and weak(password) and outside:
        raise StartError(
            f"{key}: too weak for {outside[0]}; take at least 10 characters that nobody guesses, or listen on "
            "127.0.0.1 only"
        )


def from_here(address: str, headers: Mapping[str, str]) -> bool:
    """Say whether a request comes from this machine, and not from a proxy on it."""
    return is_loopback(address) and not any(name in headers for name in _FORWARDED)


@attrs.frozen
class Admission:
    """One server's rule: its password (empty: none) and whether plain packs are allowed to this machine.

    Of the pages that ``origins`` let in, those that are not this machine's must be named there to send plain packs:
    ``*`` is not enough, for a plain pack proves nothing.
    """

    password: str
    plain: bool
    origins: Origins = Origins()

    def admit(self, upgrade: Upgrade) -> bool:
        """Return whether the client may send plain packs. Raises ``GameError`` ``forbidden``."""
        here = from_here(upgrade.address, upgrade.headers)
        return self.admit_client(upgrade.headers.get("origin"), here=here)

    def admit_client(self, origin: str | None, *, here: bool) -> bool:
        """See ``admit``, for a client of a page, ``None`` if it is no page's, that comes from this machine or not."""
        if not here and weak(self.password):
            raise GameError(
                Code.FORBIDDEN, "Without a strong password this server can be reached from its machine only."
            )
        plain = self.plain and here
        if plain and origin is not None and not (_of_this_machine(origin) or self.origins.name({"origin": origin})):
            raise GameError(Code.FORBIDDEN, "Pages of other machines may not send plain packs.")
        if not plain and not self.password:
            raise GameError(Code.FORBIDDEN, "This server has no password and takes no plain packs.")
        return plain


def _of_this_machine(origin: str) -> bool:
    try:
        return is_loopback(urlsplit(origin).hostname or "?")
    except ValueError:
        return False
