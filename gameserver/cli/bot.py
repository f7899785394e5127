"""Let computer players play whole games over the public protocol of a running server."""

from __future__ import annotations

import argparse
import time
from typing import Any

from twisted.internet import task
from twisted.internet.defer import Deferred, ensureDeferred
from twisted.internet.error import ConnectError, ConnectionClosed

from gameserver.app.games import installed_kinds
from gameserver.bots.client import Refused
from gameserver.bots.table import Order, play
from gameserver.config import Config
from gameserver.edge.part import Installation
from gameserver.errors import Code, GameError
from gameserver.games.kind import Kind
from gameserver.games.season import Season
from gameserver.net.endpoints import EndpointText

NAME = "bot"
ABOUT = "play games of the Kassel seasons as a computer player"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command line."""
    parser.add_argument("game", choices=tuple(installed_kinds()))
    parser.add_argument("--games", type=int, default=1, metavar="N", help="games to play, one after the other")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, help="port of the season (default: the configured one)")
    parser.add_argument("--name", default="", help="account of the first bot (default: a test player)")
    parser.add_argument("--password", default="", help="its password")
    parser.add_argument("--strategy", metavar="NAME", help="how to play: greedy (the default) or random")
    parser.add_argument("--players", type=int, default=2, metavar="N", help="seats of a game; each gets a bot")
    parser.add_argument("--testgame", action="store_true", help="one bot against the server's computer players")
    parser.add_argument("--map", default="", help="map to play on")
    parser.add_argument("--join", default="", metavar="GAME", help="join this game instead of creating one")
    parser.add_argument("--seed", default="", help="makes the bots' own choices repeatable")


def run(parsed: argparse.Namespace, installation: Installation) -> int:
    """Play and report; exit status 1 when a game could not be finished."""
    if bool(parsed.name) != bool(parsed.password):
        raise GameError(
            Code.BAD_ACCOUNT, "--name and --password belong together; without both a test player is made."
        )
    kind = installed_kinds()[parsed.game]
    order = Order(
        kind,
        parsed.host,
        parsed.port or _configured_port(installation.config, kind.season),
        parsed.name,
        parsed.password,
        _strategy(kind, parsed.strategy),
        parsed.players,
        parsed.testgame,
        parsed.join,
        parsed.map,
    )
    status: list[int] = []

    async def games(reactor: Any) -> None:
        for number in range(1, parsed.games + 1):
            began = time.monotonic()
            try:
                result = await play(reactor, order, f"{parsed.seed} {number}" if parsed.seed else "")
            except ConnectError as error:
                print(f"game {number}: cannot connect to {order.host} port {order.port}: {error}")
                status.append(1)
                return
            except (Refused, ConnectionClosed) as error:
                print(f"game {number}: {error}")
                status.append(1)
                return
            print(
                f"game {number}: {result.game}: {result.winner or 'nobody'} won of {', '.join(result.players)}; "
                f"{result.commands} commands, {result.refused} refused, {result.events} events, "
                f"{time.monotonic() - began:.1f} s"
            )
        status.append(0)

    def main(reactor: object) -> Deferred[None]:
        return ensureDeferred(games(reactor))

    try:
        task.react(main)
    except SystemExit as end:
        if end.code:
            return 1
    return status[0]


def _strategy(kind: Kind[Any], name: str | None) -> str:
    known = tuple(kind.strategies)
    if name is not None and name not in known:
        raise GameError(Code.BAD_PARAMETERS, f"{kind.title} has no strategy {name}: it has {', '.join(known)}.")
    return name or known[0]


def _configured_port(config: Config, season: Season) -> int:
    endpoints: tuple[str, ...] = config.kassel.endpoints(season.name)  # type: ignore[attr-defined]
    parsed = map(EndpointText.parse, endpoints)
    ports = [endpoint.port for endpoint in parsed if endpoint.port and not endpoint.proxied]
    found = ports[0] if ports else season.port
    if found is None:
        raise GameError(
            Code.BAD_PARAMETERS, f"The season {season.name} has no port: set kassel.{season.name}, or use --port."
        )
    return found
