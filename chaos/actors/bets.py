"""Those who bet: the same request again gets the same bytes, and all replies together are the balance."""

from __future__ import annotations

import json
import random
import threading
from decimal import Decimal
from typing import Any

from chaos.actors.asking import account, ask
from chaos.acts import LATER, Actor, Stop
from tests.integration.server import Server
from tests.protocols.invoker.blocking import BlockingClient

#: What a bet is; what it is worth is what ``SETTINGS`` give everybody.
BET = {
    "amount": "1.00",
    "gameParams": {"diceParams": {"target": 50, "condition": "OVER"}},
    "clientSeed": "user_random_seed",
}
MONEY = Decimal("1000000.00")

PASSWORD = "secret"


class Bets(Actor):
    """A player who bets on several connections at once."""

    def __init__(
        self, chance: random.Random, pace: float = 0.0, player: str = "bettor", connections: int = 2
    ) -> None:
        super().__init__(chance, pace)
        self._player = player
        self._connections = connections
        self._round = 0
        self._token = ""
        self._lock = threading.Lock()
        #: What was sent since the last recount, and the replies to it.
        self._sent: list[str] = []
        self._replies: dict[str, bytes] = {}
        #: All that there ever was: bets, and what they have moved.
        self._count, self._moved = 0, Decimal(0)

    def prepare(self, server: Server) -> None:
        """Make the account."""
        account(server.ports["web.endpoints"], self._player, PASSWORD)
        self._token = self._fresh(server)

    def _fresh(self, server: Server) -> str:
        asked = {"name": self._player, "password": PASSWORD}
        status, answer = ask(server.ports["invoker.endpoints"], "/v1/sessions", asked)
        assert status == 200, answer
        return str(answer["token"])

    def act(self, server: Server, stop: Stop) -> None:
        """Bet on every connection."""
        self._round += 1
        failed: list[Exception] = []

        def one(number: int) -> None:
            try:
                self._bet(server, stop, f"{self._player}-{self._round}-{number}")
            except Exception as error:
                failed.append(error)

        others = [threading.Thread(target=one, args=(number,)) for number in range(1, self._connections)]
        for thread in others:
            thread.start()
        one(0)
        for thread in others:
            thread.join()
        for error in failed:
            raise error

    def _bet(self, server: Server, stop: Stop, prefix: str) -> None:
        client = BlockingClient(server.ports["invoker.endpoints"], self._token)
        number = 0
        try:
            while not stop.wait(self.pace):
                i = f"{prefix}-{number}"
                number += 1
                self._sent.append(i)
                reply = client.ask(i, "PLACE_BET", BET)
                if json.loads(reply)["t"] == "PLACE_BET":
                    self._replies[i] = reply
                    with self._lock:
                        self.confirmed += 1
                elif LATER not in reply.decode():
                    self.wrong.append(f"{i} was refused: {reply.decode()}")
        finally:
            client.close()

    def recount(self, server: Server) -> None:
        """Send everything again, then compare the sums."""
        self._token = self._fresh(server)
        client = BlockingClient(server.ports["invoker.endpoints"], self._token)
        try:
            for i in self._sent:
                self._again(client, i)
            self._sent, self._replies = [], {}
            self._compare(client)
        finally:
            client.close()

    def _again(self, client: BlockingClient, i: str) -> None:
        reply = client.ask(i, "PLACE_BET", BET)
        found = json.loads(reply)
        if found["t"] != "PLACE_BET":
            self.wrong.append(f"{i} sent again was refused: {reply.decode()}")
            return
        self._count += 1
        result = found["p"]["gameResult"]
        self._moved += Decimal(result["winAmount"]) - Decimal(result["betAmount"])
        if i in self._replies and reply != self._replies[i]:
            self.lost.append(f"{i} was confirmed, and sent again it is another: {self._replies[i]!r}, {reply!r}")

    def _compare(self, client: BlockingClient) -> None:
        def payload(t: str, **p: object) -> Any:
            return json.loads(client.ask(f"recount-{t}", t, p))["p"]

        found = {
            "balance": Decimal(payload("GET_BALANCE")["balance"]),
            "bets": payload("GET_BET_HISTORY", limit=1)["total"],
            "nonce": payload("GET_GAME_STATE")["serverSeedInfo"]["currentNonce"],
        }
        right = {"balance": MONEY + self._moved, "bets": self._count, "nonce": self._count}
        self.wrong += [f"{key} is {found[key]} and not {right[key]}" for key in right if found[key] != right[key]]
