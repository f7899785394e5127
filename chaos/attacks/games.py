"""Games and rounds: made without number, visited without number, watched, and streamed into."""

from __future__ import annotations

import contextlib
import json
import socket
import time

from chaos.attacks.arena import Attack
from chaos.attacks.attacker import Report, Target
from chaos.attacks.people import TechminoPlayer, lobby, message, player, said
from chaos.attacks.sockets import Flood, frame


def created(target: Target) -> Report:
    """Create games without end, in every season, as many players."""
    who = [player(target) for _ in range(12)]
    options = {"ss14": "-maxPlayers 5", "ss13": "-maxPlayers 4 -map default", "ss12": "-players 4 -map default"}
    turn = [0]
    report = Report()

    def make() -> socket.socket:
        turn[0] += 1
        season = list(options)[turn[0] % 3]
        made = lobby(target, season, who[turn[0] % len(who)])
        lines = (f"CREATE GAME g{turn[0]}x{number} {options[season]}\r\n" for number in range(500))
        made.sendall("".join(lines).encode()[:60_000])
        return made

    return Flood(target, make, b"LIST GAMES\r\n" * 100, 30, report=report).run()


def visits(target: Target) -> Report:
    """Join a large match as a visitor 500 times, over and over, without reading its dump before leaving."""
    report = Report()
    host = lobby(target, "ss13")
    maps = said(host, "LIST MAPS").decode()
    name = next((word[5:] for word in maps.split() if word.startswith("NAME=")), "")
    answer = said(host, f"CREATE GAME large -maxPlayers 2 -map {name}")
    report.expect(answer.endswith(b"OK\r\n") or b"exists" in answer, answer.decode())
    visit = b'JOIN GAME large -visitor true\r\n{"@action":"LEAVE_GAME"}\r\n' * 500
    return Flood(target, lambda: lobby(target, "ss13"), visit, 10, report=report).run()


def visits_unread(target: Target) -> Report:
    """The same, without reading any of it."""
    host = lobby(target, "ss13")
    maps = said(host, "LIST MAPS").decode()
    name = next((word[5:] for word in maps.split() if word.startswith("NAME=")), "")
    said(host, f"CREATE GAME large -maxPlayers 2 -map {name}")
    visit = b'JOIN GAME large -visitor true\r\n{"@action":"LEAVE_GAME"}\r\n' * 500
    return Flood(target, lambda: lobby(target, "ss13"), visit, 30, reads=False).run()


def spectators(target: Target) -> Report:
    """Watch one match with 200 connections that read, while its player does all that may be done in it."""
    host = lobby(target)
    name = f"watched{target.seed}"
    said(host, f"CREATE GAME {name} -maxPlayers 2")
    who = [player(target) for _ in range(4)]
    host.sendall(f"JOIN GAME {name}\r\n".encode())

    def make() -> socket.socket:
        made = lobby(target, "ss14", who[0])
        made.sendall(f"JOIN GAME {name} -visitor true\r\n".encode())
        return made

    chat = {"@action": "MESSAGE", "properties": {"entry": {"key": "message", "value": "x" * 200}}}
    colour = {"@action": "CHANGE_USER_COLOR", "properties": {"entry": {"key": "color", "value": "RED"}}}
    host.setblocking(False)
    with contextlib.suppress(BlockingIOError):
        host.send((json.dumps(chat) + "\n" + json.dumps(colour) + "\n").encode() * 100)
    line = json.dumps(chat).encode() + b"\n"
    return Flood(target, make, line, 200, pause=0.2).run()


def commands(target: Target) -> Report:
    """Send a game commands without end that it refuses."""
    who = [player(target) for _ in range(10)]
    turn = [0]

    def make() -> socket.socket:
        turn[0] += 1
        made = lobby(target, "ss14", who[turn[0] % len(who)])
        name = f"c{turn[0]}x{target.seed}"
        made.sendall(f"CREATE GAME {name} -maxPlayers 2\r\nJOIN GAME {name}\r\n".encode())
        return made

    lines = [
        '{"@action":"DRAW_CARD"}',
        '{"@action":"NOTHING"}',
        '{"@action":"START_GAME"}',
        '{"@action":"PLACE_CARD","properties":{"entry":{"key":"neighbor","value":"Field@0"}}}',
        '{"@action":"NOOP"}',
        "no JSON",
    ]
    return Flood(target, make, "\r\n".join([*lines, ""]).encode() * 300, 20).run()


def rooms(target: Target) -> Report:
    """Make and leave rooms of Techmino without end, and list them."""
    who = [TechminoPlayer(target) for _ in range(10)]
    turn = [0]
    made = frame(
        json.dumps({"action": 1, "data": {"type": "unlimited", "name": "x" * 60, "config": "c" * 8000}}).encode()
    )
    left, listed = frame(b'{"action":3}'), frame(b'{"action":0,"data":{"begin":0,"count":100}}')

    def make() -> socket.socket:
        turn[0] += 1
        return who[turn[0] % len(who)].connection("play")

    return Flood(target, make, (made + listed + left) * 200, 10).run()


def _round(who: list[TechminoPlayer]) -> tuple[list[socket.socket], str]:
    """Begin a round with all of these; return their connections to ``play`` and the round's id."""
    plays = [one.connection("play") for one in who]
    plays[0].sendall(frame(b'{"action":1,"data":{"type":"unlimited","name":"round","config":"{}"}}'))
    rid = ""
    while not rid:
        found = message(plays[0])
        data = found.get("data")
        if isinstance(data, dict) and "rid" in data:
            rid = str(data["rid"])
    for connection in plays[1:]:
        connection.sendall(frame(json.dumps({"action": 2, "data": {"rid": rid, "config": "{}"}}).encode()))
    time.sleep(0.5)
    for connection in plays:
        connection.sendall(frame(b'{"action":6,"data":{"ready":true}}'))
    while True:
        found = message(plays[0])
        data = found.get("data")
        if found.get("action") == 8 and isinstance(data, dict):
            return plays, str(data["rid"])


def streams(target: Target) -> Report:
    """Play a round with 20 players who all stream the largest pieces there may be, as fast as they are taken."""
    who = [TechminoPlayer(target) for _ in range(20)]
    plays, rid = _round(who)
    piece = frame(json.dumps({"action": 5, "data": {"stream": "A" * 16_000}}).encode())
    turn = [0]

    def make() -> socket.socket:
        turn[0] += 1
        return who[turn[0] % len(who)].connection("stream", rid=rid)

    report = Flood(target, make, piece * 20, 20).run()
    report.counts["players"] = len(plays)
    return report


def small_streams(target: Target) -> Report:
    """The same with the smallest pieces, thousands in a write."""
    who = [TechminoPlayer(target) for _ in range(20)]
    plays, rid = _round(who)
    piece = frame(b'{"action":5,"data":{"stream":"AAAA"}}')
    turn = [0]

    def make() -> socket.socket:
        turn[0] += 1
        return who[turn[0] % len(who)].connection("stream", rid=rid)

    report = Flood(target, make, piece * 2000, 20).run()
    report.counts["players"] = len(plays)
    return report


ATTACKS = (
    Attack("games-created", "games without number", created),
    Attack("games-visits", "a match joined and left as a visitor 500 times in a write", visits),
    Attack("games-visits-unread", "the same, and nothing of it read", visits_unread),
    Attack("games-spectators", "200 spectators of a match who all speak", spectators),
    Attack("games-commands", "commands without end that a game refuses", commands),
    Attack("rooms", "rooms of Techmino made, listed and left without end", rooms),
    Attack("streams", "20 players of a round who stream the largest pieces", streams, seconds=10.0),
    Attack("streams-small", "20 players of a round who stream the smallest pieces", small_streams, seconds=10.0),
)
