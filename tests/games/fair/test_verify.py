"""Verification shows the outcome of the game and every step on the way to it."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

import msgspec
from twisted.trial.unittest import SynchronousTestCase

from gameserver.errors import Code
from gameserver.games.fair.blackjack import start
from gameserver.games.fair.cards import shoe
from gameserver.games.fair.seeds import Seeds
from gameserver.games.fair.verify import Verification, verify_dice, verify_keno, verify_mines
from gameserver.games.fair.verify_blackjack import verify_blackjack
from tests.games.fair.data_files import VECTORS
from tests.games.fair.refusals import refused
from tests.games.fair.tables import STAKE

SEEDS = ("server seed", "client seed", 1)
#: Vectors whose client seed a bet may have.
BETTABLE = [vector for vector in VECTORS if len(vector["client"]) >= 8]


def plain(found: Verification) -> dict[str, Any]:
    """The answer as a client reads it."""
    answer: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(found))
    return answer


class OutcomeTests(SynchronousTestCase):
    def test_the_vectors(self) -> None:
        for vector in BETTABLE:
            given = (vector["server"], vector["client"], vector["nonce"])
            dice = plain(verify_dice(*given))
            self.assertEqual(f"{dice['roll']:.2f}", vector["roll"])
            self.assertEqual(dice["hashedServerSeed"], vector["commitment"])
            keno = plain(verify_keno(*given, [1, 2, 3]))
            self.assertEqual([step["taken"] for step in keno["draws"]], vector["keno"])
            self.assertEqual(keno["drawnNumbers"], sorted(vector["keno"]))
            self.assertEqual(keno["matchedNumbers"], sorted({1, 2, 3} & set(vector["keno"])))
            for count, grid, key in ((24, "5x5", "mines5x5"), (2, "3x3", "mines3x3"), (8, "7x7", "mines7x7")):
                mines = plain(verify_mines(*given, count, grid))
                self.assertEqual([step["taken"] for step in mines["draws"]], vector[key])
                self.assertEqual(mines["minePositions"], sorted(vector[key]))

    def test_dice_with_a_bet(self) -> None:
        found = plain(verify_dice(*SEEDS, 50, "OVER"))
        self.assertEqual((found["roll"], found["isWin"], found["multiplier"]), (74.67, True, "1.9803"))
        self.assertFalse(plain(verify_dice(*SEEDS, 50, "UNDER"))["isWin"])
        self.assertIsNone(plain(verify_dice(*SEEDS))["isWin"])

    def test_keno_with_every_table(self) -> None:
        paid = {
            difficulty: verify_keno(*SEEDS, [4, 10, 22, 24, 1], difficulty).multiplier
            for difficulty in (None, "classic", "low", "medium", "high")
        }
        shown = [verify_keno(*SEEDS, [4], difficulty).difficulty for difficulty in (None, "classic", "high")]
        self.assertEqual(shown, [None, "classic", "high"])
        self.assertEqual(paid, {None: "2.50", "classic": "16.50", "low": "13.00", "medium": "14.00", "high": "48.00"})

    def test_blackjack_shows_the_shoe_and_plays_the_actions_again(self) -> None:
        source = Seeds(*SEEDS)
        found = plain(verify_blackjack(*SEEDS, ["stand:0"]))
        order = [(card["rank"], card["suit"], card["value"]) for card in found["shuffledOrder"]]
        self.assertEqual(order, [(card.rank, card.suit, card.value) for card in shoe(source)])
        self.assertEqual(sorted(map(str, found["deck"])), sorted(map(str, found["shuffledOrder"])))
        self.assertEqual(found["playerHands"][0]["cards"], [found["shuffledOrder"][place] for place in (0, 2)])
        self.assertEqual(found["dealerHand"]["cards"][:2], [found["shuffledOrder"][place] for place in (1, 3)])
        game = start(STAKE, source).stand_all()
        self.assertEqual(found["playerHands"][0]["result"], game.hands[0].result)
        self.assertEqual((found["status"], found["actions"]), ("finished", ["stand:0"]))
        self.assertEqual(plain(verify_blackjack(*SEEDS))["status"], "playing")


class StepTests(SynchronousTestCase):
    def test_every_step_can_be_followed_by_hand(self) -> None:
        found = (
            (verify_mines(*SEEDS, 24), list(range(25))),
            (verify_keno(*SEEDS, [7]), list(range(1, 41))),
        )
        for answer, rest in found:
            shown = plain(answer)
            stream = b""
            for number, step in enumerate(shown["rounds"]):
                self.assertEqual((step["round"], step["message"]), (number, f"client seed:1:{number}"))
                digest = hmac.new(b"server seed", step["message"].encode(), hashlib.sha256)
                self.assertEqual(step["hmac"], digest.hexdigest())
                stream += bytes.fromhex(step["hmac"])
            for number, step in enumerate(shown["draws"]):
                self.assertEqual(bytes(step["bytes"]), stream[4 * number : 4 * number + 4])
                expected = sum(byte / 256 ** (place + 1) for place, byte in enumerate(step["bytes"]))
                self.assertEqual((step["float"], step["of"]), (expected, len(rest)))
                self.assertEqual(step["index"], int(step["float"] * step["of"]))
                self.assertEqual(step["taken"], rest.pop(step["index"]))
            self.assertTrue(0 <= len(stream) - 4 * len(shown["draws"]) < 32)

    def test_a_shoe_needs_39_hashes(self) -> None:
        found = verify_blackjack(*SEEDS)
        self.assertEqual((len(found.rounds), len(found.draws)), (39, 312))


class RefusalTests(SynchronousTestCase):
    def test_seeds_that_cannot_be(self) -> None:
        for verify in (
            verify_dice,
            lambda server, client, nonce: verify_mines(server, client, nonce, 3),
            verify_blackjack,
        ):
            refused(self, Code.BAD_SERVER_SEED, verify, "", "client seed", 1)
            refused(self, Code.BAD_SERVER_SEED, verify, None, "client seed", 1)
            refused(self, Code.BAD_CLIENT_SEED, verify, "server", "short", 1)
            refused(self, Code.BAD_NONCE, verify, "server", "client seed", -1)
            refused(self, Code.BAD_NONCE, verify, "server", "client seed", "1")

    def test_parameters_that_cannot_be(self) -> None:
        refused(self, Code.BAD_TARGET, verify_dice, *SEEDS, 97, "OVER")
        refused(self, Code.BAD_SIDE, verify_dice, *SEEDS, 50, None)
        refused(self, Code.BAD_MINES_COUNT, verify_mines, *SEEDS, 25)
        refused(self, Code.BAD_NUMBER_COUNT, verify_keno, *SEEDS, [])
        for actions in ("hit:0", [1], None, ["fly:0"], ["hit"], ["hit:7"], ["stand:0", "stand:0"], ["insure:0"]):
            refused(self, Code.BAD_ACTION, verify_blackjack, *SEEDS, actions)
