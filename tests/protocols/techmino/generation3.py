"""People with clients of generation 3, on a clock's time."""

from __future__ import annotations

import json
from typing import Any

from gameserver.accounts import Account
from gameserver.testing.techmino import frame
from gameserver.testing.techmino_generation3 import (
    NEWER_HOST,
    asked,
    configured,
    created,
    http_answer,
    joined,
    lost,
    upgrade,
)
from tests.protocols.techmino.services import CONFIG, ClockServices, Wired

#: Rules of a room as the real client writes them, with its infinity.
RULES = b'{"drop":30,"hurry":1e+99,"holdMode":"hold","infHold":false,"heightLimit":1e+99}'

Message = dict[str, Any]


class Player:
    """Somebody with an account, a ticket, and a WebSocket when they are online."""

    def __init__(self, services: ClockServices, name: str) -> None:
        self.services = services
        self.name = name
        self.account: Account = services.register(name)
        self.uid = self.account.id
        self.ticket: str = services.result(services.tokens3.ticket(self.account))
        self.socket: Wired | None = None

    def connect(self, host: str = NEWER_HOST, config: str | None = CONFIG) -> Player:
        """Open the WebSocket and say how they play, as the client does at once."""
        self.socket = self.services.connect(upgrade(self.ticket[64:], host))
        if config is not None:
            self.give(configured(config))
        return self

    @property
    def wired(self) -> Wired:
        assert self.socket is not None
        return self.socket

    def ask(self, action: int, data: object = ...) -> list[Message]:
        """Send a request and return what comes back at once, all of it with ``errno`` and ``action``."""
        return self.give(asked(action, data))

    def give(self, pieces: list[bytes]) -> list[Message]:
        """Send a request that is made already and return what comes back at once."""
        self.wired.write(pieces)
        return self.heard()

    def say(self, payload: bytes) -> list[Message]:
        """Send a message as it is."""
        self.wired.write(frame(payload))
        return self.heard()

    def heard(self) -> list[Message]:
        """Return what has come since the last time."""
        messages = self.wired.read()
        for message in messages:
            assert message["errno"] in (0, 1) and isinstance(message["action"], int), message
            assert (message["errno"] == 1) == ("message" in message), message
        return messages

    def create(self, password: str = "", capacity: int = 3, rules: bytes = RULES, version: str = "ver A-13") -> str:
        """Make a room and return its number."""
        made = created(f"{self.name}'s room", version, capacity, json.loads(rules), password)
        (answer,) = self.give(made)
        number: str = answer["data"]["roomId"]
        return number

    def join(self, room: str, **more: str) -> list[Message]:
        return self.give(joined(room, **more))

    def ready(self) -> list[Message]:
        """Press the button: the client says that it plays, and that it is ready."""
        return [*self.ask(1207, "Gamer"), *self.ask(1203, True)]

    def lose(self) -> list[Message]:
        return self.give(lost())


class Generation3Services(ClockServices):
    """A server with some people."""

    def player(self, name: str) -> Player:
        return Player(self, name).connect()

    def pass_time(self, seconds: float, *players: Player) -> None:
        """Let time pass in which the clients answer Pings."""
        left = seconds
        while left > 0:
            self.wait(min(left, 1.0))
            left -= 1.0
            for player in players:
                player.wired.settle()

    def http(self, pieces: list[bytes]) -> tuple[int, Any]:
        """Send a request and return status and body of the answer."""
        answers = self.connect(pieces).answers
        return answers.status, http_answer(answers.body)


def actions(messages: list[Message]) -> list[int]:
    """Return the actions of messages, those of refusals negative."""
    return [-message["action"] if message["errno"] else message["action"] for message in messages]


def refusals(messages: list[Message]) -> list[str]:
    """Return what is said of refused requests."""
    return [message["message"] for message in messages if message["errno"]]


def inner(messages: list[Message]) -> list[Any]:
    """Return the data of messages."""
    return [message.get("data") for message in messages]


def same_json(text: bytes, value: object) -> bool:
    return bool(json.loads(text) == value)
