"""Blackjack over the protocol: every action, every end, and never a look at the second card."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable
from typing import Any

import msgspec
from twisted.trial.unittest import SynchronousTestCase

from gameserver.errors import GameError
from gameserver.games.fair import blackjack
from gameserver.games.fair.blackjack import Action, BlackjackRound, Move
from gameserver.games.fair.money import UNITS, Stake
from gameserver.games.fair.seeds import Seeds, commitment
from gameserver.protocols.invoker.config import Dollars, Invoker
from gameserver.wallet.books import Books
from gameserver.wallet.offer import BLACKJACK
from tests.protocols.invoker.services import SEED, Services, bet, now
from tests.typed import TestMixin

STAKE = Stake(10 * UNITS, 2, 100_000 * UNITS)

#: Whether a deal is the one that is looked for.
Fits = Callable[[BlackjackRound], bool]

HAND = {
    "cards",
    "status",
    "betAmount",
    "isDoubled",
    "isSplit",
    "isFromAces",
    "softValue",
    "hardValue",
    "bestValue",
    "isBlackjack",
    "canHit",
    "canStand",
    "canDouble",
    "canSplit",
}
DEALER = {"showCard", "cardCount", "showValue", "isRevealed", "hasBlackjack"}


def seed_where(fits: Fits, start: int = 0) -> tuple[str, BlackjackRound]:
    """Return the first server seed whose deal is as wanted, and the deal."""
    for number in range(start, 100_000):
        value = hashlib.sha256(str(number).encode()).hexdigest()
        game = blackjack.start(STAKE, Seeds(value, SEED, 0))
        if fits(game):
            return value, game
    raise AssertionError("no such deal")


def can(*moves: Move) -> Fits:
    return lambda game: all(any(legal.move is move for legal in game.legal_actions()) for move in moves)


class BlackjackContract(TestMixin):
    form: str

    def setUp(self) -> None:
        self.services = Services()
        self.client = self.services.enter(game=BLACKJACK, form=self.form)

    def stack(self, value: str) -> None:
        """Put a known seed into use."""

        def operation(books: Books) -> None:
            seed = books.seed(1, BLACKJACK)
            books._keep_seed(msgspec.structs.replace(seed, value=value, hash=commitment(value)))

        self.services.ledger.submit(operation)

    def deal(self, fits: Fits, amount: str = "10.00") -> dict[str, Any]:
        value, _ = seed_where(fits)
        self.stack(value)
        return self.state(self.client.ask("PLACE_BET", bet(amount, blackjack=True)))

    def test_a_round_whose_best_end_could_not_be_paid_is_refused_and_any_other_is_paid_in_full(self) -> None:
        self.services = Services(Invoker(usd=Dollars(max_profit=39.0)))
        self.client = self.services.enter(game=BLACKJACK, form=self.form)
        error = self.client.ask("PLACE_BET", bet("9.76", blackjack=True))["p"]
        self.assertEqual(error["code"], "BET_LIMIT_EXCEEDED")
        self.assertEqual(json.loads(error["details"])["maxBet"], "9.75")

        def best(game: BlackjackRound) -> bool:
            if not can(Move.SPLIT)(game):
                return False
            for move in (Action(Move.SPLIT), Action(Move.DOUBLE, 0), Action(Move.DOUBLE, 1)):
                if move not in game.legal_actions():
                    return False
                game = game.apply(move)
            return game.total_payout == 2 * game.total_bet

        state = self.act("SPLIT", self.deal(best, "9.75"))
        state = self.act("DOUBLE", self.act("DOUBLE", state), 1)
        self.assertEqual((state["totalBet"], state["totalPayout"]), ("39.00", "78.00"))
        self.assertEqual(self.client.balance(), "1039.00")

    def state(self, answer: dict[str, Any]) -> dict[str, Any]:
        self.assertEqual(answer["t"], "BLACKJACK_GAME_STATE", answer)
        state: dict[str, Any] = answer["p"]
        self.check_secrets(state)
        return state

    def act(self, name: str, state: dict[str, Any], hand: int = 0) -> dict[str, Any]:
        asked = {"roundId": state["roundId"], "handIndex": hand}
        return self.state(self.client.ask(f"BLACKJACK_{name}", asked))

    def check_secrets(self, state: dict[str, Any]) -> None:
        dealer = state["dealerHand"]
        if state["status"] == "finished":
            self.assertTrue(dealer["isRevealed"])
            self.assertEqual(dealer["cards"][0], dealer["showCard"])
            self.assertEqual(dealer["cards"][1], dealer["holeCard"])
            self.assertEqual(state["totalPayout"], state["finalPayout"])
            fair = state["provablyFair"]
            self.assertEqual(hashlib.sha256(fair["serverSeed"].encode()).hexdigest(), fair["hashedServerSeed"])
            for hand in state["playerHands"]:
                self.assertLessEqual(HAND | {"payout", "result"}, set(hand))
        else:
            self.assertEqual({key for key in dealer if dealer[key] != []}, DEALER)
            self.assertEqual((dealer["isRevealed"], dealer["hasBlackjack"]), (False, False))
            self.assertTrue({"totalPayout", "finalPayout", "provablyFair"}.isdisjoint(state))
            for hand in state["playerHands"]:
                self.assertEqual(set(hand), HAND)

    def settle(self, state: dict[str, Any]) -> dict[str, Any]:
        while state["status"] != "finished":
            state = self.act("STAND", state, state["activeHandIndex"])
        return state

    def balanced(self, state: dict[str, Any], before: float = 1000.0) -> None:
        """Check that stakes and payouts are what the balance shows, and that the next seed is a new one."""
        after = before - float(state["totalBet"]) + float(state["totalPayout"])
        self.assertAlmostEqual(float(self.client.balance()), after)
        shown = self.client.done("GET_GAME_STATE")["serverSeedInfo"]
        self.assertNotEqual(shown["hashedServerSeed"], state["provablyFair"]["hashedServerSeed"])
        self.assertEqual(shown["currentNonce"], 0)
        self.assertTrue(self.services.balanced())

    def test_a_round_shows_one_card_of_the_dealer(self) -> None:
        state = self.deal(can(Move.HIT))
        self.assertEqual((state["status"], state["betAmount"], state["totalBet"]), ("playing", "10.00", "10.00"))
        self.assertEqual((len(state["playerHands"]), state["dealerHand"]["cardCount"]), (1, 2))
        self.assertEqual((state["balance"], state["activeHandIndex"]), ("990.00", 0))
        card = state["playerHands"][0]["cards"][0]
        self.assertEqual(set(card), {"suit", "rank", "value"})
        self.assertIn(card["suit"], ("hearts", "diamonds", "clubs", "spades"))

    def test_stand_hit_double_and_split_come_to_an_end(self) -> None:
        for name, moves in (
            ("STAND", (Move.STAND,)),
            ("HIT", (Move.HIT,)),
            ("DOUBLE", (Move.DOUBLE,)),
            ("SPLIT", (Move.SPLIT,)),
        ):
            before = float(self.client.balance())
            state = self.act(name, self.deal(can(*moves)))
            if name == "DOUBLE":
                self.assertEqual((state["totalBet"], state["playerHands"][0]["isDoubled"]), ("20.00", True))
            if name == "SPLIT":
                self.assertEqual((state["totalBet"], len(state["playerHands"])), ("20.00", 2))
                self.assertTrue(all(hand["isSplit"] for hand in state["playerHands"]))
            self.balanced(self.settle(state), before)

    def test_insurance_is_taken_or_declined(self) -> None:
        dealt = can(Move.INSURE)
        for accept, natural in ((True, True), (True, False), (False, True), (False, False)):
            before = float(self.client.balance())

            def fits(game: BlackjackRound, wanted: bool = natural) -> bool:
                return dealt(game) and game.dealer.secretly_has_blackjack is wanted

            state = self.deal(fits)
            self.assertTrue(state["canInsure"])
            asked = {"roundId": state["roundId"], "acceptInsurance": accept}
            state = self.state(self.client.ask("BLACKJACK_INSURANCE", asked))
            self.assertFalse(state["canInsure"])
            if accept:
                self.assertEqual(state["insurance"]["amount"], "5.00")
                self.assertEqual(state["insurance"]["status"], "won" if natural else "lost")
                self.assertEqual(state["insurance"]["payout"], "15.00" if natural else "0.00")
            else:
                self.assertIsNone(state.get("insurance"))
            self.assertEqual(state["status"] == "finished", natural or state["playerHands"][0]["isBlackjack"])
            self.balanced(self.settle(state), before)

    def test_a_blackjack_ends_the_round_at_once_and_pays_three_to_two(self) -> None:
        state = self.deal(
            lambda game: game.is_finished and game.hands[0].is_blackjack and game.total_payout > 10 * UNITS
        )
        self.assertEqual((state["status"], state["totalPayout"]), ("finished", "25.00"))
        self.assertEqual(state["playerHands"][0]["result"], "blackjack")
        self.assertEqual([u["reason"] for u in self.client.told("BALANCE_UPDATE")], ["BET", "WIN"])
        self.balanced(state)

    def test_what_cannot_be_done_changes_nothing(self) -> None:
        self.assertEqual(self.client.refused("BLACKJACK_GET_STATE"), "GAME_NOT_FOUND")
        state = self.deal(lambda game: can(Move.HIT)(game) and not can(Move.SPLIT)(game) and not game.can_insure)
        name = state["roundId"]
        self.assertEqual(self.client.refused("PLACE_BET", bet(blackjack=True)), "GAME_ALREADY_ACTIVE")
        for t, params, code in (
            ("BLACKJACK_SPLIT", {"handIndex": 0}, "INVALID_GAME_STATE"),
            ("BLACKJACK_INSURANCE", {"acceptInsurance": True}, "INVALID_GAME_STATE"),
            ("BLACKJACK_HIT", {"handIndex": 1}, "INVALID_PARAMS"),
            ("BLACKJACK_HIT", {"handIndex": -1}, "INVALID_PARAMS"),
        ):
            self.assertEqual(self.client.refused(t, {"roundId": name, **params}), code, t)
        for other in ("", "1", "x", name + "0", "9" * 30, f"game_{name}"):
            self.assertEqual(self.client.refused("BLACKJACK_HIT", {"roundId": other}), "GAME_NOT_FOUND")
        stranger = self.services.enter("somebody", BLACKJACK, self.form)
        self.assertEqual(stranger.refused("BLACKJACK_STAND", {"roundId": name}), "GAME_NOT_FOUND")
        self.settle(state)
        self.assertEqual(self.client.refused("BLACKJACK_HIT", {"roundId": name}), "INVALID_GAME_STATE")
        self.assertEqual(self.client.refused("BLACKJACK_RESUME_GAME", {"roundId": name}), "INVALID_GAME_STATE")
        self.assertEqual(self.client.done("BLACKJACK_GET_STATE", {"roundId": name})["status"], "finished")

    def test_who_cannot_pay_cannot_double(self) -> None:
        self.client.done("GET_BALANCE")
        self.services.ledger.submit(lambda books: books.take(1, "USD", 985 * UNITS, "BET", ""))
        state = self.deal(can(Move.DOUBLE))
        answer = self.client.ask("BLACKJACK_DOUBLE", {"roundId": state["roundId"], "handIndex": 0})
        self.assertEqual(answer["p"]["code"], "INSUFFICIENT_BALANCE")
        self.assertEqual(json.loads(answer["p"]["details"]), {"required": "10.00", "available": "5.00"})
        again = self.client.done("BLACKJACK_GET_STATE", {})
        self.assertEqual(again["playerHands"], state["playerHands"])

    def test_a_round_is_found_and_resumed_by_another_connection(self) -> None:
        self.assertEqual(self.client.ask("BLACKJACK_CHECK_ACTIVE")["t"], "BLACKJACK_CHECK_ACTIVE_RESPONSE")
        self.assertEqual(self.client.done("BLACKJACK_CHECK_ACTIVE"), {"hasActiveGame": False})
        state = self.deal(can(Move.HIT))
        self.client.leave()
        again = self.services.enter(game=BLACKJACK, form=self.form)
        found = again.done("BLACKJACK_CHECK_ACTIVE")
        self.assertEqual((found["hasActiveGame"], found["roundId"]), (True, state["roundId"]))
        self.assertEqual(found["gameState"]["playerHands"], state["playerHands"])
        for params in ({}, {"roundId": state["roundId"]}):
            answer = again.ask("BLACKJACK_RESUME_GAME", params)
            self.assertEqual(answer["t"], "BLACKJACK_RESUME_GAME_RESPONSE")
            self.assertEqual((answer["p"]["success"], answer["p"]["gameState"]), (True, found["gameState"]))

    def test_a_round_keeps_its_currency_whatever_the_token_that_goes_on_with_it(self) -> None:
        bitcoin = self.client = self.services.enter(game=BLACKJACK, form=self.form, currency="BTC")
        state = self.deal(can(Move.DOUBLE), "1.00000001")
        dollars = self.client = self.services.enter(game=BLACKJACK, form=self.form)
        self.assertEqual(dollars.done("BLACKJACK_CHECK_ACTIVE")["gameState"]["betAmount"], "1.00000001")
        self.assertEqual(dollars.done("BLACKJACK_RESUME_GAME", {})["gameState"]["totalBet"], "1.00000001")
        end = self.settle(self.act("DOUBLE", state))
        self.assertEqual(end["totalBet"], "2.00000002")
        self.assertEqual(dollars.balance(), "1000.00")
        self.client = bitcoin
        self.assertEqual(end["balance"], bitcoin.balance())
        self.balanced(end)

    def test_a_repeated_action_is_made_once(self) -> None:
        state = self.deal(lambda game: can(Move.HIT)(game) and game.hands[0].hard_value < 11 and not game.can_insure)
        asked = {"roundId": state["roundId"], "handIndex": 0}
        first = self.client.ask("BLACKJACK_HIT", asked, "hit")
        self.assertEqual(self.client.ask("BLACKJACK_HIT", asked, "hit"), first)
        self.assertEqual(len(self.client.done("BLACKJACK_GET_STATE")["playerHands"][0]["cards"]), 3)

    def test_rounds_left_alone_stand(self) -> None:
        state = self.deal(can(Move.HIT))
        self.services.clock.advance(301)
        self.assertEqual(now(self.services.settle_idle()), 1)
        end = self.state(self.client.ask("BLACKJACK_GET_STATE", {"roundId": state["roundId"]}))
        self.assertEqual(end["status"], "finished")
        self.balanced(end)

    def test_random_rounds_are_what_the_rules_say_and_every_unit_is_in_the_books(self) -> None:
        self.services.ledger.submit(lambda books: books.credit(1, "USD", 100_000 * UNITS))
        choose = random.Random(7)
        moves = {
            Move.HIT: "BLACKJACK_HIT",
            Move.STAND: "BLACKJACK_STAND",
            Move.DOUBLE: "BLACKJACK_DOUBLE",
            Move.SPLIT: "BLACKJACK_SPLIT",
        }
        for _ in range(60):
            before = float(self.client.balance())
            state = self.state(self.client.ask("PLACE_BET", bet("10.00", blackjack=True)))
            played: list[Action] = []
            while state["status"] != "finished":
                hand = state["playerHands"][state["activeHandIndex"]]
                legal = [Move.STAND] + [
                    move
                    for move, key in ((Move.HIT, "canHit"), (Move.DOUBLE, "canDouble"), (Move.SPLIT, "canSplit"))
                    if hand[key]
                ]
                if state["canInsure"] and choose.random() < 0.5:
                    action = Action(choose.choice([Move.INSURE, Move.DECLINE]))
                    asked = {"roundId": state["roundId"], "acceptInsurance": action.move is Move.INSURE}
                    answer = self.client.ask("BLACKJACK_INSURANCE", asked)
                else:
                    action = Action(choose.choice(legal), state["activeHandIndex"])
                    asked = {"roundId": state["roundId"], "handIndex": action.hand}
                    answer = self.client.ask(moves[action.move], asked)
                played.append(action)
                state = self.state(answer)
            fair = state["provablyFair"]
            checked = blackjack.rebuild(STAKE, Seeds(fair["serverSeed"], SEED, fair["nonce"]), played)
            self.assertTrue(checked.is_finished)
            self.assertEqual(state["totalPayout"], f"{checked.total_payout / UNITS:.2f}")
            self.assertEqual(
                [card["rank"] for card in state["dealerHand"]["cards"]], [c.rank for c in checked.dealer.cards]
            )
            self.balanced(state, before)
        entry = self.client.done("GET_BET_HISTORY", {"limit": 1})["history"][0]
        self.assertEqual(entry["betId"], state["betId"])
        self.assertEqual(entry["gameOutcome"]["blackjackOutcome"]["totalPayout"], state["totalPayout"])

    def test_the_rules_refuse_what_the_door_refuses(self) -> None:
        with self.assertRaises(GameError):
            seed_where(can(Move.HIT))[1].apply(Action(Move.HIT, 5))


class JsonTests(BlackjackContract, SynchronousTestCase):
    form = "json"

    def test_the_short_name_of_the_parameters_is_understood(self) -> None:
        answer = self.client.ask("PLACE_BET", {"amount": "1.00", "gameParams": {"blackjack": {}}, "clientSeed": SEED})
        self.assertEqual(answer["t"], "BLACKJACK_GAME_STATE")


class ProtobufTests(BlackjackContract, SynchronousTestCase):
    form = "protobuf"
