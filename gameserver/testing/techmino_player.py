"""Scripted players of the Techmino releases with five sockets: whole rounds over TCP, as each release plays them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import attrs

from gameserver.testing.techmino import TechminoClient, frame, request

#: As the real client sends it: JSON text of about 500 bytes, so that its frame has the longer length.
CONFIG = f'{{"dascut":0,"ihs":true,"irs":true,"RS":"TRS","das":10,"arr":2,"face":[{",".join("0" * 220)}]}}'

#: Opens a connection.
Connect = Callable[[], Awaitable[TechminoClient]]


@attrs.frozen
class Release:
    """What a release does in its own way.

    ``version`` is that of its rooms, empty where they have none: then a room is made by its type, or
    (``by_capacity``) by its capacity. ``by_mode``: being ready is a mode, and a stream has an ``srid``.
    ``asks_by_id``: information is asked for with keys that no server knows. ``broken_chat``: what is said in a room
    is no JSON. ``counts``: it asks how many players there are.
    """

    name: str
    version: str = ""
    by_capacity: bool = False
    by_mode: bool = False
    asks_by_id: bool = False
    broken_chat: bool = False
    counts: bool = False


#: The releases that were tried with real clients or read in their source. 0.14.8 is a guess between its neighbours.
RELEASES = (
    Release("0.14.2", asks_by_id=True),
    Release("0.14.3", asks_by_id=True),
    Release("0.14.4", asks_by_id=True),
    Release("0.14.5"),
    Release("0.14.6", broken_chat=True),
    Release("0.14.7", by_capacity=True, counts=True),
    Release("0.14.8", "V0.14.8", counts=True),
    Release("0.15.0", "V0.15.0", by_mode=True, counts=True),
    Release("0.15.6", "V1.0", by_mode=True, counts=True),
    Release("0.16.1", "V1.1", by_mode=True, counts=True),
    Release("0.17.0", "ver A-2", by_mode=True, counts=True),
    Release("0.17.6", "ver A-7", by_mode=True, counts=True),
)


class Player:
    """One copy of the game on one computer."""

    def __init__(self, connect: Connect, release: Release) -> None:
        self._connect = connect
        self.release = release
        self.clients: list[TechminoClient] = []
        self.uid = 0
        self.access = ""
        self.play: TechminoClient
        self.stream: TechminoClient | None = None

    async def open(self, endpoint: str, body: dict[str, Any] | None = None) -> TechminoClient:
        """Connect to an endpoint."""
        client = await self._connect()
        self.clients.append(client)
        client.write(request(endpoint, body))
        return client

    async def log_in(self, email: str, password: str) -> None:
        """Start the game, log in and go online, in the order of the real client."""
        app = await self.open("app")
        connect = await app.next()
        assert connect.keys() >= {"newestCode", "newestName", "lowest", "notice"}, connect
        if self.release.counts:
            app.send(3)
            assert (await app.next())["data"].keys() == {"User", "Play", "Stream", "Chat"}
        user = await self.open("user", {"password": password, "email": email})
        self.uid = (await user.next())["uid"]
        user.send(
            1, **({"id": self.uid, "detailed": False} if self.release.asks_by_id else {"uid": self.uid, "hash": ""})
        )
        assert (await user.next())["data"]["uid"] == self.uid
        user.send(0)
        self.access = (await user.next())["accessToken"]
        await self.go_online()

    async def go_online(self) -> None:
        """Connect to /play and look at the rooms, for the first time or again."""
        self.play = await self.open("play", {"uid": self.uid, "accessToken": self.access})
        assert (await self.play.next())["type"] == "Connect"
        self.play.send(0, begin=0, count=10)
        for room in (await self.play.until("Self", 0))["roomList"]:
            assert room["roomInfo"].keys() >= {"name", "type", "version"}, room

    async def create(self, capacity: int = 5) -> str:
        """Make a room and return its number."""
        name, release = f"room of {self.uid}", self.release
        room: dict[str, Any] = {"type": "classic", "name": name}
        if release.by_capacity:
            room = {"capacity": capacity, "roomData": {"_": 0}, "name": name}
        elif release.version:
            info = {"name": name, "type": "normal", "version": release.version}
            room = {"capacity": capacity, "roomInfo": info, "roomData": {"drop": 30}}
        self.play.send(1, config=CONFIG, **room)
        return await self._in()

    async def join(self, rid: str) -> str:
        """Go into a room; return the number of the round that is played there, empty if none is."""
        password = {"password": ""} if self.release.by_mode and self.release.name != "0.15.0" else {}
        self.play.send(2, rid=rid, config=CONFIG, **password)
        data = (await self.play.until("Self", 2))["data"]
        return str(data.get("srid", ""))

    async def _in(self) -> str:
        data = (await self.play.until("Self", 2))["data"]
        own = [player for player in data["players"] if player["uid"] == self.uid]
        assert len(own) == 1, data["players"]
        if self.release.version:
            assert isinstance(data["roomData"], dict) and isinstance(own[0]["mode"], int), data
        return str(data["rid"])

    def say(self, text: str) -> None:
        """Say something in the room."""
        if self.release.broken_chat:
            self.play.write(frame(f'{{"action":4,"data":{{"message":{text}}}}}'.encode()))
        else:
            self.play.send(4, message=text)

    def ready(self) -> None:
        """Be ready to play."""
        if self.release.by_mode:
            self.play.send(6, mode=1)
        else:
            self.play.send(6, ready=True)

    def spectate(self) -> None:
        """Watch the next round; only releases with modes can."""
        assert self.release.by_mode, self.release
        self.play.send(6, mode=2)

    async def begun(self) -> str:
        """Wait until a round begins, and return its number."""
        data = (await self.play.until("Server", 8))["data"]
        return str(data["srid" if self.release.by_mode else "rid"])

    async def enter(self, rid: str) -> dict[str, Any]:
        """Open the stream of a round and return the Connect."""
        key = "srid" if self.release.by_mode else "rid"
        self.stream = await self.open("stream", {"accessToken": self.access, key: rid, "uid": self.uid})
        connect = await self.stream.next()
        if self.release.name == "0.14.8":
            assert all(isinstance(one, dict) for one in connect["data"]["connected"]), connect
        return connect

    async def start(self) -> int:
        """Wait for the start and return the seed, from where the release reads it."""
        assert self.stream is not None
        if not self.release.by_mode:
            return int((await self.stream.until("Server", 0))["data"]["seed"])
        ready = (await self.stream.until("Self", 2))["data"]
        boards = [one["uid"] for one in ready["connected"] if not one["spectate"]] + [ready["uid"]]
        assert len(set(boards)) == len(boards) or ready["spectate"], ready
        await self.stream.until("Server", 0)
        return int(ready["seed"])

    def piece(self, text: str = "CQAAAAAA") -> None:
        """Play some frames."""
        assert self.stream is not None
        self.stream.send(5, stream=text)

    def die(self) -> None:
        """Top out; the release's client tells no score."""
        assert self.stream is not None
        self.stream.send(4, score=0, survivalTime=0)

    async def result(self) -> dict[int, int]:
        """Wait for the end of the round and return the places by uid; close the stream as the real client does."""
        told = (await self.play.until("Server", 9))["data"]["result"]
        if self.stream is not None and not self.stream.gone:
            self.stream.close()
        self.stream = None
        return {line["uid"]: line["place"] for line in told}

    async def leave(self) -> None:
        """Leave the room."""
        self.play.send(3)
        assert (await self.play.until("Self", 3))["data"] == {}
        if self.stream is not None and not self.stream.gone:
            self.stream.close()
        self.stream = None

    def cut(self) -> None:
        """Lose /play and /stream without a word."""
        for client in (self.play, self.stream):
            if client is not None and not client.gone:
                client.drop()
        self.stream = None

    async def quit(self) -> None:
        """End the process: every connection breaks off."""
        for client in self.clients:
            if not client.gone:
                client.drop()
            await client.ended()
