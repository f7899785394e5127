"""Ways in, as anybody has them: what a connection of each protocol needs before it can be a nuisance."""

from __future__ import annotations

import itertools
import json
import os
import socket
from urllib.parse import urlencode

from chaos.attacks.attacker import Target
from chaos.attacks.sockets import connect, frame, until, websocket

_numbers = itertools.count(1)


def a_name() -> str:
    """Return a name that nobody has."""
    return f"mob{os.getpid()}x{next(_numbers)}"


def guest(target: Target, name: str = "") -> socket.socket:
    """Return a guest at the chat. Raises ``ConnectionError`` when they are refused."""
    made = connect(target.ports["chat.tcp"])
    made.sendall(json.dumps({"Command": "01", "Name": name or a_name()}).encode() + b"\n")
    answer = until(made, b"\n")
    if b'"Flag":1' not in answer:
        made.close()
        raise ConnectionError(answer.decode())
    return made


def player(target: Target, season: str = "ss14") -> tuple[str, str]:
    """Return name and password of a new test player. Raises ``ConnectionError`` when there is none."""
    made = connect(target.ports[f"kassel.{season}"])
    with made:
        until(made, b"\n")
        made.sendall(b"CREATE TESTPLAYER\r\n")
        words = until(made, b"OK\r\n").decode().split()
    found = dict(word.split("=", 1) for word in words if "=" in word)
    return found["NICK"], found["PASSWORD"]


def lobby(target: Target, season: str = "ss14", who: tuple[str, str] | None = None) -> socket.socket:
    """Return somebody in a lobby; a new test player if it is not said who."""
    name, password = who or player(target, season)
    made = connect(target.ports[f"kassel.{season}"])
    until(made, b"\n")
    made.sendall(f"LOGIN {name} {password}\r\n".encode())
    answer = until(made, b"\r\n")
    if answer.startswith(b"ERROR"):
        made.close()
        raise ConnectionError(answer.decode())
    if not answer.endswith(b"OK\r\n"):
        until(made, b"OK\r\n")
    return made


def said(connection: socket.socket, line: str) -> bytes:
    """Say a line in a lobby and return what is answered, up to ``OK`` or an error."""
    connection.sendall(line.encode() + b"\r\n")
    data = bytearray()
    while not (data.endswith(b"OK\r\n") or (b"ERROR" in data and data.endswith(b"\r\n"))):
        piece = connection.recv(65536)
        if not piece:
            raise ConnectionError(bytes(data[-200:]).decode("utf-8", "replace"))
        data += piece
    return bytes(data)


class TechminoPlayer:
    """Somebody with tokens for the endpoints of Techmino."""

    def __init__(self, target: Target, who: tuple[str, str] | None = None) -> None:
        self._port = target.ports["techmino.endpoints"]
        self.name, password = who or player(target)
        with self._connection("user", email=self.name, password=password) as user:
            self.uid = int(message(user)["uid"])  # type: ignore[call-overload]
            user.sendall(frame(b'{"action":0}'))
            self.access = str(message(user)["accessToken"])

    def _connection(self, endpoint: str, **keys: str) -> socket.socket:
        made = websocket(self._port, f"/tech/socket/v1/{endpoint}", body=json.dumps(keys).encode())
        made.settimeout(30)
        return made

    def connection(self, endpoint: str, **keys: str) -> socket.socket:
        """Return a connection to one of them, after its Connect."""
        made = websocket(
            self._port,
            f"/tech/socket/v1/{endpoint}",
            body=json.dumps({"uid": self.uid, "accessToken": self.access, **keys}).encode(),
        )
        message(made)
        return made


def _posted(target: Target, path: str, body: object, token: str = "") -> dict[str, object]:
    """Return what the site answers to a request that it does not refuse."""
    data = json.dumps(body).encode()
    bearer = f"Authorization: Bearer {token}\r\n" if token else ""
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\n{bearer}Content-Length: {len(data)}\r\n\r\n"
    with connect(target.ports["web.endpoints"]) as made:
        made.sendall(head.encode() + data)
        answer = until(made, b"}")
    found: dict[str, object] = json.loads(answer[answer.index(b"{") :])
    return found


def techmino_socket(target: Target, who: tuple[str, str] | None = None) -> socket.socket:
    """Return the WebSocket of a later Techmino client, which has said how it plays; a new player if not said whose.

    Raises ``ConnectionError`` when they are refused.
    """
    name, password = who or player(target)
    login = _posted(target, "/api/login", {"name": name, "password": password})
    ticket = str(_posted(target, "/api/techmino/ticket", {}, str(login["token"])).get("ticket", ""))
    made = websocket(target.ports["techmino.endpoints"], "/techmino/ws/v1", f"x-access-token: {ticket[64:]}\r\n")
    made.settimeout(30)
    made.sendall(frame(b'{"action":1200,"data":"{}"}'))
    message(made)
    return made


def bettor(target: Target, who: tuple[str, str] | None = None, game: str = "inhousegame:dice") -> socket.socket:
    """Return somebody at the games, who has read their greeting."""
    return better_with(target, token(target, who, game))


def token(target: Target, who: tuple[str, str] | None = None, game: str = "inhousegame:dice") -> str:
    """Return a token for the games; of a new test player if it is not said whose."""
    name, password = who or player(target)
    body = json.dumps({"name": name, "password": password, "gameId": game}).encode()
    with connect(target.ports["invoker.endpoints"]) as made:
        made.sendall(b"POST /v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))
        answer = until(made, b"}")
    return str(json.loads(answer[answer.index(b"{") :])["token"])


def better_with(target: Target, found: str) -> socket.socket:
    """Return a connection to the games that is opened with a token."""
    made = websocket(target.ports["invoker.endpoints"], f"/v1/ws?{urlencode({'token': found})}")
    while message(made)["t"] != "INITIALIZATION_COMPLETE":
        continue
    return made


def _exactly(connection: socket.socket, size: int) -> bytes:
    data = bytearray()
    while len(data) < size:
        piece = connection.recv(size - len(data))
        if not piece:
            raise ConnectionError("the connection has ended")
        data += piece
    return bytes(data)


def message(connection: socket.socket) -> dict[str, object]:
    """Return the next message of a WebSocket, an object. Raises ``ConnectionError`` for a Close frame."""
    while True:
        first, size = _exactly(connection, 2)
        if size > 125:
            size = int.from_bytes(_exactly(connection, 2 if size == 126 else 8), "big")
        payload = _exactly(connection, size)
        if first & 15 == 8:
            raise ConnectionError(f"closed: {payload[:120]!r}")
        if first & 15 in (1, 2):
            found: dict[str, object] = json.loads(payload)
            return found
