"""Commitment, client seed, nonce, rotation."""

from __future__ import annotations

import hashlib

from twisted.trial.unittest import SynchronousTestCase

from gameserver.errors import Code
from gameserver.games.fair.seeds import (
    ActiveSeed,
    checked_client_seed,
    checked_nonce,
    checked_server_seed,
    commitment,
    new_client_seed,
    new_server_seed,
)
from tests.games.fair.data_files import VECTORS
from tests.games.fair.refusals import refused


class CheckTests(SynchronousTestCase):
    def test_a_client_seed_has_8_to_256_characters_of_any_script(self) -> None:
        for text in ("12345678", "x" * 256, "种子种子种子种子", "🎲" * 256, "a:b:c:0:colons", " " * 8):
            self.assertEqual(checked_client_seed(text), text)
        for value in (
            "",
            "1234567",
            "种子种子种子种",
            "x" * 257,
            "1234567\0",
            "1234567\ud800",
            12345678,
            None,
            True,
            ["12345678"],
        ):
            refused(self, Code.BAD_CLIENT_SEED, checked_client_seed, value)

    def test_a_server_seed_to_verify_is_any_text_and_a_nonce_an_integer(self) -> None:
        for text in ("server seed", "s", "x" * 256):
            self.assertEqual(checked_server_seed(text), text)
        for value in ("", "x" * 257, None, 1, "\udfff"):
            refused(self, Code.BAD_SERVER_SEED, checked_server_seed, value)
        self.assertEqual([checked_nonce(value) for value in (0, 2**53 - 1)], [0, 2**53 - 1])
        for nonce in (-1, 2**53, 1.0, "1", True, None, 10**400):
            refused(self, Code.BAD_NONCE, checked_nonce, nonce)

    def test_suggested_client_seeds_are_hexadecimal(self) -> None:
        self.assertEqual(new_client_seed(bytes(range(4))), "00010203")
        self.assertEqual(len(new_client_seed(bytes(128))), 256)
        for length in (0, 3, 129):
            refused(self, Code.BAD_SEED_LENGTH, new_client_seed, bytes(length))


class LifeTests(SynchronousTestCase):
    def test_the_commitments_of_the_vectors(self) -> None:
        for vector in VECTORS:
            self.assertEqual(commitment(vector["server"]), vector["commitment"])

    def test_a_seed_counts_its_bets_and_is_revealed_by_rotation_only(self) -> None:
        seed = ActiveSeed.fresh(b"\x01" * 32)
        shown = seed.hashed
        self.assertNotIn(seed.server_seed, repr(seed))
        taken = []
        for _ in range(3):
            bet, seed = seed.take("client seed")
            taken.append((bet.server_seed, bet.client_seed, bet.nonce))
            self.assertNotIn(seed.server_seed, repr(bet))
        self.assertEqual(taken, [("01" * 32, "client seed", nonce) for nonce in range(3)])
        self.assertEqual((seed.nonce, seed.bets, seed.hashed), (3, 3, shown))
        revealed, fresh = seed.rotate(b"\x02" * 32)
        self.assertEqual((revealed.server_seed, revealed.nonce, revealed.bets), ("01" * 32, 3, 3))
        self.assertEqual(hashlib.sha256(revealed.server_seed.encode()).hexdigest(), shown)
        self.assertEqual(revealed.hashed, shown)
        self.assertEqual((fresh.server_seed, fresh.nonce, fresh.bets), ("02" * 32, 0, 0))

    def test_a_server_seed_needs_32_bytes(self) -> None:
        self.assertRaises(ValueError, new_server_seed, bytes(31))
