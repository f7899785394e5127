"""The protocol on real databases: many connections at once, every bet in the books, repeated requests paid once."""

from __future__ import annotations

import json
import secrets
from typing import Any

from twisted.internet.defer import Deferred
from twisted.trial.unittest import TestCase

from gameserver.games.fair.money import UNITS
from gameserver.net.websocket import Handler, Upgrade
from gameserver.protocols.invoker.channel import connect
from gameserver.storage.database import Database
from gameserver.storage.wallet_audit import audit
from gameserver.wallet.offer import BLACKJACK, DICE, KENO, MINES
from tests.databases import open_postgresql, open_sqlite
from tests.protocols.invoker.services import KeptWire, Services, bet, read
from tests.reactor import reactor
from tests.typed import TestMixin


class Waiting(KeptWire):
    """A wire on which a message can be waited for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: dict[str, Deferred[dict[str, Any]]] = {}

    def send(self, payload: bytes, binary: bool = False) -> None:
        super().send(payload, binary)
        message = read(payload, binary)
        waiting = self.asked.pop(message["i"], None)
        if waiting is not None:
            waiting.callback(message)


class Player:
    """A connection whose answers are waited for."""

    def __init__(self, channel: Handler) -> None:
        self.channel = channel
        self.wire = Waiting()
        channel.opened(self.wire)

    def ask(self, i: str, t: str, p: dict[str, Any]) -> Deferred[dict[str, Any]]:
        waiting = self.wire.asked[i] = Deferred()
        self.channel.received(json.dumps({"i": i, "t": t, "p": p}).encode(), False)
        return waiting


class OnDatabase(TestMixin):
    def opened(self, database: Database) -> None:
        self.database = database
        self.services = Services(reactor=reactor, database=database)
        self.addCleanup(self.finish)
        self.players: list[Player] = []

    async def finish(self) -> None:
        for player in self.players:
            player.channel.ended()
        await self.services.part.stop()

    async def enter(self, name: str, game: str = DICE) -> Player:
        accounts = self.services.accounts
        account = await accounts.by_name(name) or await accounts.register(name, "secret")
        token, _ = await self.services.identities.issue(account, game, "USD")
        upgrade = Upgrade("/v1/ws", {"token": token}, {}, b"", "")
        self.players.append(Player((await connect(self.services.shared, upgrade)).handler))
        return self.players[-1]

    async def test_parallel_bets_on_many_connections_never_overdraw(self) -> None:
        # A seed with which nobody wins.
        self.patch(secrets, "token_bytes", lambda size: b"\6" * size)
        players = [await self.enter(name) for name in ("alexandra", "somebody") for _ in range(6)]
        asked = [
            player.ask(f"{number}-{count}", "PLACE_BET", bet("90.00", dice=(96, "OVER")))
            for count in range(12)
            for number, player in enumerate(players)
        ]
        answers = [await one for one in asked]
        refused = [answer for answer in answers if answer["t"] == "ERROR"]
        self.assertEqual({answer["p"]["code"] for answer in refused}, {"INSUFFICIENT_BALANCE"})
        for answer in answers:
            if answer["t"] == "PLACE_BET":
                self.assertGreaterEqual(float(answer["p"]["balance"]), 0.0)
        found = audit(self.database.engine)
        self.assertEqual((found.problems, found.rounds, len(refused)), ((), 22, 144 - 22))

    async def test_the_same_request_on_many_connections_at_once_is_done_once(self) -> None:
        players = [await self.enter("alexandra") for _ in range(8)]
        answers = [await one for one in [player.ask("same", "PLACE_BET", bet("10.00")) for player in players]]
        self.assertEqual(len({json.dumps(answer) for answer in answers}), 1)
        updates = [read(*frame) for frame in players[0].wire.frames]
        bets = [m for m in updates if m["t"] == "BALANCE_UPDATE" and m["p"]["reason"] == "BET"]
        self.assertEqual(len(bets), 1)
        self.assertEqual(audit(self.database.engine).rounds, 1)

    async def test_one_round_at_a_time_whoever_asks_first(self) -> None:
        players = [await self.enter("alexandra", MINES) for _ in range(5)]
        asked = [player.ask(str(number), "PLACE_BET", bet(mines=(5, "5x5"))) for number, player in enumerate(players)]
        answers = [await one for one in asked]
        codes = sorted(answer["p"].get("code", "") for answer in answers)
        self.assertEqual(codes, ["", *["GAME_ALREADY_ACTIVE"] * 4])
        self.assertEqual(audit(self.database.engine).problems, ())

    async def test_every_game_is_kept_and_looked_up_again(self) -> None:
        for game, params in (
            (DICE, bet()),
            (KENO, bet(keno=[1, 2, 3])),
            (MINES, bet(mines=(1, "3x3"))),
            (BLACKJACK, bet(blackjack=True)),
        ):
            player = await self.enter("alexandra", game)
            made = await player.ask("bet", "PLACE_BET", params) if game == DICE else None
            made = made or await player.ask(f"bet {game}", "PLACE_BET", params)
            self.assertNotEqual(made["t"], "ERROR", made)
            if game == MINES:
                name = made["p"]["gameResult"]["minesOutcome"]["gameId"]
                await player.ask("tile", "MINES_REVEAL_TILE", {"gameId": name, "tileIndex": 4})
                state = await player.ask("state", "MINES_GET_STATE", {"gameId": name})
                self.assertEqual(state["p"]["gameState"]["revealedTiles"], [4])
            if game == BLACKJACK:
                while made["p"]["status"] != "finished":
                    asked = {"roundId": made["p"]["roundId"], "handIndex": made["p"]["activeHandIndex"]}
                    made = await player.ask(f"stand {len(player.wire.frames)}", "BLACKJACK_STAND", asked)
        history = (await player.ask("history", "GET_BET_HISTORY", {}))["p"]
        self.assertIn(BLACKJACK, [entry["gameId"] for entry in history["history"]])
        self.assertEqual(audit(self.database.engine).problems, ())
        await self.services.ledger.submit(lambda books: books.credit(1, "USD", UNITS))
        self.assertEqual(await self.services.forget_requests(), 0)


class SqliteTests(OnDatabase, TestCase):
    def setUp(self) -> None:
        self.opened(open_sqlite(self))


class PostgresqlTests(OnDatabase, TestCase):
    def setUp(self) -> None:
        self.opened(open_postgresql(self))
