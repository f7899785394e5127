"""Messages: as many as go through, as long as they may be, to everybody and to one, at every protocol."""

from __future__ import annotations

import base64
import json
import socket
from typing import Any

from chaos.attacks.arena import Attack
from chaos.attacks.attacker import Report, Target
from chaos.attacks.people import TechminoPlayer, better_with, guest, lobby, message, player, techmino_socket, token
from chaos.attacks.sockets import Flood, connect, frame, websocket
from gameserver.protocols.kwo.crypto import MODE

#: People in the public room who read what is said there.
CROWD = 100

LONG = "y" * 7900


def _line(**keys: str) -> bytes:
    return json.dumps(keys).encode() + b"\n"


def chat(target: Target) -> Report:
    """Speak without end as 200 guests at the chat: short lines, thousands in a write."""
    return Flood(target, lambda: guest(target), _line(Command="05", Message="x") * 2000, 200).run()


def chat_one(target: Target) -> Report:
    """The same as one guest on one connection, who comes again when they are put out."""
    return Flood(target, lambda: guest(target, "onlyone"), _line(Command="05", Message="x") * 2000, 1).run()


def chat_strangers(target: Target) -> Report:
    """Speak without a login, on 200 connections."""
    port = target.ports["chat.tcp"]
    return Flood(target, lambda: connect(port), _line(Command="05", Message="x") * 2000, 200).run()


def long_texts(target: Target) -> Report:
    """Speak the longest texts there may be, to a public room with a hundred people who read them."""
    return Flood(target, lambda: guest(target), _line(Command="05", Message=LONG) * 20, CROWD).run()


def emoji(target: Target) -> Report:
    """The same in characters that take the most bytes."""
    line = json.dumps({"Command": "05", "Message": "\U0001f600" * 3900}).encode() + b"\n"
    return Flood(target, lambda: guest(target), line * 20, CROWD).run()


def one_victim(target: Target) -> Report:
    """Say the longest texts to one person alone, from 100 connections; they do not read."""
    victim = guest(target, "victim")
    report = Flood(
        target, lambda: guest(target), _line(Command="04", FriendName="victim", Message=LONG) * 20, 100
    ).run()
    victim.close()
    return report


def kassel(target: Target) -> Report:
    """Speak without end in the lobbies, and list everybody."""
    who = [player(target) for _ in range(20)]
    turn = [0]

    def make() -> socket.socket:
        turn[0] += 1
        return lobby(target, ("ss14", "ss13", "ss12")[turn[0] % 3], who[turn[0] % len(who)])

    return Flood(target, make, b"MSG ALL x\r\nLIST USERS\r\nMSG USER nobody x\r\nNOOP\r\n" * 500, 60).run()


def users(target: Target) -> Report:
    """List everybody, with 300 people online."""
    held = [guest(target) for _ in range(300)]
    report = Flood(target, lambda: lobby(target), b"LIST USERS\r\n" * 2000, 20).run()
    report.counts["online"] = len(held)
    return report


def techmino(target: Target) -> Report:
    """Speak without end at Techmino, and ask for rooms, at every endpoint."""
    who = [TechminoPlayer(target) for _ in range(10)]
    turn = [0]
    join = frame(b'{"action":1,"data":{"rid":"global"}}')
    said = frame(b'{"action":3,"data":{"rid":"global","message":"x"}}')
    listed = frame(b'{"action":0,"data":{"begin":0,"count":100}}')

    def make() -> socket.socket:
        turn[0] += 1
        return who[turn[0] % len(who)].connection(("chat", "play")[turn[0] % 2])

    return Flood(target, make, join + (said + listed) * 1500, 10).run()


def techmino_histories(target: Target) -> Report:
    """Come into a room of Techmino and leave it again, for whose round everybody is sent two megabytes."""
    info = {"name": "x", "type": "x", "version": "x"}
    with techmino_socket(target) as host:
        host.sendall(frame(json.dumps({"action": 1301, "data": {"capacity": 1, "info": info, "data": {}}}).encode()))
        made: Any = message(host)
        host.sendall(frame(b'{"action":1203,"data":true}'))
        while message(host)["action"] != 1102:
            continue
        host.sendall(frame(json.dumps({"action": 1206, "data": "A" * 16_000}).encode()) * 120)
        asked = {"action": 1306, "data": {"roomId": made["data"]["roomId"]}}
        payload = frame(json.dumps(asked).encode()) + frame(b'{"action":1308}')
        marks = {"histories": b"A" * 64_000}
        report = Flood(target, lambda: techmino_socket(target), payload * 500, 10, marks=marks).run()
    report.expect(bool(report.counts["histories"]), "nobody has been sent what was played")
    return report


def techmino_app(target: Target) -> Report:
    """Ask for the notice without end, without a login, on 200 connections."""
    port = target.ports["techmino.endpoints"]
    asked = frame(b'{"action":1}') * 2000
    return Flood(target, lambda: websocket(port, "/tech/socket/v1/app"), asked, 200).run()


def games(target: Target) -> Report:
    """Ask the games for everything, as one player on many connections: their limit is 5,000 messages a second."""
    found = token(target)
    asked = b"".join(
        frame(json.dumps({"i": f"r{number}", "t": kind, "p": payload}).encode())
        for number, (kind, payload) in enumerate(
            [
                ("GET_BALANCE", {}),
                ("GET_GAME_STATE", {}),
                ("GET_GAME_CONFIG", {"allGames": True}),
                ("GET_BET_HISTORY", {"limit": 100}),
                ("GET_BET_ACTIVITIES", {"gameId": "inhousegame:dice", "limit": 100}),
                ("SUBSCRIBE", {"eventTypes": ["BET_ACTIVITY"]}),
                ("NOTHING", {}),
            ]
        )
    )
    return Flood(target, lambda: better_with(target, found), asked * 300, 20).run()


def games_balance(target: Target) -> Report:
    """Ask only for the balance, which visits nothing but memory, on many connections."""
    found = token(target)
    asked = frame(b'{"i":"1","t":"GET_BALANCE","p":{}}') * 1500
    return Flood(target, lambda: better_with(target, found), asked, 40).run()


def heartbeats(target: Target) -> Report:
    """Send the games' heartbeat without end, without a login, on 200 connections."""
    port = target.ports["invoker.endpoints"]
    return Flood(target, lambda: websocket(port, "/v1/ws"), frame(b"0") * 5000, 200).run()


def bridge(target: Target) -> Report:
    """Give the hub of the bridge commands without end."""
    packs = b"".join(
        frame(json.dumps({"type": "pack", "action": action, "params": params}).encode())
        for action, params in (
            ("runcmdrequest", {"cmd": "list", "id": 1}),
            ("runcmdrequest", {"cmd": "say x", "id": 2}),
            ("runcmdrequest", {"cmd": "help", "id": 3}),
            ("runcmdrequest", {"cmd": "games", "id": 3}),
            ("sendtext", {"text": "x"}),
            ("start", {}),
            ("fly", {}),
        )
    )
    port = target.ports["kwo.endpoints"]
    return Flood(target, lambda: websocket(port, "/"), packs * 300, 50).run()


def bridge_password(target: Target) -> Report:
    """Guess the password that the clients of the bridge share, with every pack another."""
    rng = target.rng
    packs = b"".join(
        frame(json.dumps({"type": "encrypted", "params": {"mode": MODE, "raw": _raw(rng.randbytes(size))}}).encode())
        for size in (16, 32, 1024, 16, 48, 65536)
        for _ in range(20)
    )
    port = target.ports["kwo.endpoints"]
    return Flood(target, lambda: websocket(port, "/"), packs, 50).run()


def _raw(encrypted: bytes) -> str:
    return base64.b64encode(encrypted).decode()


def empty(target: Target) -> Report:
    """Send what is nothing at all: blank lines, blanks, control characters, at the ports that speak lines."""
    ports = ("chat.tcp", "kassel.ss14", "kassel.ss13", "kassel.ss12")
    turn = [0]

    def make() -> socket.socket:
        turn[0] += 1
        return connect(target.ports[ports[turn[0] % len(ports)]])

    return Flood(
        target, make, b"\n" * 20_000 + b" \r\n" * 10_000 + b"\x08\x15\xff\xfd\x18" * 4000 + b"\r\n", 60
    ).run()


def telnet(target: Target) -> Report:
    """Ask for options of telnet without end; each is refused."""
    return Flood(target, lambda: connect(target.ports["kassel.ss14"]), b"\xff\xfd\x18\xff\xfb\x1f" * 20_000, 60).run()


ATTACKS = (
    Attack("messages-chat", "200 guests who speak without end", chat),
    Attack("messages-chat-one", "one guest who speaks without end, and comes again", chat_one),
    Attack("messages-chat-strangers", "200 connections that speak without a login", chat_strangers),
    Attack("messages-long", "the longest texts to a room with a hundred people", long_texts),
    Attack("messages-emoji", "the same in characters of four bytes", emoji),
    Attack("messages-victim", "a hundred guests who speak to one person", one_victim),
    Attack("messages-lobby", "60 players who speak and list without end", kassel),
    Attack("messages-users", "LIST USERS without end with 300 people online", users),
    Attack("messages-techmino", "ten players of Techmino who speak and list without end", techmino),
    Attack("messages-techmino-histories", "ten who come into a long round and leave", techmino_histories),
    Attack("messages-techmino-app", "200 strangers who ask Techmino for its notice", techmino_app),
    Attack("messages-games", "one player who asks the games for everything", games),
    Attack("messages-balance", "one player who asks for their balance on 40 connections", games_balance),
    Attack("messages-heartbeats", "200 strangers who send the games' heartbeat", heartbeats),
    Attack("messages-bridge", "50 clients of the bridge who give commands without end", bridge),
    Attack(
        "messages-bridge-password",
        "50 clients of the bridge who guess its password with every pack",
        bridge_password,
        settings=("kwo.hub.password=nobody guesses this 4711",),
    ),
    Attack("messages-empty", "lines of nothing", empty),
    Attack("messages-telnet", "options of telnet", telnet),
)
