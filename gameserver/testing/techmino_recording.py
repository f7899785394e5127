"""Recordings of real Techmino clients with five sockets, played again to a server.

A recording is a file of JSON lists, one a line: the number of a connection, its endpoint, and either ``connect`` with
the body of the request to upgrade, ``send`` with the text of a message of the client's, ``hear`` with an answer, or
``end`` with what the client was told when the server ended the connection.
"""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from twisted.internet.error import ConnectionDone

from gameserver.testing.techmino import TechminoClient, frame, request

#: Values that each server makes for itself; what a client was told under these keys it says again.
_OWN = ("rid", "srid", "accessToken", "authToken")

#: Keys whose values are the same at every server.
_SAME = ("username", "message", "config", "roomInfo", "roomData", "sections")

_UID = re.compile(r'"uid":([0-9]+)')


class Recording:
    """Sends what the clients have sent, byte for byte but for numbers and tokens that this server has given.

    What comes back must have every key of what was heard then, with a value of the same kind; it may have more.
    """

    def __init__(self, file: Path) -> None:
        self._lines: list[list[Any]] = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
        self._texts: dict[str, str] = {}
        self._uids: dict[int, int] = {}
        #: The connections by their numbers.
        self.clients: dict[int, TechminoClient] = {}
        #: How many messages were sent and heard.
        self.sent = self.heard = 0

    async def play(self, connect: Callable[[], Awaitable[TechminoClient]], end: Callable[[str], object]) -> None:
        """Play everything in its order. Raises ``AssertionError``.

        ``connect`` opens a connection; ``end`` makes the server end all there are, saying why.
        """
        for number, (connection, endpoint, kind, payload) in enumerate(self._lines, 1):
            if kind == "connect":
                client = self.clients[connection] = await connect()
                client.write(request(endpoint, self._renamed(payload).encode() or None))
            elif kind == "send":
                self.sent += 1
                self.clients[connection].write(frame(self._renamed(payload).encode()))
            elif kind == "end":
                end(payload["reason"])
                await self._ended(self.clients[connection], payload, f"line {number}, {endpoint}: ")
            else:
                self.heard += 1
                try:
                    answer = await self.clients[connection].next()
                except ConnectionDone as error:
                    raise AssertionError(f"line {number}, {endpoint}: no {payload}") from error
                where = f"line {number}, {endpoint}: {json.dumps(answer)[:300]}: "
                for key in ("type", "action"):
                    assert payload.get(key, answer.get(key)) == answer.get(key), f"{where}not as {payload}"
                self._compare(payload, answer, where)

    async def _ended(self, client: TechminoClient, recorded: dict[str, Any], where: str) -> None:
        """Compare what a client is told in a Close frame, or in its last message before the end of TCP."""
        await client.ended()
        answers = client.answers
        told = json.loads(answers.reason) if answers.closed is not None else answers.messages.pop()
        assert not answers.messages, f"{where}and {list(answers.messages)}"
        self._compare(recorded, told, where)
        assert told["reason"] == recorded["reason"], f"{where}{told} does not say why"

    def _renamed(self, text: str) -> str:
        for recorded, here in self._texts.items():
            text = text.replace(recorded, here)
        return _UID.sub(lambda found: f'"uid":{self._uids.get(int(found[1]), int(found[1]))}', text)

    def _compare(self, recorded: Any, answer: Any, where: str, key: str = "") -> None:
        if key in _OWN:
            self._texts[recorded] = answer
        elif key == "uid":
            self._uids.setdefault(recorded, answer)
        elif key in _SAME:
            assert recorded == answer, f"{where}{key} is {answer!r}, not {recorded!r}"
        elif isinstance(recorded, dict):
            assert isinstance(answer, dict), f"{where}{key} is no object"
            missing = recorded.keys() - answer.keys()
            assert not missing, f"{where}{key} has no {sorted(missing)}"
            for name, value in recorded.items():
                self._compare(value, answer[name], where, name)
        elif isinstance(recorded, list):
            assert isinstance(answer, list), f"{where}{key} is no list"
            assert len(recorded) == len(answer), f"{where}{key} has {len(answer)} entries, not {len(recorded)}"
            for one, other in zip(recorded, answer, strict=True):
                self._compare(one, other, where)
        else:
            assert type(recorded) is type(answer), f"{where}{key} is {answer!r}, not like {recorded!r}"
