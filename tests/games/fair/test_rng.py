"""The stream of chance against vectors that others published."""

from __future__ import annotations

from itertools import islice

from hypothesis import given, settings
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from gameserver.games.fair.cards import DECK
from gameserver.games.fair.rng import below, digest, draw, floats, words
from gameserver.games.fair.seeds import Seeds
from tests.games.fair.data_files import PUBLISHED, VECTORS, seeds


def unlimited(source: Seeds, number: int) -> list[str]:
    """Cards of unlimited decks, ``floor(float * 52)`` each, as public verifiers draw them."""
    return [str(DECK[below(word, len(DECK))]) for word in islice(words(source), number)]


class PublishedTests(SynchronousTestCase):
    def test_hashes_bytes_and_floats_bit_for_bit(self) -> None:
        checked = 0
        for vector in PUBLISHED:
            source = seeds(vector)
            for turn, expected in enumerate(vector.get("hmac", ())):
                self.assertEqual(digest(source, turn).hex(), expected)
            wanted = vector.get("bytes", [])
            made = b"".join(word.to_bytes(4, "big") for word in islice(words(source), len(wanted) // 4))
            self.assertEqual(list(made), wanted)
            self.assertEqual(floats(source, len(vector.get("floats", ()))), vector.get("floats", []))
            checked += len(vector.get("hmac", ())) + len(wanted) + len(vector.get("floats", ()))
        self.assertEqual(checked, 5 + 40 + 11)

    def test_outcomes(self) -> None:
        for vector in PUBLISHED:
            source = seeds(vector)
            word = next(words(source))
            if "roll10001" in vector:
                self.assertEqual(below(word, 10001) / 100, vector["roll10001"])
            if "keno" in vector:
                self.assertEqual(draw(source, range(1, 41), 10), vector["keno"])
            if "mines5x5" in vector:
                self.assertEqual(draw(source, range(25), len(vector["mines5x5"])), vector["mines5x5"])
            if "safe_of_24" in vector:
                self.assertEqual(set(range(25)) - set(draw(source, range(25), 24)), {vector["safe_of_24"]})
            cards = vector.get("cards52", [])
            self.assertEqual(unlimited(source, len(cards)), cards)


class VectorTests(SynchronousTestCase):
    def test_words_and_cards(self) -> None:
        self.assertGreaterEqual(len(VECTORS), 57)
        for vector in VECTORS:
            source = seeds(vector)
            self.assertEqual(list(islice(words(source), 8)), vector["words"])
            self.assertEqual(f"{below(vector['words'][0], 10001) / 100:.2f}", vector["roll10001"])
            self.assertEqual(unlimited(source, 12), vector["cards52"])

    @settings(deadline=None)
    @given(st.integers(0, 2**32 - 1), st.integers(1, 2**20))
    def test_the_integer_rule_is_the_published_float_rule(self, word: int, limit: int) -> None:
        bytes4 = word.to_bytes(4, "big")
        float_ = sum(byte / 256 ** (place + 1) for place, byte in enumerate(bytes4))
        self.assertEqual(below(word, limit), int(float_ * limit))

    def test_the_last_float_selects_the_last_item(self) -> None:
        for limit in (1, 25, 40, 312, 10000, 2**20):
            self.assertEqual((below(0, limit), below(2**32 - 1, limit)), (0, limit - 1))
