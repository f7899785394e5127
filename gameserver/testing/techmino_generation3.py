"""A Techmino client of generation 3 (0.17.7 to 0.17.21) for tests: its HTTP requests and its frames to the byte."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from gameserver.testing.techmino import TechminoClient, compact, frame

#: Where the releases up to 0.17.19 and those after them look for their server, and the latter for people.
OLDER_HOST = "cafuuchino1.3322.org:10026"
NEWER_HOST = "www.studio26f.org:8081"
ACCOUNTS_HOST = "www.studio26f.org:8080"

#: What stands behind every request without a body: the end of a chunked one.
STRAY = b"0\r\n\r\n"

#: The headers of every request; their order is another each time.
LUASOCKET = ("TE: trailers", "Connection: close, TE", "User-Agent: LuaSocket 3.0-rc1")


def http_request(first: str, headers: Iterable[str], body: bytes | None = None) -> list[bytes]:
    """Return a request as the client writes it: the head, then the body, or the five bytes that stand for none."""
    head = "".join(f"{line}\r\n" for line in (f"{first} HTTP/1.1", *headers, ""))
    return [head.encode(), STRAY if body is None else body]


def get(path: str, host: str = NEWER_HOST, **headers: str) -> list[bytes]:
    """Return a GET; ``headers`` are further ones, with ``_`` for ``-``."""
    more = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return http_request(f"GET {path}", [f"Host: {host}", *more, *LUASOCKET])


def send(method: str, path: str, body: object, host: str = OLDER_HOST) -> list[bytes]:
    """Return a request with a body."""
    data = compact(body)
    about = ("Content-Type: application/json", f"Content-Length: {len(data)}")
    return http_request(f"{method} {path}", [f"Host: {host}", *LUASOCKET, *about], data)


def upgrade(token: str, host: str = NEWER_HOST) -> list[bytes]:
    """Return the request for the WebSocket. Nothing stands behind it."""
    head = (
        "GET /techmino/ws/v1 HTTP/1.1\r\n"
        f"Host: {host}\r\n"
        "Connection: Upgrade\r\n"
        "Upgrade: websocket\r\n"
        "Sec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: osT3F7mvlojIvf3/8uIsJQ==\r\n"
        f"x-access-token: {token}\r\n"
        "\r\n"
    )
    return [head.encode()]


def asked(action: int, data: object = ...) -> list[bytes]:
    """Return the frame of a request."""
    message: dict[str, object] = {"action": action}
    if data is not ...:
        message["data"] = data
    return frame(compact(message))


def configured(config: str) -> list[bytes]:
    """Return what a client says as soon as it is connected, and after the settings screen: how its player plays."""
    return asked(1200, config)


def created(
    name: str, version: str, capacity: int, rules: object, password: str = "", description: str = ""
) -> list[bytes]:
    """Return the request for a new room."""
    info = {"name": name, "type": "normal", "version": version, "description": description}
    data: dict[str, object] = {"capacity": capacity, "info": info, "data": rules}
    return asked(1301, data | ({"password": password} if password else {}))


def joined(room: str, password: str | None = None) -> list[bytes]:
    """Return the request for a seat. ``password`` is empty for public rooms up to 0.17.13, and left out after."""
    return asked(1306, {"roomId": room} if password is None else {"roomId": room, "password": password})


def listed() -> list[bytes]:
    """Return what asks for the rooms; no client asks for a second page."""
    return asked(1309, {"pageIndex": 0, "pageSize": 26})


def lost(reason: str = "lose") -> list[bytes]:
    """Return the end of a player's round."""
    return asked(1201, {"reason": reason})


class Generation3Client(TechminoClient):
    """A connection over a socket."""

    def ask(self, action: int, data: object = ...) -> None:
        """Send a request."""
        self.write(asked(action, data))

    async def until_action(self, action: int) -> dict[str, Any]:
        """Return the next message of an action that is no refusal; what comes before it is passed over."""
        while True:
            message = await self.next()
            if message["action"] == action and message["errno"] == 0:
                return message


def http_answer(body: bytes) -> Any:
    """Return the body of an answer over HTTP, which is JSON. What comes behind it is not read by the client."""
    value, _ = json.JSONDecoder().raw_decode(body.decode())
    return value
