"""Dice and keno, money and its messages: bets, history, repeated requests, balance updates, activities."""

from __future__ import annotations

import hashlib
import json
import os
from decimal import ROUND_DOWN, Decimal
from typing import Any

import attrs
from twisted.trial.unittest import SynchronousTestCase

from gameserver.games.fair import dice, keno
from gameserver.games.fair.money import UNITS
from gameserver.games.fair.seeds import Seeds
from gameserver.wallet.offer import DICE, KENO, MINES
from gameserver.wallet.rows import SeedRow
from tests.protocols.invoker.services import SEED, Client, Services, bet, now
from tests.typed import TestMixin

LONG = bool(os.environ.get("GAMESERVER_LONG"))


class MoneyContract(TestMixin):
    form: str

    def setUp(self) -> None:
        self.services = Services()

    def enter(self, name: str = "alexandra", game: str = DICE) -> Client:
        return self.services.enter(name, game, self.form)

    def reveal(self, player: int = 1, game: str = DICE) -> SeedRow:
        """Rotate a seed and return the old one."""
        revealed: SeedRow = now(self.services.ledger.submit(lambda books: books.rotate(player, game)[0]))
        return revealed

    def test_a_dice_bet_has_every_field_of_the_document(self) -> None:
        client = self.enter()
        answer = client.ask("PLACE_BET", bet("10.00", dice=(50, "OVER")), "msg_007")
        self.assertEqual((answer["i"], answer["t"]), ("msg_007", "PLACE_BET"))
        payload = answer["p"]
        self.assertLessEqual({"betId", "gameResult", "balance"}, set(payload))
        result = payload["gameResult"]
        self.assertEqual(
            set(result),
            {"gameId", "betAmount", "winAmount", "isWin", "diceOutcome", "multiplier", "timestamp"},
        )
        outcome = result["diceOutcome"]
        self.assertEqual(set(outcome), {"rolledNumber", "target", "condition", "multiplier"})
        self.assertEqual((result["gameId"], result["betAmount"]), (DICE, "10.00"))
        self.assertEqual((outcome["target"], outcome["condition"], outcome["multiplier"]), (50, "OVER", "1.9803"))
        self.assertEqual(result["isWin"], outcome["rolledNumber"] > 50)
        self.assertEqual(result["winAmount"], "19.80" if result["isWin"] else "0.00")
        self.assertEqual(payload["balance"], "1009.80" if result["isWin"] else "990.00")

    def test_every_dice_bet_verifies_when_its_seed_is_revealed(self) -> None:
        client = self.enter()
        self.services.ledger.submit(lambda books: books.credit(1, "USD", 100_000 * UNITS))
        shown = client.done("GET_GAME_STATE")["serverSeedInfo"]
        bets = []
        for number in range(100_000 if LONG else 200):
            target, condition = 4 + number % 93, ("OVER", "UNDER")[number % 2]
            bets.append((target, condition, client.bet("1.00", dice=(target, condition))["gameResult"]))
            self.services.clock.advance(0.001)
            client.wire.frames.clear()
        old = self.reveal()
        self.assertEqual(hashlib.sha256(old.value.encode()).hexdigest(), shown["hashedServerSeed"])
        for nonce, (target, condition, result) in enumerate(bets):
            checked = dice.play(dice.dice_bet(target, condition), Seeds(old.value, SEED, nonce))
            self.assertEqual(result["diceOutcome"]["rolledNumber"], checked.rolled / 100)
            self.assertEqual(result["isWin"], checked.is_win)
        state = client.done("GET_GAME_STATE")["serverSeedInfo"]
        self.assertEqual(state["currentNonce"], 0)
        self.assertNotEqual(state["hashedServerSeed"], shown["hashedServerSeed"])
        self.assertTrue(self.services.balanced())

    def test_keno_answers_by_its_own_name_and_draws_ten_numbers(self) -> None:
        client = self.enter(game=KENO)
        numbers = [3, 7, 15, 22, 28]
        answer = client.ask("PLACE_BET", bet(keno=numbers), "msg_501")
        self.assertEqual(answer["t"], "PLACE_BET_RESPONSE")
        result = answer["p"]["gameResult"]
        outcome = result["kenoOutcome"]
        self.assertEqual(
            set(outcome),
            {"selectedNumbers", "drawnNumbers", "matchedNumbers", "selectedCount", "matchedCount", "payout"},
        )
        self.assertEqual((result["gameId"], outcome["selectedNumbers"], outcome["selectedCount"]), (KENO, numbers, 5))
        self.assertEqual(len(set(outcome["drawnNumbers"])), 10)
        self.assertEqual(outcome["matchedNumbers"], sorted(set(numbers) & set(outcome["drawnNumbers"])))
        self.assertEqual(outcome["matchedCount"], len(outcome["matchedNumbers"]))
        for hits, paid in enumerate(("0.00", "0.00", "0.00", "1.00", "2.50", "10.00")):
            if hits == outcome["matchedCount"]:
                self.assertEqual((outcome["payout"], result["multiplier"]), (paid, paid))
        seeds = Seeds(self.reveal(game=KENO).value, SEED, 0)
        self.assertEqual(tuple(outcome["drawnNumbers"]), tuple(sorted(keno.drawing(seeds))))
        self.assertEqual(client.bet(keno=list(range(1, 11)), difficulty="high")["gameResult"]["gameId"], KENO)

    def test_keno_refuses_bad_numbers_in_its_own_words(self) -> None:
        client = self.enter(game=KENO)
        for code, numbers in (
            ("INVALID_NUMBER_COUNT", []),
            ("INVALID_NUMBER_COUNT", list(range(1, 12))),
            ("INVALID_NUMBER_RANGE", [0]),
            ("INVALID_NUMBER_RANGE", [41]),
            ("DUPLICATE_NUMBERS", [1, 1]),
        ):
            self.assertEqual(client.refused("PLACE_BET", bet(keno=numbers)), code)
        self.assertEqual(client.refused("PLACE_BET", bet(keno=[1], difficulty="Easy")), "INVALID_PARAMS")
        self.assertEqual(client.balance(), "1000.00")

    def test_history_has_pages_and_what_is_needed_to_verify(self) -> None:
        client = self.enter()
        made = [client.bet("1.00") for _ in range(12)]
        history = client.done("GET_BET_HISTORY")
        self.assertEqual((len(history["history"]), history["total"], history["hasMore"]), (10, 12, True))
        newest = history["history"][0]
        self.assertEqual(newest["betId"], made[-1]["betId"])
        result = made[-1]["gameResult"]
        for key in ("gameId", "betAmount", "winAmount", "isWin", "timestamp", "multiplier"):
            self.assertEqual(newest[key], result[key], key)
        self.assertEqual(newest["gameOutcome"]["diceOutcome"], result["diceOutcome"])
        fair = newest["provablyFair"]
        self.assertEqual((fair["clientSeed"], fair["serverSeed"], fair["nonce"]), (SEED, "", 11))
        page = client.done("GET_BET_HISTORY", {"limit": 5, "offset": 10})
        self.assertEqual([entry["betId"] for entry in page["history"]], [made[1]["betId"], made[0]["betId"]])
        self.assertFalse(page["hasMore"])
        old = self.reveal()
        fair = client.done("GET_BET_HISTORY", {"limit": 1})["history"][0]["provablyFair"]
        self.assertEqual((fair["serverSeed"], fair["hashedServerSeed"]), (old.value, old.hash))
        self.assertEqual(client.done("GET_BET_HISTORY", {"gameId": KENO})["total"], 0)
        for params in ({"limit": 0}, {"limit": 101}, {"offset": -1}):
            self.assertEqual(client.refused("GET_BET_HISTORY", params), "INVALID_PARAMS")
        self.assertEqual(client.refused("GET_BET_HISTORY", {"gameId": "x"}), "GAME_NOT_FOUND")

    def test_the_same_request_gets_the_same_bytes_and_moves_money_once(self) -> None:
        client, other = self.enter(), self.enter()
        client.ask("PLACE_BET", bet("10.00"), "msg_1")
        first, balance = client.last, client.balance()
        self.assertTrue(client.told("BALANCE_UPDATE"))
        other.pushes()
        for again in (client, other):
            again.ask("PLACE_BET", bet("10.00"), "msg_1")
            self.assertEqual(again.last, first)
            self.assertEqual(again.pushes(), [])
        self.assertEqual(client.refused("PLACE_BET", bet("20.00"), "msg_1"), "DUPLICATE_BET")
        self.assertEqual(
            client.refused("PLACE_BET", bet("10.00", client_seed="another seed"), "msg_1"), "DUPLICATE_BET"
        )
        keno_client = self.enter(game=KENO)
        self.assertEqual(keno_client.refused("PLACE_BET", bet(keno=[1]), "msg_1"), "DUPLICATE_BET")
        stranger = self.enter("somebody")
        stranger.ask("PLACE_BET", bet("10.00"), "msg_1")
        self.assertEqual(client.balance(), balance)
        self.services.clock.advance(24 * 3600 + 1)
        self.assertEqual(self.services.store._rows[("request", 1, "msg_1")].key, "msg_1")
        late = self.enter()
        late.ask("PLACE_BET", bet("20.00"), "msg_1")
        self.assertNotEqual(late.last, first)

    def test_a_refused_request_may_be_repeated(self) -> None:
        client = self.enter()
        self.assertEqual(client.refused("PLACE_BET", bet("1000.01"), "msg_1"), "INSUFFICIENT_BALANCE")
        self.services.ledger.submit(lambda books: books.credit(1, "USD", UNITS))
        self.assertEqual(client.ask("PLACE_BET", bet("1000.01"), "msg_1")["t"], "PLACE_BET")

    def test_balance_updates_follow_the_reply_one_for_each_change_on_every_connection(self) -> None:
        client, second, stranger = self.enter(), self.enter(), self.enter("somebody")
        while True:
            before = float(client.balance())
            client.wire.frames.clear()
            second.wire.frames.clear()
            client.send("PLACE_BET", bet("10.00"), "msg")
            sent = client.pushes()
            self.assertEqual((sent[0]["i"], sent[0]["t"]), ("msg", "PLACE_BET"))
            updates = [push["p"] for push in sent[1:] if push["t"] == "BALANCE_UPDATE"]
            self.assertEqual(updates, second.told("BALANCE_UPDATE"))
            won = sent[0]["p"]["gameResult"]["isWin"]
            self.assertEqual([update["reason"] for update in updates], ["BET", "WIN"] if won else ["BET"])
            self.assertEqual((updates[0]["changeAmount"], updates[0]["playerId"]), ("-10.00", "player_1"))
            self.assertEqual((updates[0]["currency"], updates[0]["gameId"]), ("USD", DICE))
            self.assertEqual(float(updates[0]["balance"]), before - 10)
            self.assertEqual(updates[-1]["balance"], sent[0]["p"]["balance"])
            if won:
                self.assertEqual(updates[1]["changeAmount"], "19.80")
                break
            self.services.clock.advance(24 * 3600 + 1)
            for each in (client, second, stranger):
                each.channel.identity = self.services.identities.renew(each.channel.identity)[1]
        self.assertEqual(stranger.told("BALANCE_UPDATE"), [])

    def test_a_bet_whose_win_could_not_be_paid_in_full_is_refused_before_it(self) -> None:
        """At the most that may be bet on it every bet pays what it shows, above it none is made."""
        bets: list[tuple[str, dict[str, Any], str]] = [
            (DICE, {"dice": (4, "UNDER")}, "4210.52"),
            (DICE, {"dice": (96, "OVER")}, "4199.56"),
            (KENO, {"keno": [1, 2], "difficulty": "high"}, "6211.18"),
            (KENO, {"keno": list(range(1, 11)), "difficulty": "low"}, "100.10"),
            (KENO, {"keno": [1, 2, 3, 4, 5]}, "10000.00"),
        ]
        self.services.ledger.submit(lambda books: books.credit(1, "USD", 10_000_000 * UNITS))
        for game, asked, most in bets:
            client = self.enter(game=game)
            before = client.balance(), client.done("GET_GAME_STATE")["serverSeedInfo"]["currentNonce"]
            above = f"{Decimal(most) + Decimal('0.01'):.2f}"
            error = client.ask("PLACE_BET", bet(above, **asked))["p"]
            self.assertEqual(error["code"], "BET_LIMIT_EXCEEDED", (game, asked))
            self.assertEqual(json.loads(error["details"])["maxBet"], most, (game, asked))
            after = client.balance(), client.done("GET_GAME_STATE")["serverSeedInfo"]["currentNonce"]
            self.assertEqual(after, before)
            for _ in range(60):
                result = client.bet(most, **asked)["gameResult"]
                shown = Decimal(result["multiplier"]) * Decimal(most)
                self.assertEqual(result["winAmount"], f"{shown.quantize(Decimal('0.01'), ROUND_DOWN)}")
                client.wire.frames.clear()
        self.assertTrue(self.services.balanced())

    def test_others_are_told_of_a_bet_and_the_bettor_is_not(self) -> None:
        client, second, visitor = self.enter(), self.enter(), self.enter("somebody", MINES)
        quiet = self.enter("quiet_one")
        for each in (client, second, visitor):
            each.done("SUBSCRIBE", {"eventTypes": ["BET_ACTIVITY"], "filters": json.dumps({"gameTypes": ["dice"]})})
        result = client.bet("100.00")["gameResult"]
        (activity,) = visitor.told("BET_ACTIVITY")
        expected = {
            "playerId": "player_1",
            "playerName": "ale***dra",
            "gameId": DICE,
            "gameName": "Dice",
            "betAmount": "100.00",
            "winAmount": result["winAmount"],
            "multiplier": result["multiplier"],
            "isWin": result["isWin"],
            "currency": "USD",
            "timestamp": result["timestamp"],
        }
        self.assertEqual(activity, expected)
        for each in (client, second, quiet):
            self.assertEqual(each.told("BET_ACTIVITY"), [])
        visitor.done("UNSUBSCRIBE", {"eventTypes": ["BET_ACTIVITY"]})
        client.bet("100.00")
        self.assertEqual(visitor.told("BET_ACTIVITY"), [])

    def test_others_are_told_of_200_bets_a_second_and_of_every_large_one(self) -> None:
        client, visitor = self.enter(), self.enter("somebody")
        visitor.done("SUBSCRIBE", {"eventTypes": ["BET_ACTIVITY"]})
        for _ in range(203):
            client.bet("1.00")
        self.assertEqual(len(visitor.told("BET_ACTIVITY")), 200)
        client.bet("100.00")
        self.assertEqual(len(visitor.told("BET_ACTIVITY")), 1)
        self.services.clock.advance(1)
        client.bet("1.00")
        self.assertEqual(len(visitor.told("BET_ACTIVITY")), 1)

    def test_filters_leave_other_games_out(self) -> None:
        client, visitor = self.enter(), self.enter("somebody")
        visitor.done("SUBSCRIBE", {"eventTypes": ["BET_ACTIVITY"], "filters": json.dumps({"gameId": KENO})})
        client.bet("100.00")
        self.assertEqual(visitor.told("BET_ACTIVITY"), [])
        self.enter("third_one", KENO).bet("100.00", keno=[1])
        self.assertEqual(len(visitor.told("BET_ACTIVITY")), 1)

    def test_batches_gather_half_a_second_or_twenty_bets_and_leave_ones_own_out(self) -> None:
        client, visitor = self.enter(), self.enter("somebody")
        for each in (client, visitor):
            each.done("SUBSCRIBE", {"eventTypes": ["BET_ACTIVITY_BATCH"]})
        client.bet("100.00")
        client.bet("100.00")
        self.assertEqual(visitor.told("BET_ACTIVITY_BATCH"), [])
        self.services.clock.advance(0.5)
        (batch,) = visitor.told("BET_ACTIVITY_BATCH")
        self.assertEqual((batch["totalCount"], batch["sampledCount"], len(batch["activities"])), (2, 2, 2))
        self.assertEqual(batch["activities"][0]["maskedUsername"], "ale***dra")
        self.assertEqual(batch["activities"][0]["maskedPlayerId"], "pla***r_1")
        self.assertLess(batch["periodStart"], batch["periodEnd"])
        self.assertEqual(client.told("BET_ACTIVITY_BATCH"), [])
        visitor.bet("100.00")
        client.bet("100.00")
        self.services.clock.advance(0.5)
        (own,) = client.told("BET_ACTIVITY_BATCH")
        self.assertEqual([activity["maskedUsername"] for activity in own["activities"]], ["som***ody"])
        self.assertGreater(own["sequence"], batch["sequence"])
        self.services.ledger.submit(lambda books: books.credit(1, "USD", 20_000 * UNITS))
        visitor.wire.frames.clear()
        for _ in range(20):
            client.bet("100.00")
        (full,) = visitor.told("BET_ACTIVITY_BATCH")
        self.assertEqual(len(full["activities"]), 20)

    def test_nobody_is_told_of_bets_from_before_they_asked(self) -> None:
        client, early, late = self.enter(), self.enter("somebody"), self.enter("another")
        asked = {"eventTypes": ["BET_ACTIVITY", "BET_ACTIVITY_BATCH"]}
        early.done("SUBSCRIBE", asked)
        client.bet("100.00")
        self.services.clock.advance(0.2)
        late.done("SUBSCRIBE", asked)
        begun = int(self.services.clock.seconds() * 1000)
        # Who asked before is told at once of what had been gathered, and a second SUBSCRIBE begins nothing anew.
        (batch,) = early.told("BET_ACTIVITY_BATCH")
        self.assertEqual([activity["betAmount"] for activity in batch["activities"]], ["100.00"])
        client.bet("101.00")
        late.done("SUBSCRIBE", asked)
        self.assertEqual(early.told("BET_ACTIVITY_BATCH"), [])
        self.services.clock.advance(0.5)
        for each in (early, late):
            (batch,) = each.told("BET_ACTIVITY_BATCH")
            self.assertEqual([activity["betAmount"] for activity in batch["activities"]], ["101.00"])
            self.assertEqual((batch["totalCount"], batch["periodStart"]), (1, begun))
        # Bets that the sample leaves out are not counted for those who come later either.
        self.patch(self.services.shared.activities, "_shown", lambda bet, currency: False)
        client.bet("1.00")
        late.done("UNSUBSCRIBE", {"eventTypes": ["BET_ACTIVITY_BATCH"]})
        late.done("SUBSCRIBE", asked)
        client.bet("100.00")
        self.services.clock.advance(0.5)
        (batch,) = late.told("BET_ACTIVITY_BATCH")
        self.assertEqual(batch["totalCount"], 1)

    def test_play_money_given_from_outside_is_told_once_to_its_owner(self) -> None:
        first, second, stranger = self.enter(), self.enter(game=MINES), self.enter("somebody")
        for client in (first, second, stranger):
            client.balance()
        self.assertEqual(now(self.services.tell_credits()), 0)
        self.services.ledger.submit(lambda books: books.credit(1, "USD", 5 * UNITS))
        self.services.ledger.submit(lambda books: books.credit(1, "USD", UNITS // 2))
        self.services.ledger.submit(lambda books: books.credit(77, "USD", UNITS))
        first.bet("10.00", dice=(4, "UNDER"))
        for client in (first, second, stranger):
            client.pushes()
        self.assertEqual(now(self.services.tell_credits()), 2)
        balance = first.balance()
        for client, game in ((first, DICE), (second, MINES)):
            updates = client.told("BALANCE_UPDATE")
            for update, amount in zip(updates, ("5.00", "0.50"), strict=True):
                self.assertEqual((update["playerId"], update["currency"]), ("player_1", "USD"))
                self.assertEqual((update["reason"], update["gameId"]), ("CREDIT", game))
                # What they have now, not what they had then: they have bet since.
                self.assertEqual((update["changeAmount"], update["balance"]), (amount, balance))
        self.assertEqual(now(self.services.tell_credits()), 0)
        self.assertEqual([first.pushes(), stranger.told("BALANCE_UPDATE")], [[], []])

    def test_activities_are_listed_newest_first_with_masked_names_for_everybody(self) -> None:
        client = self.enter("bob")
        made = [client.bet("100.00") for _ in range(3)]
        visitor = self.services.open(form=self.form)
        listed = visitor.done("GET_BET_ACTIVITIES", {"gameId": DICE, "limit": 2})
        self.assertEqual((listed["totalCount"], listed["sampledCount"]), (3, 2))
        self.assertEqual(
            [activity["betId"] for activity in listed["activities"]], [made[2]["betId"], made[1]["betId"]]
        )
        activity, result = listed["activities"][0], made[2]["gameResult"]
        self.assertEqual((activity["playerName"], activity["playerId"]), ("***", "player_1"))
        outcome = {"target": 50, "result": result["diceOutcome"]["rolledNumber"], "rollType": "OVER"}
        self.assertEqual(activity["gameOutcome"], {"diceOutcome": outcome})
        for key in ("gameId", "betAmount", "winAmount", "multiplier", "isWin", "timestamp"):
            self.assertEqual(activity[key], result[key])
        self.assertEqual(visitor.refused("GET_BET_ACTIVITIES", {"gameId": "inhousegame:plinko"}), "GAME_NOT_FOUND")
        for limit in (0, 101, -1):
            asked = {"gameId": DICE, "limit": limit}
            self.assertEqual(visitor.refused("GET_BET_ACTIVITIES", asked), "INVALID_PARAMS")

    def test_a_win_too_small_for_the_currency_is_none(self) -> None:
        # Two tenths of the smallest stake are less than a unit.
        shared = self.services.shared
        shared.currencies = {**shared.currencies, "BTC": attrs.evolve(shared.currencies["BTC"], min_bet=1)}
        client = self.services.enter(game=KENO, form=self.form, currency="BTC")
        while True:
            result = client.bet("0.00000001", keno=[1, 2, 3, 4, 5], difficulty="classic")["gameResult"]
            if result["multiplier"] == "0.25":
                break
        (listed,) = client.done("GET_BET_HISTORY", {"limit": 1})["history"]
        self.assertEqual((result["winAmount"], result["isWin"]), ("0.00000000", False))
        self.assertEqual((listed["winAmount"], listed["isWin"]), ("0.00000000", False))

    def test_activities_are_asked_for_by_game(self) -> None:
        answer = self.enter().ask("GET_BET_ACTIVITIES", {})
        self.assertEqual(answer["p"]["code"], "INVALID_PARAMS")
        self.assertEqual(json.loads(answer["p"]["details"]), {"reason": "MISSING_GAME_ID"})

    def test_a_small_bet_that_wins_more_than_ten_times_its_stake_is_always_listed(self) -> None:
        client = self.enter()
        won: list[str] = []
        while len(won) < 5:
            # Under 9 pays 11 times the stake.
            made = client.bet("1.00", dice=(9, "UNDER"))
            if made["gameResult"]["isWin"]:
                won.append(made["betId"])
                listed = client.done("GET_BET_ACTIVITIES", {"gameId": DICE, "limit": 1})["activities"]
                self.assertEqual(listed[0]["betId"], won[-1])

    def test_small_bets_are_sampled_and_all_are_counted(self) -> None:
        client = self.enter()
        for _ in range(300):
            client.bet("1.00")
        listed = client.done("GET_BET_ACTIVITIES", {"gameId": DICE, "limit": 100})
        self.assertEqual(listed["totalCount"], 300)
        self.assertEqual(listed["sampledCount"], len(listed["activities"]))
        self.assertTrue(5 <= listed["sampledCount"] <= 80, listed["sampledCount"])


class JsonTests(MoneyContract, SynchronousTestCase):
    form = "json"

    def test_a_reply_given_in_json_is_the_same_message_in_protobuf(self) -> None:
        client = self.enter()
        first = client.ask("PLACE_BET", bet("10.00"), "msg_1")
        client.form = "protobuf"
        self.assertEqual(client.ask("PLACE_BET", bet("10.00"), "msg_1"), first)


class ProtobufTests(MoneyContract, SynchronousTestCase):
    form = "protobuf"
