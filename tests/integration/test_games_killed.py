"""The process is killed under a load of parallel bets, again and again: nothing confirmed is lost or paid twice.

Every bettor notes each reply as it comes. After the restart every request that was sent is sent again: what had been
confirmed must get the same bytes, what had not gets whatever became of it. In the end the replies of all bets add up
to the balance, there are as many bets as requests, and the books balance.
"""

from __future__ import annotations

import json
import os
import random
import threading
import time
from decimal import Decimal
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from gameserver.storage.database import create_engine, sqlite_url
from gameserver.storage.wallet_audit import audit
from tests.integration.server import PATIENCE, Server
from tests.protocols.invoker.blocking import BlockingClient, post

KILLS = 200 if os.environ.get("GAMESERVER_LONG") else 5
PLAYERS = ("alexandra", "bartholomew")
CONNECTIONS = 4

#: Confirmed bets before a kill, so that there is something to lose however slow the machine is.
ENOUGH = 30
BET = {
    "amount": "1.00",
    "gameParams": {"diceParams": {"target": 50, "condition": "OVER"}},
    "clientSeed": "user_random_seed",
}


class Bettor(threading.Thread):
    """Bets on a connection of its own until the connection ends."""

    def __init__(self, port: int, token: str, name: str) -> None:
        super().__init__(daemon=True)
        self._client = BlockingClient(port, token)
        self._prefix = name
        self.sent: list[str] = []
        self.replies: dict[str, bytes] = {}

    def count(self) -> int:
        """Return how many bets have been confirmed."""
        return len(self.replies)

    def run(self) -> None:
        try:
            for number in range(1_000_000):
                i = f"{self._prefix}-{number}"
                self.sent.append(i)
                self.replies[i] = self._client.ask(i, "PLACE_BET", BET)
        except OSError:
            pass
        finally:
            self._client.close()


class KilledTests(SynchronousTestCase):
    def test_no_confirmed_bet_is_lost_and_none_is_paid_twice(self) -> None:
        server = Server(("web.endpoints", "invoker.endpoints"), ("invoker.usd.play_money=100000.00",))
        self.addCleanup(server.kill)
        server.start()
        for name in PLAYERS:
            post(server.ports["web.endpoints"], "api/accounts", {"name": name, "password": "secret"})
        known: dict[str, dict[str, bytes]] = {name: {} for name in PLAYERS}
        confirmed = 0
        for kill in range(KILLS):
            tokens = self.tokens(server)
            bettors = self.bet(server, tokens, kill)
            server.start()
            for name, group in bettors.items():
                confirmed += sum(len(bettor.replies) for bettor in group)
                self.check_again(server, tokens[name], group, known[name])
            self.audit(server)
        self.assertGreaterEqual(confirmed, KILLS * ENOUGH)
        command = server.run("wallet", "audit")
        self.assertEqual(command.returncode, 0, command.stdout + command.stderr)
        self.assertIn("the books balance", command.stdout)
        for name, token in self.tokens(server).items():
            self.check_sums(server, token, known[name])

    def test_a_round_goes_on_after_the_process_was_killed(self) -> None:
        server = Server(("web.endpoints",))
        self.addCleanup(server.kill)
        server.start()
        port = server.ports["web.endpoints"]
        asked = {"name": "alexandra", "password": "secret"}
        post(port, "api/accounts", asked)
        token = post(port, "v1/sessions", {**asked, "gameId": "inhousegame:mines"})["token"]
        client = BlockingClient(port, token)
        mines = {"minesParams": {"minesCount": 1, "gridType": "7x7"}}
        made = json.loads(client.ask("bet", "PLACE_BET", {**BET, "gameParams": mines}))["p"]
        game = made["gameResult"]["minesOutcome"]["gameId"]
        for tile in range(48):
            tile_asked = {"gameId": game, "tileIndex": tile}
            before = json.loads(client.ask(f"tile-{tile}", "MINES_REVEAL_TILE", tile_asked))["p"]
            if tile == 2 or before["isMine"]:
                break
        server.kill()
        client.close()
        server.start()
        client = BlockingClient(port, token)
        resumed = json.loads(client.ask("resume", "MINES_GET_STATE", {"gameId": game}))["p"]
        self.assertEqual(resumed["gameState"], before["gameState"])
        self.audit(server)
        client.close()

    def audit(self, server: Server) -> None:
        engine = create_engine(sqlite_url(server.data))
        try:
            self.assertEqual(audit(engine).problems, ())
        finally:
            engine.dispose()

    def tokens(self, server: Server) -> dict[str, str]:
        port = server.ports["invoker.endpoints"]
        asked = {name: {"name": name, "password": "secret"} for name in PLAYERS}
        return {name: post(port, "v1/sessions", body)["token"] for name, body in asked.items()}

    def bet(self, server: Server, tokens: dict[str, str], kill: int) -> dict[str, list[Bettor]]:
        """Let everybody bet, kill the server at a random moment, and return the bettors with what they know."""
        port = server.ports["invoker.endpoints"]
        bettors = {
            name: [Bettor(port, token, f"{name}-{kill}-{number}") for number in range(CONNECTIONS)]
            for name, token in tokens.items()
        }
        everybody = [bettor for group in bettors.values() for bettor in group]
        for bettor in everybody:
            bettor.start()
        deadline = time.monotonic() + PATIENCE
        while min(map(Bettor.count, everybody)) < 1 or sum(map(Bettor.count, everybody)) < ENOUGH:
            self.assertLess(time.monotonic(), deadline, "the bets got no replies")
            time.sleep(0.005)
        time.sleep(random.uniform(0.0, 0.4))
        server.kill()
        for bettor in everybody:
            bettor.join(PATIENCE)
            self.assertFalse(bettor.is_alive(), "the connection did not end with the server")
        return bettors

    def check_again(self, server: Server, token: str, group: list[Bettor], known: dict[str, bytes]) -> None:
        """Send everything again that this round sent."""
        client = BlockingClient(server.ports["invoker.endpoints"], token)
        for bettor in group:
            for i in bettor.sent:
                reply = client.ask(i, "PLACE_BET", BET)
                self.assertEqual(json.loads(reply)["t"], "PLACE_BET", reply)
                if i in bettor.replies:
                    self.assertEqual(reply, bettor.replies[i], "a confirmed bet was lost or changed")
                known[i] = reply
        client.close()

    def check_sums(self, server: Server, token: str, known: dict[str, bytes]) -> None:
        client = BlockingClient(server.ports["invoker.endpoints"], token)
        results: list[Any] = [json.loads(reply)["p"]["gameResult"] for reply in known.values()]
        money = Decimal("100000.00")
        for result in results:
            money += Decimal(result["winAmount"]) - Decimal(result["betAmount"])
        balance = json.loads(client.ask("balance", "GET_BALANCE", {}))["p"]["balance"]
        self.assertEqual(Decimal(balance), money)
        history = json.loads(client.ask("history", "GET_BET_HISTORY", {"limit": 1}))["p"]
        self.assertEqual(history["total"], len(known))
        state = json.loads(client.ask("state", "GET_GAME_STATE", {}))["p"]
        self.assertEqual(state["serverSeedInfo"]["currentNonce"], len(known))
        client.close()
