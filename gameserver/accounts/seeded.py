"""Passwords of clients that never send them: they send a hash made with a seed that the server gives them.

Techmino 0.17.7 to 0.17.10 ask for the seed of an e-mail address and answer with PBKDF2-HMAC-SHA3-256 over the
password, 260 rounds, the seed's own characters for salt, as 64 hex digits in upper case. That hash opens the account
as the password does, so only a slow hash of it is kept.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets

import attrs

from gameserver.accounts.password_pool import PasswordPool
from gameserver.accounts.passwords import is_digest
from gameserver.accounts.store import StoredAccount

#: Rounds of the clients' hash: half a millisecond.
ROUNDS = 260

#: What such a client sends.
_HASH = re.compile(r"[0-9A-F]{64}")

#: Stands between seed and slow hash in what is kept; no seed has one.
_BETWEEN = ":"


@attrs.frozen
class Seeded:
    """What is kept: the account's seed, and the slow hash of the client's hash."""

    seed: str
    hashed: str

    @classmethod
    def read(cls, text: str) -> Seeded:
        """Return what ``text`` has written."""
        seed, _, hashed = text.partition(_BETWEEN)
        return cls(seed, hashed)

    @property
    def text(self) -> str:
        """How it is kept."""
        return f"{self.seed}{_BETWEEN}{self.hashed}"


def seeded(password: str, seed: str) -> str | None:
    """Return what a client sends for a password; ``None`` where only a digest of the password is known here."""
    if is_digest(password):
        return None
    typed = password.encode("utf-8", "surrogatepass")
    return hashlib.pbkdf2_hmac("sha3_256", typed, seed.encode(), ROUNDS, 32).hex().upper()


def is_seeded(text: str) -> bool:
    """Say whether a text is of the form that such a client sends."""
    return _HASH.fullmatch(text) is not None


class SeededPasswords:
    """Makes what is kept. ``secret`` makes the seeds of addresses nobody has: the same each time while it lasts."""

    def __init__(self, passwords: PasswordPool, secret: bytes) -> None:
        self._passwords = passwords
        self._secret = secret

    async def made(self, password: str, network: str = "") -> str | None:
        """Return what is kept of a password, ``None`` where only its digest is known.

        ``network`` is whose turn it is. Raises ``GameError`` ``busy``.
        """
        # 32 hex digits, as the official server's.
        seed = secrets.token_hex(16)
        sent = seeded(password, seed)
        return None if sent is None else Seeded(seed, await self._passwords.hash(sent, network)).text

    def seed(self, kept: StoredAccount | None, email: str) -> str:
        """Return the seed for who logs in by an address: an account's, if there is one that has any."""
        if kept is not None and kept.seeded is not None:
            return Seeded.read(kept.seeded).seed
        return hmac.digest(self._secret, email.casefold().encode("utf-8", "surrogatepass"), "sha256").hex()[:32]

    @staticmethod
    def hashed(kept: StoredAccount | None) -> str | None:
        """Return the slow hash of what the client of an account sends, ``None`` where there is none."""
        return None if kept is None or kept.seeded is None else Seeded.read(kept.seeded).hashed
