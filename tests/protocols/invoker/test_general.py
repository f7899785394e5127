"""Chapters 1, 2, 6 and 7: coming in, configuration, balance, state, subscriptions, errors, in both forms."""

from __future__ import annotations

import json
from typing import Any, get_args

import jwt
from twisted.trial.unittest import SynchronousTestCase

from gameserver.errors import GameError
from gameserver.net.websocket import Refusal
from gameserver.protocols.invoker import messages
from gameserver.protocols.invoker.config import Invoker
from gameserver.protocols.invoker.handlers import HANDLERS
from gameserver.wallet.offer import BLACKJACK, DICE, KENO, MINES, NAMES
from tests.protocols.invoker.services import Client, Services, bet, binary, now
from tests.typed import TestMixin, deferred, the


class TableTests(SynchronousTestCase):
    def test_every_request_is_served_in_some_game_and_only_public_ones_before_a_login(self) -> None:
        served = {kind for table in HANDLERS.values() for kind in table}
        self.assertEqual(served, set(get_args(messages.Message)))
        self.assertEqual(set(HANDLERS[""]), {messages.Login, messages.GetGameConfig, messages.GetBetActivities})
        self.assertEqual(set(HANDLERS) - {""}, set(NAMES))


class GeneralContract(TestMixin):
    form: str
    services: Services

    def setUp(self) -> None:
        self.services = Services()

    def enter(self, name: str = "alexandra", game: str = DICE) -> Client:
        return self.services.enter(name, game, self.form)

    def test_a_login_is_answered_and_then_initialised(self) -> None:
        client = self.services.open(form=self.form)
        answer = client.ask("LOGIN", {"token": self.services.token()}, "msg_001")
        self.assertEqual((answer["i"], answer["t"]), ("msg_001", "LOGIN"))
        self.assertEqual((answer["p"]["success"], answer["p"]["userId"]), (True, "player_1"))
        self.assertEqual(answer["p"]["gameId"], DICE)
        self.assertTrue(answer["p"]["sessionId"])
        config, complete = client.pushes()
        self.assertEqual((config["t"], config["p"]["configs"][0]["gameId"]), ("GAME_CONFIG", DICE))
        self.assertEqual(complete["t"], "INITIALIZATION_COMPLETE")
        self.assertEqual(complete["p"]["message"], "WebSocket connection initialized successfully")
        self.assertEqual(complete["p"]["gameId"], DICE)
        self.assertEqual(complete["p"]["timestamp"], 1_800_000_000_000)

    def test_a_bad_login_is_a_login_reply_and_may_be_tried_again(self) -> None:
        client = self.services.open(form=self.form)
        for token in ("", "nonsense", "a.b.c", "x" * 5000):
            answer = client.ask("LOGIN", {"token": token})
            self.assertEqual((answer["t"], answer["p"]["success"]), ("LOGIN", False))
            self.assertEqual(answer["p"]["error"]["code"], "INVALID_TOKEN")
            self.assertTrue(answer["p"]["error"]["message"])
        self.assertTrue(client.done("LOGIN", {"token": self.services.token()})["success"])
        other = client.done("LOGIN", {"token": self.services.token("somebody")})
        self.assertEqual(other["error"]["code"], "INVALID_PARAMS")
        again = client.done("LOGIN", {"token": self.services.token(game=MINES)})
        self.assertEqual((again["success"], again["gameId"]), (True, MINES))

    def test_before_a_login_only_public_requests_are_answered(self) -> None:
        client = self.services.open(form=self.form)
        for t, p in (
            ("GET_BALANCE", {}),
            ("GET_GAME_STATE", {}),
            ("PLACE_BET", bet()),
            ("GET_BET_HISTORY", {}),
            ("SUBSCRIBE", {"eventTypes": ["BET_ACTIVITY"]}),
            ("UNSUBSCRIBE", {}),
            ("MINES_CHECK_ACTIVE", {}),
            ("BLACKJACK_GET_STATE", {}),
        ):
            self.assertEqual(client.refused(t, p), "UNAUTHORIZED", t)
        self.assertEqual(len(client.done("GET_GAME_CONFIG")["configs"]), 4)
        listed = client.ask("GET_BET_ACTIVITIES", {"gameId": DICE})
        self.assertEqual(listed["t"], "GET_BET_ACTIVITIES_RESPONSE")
        self.assertEqual(listed["p"], {"activities": [], "totalCount": 0, "sampledCount": 0})

    def test_the_configuration_has_every_field_and_says_what_comes_back(self) -> None:
        client = self.enter()
        (entry,) = client.done("GET_GAME_CONFIG", {"gameId": DICE})["configs"]
        config = entry["config"]
        self.assertEqual((entry["gameId"], config["gameId"], config["id"]), (DICE, DICE, 1))
        expected = {"gameName": "Dice", "category": "instant", "status": "active", "defaultRTP": "99"}
        self.assertEqual({key: config[key] for key in expected}, expected)
        self.assertEqual((config["minBet"], config["maxBet"], config["rtp"]), (1, 10000, 99))
        self.assertTrue(config["description"])
        self.assertEqual(
            config["betInfo"][0],
            {
                "currency": "USD",
                "currencyType": "fiat",
                "defaultBet": 1,
                "minBet": 1,
                "maxBet": 10000,
                "maxProfit": 100000,
            },
        )
        self.assertEqual([info["currency"] for info in config["betInfo"]], ["USD", "USDT", "BTC"])
        (dice,) = config["returns"]
        self.assertEqual((dice["name"], dice["lowest"], dice["highest"]), ("dice", "98.1264", "99.0000"))
        self.assertEqual(
            dice["currencies"][0],
            {
                "currency": "USD",
                "lowest": "98.1264",
                "atMinBet": {"lowest": "98.2674", "highest": "99.0000"},
                "atMaxBet": {"lowest": "98.9914", "highest": "99.0000"},
            },
        )
        every = client.done("GET_GAME_CONFIG", {"gameId": DICE, "allGames": True})["configs"]
        self.assertEqual([entry["gameId"] for entry in every], [DICE, MINES, KENO, BLACKJACK])
        keno = every[2]["config"]
        returns = {entry["name"]: entry["rows"] for entry in keno["returns"]}
        self.assertEqual((len(returns), returns["seed"][4][:4]), (5, "10.7"))
        self.assertEqual(len(keno["payoutTables"]), 5)
        self.assertEqual(client.refused("GET_GAME_CONFIG", {"gameId": "inhousegame:plinko"}), "GAME_NOT_FOUND")

    def test_the_configuration_names_the_bounds_of_each_game(self) -> None:
        client = self.enter()
        configs = {c["gameId"]: c["config"] for c in client.done("GET_GAME_CONFIG")["configs"]}
        expected: dict[str, dict[str, Any]] = {
            DICE: {"rollNumberMin": 4, "rollNumberMax": 96, "defaultTarget": 50},
            MINES: {"grids": [{"gridType": g, "maxMines": m} for g, m in (("3x3", 8), ("5x5", 24), ("7x7", 48))]},
            KENO: {"minSpots": 1, "maxSpots": 10, "numbers": 40},
            BLACKJACK: {"decks": 6, "maxHands": 2},
        }
        for game, bounds in expected.items():
            found = configs[game]["gameParameters"]
            self.assertEqual({key: found.get(key) for key in bounds}, bounds, game)
        self.assertEqual(configs[KENO]["gameParameters"]["difficulties"], ["classic", "low", "medium", "high"])

    def test_details_name_the_finer_reason(self) -> None:
        client = self.enter()
        seed = {"clientSeed": "12345678"}
        for t, p, reason in (
            ("GET_BALANCE", {"currency": "EUR"}, "INVALID_CURRENCY"),
            ("GET_BET_ACTIVITIES", {"gameId": DICE, "limit": 0}, "INVALID_LIMIT"),
            ("GET_BET_ACTIVITIES", {"gameId": DICE, "limit": 101}, "INVALID_LIMIT"),
            ("GET_BET_HISTORY", {"limit": 0}, "INVALID_LIMIT"),
            ("GET_BET_HISTORY", {"offset": -1}, "INVALID_LIMIT"),
            ("SUBSCRIBE", {"eventTypes": ["JACKPOT"]}, "INVALID_EVENT_TYPE"),
            ("UNSUBSCRIBE", {"subscriptionId": "sub_99"}, "SUBSCRIPTION_NOT_FOUND"),
            ("PLACE_BET", bet("0.05"), "BET_AMOUNT_TOO_LOW"),
            ("PLACE_BET", bet("10000.01"), "BET_AMOUNT_TOO_HIGH"),
            ("PLACE_BET", bet(mines=(5, "5x5")), "UNSUPPORTED_GAME"),
            ("PLACE_BET", {"amount": "1.00", "gameParams": {}, **seed}, "INVALID_GAME_PARAMS"),
            ("PLACE_BET", bet(dice=(97, "OVER")), "INVALID_TARGET"),
            ("PLACE_BET", bet(dice=(50, "over")), "INVALID_CONDITION"),
            ("PLACE_BET", bet("1.001"), "INVALID_AMOUNT"),
            ("MINES_CHECK_ACTIVE", {}, "UNSUPPORTED_GAME"),
        ):
            details = json.loads(client.ask(t, p)["p"]["details"])
            self.assertEqual(details.get("reason"), reason, (t, p))
        mines = self.services.enter("miner", MINES, self.form)
        asked = bet(mines=(5, "5x5"))
        round_id = mines.done("PLACE_BET", asked)["gameResult"]["minesOutcome"]["gameId"]
        refused = json.loads(mines.ask("PLACE_BET", asked)["p"]["details"])
        self.assertEqual(refused, {"reason": "ACTIVE_SESSION_EXISTS", "gameId": round_id})
        for params, reason in (
            ({"gameId": round_id, "tileIndex": 25}, "INVALID_TILE_INDEX"),
            ({"gameId": round_id, "tileIndex": -1}, "INVALID_TILE_INDEX"),
        ):
            self.assertEqual(json.loads(mines.ask("MINES_REVEAL_TILE", params)["p"]["details"])["reason"], reason)
        refused = json.loads(mines.ask("MINES_CASH_OUT", {"gameId": round_id})["p"]["details"])
        self.assertEqual(refused["reason"], "NO_TILES_REVEALED")
        for asked, reason in (
            (bet(mines=(0, "5x5")), "INVALID_MINES_COUNT"),
            (bet(mines=(5, "6x6")), "INVALID_GRID_TYPE"),
        ):
            other = self.services.enter("digger", MINES, self.form)
            self.assertEqual(json.loads(other.ask("PLACE_BET", asked)["p"]["details"])["reason"], reason)

    def test_a_bet_without_its_games_parameters_is_refused_by_every_game(self) -> None:
        for game in (DICE, MINES, KENO, BLACKJACK):
            client = self.enter(game=game)
            error = client.ask("PLACE_BET", {"amount": "1.00", "gameParams": {}, "clientSeed": "12345678"})["p"]
            self.assertEqual(error["code"], "INVALID_PARAMS", game)
            self.assertEqual(json.loads(error["details"]), {"reason": "INVALID_GAME_PARAMS"}, game)
            self.assertEqual(client.balance(), "1000.00", game)

    def test_nobody_subscribes_for_another_player(self) -> None:
        client = self.enter()
        self.enter("somebody")
        asked = {"eventTypes": ["BALANCE_UPDATE"]}
        self.assertEqual(client.refused("SUBSCRIBE", asked | {"playerId": "player_2"}), "INVALID_PARAMS")
        self.assertTrue(client.done("SUBSCRIBE", asked | {"playerId": "player_1"})["success"])

    def test_balance_and_state(self) -> None:
        client = self.enter()
        self.assertEqual(client.done("GET_BALANCE"), {"balance": "1000.00", "currency": "USD"})
        self.assertEqual(client.done("GET_BALANCE", {"currency": "USD"})["currency"], "USD")
        for currency in ("EUR", "BTC", "usd", ""):
            self.assertEqual(client.refused("GET_BALANCE", {"currency": currency}), "INVALID_PARAMS")
        state = client.done("GET_GAME_STATE")
        self.assertEqual((state["balance"], state["gameState"]), ("1000.00", '{"activeGame": false}'))
        info = state["serverSeedInfo"]
        self.assertRegex(info["hashedServerSeed"], "^[0-9a-f]{64}$")
        self.assertEqual((info["currentNonce"], info["createdAt"]), (0, 1_800_000_000_000))

    def test_other_currencies_have_their_own_decimals_and_limits(self) -> None:
        client = self.services.enter(form=self.form, currency="BTC")
        self.assertEqual(client.balance(), "1000.00000000")
        self.assertEqual(client.bet("0.12345678")["gameResult"]["betAmount"], "0.12345678")

    def test_subscriptions_are_kept_and_forgotten(self) -> None:
        client = self.enter()
        events = ["BET_ACTIVITY", "BALANCE_UPDATE"]
        asked = {"eventTypes": events, "filters": json.dumps({"gameId": DICE})}
        made = client.done("SUBSCRIBE", asked)
        self.assertEqual((made["eventTypes"], made["success"], bool(made["message"])), (events, True, True))
        name = made["subscriptionId"]
        long = client.done("SUBSCRIBE", {"eventTypes": ["EVENT_TYPE_BET_ACTIVITY_BATCH"]})
        self.assertNotEqual(long["subscriptionId"], name)
        self.assertTrue(
            client.done("UNSUBSCRIBE", {"eventTypes": ["BET_ACTIVITY"], "subscriptionId": name})["success"]
        )
        wrong: list[dict[str, Any]] = [
            {"eventTypes": []},
            {},
            {"eventTypes": ["NOTHING"]},
            {"eventTypes": events, "filters": "{"},
            {"eventTypes": events, "filters": "[]"},
            {"eventTypes": events, "filters": '{"colour": 1}'},
            {"eventTypes": events, "filters": '{"gameId": "inhousegame:plinko"}'},
            {"eventTypes": events, "filters": '{"gameTypes": ["plinko"]}'},
        ]
        for params in wrong:
            self.assertEqual(client.refused("SUBSCRIBE", params), "INVALID_PARAMS", params)
        self.assertEqual(client.refused("UNSUBSCRIBE", {"subscriptionId": "sub_99"}), "INVALID_PARAMS")
        self.assertEqual(client.refused("UNSUBSCRIBE", {"eventTypes": ["NOTHING"]}), "INVALID_PARAMS")
        self.assertTrue(client.done("UNSUBSCRIBE")["success"])
        self.assertEqual(client.channel.session.topics, {"community/presence"} & client.channel.session.topics)

    def test_a_connection_has_64_subscriptions_at_most(self) -> None:
        client = self.enter()
        asked = {"eventTypes": ["BET_ACTIVITY"]}
        for _ in range(64):
            self.assertTrue(client.done("SUBSCRIBE", asked)["success"])
        self.assertEqual(client.refused("SUBSCRIBE", asked), "INVALID_PARAMS")
        self.assertTrue(client.done("UNSUBSCRIBE")["success"])
        self.assertTrue(client.done("SUBSCRIBE", asked)["success"])

    def test_the_name_of_a_message_has_128_characters_at_most(self) -> None:
        client = self.enter()
        self.assertEqual(client.ask("GET_BALANCE", {}, "x" * 128)["t"], "GET_BALANCE")
        self.assertEqual(client.ask("GET_BALANCE", {}, "x" * 129)["p"]["code"], "INVALID_PARAMS")

    def test_a_second_request_of_another_game_than_the_tokens_is_refused(self) -> None:
        client = self.enter()
        for params in (
            bet(mines=(5, "5x5")),
            bet(keno=[1, 2]),
            bet(blackjack=True),
            {"amount": "1.00", "gameParams": {}, "clientSeed": "12345678"},
        ):
            self.assertEqual(client.refused("PLACE_BET", params), "INVALID_PARAMS")
        self.assertEqual(client.refused("MINES_CHECK_ACTIVE"), "INVALID_PARAMS")
        self.assertEqual(client.refused("BLACKJACK_CHECK_ACTIVE"), "INVALID_PARAMS")
        self.assertEqual(client.balance(), "1000.00")

    def test_too_many_bets_are_refused_when_there_is_a_limit(self) -> None:
        self.services = Services(Invoker(bets_per_minute=3))
        client = self.enter()
        codes = [client.ask("PLACE_BET", bet("1.00"))["t"] for _ in range(7)]
        self.assertEqual(codes, ["PLACE_BET"] * 6 + ["ERROR"])
        self.assertEqual(client.refused("PLACE_BET", bet("1.00")), "RATE_LIMITED")
        self.services.clock.advance(21)
        client.bet("1.00")

    def test_too_many_messages_are_refused_and_the_connection_stays(self) -> None:
        self.services = Services(Invoker(messages_per_second=1.0, burst=3))
        client = self.enter()
        answers = [client.ask("GET_BALANCE")["t"] for _ in range(5)]
        self.assertEqual(answers, ["GET_BALANCE"] * 3 + ["ERROR"] * 2)
        self.assertIsNone(client.wire.closed)
        self.services.clock.advance(1)
        self.assertEqual(client.balance(), "1000.00")

    def test_who_goes_on_sending_too_many_messages_is_put_out(self) -> None:
        self.services = Services(Invoker(messages_per_second=1.0, burst=3))
        client = self.enter()
        for number in range(3):
            client.send("GET_BALANCE", i=f"answered {number}")
        for number in range(3):
            error = client.ask("GET_BALANCE", i=f"refused {number}")["p"]
            self.assertEqual((error["code"], error["requestId"]), ("RATE_LIMITED", f"refused {number}"))
        client.wire.frames.clear()
        client.send("GET_BALANCE")
        self.assertEqual((client.wire.closed, client.wire.frames), ((1008, "Too many messages."), []))


class JsonTests(GeneralContract, SynchronousTestCase):
    form = "json"

    def test_bad_frames_of_every_kind_get_an_error_and_the_connection_stays(self) -> None:
        client = self.enter()
        for payload, i in (
            (b"", ""),
            (b"\xff\xfe", ""),
            (b"{", ""),
            (b"[]", ""),
            (b"null", ""),
            (b'"text"', ""),
            (b"1", ""),
            (b"[" * 50_000, ""),
            (b'{"i":"a"}', "a"),
            (b'{"t":"GET_BALANCE"}', ""),
            (b'{"i":"a","t":"NOTHING","p":{}}', "a"),
            (b'{"i":"a","t":5,"p":{}}', "a"),
            (b'{"i":"a","t":"GET_BALANCE","p":null}', "a"),
            (b'{"i":"a","t":"GET_BALANCE","p":[]}', "a"),
            (b'{"i":"a","t":"GET_BALANCE","p":{},"x":1}', "a"),
            (b'{"i":"a","t":"GET_BALANCE","p":{"x":1}}', "a"),
            (b'{"i":7,"t":"GET_BALANCE","p":{}}', 7),
            (b'{"i":null,"t":"GET_BALANCE","p":{}}', ""),
            (b'{"i":"","t":"GET_BALANCE","p":{}}', ""),
            (b'{"i":"a\\u0000","t":"GET_BALANCE","p":{}}', "a\0"),
            (b'{"i":"a","t":"PLACE_BET","p":{"amount":NaN}}', "a"),
            (b'{"i":"a","t":"PLACE_BET","p":{"amount":%s}}' % (b"9" * 400), "a"),
        ):
            answers = client.raw(payload)
            self.assertEqual(len(answers), 1, payload[:60])
            error = answers[0]
            self.assertEqual((error["t"], error["p"]["code"]), ("ERROR", "INVALID_PARAMS"), payload[:60])
            self.assertEqual((error["i"], error["p"]["requestId"]), (i, i), payload[:60])
            self.assertEqual(set(error["p"]), {"code", "message", "details", "requestId"})
        self.assertEqual(client.balance(), "1000.00")
        self.assertIsNone(client.wire.closed)

    def test_bad_bets_of_every_kind_change_nothing(self) -> None:
        client = self.enter()
        client.done("GET_GAME_STATE")
        dice = {"target": 50, "condition": "OVER"}
        amounts: list[Any] = [10, 10.5, None, True, "", "0", "0.00", "-1", "+1", " 1", "1 ", "1e2", "1E2", "NaN"]
        amounts += ["Infinity", "0x10", "1,5", ".5", "5.", "1.005", "9" * 400, "\u0661", "1_0", [], {}, "1.0.0", "٣"]
        cases: list[tuple[str, Any]] = [
            ("INVALID_PARAMS", {"amount": amount, "gameParams": {"diceParams": dice}, "clientSeed": "12345678"})
            for amount in amounts
        ]
        for target in (3, 97, -1, 50.5, "50", None, True, 10**30):
            cases.append(("INVALID_PARAMS", bet(dice=(target, "OVER"))))
        for condition in ("over", "Under", "", None, 1, "BOTH"):
            cases.append(("INVALID_PARAMS", bet(dice=(50, condition))))
        for seed in ("", "1234567", "x" * 257, "\0" * 8):
            cases.append(("INVALID_CLIENT_SEED", bet(client_seed=seed)))
        cases += [
            ("INVALID_PARAMS", bet(client_seed=12345678)),
            ("INVALID_CLIENT_SEED", {"amount": "1.00", "gameParams": {"diceParams": dice}}),
            ("INVALID_PARAMS", {"gameParams": {"diceParams": dice}, "clientSeed": "12345678"}),
            (
                "INVALID_PARAMS",
                {"amount": "1.00", "gameParams": {"diceParams": dice | {"x": 1}}, "clientSeed": "12345678"},
            ),
            ("INVALID_PARAMS", {**bet(), "currency": "BTC"}),
            ("BET_LIMIT_EXCEEDED", bet("0.99")),
            ("BET_LIMIT_EXCEEDED", bet("10000.01")),
            ("BET_LIMIT_EXCEEDED", bet("9999999999")),
            ("INSUFFICIENT_BALANCE", bet("1000.01")),
        ]
        for code, params in cases:
            self.assertEqual(client.refused("PLACE_BET", params), code, params)
        self.assertEqual(client.pushes(), [])
        state = client.done("GET_GAME_STATE")
        self.assertEqual((state["balance"], state["serverSeedInfo"]["currentNonce"]), ("1000.00", 0))
        self.assertEqual(client.done("GET_BET_HISTORY")["total"], 0)
        self.assertIsNone(client.wire.closed)

    def test_a_low_balance_says_what_is_missing(self) -> None:
        client = self.enter()
        error = client.ask("PLACE_BET", bet("1000.01"))["p"]
        self.assertEqual(json.loads(error["details"]), {"required": "1000.01", "available": "1000.00"})

    def test_client_seeds_are_counted_in_characters(self) -> None:
        client = self.enter()
        for seed in ("12345678", "é" * 8, "\U0001f600" * 8, "é" * 256):
            client.bet("1.00", client_seed=seed)

    def test_the_heartbeat_is_a_text(self) -> None:
        client = self.services.open()
        client.channel.received(b"0", False)
        self.assertEqual(client.wire.frames, [(b"1", False)])

    def test_heartbeats_count_against_the_limit(self) -> None:
        self.services = Services(Invoker(messages_per_second=1.0, burst=3))
        client = self.services.open()
        for _ in range(3):
            client.channel.received(b"0", False)
        self.assertEqual(client.wire.frames, [(b"1", False)] * 3)
        (error,) = client.raw(b"0")
        self.assertEqual((error["p"]["code"], error["p"]["requestId"]), ("RATE_LIMITED", ""))
        for _ in range(3):
            client.channel.received(b"0", False)
        self.assertEqual(client.wire.closed, (1008, "Too many messages."))

    def test_a_heartbeat_leaves_the_form_of_pushes_as_it_is(self) -> None:
        client = self.services.enter(form="protobuf")
        client.balance()
        client.channel.received(b"0", False)
        client.wire.frames.clear()
        client.bet("1.00")
        self.assertEqual([is_binary for _, is_binary in client.wire.frames], [True] * len(client.wire.frames))

    def test_a_token_in_the_address_comes_in_or_is_refused_with_401(self) -> None:
        client = self.services.open({"token": self.services.token()})
        self.assertEqual([push["t"] for push in client.pushes()], ["GAME_CONFIG", "INITIALIZATION_COMPLETE"])
        self.assertEqual(client.balance(), "1000.00")
        for token in ("", "nonsense", self.services.token()[:-2]):
            with self.assertRaises(Refusal) as caught:
                self.services.open({"token": token})
            self.assertEqual(caught.exception.status, 401)
            self.assertEqual(json.loads(caught.exception.body)["code"], "INVALID_TOKEN")

    def test_tokens_of_another_kind_are_refused(self) -> None:
        good = self.services.token()
        claims = jwt.decode(good, options={"verify_signature": False})
        self.assertEqual(jwt.get_unverified_header(good)["alg"], "HS256")
        self.assertEqual(claims["exp"] - claims["iat"], 7200)
        keys = {"session_id", "user_id", "player_id", "aggregator_id", "game_id", "operator_id", "currency", "exp"}
        self.assertLessEqual(keys, set(claims))
        secret = b"s" * 32

        def signed(key: bytes | str = secret, algorithm: str = "HS256", **changes: Any) -> str:
            changed = {name: value for name, value in (claims | changes).items() if value is not ...}
            return jwt.encode(changed, key, algorithm)

        self.services.open({"token": signed()})
        for token in (
            signed(b"t" * 32),
            signed("", "none"),
            signed(secret * 2, "HS512"),
            signed(iss="somebody"),
            signed(iss=...),
            signed(exp=...),
            signed(exp=1),
            signed(exp="soon"),
            signed(user_id=99),
            signed(user_id="1"),
            signed(player_id="99"),
            signed(aggregator_id="ga1"),
            signed(game_id="inhousegame:plinko"),
            signed(currency="EUR"),
            good + "x",
        ):
            with self.assertRaises(Refusal, msg=token):
                self.services.open({"token": token})
        self.services.clock.advance(7200)
        with self.assertRaises(Refusal):
            self.services.open({"token": good})

    def test_nobody_stays_without_a_login(self) -> None:
        visitor, player = self.services.open(), self.services.open()
        player.done("LOGIN", {"token": self.services.token()})
        self.services.clock.advance(29)
        self.assertIsNone(visitor.wire.closed)
        self.services.clock.advance(2)
        self.assertEqual(the(visitor.wire.closed)[0], 1008)
        self.assertIsNone(player.wire.closed)

    def test_a_token_that_ends_soon_is_renewed(self) -> None:
        client = self.enter()
        self.assertEqual(now(self.services.refresh_tokens()), 0)
        self.services.clock.advance(5401)
        self.assertEqual(now(self.services.refresh_tokens()), 1)
        (refresh,) = client.told("TOKEN_REFRESH")
        self.assertEqual(refresh["expiresIn"], 7200)
        self.assertEqual(refresh["expiresAt"], (1_800_000_000 + 5401 + 7200) * 1000)
        self.assertEqual(now(self.services.refresh_tokens()), 0)
        self.assertTrue(client.done("LOGIN", {"token": refresh["token"]})["success"])

    def test_a_banned_player_does_not_come_in(self) -> None:
        token = self.services.token()
        self.services.sessions.refused_players.add("alexandra")
        client = self.services.open()
        self.assertEqual(client.done("LOGIN", {"token": token})["error"]["code"], "UNAUTHORIZED")
        with self.assertRaises(Refusal) as caught:
            self.services.open({"token": token})
        self.assertEqual(caught.exception.status, 401)

    def test_a_token_of_an_older_epoch_opens_nothing_and_ends_what_it_has_opened(self) -> None:
        token, services = self.services.token(), self.services
        client = self.enter()
        number = the(client.channel.player).account
        self.successResultOf(deferred(services.accounts.change_password(the(number), "another")))
        self.successResultOf(deferred(services.context.moderation.refresh()))
        self.assertEqual(the(client.wire.closed)[0], 1008)
        error = services.open().done("LOGIN", {"token": token})["error"]
        self.assertEqual(error["code"], "INVALID_TOKEN")
        with self.assertRaises(Refusal):
            services.open({"token": token})

    def test_a_token_from_before_there_were_epochs_is_of_the_first(self) -> None:
        secret, services = self.services.context.secret("invoker-tokens", 32), self.services
        claims = jwt.decode(services.token(), secret, ["HS256"], options={"verify_iat": False, "verify_exp": False})
        self.assertEqual(claims.pop("epoch"), 0)
        token = jwt.encode(claims, secret, "HS256")
        identity = self.successResultOf(deferred(services.identities.check(token)))
        self.successResultOf(deferred(services.accounts.revoke(the(the(identity.player).account))))
        self.failureResultOf(deferred(services.identities.check(token)), GameError)

    def test_too_many_connections_are_told_so(self) -> None:
        self.services = Services(connections=1)
        first, second = self.services.open(), self.services.open()
        self.assertEqual(the(second.wire.closed)[0], 1013)
        second.leave()
        first.leave()
        self.assertIsNone(self.services.open().wire.closed)

    def test_a_stop_says_goodbye(self) -> None:
        client = self.enter()
        stopping = deferred(self.services.part.stop())
        self.assertEqual(the(client.wire.closed)[0], 1001)
        client.leave()
        self.successResultOf(stopping)
        self.assertEqual(self.services.clock.getDelayedCalls(), [])

    def test_an_internal_error_is_answered_and_the_connection_stays(self) -> None:
        client = self.enter()
        self.patch(self.services.store, "history", None)
        self.assertEqual(client.refused("GET_BET_HISTORY"), "INTERNAL_ERROR")
        self.assertEqual(len(self.flushLoggedErrors()), 1)
        self.assertEqual(client.balance(), "1000.00")


class ProtobufTests(GeneralContract, SynchronousTestCase):
    form = "protobuf"

    def test_bad_frames_of_every_kind_get_an_error_and_the_connection_stays(self) -> None:
        client = self.enter()
        good = binary("a", "GET_BALANCE", {})
        for payload, i in (
            (b"", ""),
            (b"\xff" * 20, ""),
            (b"\x0a\x02\xff\xfe", ""),
            (good + b"\xf8\x3f\x01", "a"),
            (b"\x0a\x01a\x12\x07NOTHING", "a"),
            (b"\x0a\x01a\x12\x05ERROR", "a"),
            (binary("a", "GET_BALANCE", {}).replace(b"GET_BALANCE", b"UNSUBSCRIBE"), "a"),
            (binary("", "GET_BALANCE", {}), ""),
        ):
            answers = client.raw(payload, True)
            self.assertEqual(len(answers), 1, payload)
            self.assertEqual((answers[0]["t"], answers[0]["p"]["code"]), ("ERROR", "INVALID_PARAMS"), payload)
            self.assertEqual(answers[0]["i"], i)
        self.assertEqual(client.balance(), "1000.00")

    def test_a_message_needs_no_type_and_may_need_no_payload(self) -> None:
        client = self.enter()
        (answer,) = client.raw(binary("a", "GET_BALANCE", {}).replace(b"\x12\x0bGET_BALANCE", b""), True)
        self.assertEqual((answer["t"], answer["p"]["balance"]), ("GET_BALANCE", "1000.00"))
        (answer,) = client.raw(b"\x0a\x01b\x12\x0bGET_BALANCE", True)
        self.assertEqual((answer["i"], answer["t"]), ("b", "GET_BALANCE"))

    def test_bad_bets_change_nothing(self) -> None:
        client = self.enter()
        for code, params in (
            ("INVALID_PARAMS", bet("")),
            ("INVALID_PARAMS", bet("1e2")),
            ("INVALID_PARAMS", bet("-1")),
            ("INVALID_PARAMS", bet(dice=(3, "OVER"))),
            ("INVALID_PARAMS", bet(dice=(50, "over"))),
            ("INVALID_CLIENT_SEED", bet(client_seed="short")),
            ("BET_LIMIT_EXCEEDED", bet("10000.01")),
            ("INSUFFICIENT_BALANCE", bet("1000.01")),
        ):
            self.assertEqual(client.refused("PLACE_BET", params), code)
        self.assertEqual(client.balance(), "1000.00")

    def test_answers_come_in_the_form_of_the_request_and_pushes_in_the_one_last_used(self) -> None:
        client = self.enter()
        client.bet("1.00")
        self.assertTrue(all(frame[1] for frame in client.wire.frames))
        client.wire.frames.clear()
        client.form = "json"
        client.bet("1.00")
        self.assertTrue(client.wire.frames)
        self.assertFalse(any(frame[1] for frame in client.wire.frames))

    def test_a_subprotocol_chooses_the_form_of_the_first_pushes(self) -> None:
        client = self.services.open({"token": self.services.token()}, subprotocols=("invoker.protobuf",))
        self.assertTrue(all(frame[1] for frame in client.wire.frames))
        self.assertEqual(len(client.pushes()), 2)
