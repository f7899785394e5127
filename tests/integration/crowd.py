"""Very many chat clients in one thread: each only counts the lines it gets and keeps the last."""

from __future__ import annotations

import json
import selectors
import socket
import time
from typing import Any

import attrs

from tests.integration.server import PATIENCE


@attrs.define(eq=False)
class Member:
    """One client."""

    name: str
    socket: socket.socket
    lines: int = 0
    rest: bytes = b""
    last: bytes = b""
    ended: bool = False

    def send(self, **keys: object) -> None:
        """Send one object as a line."""
        self.socket.sendall(json.dumps(keys).encode() + b"\n")


class Crowd:
    """Clients that are read whenever somebody waits for something."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._selector = selectors.DefaultSelector()
        self.members: list[Member] = []

    def join(self, name: str) -> Member:
        """Connect a client and let it log in; the answer is not waited for."""
        member = Member(name, socket.create_connection(("127.0.0.1", self._port), PATIENCE))
        member.send(Command="01", Name=name)
        member.socket.setblocking(False)
        self._selector.register(member.socket, selectors.EVENT_READ, member)
        self.members.append(member)
        return member

    def read(self, timeout: float = 0.0) -> None:
        """Read what has come for anybody."""
        for key, _ in self._selector.select(timeout):
            member: Member = key.data
            try:
                data = member.socket.recv(1 << 18)
            except ConnectionResetError:
                data = b""
            if not data:
                member.ended = True
                self._selector.unregister(member.socket)
                continue
            *lines, member.rest = (member.rest + data).split(b"\n")
            if lines:
                member.lines += len(lines)
                member.last = lines[-1]

    def wait(self, lines: dict[Member, int]) -> None:
        """Read until everybody has the number of lines. Raises ``AssertionError`` when it takes too long."""
        deadline = time.monotonic() + PATIENCE
        missing = dict(lines)
        while missing:
            self.read(0.5)
            missing = {member: count for member, count in missing.items() if member.lines < count}
            if time.monotonic() > deadline:
                found = {member.name: (member.lines, count) for member, count in list(missing.items())[:5]}
                raise AssertionError(f"{len(missing)} clients have too few lines, among them {found}")

    def last(self, member: Member) -> dict[str, Any]:
        """Return the last object a client got."""
        found: dict[str, Any] = json.loads(member.last)
        return found

    def close(self) -> None:
        """End all connections."""
        for member in self.members:
            member.socket.close()
        self._selector.close()
