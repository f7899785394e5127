"""Two who play rounds of Techmino, each of their connections at another node than the other's."""

from __future__ import annotations

import random
import time
from contextlib import ExitStack, closing
from typing import Any

import attrs

from chaos.actors.techmino import PATH
from chaos.acts import Actor, Stop
from tests.integration.server import Server
from tests.integration.web_socket import WebSocket

#: Seconds after which somebody who is told nothing counts as forgotten; after 60 the server gives up who is silent.
FORGOTTEN = 45.0

#: Seconds in which every node knows of a room.
KNOWN = 20.0

#: What somebody plays in a round.
PIECES = [f"piece {number}" for number in range(10)]


@attrs.frozen
class Person:
    """Somebody in the game: their number, what opens their streams, and the connection to /play."""

    uid: int
    access: str
    play: WebSocket


class Rounds(Actor):
    """Plays one round after the other with somebody who comes in at the server ``there``.

    A round is confirmed when both are told the same result. Whoever is told nothing, or something in another order
    than it was said in, is wrong; a room that dies with its node is not.
    """

    PASSWORD = "secret1"

    def __init__(self, chance: random.Random, pace: float, there: Server) -> None:
        super().__init__(chance, pace)
        self._there = there

    def prepare(self, server: Server) -> None:
        """Register both."""
        with closing(self._open(server, "app")) as app:
            for name in ("roundanna", "roundbert"):
                data = {"username": name, "email": f"{name}@example.org", "password": self.PASSWORD}
                app.send({"action": 2, "data": data})
                app.until(type="Self", action=2)

    @staticmethod
    def _open(server: Server, endpoint: str, **body: object) -> WebSocket:
        return WebSocket(server.ports["techmino.endpoints"], f"{PATH}/{endpoint}", body or None, FORGOTTEN)

    def act(self, server: Server, stop: Stop) -> None:
        """Play."""
        with ExitStack() as stack:
            people = []
            for name, at in (("roundanna", server), ("roundbert", self._there)):
                people.append(self._online(at, name))
                stack.callback(people[-1].play.close)
            try:
                while not stop.wait(self.pace):
                    self._round(server, *people)
            except TimeoutError:
                self.wrong.append(f"nobody was told anything for {FORGOTTEN:.0f} s")

    def _online(self, server: Server, name: str) -> Person:
        with closing(self._open(server, "user", email=f"{name}@example.org", password=self.PASSWORD)) as user:
            uid = user.until(type="Connect")["uid"]
            user.send({"action": 0})
            access = user.until(type="Self", action=0)["accessToken"]
        with ExitStack() as stack:
            play = stack.enter_context(closing(self._open(server, "play", uid=uid, accessToken=access)))
            play.until(type="Connect")
            stack.pop_all()
        return Person(uid, access, play)

    def _round(self, server: Server, anna: Person, bert: Person) -> None:
        anna.play.send({"action": 1, "data": {"config": "{}"}})
        rid = _told(anna.play, "Self", 2)["data"]["rid"]
        self._join(bert, rid)
        for person in (anna, bert):
            person.play.send({"action": 6, "data": {"ready": True}})
        srids = [_told(person.play, "Server", 8)["data"]["rid"] for person in (anna, bert)]
        with ExitStack() as stack:
            # Not where they are in the room.
            streams = []
            for person, at, srid in zip((anna, bert), (self._there, server), srids, strict=True):
                streams.append(self._open(at, "stream", uid=person.uid, accessToken=person.access, rid=srid))
                stack.callback(streams[-1].close)
            for stream in streams:
                _told(stream, "Server", 0)
            for piece in PIECES:
                streams[0].send({"action": 5, "data": {"stream": piece}})
            heard = [_told(streams[1], "Broadcast", 5)["data"]["stream"] for _ in PIECES]
            if heard != PIECES:
                self.wrong.append(f"{PIECES} was heard as {heard}")
            streams[0].send({"action": 4, "data": {"score": 1, "survivalTime": 1}})
            results = [_told(person.play, "Server", 9)["data"]["result"] for person in (anna, bert)]
        if results[0] != results[1] or {line["uid"] for line in results[0]} != {anna.uid, bert.uid}:
            self.wrong.append(f"the result of a round was told as {results}")
        self.confirmed += 1
        for person in (anna, bert):
            person.play.send({"action": 3})
            _told(person.play, "Self", 3)

    @staticmethod
    def _join(bert: Person, rid: str) -> None:
        deadline = time.monotonic() + KNOWN
        while True:
            bert.play.send({"action": 2, "data": {"rid": rid, "config": "{}"}})
            found = bert.play.next()
            while found["type"] in ("Broadcast", "Server"):
                found = bert.play.next()
            if found["type"] == "Self":
                return
            if found["reason"] != "Room not found" or time.monotonic() > deadline:
                raise ConnectionError(found["reason"])
            time.sleep(0.05)


def _told(socket: WebSocket, kind: str, action: int) -> dict[str, Any]:
    """Return the next message of a kind.

    Raises ``ConnectionError`` for who is refused something, or put out, ``TimeoutError`` for who is forgotten.
    """
    began = time.monotonic()
    while True:
        try:
            found = socket.next()
        except ConnectionError:
            if time.monotonic() - began > FORGOTTEN:
                raise TimeoutError from None
            raise
        if found["type"] in ("Warn", "Error"):
            raise ConnectionError(found["reason"])
        told = found["type"], found.get("action")
        if told == (kind, action):
            return found
        if told == ("Self", 3):
            raise ConnectionError("out of the room")
