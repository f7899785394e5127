"""Feeds that somebody asks for and never reads, while others fill them."""

from __future__ import annotations

import contextlib
import json
import socket
import time
from collections.abc import Callable

from chaos.attacks.arena import Attack
from chaos.attacks.attacker import Report, Target
from chaos.attacks.people import TechminoPlayer, bettor, guest, lobby, player, said
from chaos.attacks.sockets import Flood, frame, websocket

#: Clients that never read, of each feed.
DEAF = 60

#: What is said to fill the feeds: long, and as often as one person may.
TEXT = "x" * 7000


def _talk(target: Target, report: Report) -> Report:
    """Fill the public room for the rest of the time; what is answered is read."""
    line = json.dumps({"Command": "05", "Message": TEXT}).encode() + b"\n"
    flood = Flood(target, lambda: guest(target), line, 1, pause=1 / 50, report=report)
    return flood.run()


def chat(target: Target) -> Report:
    """Be in the public room many times and read nothing of it."""
    held = [guest(target) for _ in range(DEAF)]
    report = _talk(target, Report())
    report.counts["deaf"] = len(held)
    return report


def _in_game(target: Target, game: str, visitor: str) -> socket.socket:
    client = lobby(target)
    client.sendall(f"JOIN GAME {game}{visitor}\r\n".encode())
    return client


def game(target: Target) -> Report:
    """Watch a match many times and read nothing of it, while its player speaks."""
    return _played(target, lambda name: _in_game(target, name, " -visitor true"))


def site(target: Target) -> Report:
    """Watch a match on the site many times and read nothing of it, while its player speaks."""
    who = player(target)

    def watching(name: str) -> socket.socket:
        made = websocket(target.ports["web.endpoints"], "/kassel/ss14", "Sec-WebSocket-Protocol: kassel\r\n")
        for line in (f"LOGIN {who[0]} {who[1]}", f"JOIN GAME {name} -visitor true"):
            made.sendall(frame(line.encode()))
        return made

    return _played(target, watching)


def _played(target: Target, watching: Callable[[str], socket.socket]) -> Report:
    host = lobby(target)
    name = f"deaf{target.seed}"
    said(host, f"CREATE GAME {name} -maxPlayers 2")
    held = [watching(name) for _ in range(DEAF)]
    report = Report()
    report.counts["deaf"] = len(held)
    host.sendall(f"JOIN GAME {name}\r\n".encode())
    time.sleep(0.3)
    message = {"@action": "MESSAGE", "properties": {"entry": {"key": "message", "value": TEXT}}}
    line = json.dumps(message).encode() + b"\n"
    host.setblocking(False)
    target.begin()
    while target.left > 0:
        with contextlib.suppress(BlockingIOError):
            host.send(line)
        with contextlib.suppress(BlockingIOError):
            report.counts["bytes read"] += len(host.recv(1 << 20))
        time.sleep(1 / 50)
    return report


def techmino(target: Target) -> Report:
    """Be in the chat rooms of Techmino many times and read nothing of it."""
    held = []
    for _ in range(20):
        player = TechminoPlayer(target)
        made = player.connection("chat")
        made.sendall(frame(b'{"action":1,"data":{"rid":"global"}}'))
        held.append(made)
    report = _talk(target, Report())
    report.counts["deaf"] = len(held)
    return report


def bets(target: Target) -> Report:
    """Subscribe to what everybody bets, read nothing of it, and bet."""
    deaf = json.dumps({"i": "1", "t": "SUBSCRIBE", "p": {"eventTypes": ["BET_ACTIVITY"]}}).encode()
    held = []
    for _ in range(DEAF):
        made = bettor(target)
        made.sendall(frame(deaf))
        held.append(made)
    seed = target.seed
    bet = b"".join(
        frame(
            json.dumps(
                {
                    "i": f"{seed}-{number}",
                    "t": "PLACE_BET",
                    "p": {
                        "amount": "1.00",
                        "gameParams": {"diceParams": {"target": 50, "condition": "OVER"}},
                        "clientSeed": "lucky seed 1",
                    },
                }
            ).encode()
        )
        for number in range(2000)
    )
    report = Flood(target, lambda: bettor(target), bet, 3).run()
    report.counts["deaf"] = len(held)
    return report


def hub(target: Target) -> Report:
    """Listen to the hub of the bridge many times and read nothing."""
    held = [websocket(target.ports["kwo.endpoints"], "/") for _ in range(DEAF)]
    report = _talk(target, Report())
    report.counts["deaf"] = len(held)
    return report


def answers(target: Target) -> Report:
    """Ask the games for the longest answers there are, and read none."""
    ask = json.dumps({"i": "1", "t": "GET_GAME_CONFIG", "p": {"allGames": True}}).encode()
    return Flood(target, lambda: bettor(target), frame(ask) * 500, 20, reads=False).run()


ATTACKS = (
    Attack("deaf-chat", "60 guests who never read while somebody fills the room", chat),
    Attack("deaf-game", "60 visitors of a match who never read", game),
    Attack("deaf-site", "60 visitors of a match on the site who never read", site),
    Attack("deaf-techmino", "20 players in a chat room of Techmino who never read", techmino),
    Attack("deaf-bets", "60 subscribers of the bets who never read", bets, seconds=8.0),
    Attack("deaf-hub", "60 clients of the bridge who never read", hub),
    Attack("deaf-answers", "the longest answers of the games, never read", answers),
)
