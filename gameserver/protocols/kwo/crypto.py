"""Encrypted packs as the whole family of KWO programs has them.

The key is not the digest of the password but its text: H is the MD5 of the password as 32 upper-case hexadecimal
digits, the first 16 of them are the AES key and the last 16 the initialisation vector; CBC, PKCS#7, Base64. It is the
family's way and as weak as that: equal beginnings give equal ciphertexts, and nothing is signed.
"""

from __future__ import annotations

import base64
import binascii
import hashlib

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

#: The mode's name in a pack; the misspelling is everybody's. LiteLoader knows the second one too.
MODE = "aes_cbc_pck7padding"
MODES = (MODE, "aes_cbc_pkcs7padding")

_BLOCK = 16


class CannotDecrypt(Exception):
    """A text that is no Base64, has no whole blocks or no padding: another password, or damage."""


class PackCipher:
    """Encrypts and decrypts with one password."""

    def __init__(self, password: str) -> None:
        digest = hashlib.md5(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
        self._cipher = Cipher(algorithms.AES(digest[:16]), modes.CBC(digest[16:]))

    def encrypt(self, plain: bytes) -> str:
        """Return the Base64 text of encrypted bytes."""
        missing = _BLOCK - len(plain) % _BLOCK
        encryptor = self._cipher.encryptor()
        encrypted = encryptor.update(plain + bytes([missing]) * missing) + encryptor.finalize()
        return base64.b64encode(encrypted).decode("ascii")

    def decrypt(self, text: str) -> bytes:
        """Return the bytes behind a Base64 text. Raises ``CannotDecrypt``."""
        try:
            encrypted = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            raise CannotDecrypt from None
        if not encrypted or len(encrypted) % _BLOCK:
            raise CannotDecrypt
        decryptor = self._cipher.decryptor()
        padded = decryptor.update(encrypted) + decryptor.finalize()
        missing = padded[-1]
        if not 1 <= missing <= _BLOCK or padded[-missing:] != bytes([missing]) * missing:
            raise CannotDecrypt
        return padded[:-missing]
