"""Whole games of bots: made, filled, played, reported."""

from __future__ import annotations

import secrets
from typing import Any

import attrs
from twisted.internet.defer import Deferred, DeferredList, ensureDeferred
from twisted.internet.endpoints import TCP4ClientEndpoint, connectProtocol
from twisted.internet.task import deferLater

from gameserver.bots.client import KasselClient
from gameserver.bots.player import BotPlayer
from gameserver.games.kind import Kind
from gameserver.games.rng import Chance

#: Seconds between two looks whether all are ready for the start.
WAIT = 0.1


@attrs.frozen
class Order:
    """What is to be played, where and how.

    Without a ``name`` every bot is a test player. ``join`` is somebody else's game; then nothing is created and its
    players start it. In a ``test_game`` the server's own computer players take the other seats.
    """

    kind: Kind[Any]
    host: str
    port: int
    name: str = ""
    password: str = ""
    strategy: str = "greedy"
    players: int = 2
    test_game: bool = False
    join: str = ""
    map_name: str = ""


@attrs.frozen
class Result:
    """How a game ended: its name, who played, who won, the events one bot heard, commands sent and refused."""

    game: str
    players: tuple[str, ...]
    winner: str
    events: int
    commands: int
    refused: int


async def play(reactor: Any, order: Order, seed: str = "") -> Result:
    """Play one game. Raises ``Refused`` and connection errors."""
    seed = seed or secrets.token_hex(8)
    seats = 1 if order.join or order.test_game else order.players
    clients: list[KasselClient] = []
    try:
        for number in range(seats):
            clients.append(await _connected(reactor, order, named=number == 0))
        return await _played(reactor, order, clients, seed)
    finally:
        for client in clients:
            client.hang_up()
        await DeferredList([client.lost for client in clients])


async def _connected(reactor: Any, order: Order, named: bool) -> KasselClient:
    client = KasselClient()
    await connectProtocol(TCP4ClientEndpoint(reactor, order.host, order.port), client)
    await client.greeting
    await client.log_in(order.name if named else "", order.password if named else "")
    return client


async def _played(reactor: Any, order: Order, clients: list[KasselClient], seed: str) -> Result:
    name = order.join or f"bots-{secrets.token_hex(4)}"
    if not order.join:
        options = f" -map {order.map_name}" if order.map_name else ""
        options += " -testgame" if order.test_game else ""
        await clients[0].ask(f"CREATE GAME {name} {order.kind.season.count_option} {order.players}{options}")
    bots = [
        BotPlayer(reactor, client, order.kind, order.strategy, Chance(f"{seed} {client.nickname}"))
        for client in clients
    ]
    ends: list[Deferred[str]] = [bot.over for bot in bots]
    for bot in bots:
        await bot.join(name)
    if not order.join:
        while not all(bot.ready for bot in bots):
            await deferLater(reactor, WAIT)
        bots[0].start_game()
    winners = [await end for end in ends]
    return Result(
        name,
        tuple(client.nickname for client in clients),
        winners[0],
        bots[0].events,
        sum(bot.commands for bot in bots),
        sum(bot.refused for bot in bots),
    )


def played(reactor: Any, order: Order, seed: str = "") -> Deferred[Result]:
    """Play one game and fire with its result."""
    return ensureDeferred(play(reactor, order, seed))
