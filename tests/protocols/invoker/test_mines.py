"""Chapter 4: a round of mines to each of its ends, in both forms."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from gameserver.games.fair import mines
from gameserver.games.fair.money import UNITS
from gameserver.games.fair.seeds import Seeds
from gameserver.wallet.offer import MINES
from tests.protocols.invoker.services import SEED, Services, bet, now
from tests.typed import TestMixin, deferred

STATE = {
    "gameId",
    "status",
    "betAmount",
    "minesCount",
    "gridType",
    "revealedTiles",
    "safeTilesRevealed",
    "createdAt",
    "updatedAt",
}
RESULT = {"minePositions", "safeTilesRevealed", "finalMultiplier", "payout", "provablyFair"}


class MinesContract(TestMixin):
    form: str

    def setUp(self) -> None:
        self.services = Services()
        self.client = self.services.enter(game=MINES, form=self.form)

    def begin(self, count: int = 5, grid: str = "5x5", amount: str = "10.00") -> str:
        self.shown = self.client.done("GET_GAME_STATE")["serverSeedInfo"]
        made = self.client.bet(amount, mines=(count, grid))
        self.hidden = self.look(count, grid)
        game: str = made["gameResult"]["minesOutcome"]["gameId"]
        return game

    def look(self, count: int, grid: str) -> set[int]:
        """Cheat: return the mines of the open round."""
        (seed,) = [
            row
            for row in self.services.store._rows.values()
            if getattr(row, "hash", "") == self.shown["hashedServerSeed"]
        ]
        return set(mines.mine_positions(mines.mines_bet(count, grid), Seeds(seed.value, SEED, 0)))

    def safe(self, tiles: int = 25) -> list[int]:
        return [tile for tile in range(tiles) if tile not in self.hidden]

    def verifies(self, result: dict[str, Any], count: int = 5, grid: str = "5x5") -> None:
        """Check that a finished round's seed is the one promised, that it gave these mines, and is replaced."""
        self.assertEqual(set(result), RESULT)
        fair = result["provablyFair"]
        self.assertEqual(hashlib.sha256(fair["serverSeed"].encode()).hexdigest(), fair["hashedServerSeed"])
        self.assertEqual(fair["hashedServerSeed"], self.shown["hashedServerSeed"])
        self.assertEqual((fair["clientSeed"], fair["nonce"]), (SEED, self.shown["currentNonce"]))
        drawn = mines.mine_positions(mines.mines_bet(count, grid), Seeds(fair["serverSeed"], SEED, fair["nonce"]))
        self.assertEqual(result["minePositions"], sorted(drawn))
        after = self.client.done("GET_GAME_STATE")["serverSeedInfo"]
        self.assertNotEqual(after["hashedServerSeed"], fair["hashedServerSeed"])
        self.assertEqual(after["currentNonce"], 0)
        self.assertTrue(self.services.balanced())

    def test_a_round_begins_as_in_the_document(self) -> None:
        made = self.client.done("PLACE_BET", bet("10.00", mines=(5, "5x5")))
        result = made["gameResult"]
        self.assertTrue(made["betId"].startswith("bet_"))
        self.assertEqual((result["gameId"], result["betAmount"], result["winAmount"]), (MINES, "10.00", "0"))
        self.assertEqual((result["isWin"], made["balance"]), (False, "990.00"))
        outcome = result["minesOutcome"]
        self.assertTrue(outcome.pop("gameId").startswith("game_"))
        expected = {
            "status": "in_progress",
            "minesCount": 5,
            "gridType": "5x5",
            "revealedTiles": [],
            "safeTilesRevealed": 0,
            "currentMultiplier": "1.00",
            "nextMultiplier": "1.2375",
        }
        self.assertEqual({key: outcome[key] for key in expected}, expected)

    def test_tiles_are_opened_and_the_money_taken(self) -> None:
        game = self.begin()
        tiles = self.safe()[:2]
        self.services.clock.advance(1)
        first = self.client.done("MINES_REVEAL_TILE", {"gameId": game, "tileIndex": tiles[0]})
        self.assertEqual((first["isMine"], set(first["gameState"])), (False, STATE))
        self.assertEqual((first["currentMultiplier"], first["nextMultiplier"]), ("1.2375", "1.5631"))
        state = first["gameState"]
        self.assertEqual(
            (state["status"], state["betAmount"], state["revealedTiles"]), ("in_progress", "10.00", tiles[:1])
        )
        self.assertEqual(state["updatedAt"] - state["createdAt"], 1000)
        self.client.done("MINES_REVEAL_TILE", {"gameId": game, "tileIndex": tiles[1]})
        self.client.wire.frames.clear()
        out = self.client.done("MINES_CASH_OUT", {"gameId": game})
        self.assertEqual(
            (out["payout"], out["balance"], out["gameState"]["status"]), ("15.63", "1005.63", "cashed_out")
        )
        self.assertEqual(out["gameState"]["revealedTiles"], tiles)
        result = out["result"]
        self.assertEqual(
            (result["finalMultiplier"], result["payout"], result["safeTilesRevealed"]), ("1.5631", "15.63", 2)
        )
        (update,) = self.client.told("BALANCE_UPDATE")
        self.assertEqual((update["reason"], update["changeAmount"], update["gameId"]), ("WIN", "15.63", MINES))
        self.verifies(result)
        entry = self.client.done("GET_BET_HISTORY")["history"][0]
        self.assertEqual((entry["winAmount"], entry["multiplier"], entry["isWin"]), ("15.63", "1.5631", True))
        self.assertEqual(entry["gameOutcome"]["minesOutcome"]["minePositions"], result["minePositions"])

    def test_a_mine_ends_the_round(self) -> None:
        game = self.begin()
        safe, mine = self.safe()[0], min(self.hidden)
        self.client.done("MINES_REVEAL_TILE", {"gameId": game, "tileIndex": safe})
        lost = self.client.done("MINES_REVEAL_TILE", {"gameId": game, "tileIndex": mine})
        self.assertTrue(lost["isMine"])
        state, result = lost["gameState"], lost["result"]
        self.assertEqual(
            (state["status"], state["revealedTiles"], state["safeTilesRevealed"]), ("lost", [safe, mine], 1)
        )
        self.assertEqual((result["finalMultiplier"], result["payout"], result["safeTilesRevealed"]), ("0", "0", 1))
        self.verifies(result)
        self.assertEqual(self.client.balance(), "990.00")

    def test_the_last_safe_tile_settles_at_once(self) -> None:
        for count, grid, tiles, won in ((24, "5x5", 25, "247.50"), (8, "3x3", 9, "89.10"), (48, "7x7", 49, "485.10")):
            game = self.begin(count, grid)
            end = self.client.done("MINES_REVEAL_TILE", {"gameId": game, "tileIndex": self.safe(tiles)[0]})
            self.assertEqual((end["isMine"], end["gameState"]["status"]), (False, "cashed_out"))
            self.assertEqual(end["result"]["payout"], won)
            self.assertEqual(end["balance"], self.client.balance())
            self.verifies(end["result"], count, grid)

    def test_the_greatest_profit_settles_at_once(self) -> None:
        self.services.ledger.submit(lambda books: books.credit(1, "USD", 20_000 * UNITS))
        self.assertEqual(self.client.refused("PLACE_BET", bet("10000.00", mines=(24, "5x5"))), "BET_LIMIT_EXCEEDED")
        game = self.begin(12, amount="10000.00")
        for tile in self.safe():
            step = self.client.done("MINES_REVEAL_TILE", {"gameId": game, "tileIndex": tile})
            if "result" in step:
                break
        self.assertEqual(step["gameState"]["status"], "cashed_out")
        paid = Decimal(step["result"]["payout"])
        self.assertLessEqual(paid, 110_000)
        self.assertEqual(paid, Decimal(step["currentMultiplier"]) * 10_000)
        # No step follows, so none is shown; the one that was not made would have been too much.
        self.assertEqual(step["nextMultiplier"], step["currentMultiplier"])
        beyond = mines.mines_bet(12, "5x5").multiplier(step["gameState"]["safeTilesRevealed"] + 1)
        self.assertGreater(beyond, 110_000)
        self.verifies(step["result"], 12)

    def test_giving_up_loses_the_stake(self) -> None:
        game = self.begin()
        self.client.done("MINES_REVEAL_TILE", {"gameId": game, "tileIndex": self.safe()[0]})
        end = self.client.done("MINES_ABANDON_GAME", {"gameId": game})
        self.assertEqual((end["success"], bool(end["message"]), end["result"]["payout"]), (True, True, "0"))
        self.assertEqual(end["result"]["safeTilesRevealed"], 1)
        self.verifies(end["result"])
        self.assertEqual(self.client.balance(), "990.00")

    def test_a_round_is_found_and_resumed_by_another_connection(self) -> None:
        self.assertEqual(self.client.done("MINES_CHECK_ACTIVE"), {"hasActiveGame": False})
        self.assertEqual(self.client.refused("MINES_RESUME_GAME", {}), "GAME_NOT_FOUND")
        game = self.begin()
        tile = self.safe()[0]
        self.client.done("MINES_REVEAL_TILE", {"gameId": game, "tileIndex": tile})
        self.client.leave()
        again = self.services.enter(game=MINES, form=self.form)
        found = again.done("MINES_CHECK_ACTIVE")
        self.assertEqual((found["hasActiveGame"], found["gameId"], set(found["gameState"])), (True, game, STATE))
        self.assertIn(game, again.done("GET_GAME_STATE")["gameState"])
        looked = again.done("MINES_GET_STATE", {"gameId": game})
        self.assertEqual((looked["currentMultiplier"], looked["nextMultiplier"]), ("1.2375", "1.5631"))
        for params in ({"gameId": game}, {}):
            resumed = again.done("MINES_RESUME_GAME", params)
            self.assertTrue(resumed["success"])
            self.assertEqual(resumed["gameState"], looked["gameState"])
        again.done("MINES_CASH_OUT", {"gameId": game})
        self.assertEqual(again.done("MINES_CHECK_ACTIVE"), {"hasActiveGame": False})
        self.assertEqual(again.done("MINES_GET_STATE", {"gameId": game})["gameState"]["status"], "cashed_out")

    def test_a_round_keeps_its_currency_whatever_the_token_that_goes_on_with_it(self) -> None:
        self.client = self.services.enter(game=MINES, form=self.form, currency="BTC")
        game = self.begin(amount="0.10000001")
        dollars = self.services.enter(game=MINES, form=self.form)
        asked = {"gameId": game, "tileIndex": self.safe()[0]}
        state = dollars.done("MINES_REVEAL_TILE", asked)["gameState"]
        self.assertEqual(state["betAmount"], "0.10000001")
        for t in ("MINES_GET_STATE", "MINES_RESUME_GAME"):
            self.assertEqual(dollars.done(t, {"gameId": game})["gameState"], state)
        self.assertEqual(dollars.done("MINES_CHECK_ACTIVE")["gameState"], state)
        self.assertEqual(dollars.refused("PLACE_BET", bet(mines=(5, "5x5"))), "GAME_ALREADY_ACTIVE")
        paid = dollars.done("MINES_CASH_OUT", {"gameId": game})
        self.assertEqual((paid["payout"], paid["balance"]), ("0.12375001", "1000.02375000"))
        self.assertEqual((self.client.balance(), dollars.balance()), ("1000.02375000", "1000.00"))
        self.assertTrue(self.services.balanced())

    def test_what_cannot_be_done_changes_nothing(self) -> None:
        game = self.begin()
        self.assertEqual(self.client.refused("PLACE_BET", bet(mines=(5, "5x5"))), "GAME_ALREADY_ACTIVE")
        self.assertEqual(self.client.refused("MINES_CASH_OUT", {"gameId": game}), "INVALID_GAME_STATE")
        tile = self.safe()[0]
        self.client.done("MINES_REVEAL_TILE", {"gameId": game, "tileIndex": tile})
        before = self.client.done("MINES_GET_STATE", {"gameId": game})
        for index in (-1, 25, tile):
            refused = self.client.refused("MINES_REVEAL_TILE", {"gameId": game, "tileIndex": index})
            self.assertEqual(refused, "INVALID_PARAMS")
        stranger = self.services.enter("somebody", MINES, self.form)
        for t in ("MINES_CASH_OUT", "MINES_ABANDON_GAME", "MINES_GET_STATE", "MINES_RESUME_GAME"):
            for name in ("", "game_1", "game_x", game.replace("game_", ""), f"{game}0", "game_" + "9" * 40):
                self.assertEqual(self.client.refused(t, {"gameId": name}), "GAME_NOT_FOUND", (t, name))
            self.assertEqual(stranger.refused(t, {"gameId": game}), "GAME_NOT_FOUND")
        self.assertEqual(self.client.done("MINES_GET_STATE", {"gameId": game}), before)
        self.client.done("MINES_CASH_OUT", {"gameId": game})
        for t, params in (
            ("MINES_CASH_OUT", {}),
            ("MINES_ABANDON_GAME", {}),
            ("MINES_RESUME_GAME", {}),
            ("MINES_REVEAL_TILE", {"tileIndex": 1}),
        ):
            self.assertEqual(self.client.refused(t, {"gameId": game, **params}), "INVALID_GAME_STATE", t)
        self.assertTrue(self.services.balanced())

    def test_bad_bets_are_refused(self) -> None:
        for count, grid in (
            (0, "5x5"),
            (25, "5x5"),
            (9, "3x3"),
            (49, "7x7"),
            (-1, "5x5"),
            (1, "4x4"),
            (1, ""),
            (1, "5X5"),
        ):
            self.assertEqual(self.client.refused("PLACE_BET", bet(mines=(count, grid))), "INVALID_PARAMS")
        self.assertEqual(self.client.balance(), "1000.00")

    def test_repeated_requests_get_the_first_reply(self) -> None:
        game = self.begin()
        asked = {"gameId": game, "tileIndex": self.safe()[0]}
        self.client.ask("MINES_REVEAL_TILE", asked, "tile")
        first = self.client.last
        self.client.ask("MINES_REVEAL_TILE", asked, "tile")
        self.assertEqual(self.client.last, first)
        self.client.ask("MINES_CASH_OUT", {"gameId": game}, "out")
        first, balance = self.client.last, self.client.balance()
        self.client.wire.frames.clear()
        self.client.ask("MINES_CASH_OUT", {"gameId": game}, "out")
        self.assertEqual((self.client.last, self.client.pushes()), (first, []))
        self.assertEqual(self.client.balance(), balance)
        other = {"gameId": game, "tileIndex": self.safe()[1]}
        self.assertEqual(self.client.refused("MINES_REVEAL_TILE", other, "tile"), "DUPLICATE_BET")

    def test_rounds_left_alone_are_settled(self) -> None:
        game = self.begin()
        self.client.done("MINES_REVEAL_TILE", {"gameId": game, "tileIndex": self.safe()[0]})
        other = self.services.enter("somebody", MINES, self.form)
        lonely = other.bet(mines=(5, "5x5"))["gameResult"]["minesOutcome"]["gameId"]
        self.client.wire.frames.clear()
        self.services.clock.advance(200)
        self.assertEqual(now(self.services.settle_idle()), 0)
        self.services.clock.advance(101)
        self.assertEqual(self.successResultOf(deferred(self.services.settle_idle())), 2)
        (update,) = self.client.told("BALANCE_UPDATE")
        self.assertEqual((update["reason"], update["changeAmount"]), ("WIN", "12.37"))
        self.assertEqual(self.client.done("MINES_GET_STATE", {"gameId": game})["gameState"]["status"], "cashed_out")
        self.assertEqual(other.done("MINES_GET_STATE", {"gameId": lonely})["gameState"]["status"], "lost")
        self.assertEqual((self.client.balance(), other.balance()), ("1002.37", "990.00"))
        self.assertTrue(self.services.balanced())


class JsonTests(MinesContract, SynchronousTestCase):
    form = "json"

    def test_an_id_is_needed(self) -> None:
        for t in ("MINES_CASH_OUT", "MINES_ABANDON_GAME", "MINES_GET_STATE", "MINES_REVEAL_TILE"):
            self.assertEqual(self.client.refused(t, {}), "INVALID_PARAMS")
        self.assertEqual(
            self.client.refused("MINES_REVEAL_TILE", {"gameId": "x", "tileIndex": "1"}), "INVALID_PARAMS"
        )


class ProtobufTests(MinesContract, SynchronousTestCase):
    form = "protobuf"
