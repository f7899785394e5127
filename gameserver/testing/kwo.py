"""A KWO client for tests: a bot that speaks packs, plain or with a password, and reads what comes in order."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from autobahn.twisted.websocket import WebSocketClientFactory, WebSocketClientProtocol
from twisted.internet.defer import Deferred
from twisted.internet.endpoints import HostnameEndpoint

from gameserver.protocols.kwo.crypto import MODE, PackCipher
from gameserver.testing.clients import TIMEOUT


class KwoClient(WebSocketClientProtocol):  # type: ignore[misc]
    """One bot. ``form`` is the form in which the last pack came: ``pack`` or ``encrypted``."""

    def __init__(self, clock: Any, password: str, outer: str) -> None:
        super().__init__()
        self._clock = clock
        self._cipher = PackCipher(password) if password else None
        self._outer = outer
        self._packs: list[dict[str, Any]] = []
        self._waiting: Deferred[None] | None = None
        self.form = ""
        #: Fires when the handshake is done; fails when the server refuses it.
        self.ready: Deferred[KwoClient] = Deferred()
        #: Fires with the close code when the connection has ended.
        self.gone: Deferred[int | None] = Deferred()

    def onOpen(self) -> None:
        """Say that the handshake is done."""
        self.ready.callback(self)

    def onMessage(self, payload: bytes, isBinary: bool) -> None:
        """Keep a pack, decrypted."""
        message = json.loads(payload)
        self.form = message["type"]
        if self.form == "encrypted":
            assert self._cipher is not None and message["params"]["mode"] == MODE
            message = json.loads(self._cipher.decrypt(message["params"]["raw"]))
        self._packs.append(message)
        self._wake()

    def onClose(self, wasClean: bool, code: int | None, reason: str | None) -> None:
        """Tell those who wait."""
        if not self.ready.called:
            self.ready.errback(ConnectionError(f"refused: {reason}"))
        self.gone.callback(code)
        self._wake()

    def _wake(self) -> None:
        waiting, self._waiting = self._waiting, None
        if waiting is not None and not waiting.called:
            waiting.callback(None)

    def send_raw(self, payload: bytes, binary: bool = False) -> None:
        """Send a frame as it is."""
        self.sendMessage(payload, binary)

    def send_pack(self, pack: Mapping[str, Any] | str) -> None:
        """Send a pack, encrypted if this bot has a password."""
        text = pack if isinstance(pack, str) else json.dumps(pack)
        if self._cipher is not None:
            raw = self._cipher.encrypt(text.encode())
            text = json.dumps({"type": self._outer, "params": {"mode": MODE, "raw": raw}})
        self.sendMessage(text.encode())

    def act(self, action: str, **params: Any) -> None:
        """Send one of the document's actions."""
        self.send_pack({"type": "pack", "action": action, "params": params})

    async def receive(self) -> dict[str, Any]:
        """Return the next pack; fails when none comes for some seconds."""
        while not self._packs:
            if self.gone.called:
                raise ConnectionError("the connection has ended")
            self._waiting = Deferred()
            self._waiting.addTimeout(TIMEOUT, self._clock)
            await self._waiting
        return self._packs.pop(0)

    async def cause(self, cause: str) -> dict[str, Any]:
        """Return the ``params`` of the next pack with that cause; others are passed over."""
        while True:
            pack = await self.receive()
            if pack["cause"] == cause:
                params: dict[str, Any] = pack["params"]
                return params

    async def run(self, command: str, number: str | int = "1") -> str:
        """Run a command and return its output."""
        self.act("runcmdrequest", cmd=command, id=number)
        feedback = await self.cause("runcmdfeedback")
        assert feedback["id"] == number, feedback
        result: str = feedback["result"]
        return result

    @property
    def silent(self) -> bool:
        """Whether nothing has come that was not read."""
        return not self._packs

    def hang_up(self) -> Deferred[int | None]:
        """End the connection."""
        if not self.gone.called:
            self.dropConnection(abort=True)
        return self.gone


async def connect(
    reactor: Any,
    port: int,
    path: str = "/",
    password: str = "",
    headers: Mapping[str, str] | None = None,
    outer: str = "encrypted",
) -> KwoClient:
    """Return a connected bot. Raises ``ConnectionError`` when the server refuses the upgrade."""
    factory = _Factory(f"ws://127.0.0.1:{port}{path}", headers=dict(headers or {}), reactor=reactor)
    factory.client = client = KwoClient(reactor, password, outer)
    await HostnameEndpoint(reactor, "127.0.0.1", port).connect(factory)
    return await client.ready


class _Factory(WebSocketClientFactory):  # type: ignore[misc]
    noisy = False
    client: KwoClient

    def buildProtocol(self, addr: object) -> KwoClient:
        self.client.factory = self
        return self.client
