"""Seeds: the server's text, its SHA-256 commitment, the client's text, the nonce, reveal and rotation.

The player sees the commitment before they bet and the server seed only after it has been replaced.
"""

from __future__ import annotations

import hashlib

import attrs

from gameserver.errors import Code, GameError
from gameserver.games.fair.integers import checked_integer

#: Bytes of entropy in a server seed; its text is twice as many hexadecimal digits.
ENTROPY = 32

#: Characters of a client seed.
CLIENT_SEED_MIN = 8
CLIENT_SEED_MAX = 256

#: Greatest nonce: the greatest integer that a JavaScript verifier holds exactly.
NONCE_MAX = 2**53 - 1


def commitment(server_seed: str) -> str:
    """Return the SHA-256 of the server seed as text, 64 lower-case hexadecimal digits."""
    return hashlib.sha256(server_seed.encode()).hexdigest()


def new_server_seed(entropy: bytes) -> str:
    """Return a server seed, 64 hexadecimal digits. ``ValueError`` unless there are 32 bytes of entropy."""
    if len(entropy) != ENTROPY:
        raise ValueError(f"a server seed is made of {ENTROPY} bytes")
    return entropy.hex()


def checked_client_seed(text: object) -> str:
    """Return the client seed. ``GameError`` ``bad_client_seed`` unless it has 8 to 256 characters.

    Characters are Unicode code points. Half surrogates and NUL are refused too: neither has a place in UTF-8 text
    that every store keeps.
    """
    if isinstance(text, str) and CLIENT_SEED_MIN <= len(text) <= CLIENT_SEED_MAX and _storable(text):
        return text
    raise GameError(Code.BAD_CLIENT_SEED, "A client seed has 8 to 256 characters.")


def checked_server_seed(text: object) -> str:
    """Return a server seed for verification, any text of 1 to 256 characters. ``GameError`` ``bad_server_seed``."""
    if isinstance(text, str) and 1 <= len(text) <= CLIENT_SEED_MAX and _storable(text):
        return text
    raise GameError(Code.BAD_SERVER_SEED, "A server seed has 1 to 256 characters.")


def checked_nonce(value: object) -> int:
    """Return a nonce. ``GameError`` ``bad_nonce`` unless it is an integer in 0 .. 2**53 - 1."""
    return checked_integer(value, 0, NONCE_MAX, Code.BAD_NONCE, "A nonce is an integer from 0 on.")


def _storable(text: str) -> bool:
    try:
        return b"\0" not in text.encode()
    except UnicodeEncodeError:
        return False


def new_client_seed(entropy: bytes) -> str:
    """Return a suggested client seed, two hexadecimal digits a byte. ``bad_seed_length`` unless 4 to 128 bytes."""
    if not CLIENT_SEED_MIN <= 2 * len(entropy) <= CLIENT_SEED_MAX:
        raise GameError(Code.BAD_SEED_LENGTH, "A client seed has 8 to 256 characters.")
    return entropy.hex()


@attrs.frozen
class Seeds:
    """All that an outcome depends on."""

    server_seed: str = attrs.field(repr=False)
    client_seed: str
    nonce: int


@attrs.frozen
class ActiveSeed:
    """A server seed in use. ``nonce`` is the one of the next bet; ``bets`` counts those placed."""

    server_seed: str = attrs.field(repr=False)
    nonce: int = 0
    bets: int = 0

    @classmethod
    def fresh(cls, entropy: bytes) -> ActiveSeed:
        """Return a new seed made of 32 bytes of entropy, at nonce 0."""
        return cls(new_server_seed(entropy))

    @property
    def hashed(self) -> str:
        """The commitment, the only part of the seed that may be shown."""
        return commitment(self.server_seed)

    def take(self, client_seed: str) -> tuple[Seeds, ActiveSeed]:
        """Return the seeds of the next bet, and this seed after it."""
        return Seeds(self.server_seed, client_seed, self.nonce), attrs.evolve(
            self, nonce=self.nonce + 1, bets=self.bets + 1
        )

    def rotate(self, entropy: bytes) -> tuple[RevealedSeed, ActiveSeed]:
        """Return this seed revealed and a fresh one, at nonce 0, in its place."""
        return RevealedSeed(self.server_seed, self.nonce, self.bets), ActiveSeed.fresh(entropy)


@attrs.frozen
class RevealedSeed:
    """A server seed that will never be used again, and so may be shown. ``nonce`` is the one it had reached."""

    server_seed: str
    nonce: int
    bets: int

    @property
    def hashed(self) -> str:
        """The commitment that was shown while the seed was in use."""
        return commitment(self.server_seed)
