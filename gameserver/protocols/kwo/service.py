"""The protocol as the composition root sees it: its resources, its start and its stop."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from twisted.internet.defer import DeferredList, ensureDeferred
from twisted.logger import Logger
from twisted.web.resource import Resource

from gameserver.consoles.console import Console
from gameserver.consoles.events import Stopped
from gameserver.errors import GameError
from gameserver.net.websocket import Accepted, Refusal, Upgrade, websocket_resource
from gameserver.protocols.kwo.channel import KwoChannel
from gameserver.protocols.kwo.shared import KWO, KwoShared
from gameserver.protocols.kwo.target import Endpoint

GREETING = "This is the KWO bridge: a WebSocket with JSON packs at /kwo/<server>; /kwo/hub is this gameserver."

#: The topic of those who watch the hub.
HUB_TOPIC = f"{KWO}/hub"

#: Bytes of a frame; the largest pack with everything escaped and encrypted is far below.
MESSAGE_LIMIT = 1 << 19

#: The part of the server's time to stop that the programs get; the clients' goodbye has the rest.
PROGRAMS_SHARE = 0.6

_NOT_FOUND = b'{"code":"not_found","text":"There is no such server."}'

#: Where a browser on the site finds the page of the consoles.
PAGE = "/#/kwo"


class KwoService:
    """All endpoints. ``stop_within`` is how many seconds an orderly stop may take."""

    _log = Logger()

    def __init__(
        self,
        shared: KwoShared,
        endpoints: dict[str, Endpoint],
        consoles: list[tuple[Console, bool]],
        stop_within: float,
    ) -> None:
        self._shared = shared
        self._endpoints = endpoints
        self._consoles = consoles
        self._stop_within = stop_within

    def resource(self) -> Resource:
        """Return what answers below ``/kwo``: the server's name is the next part of the path."""

        def connect(upgrade: Upgrade) -> Accepted:
            name = upgrade.path.strip("/").partition("/")[2]
            found = self._endpoints.get(name)
            if found is None:
                raise Refusal(404, _NOT_FOUND)
            return self._accept(found, upgrade)

        return self._resource(connect, PAGE)

    def own_resource(self, name: str) -> Resource:
        """Return what answers on a port of a server's own, on any path."""
        return self._resource(lambda upgrade: self._accept(self._endpoints[name], upgrade))

    def _resource(self, connect: Callable[[Upgrade], Accepted], page: str = "") -> Resource:
        shared = self._shared
        return websocket_resource(
            shared.reactor,
            connect,
            greeting=GREETING,
            page=page,
            message_limit=MESSAGE_LIMIT,
            utf8=False,
            outbox_bytes=shared.limits.outbox_bytes,
            dropped=shared.dropped,
        )

    def _accept(self, found: Endpoint, upgrade: Upgrade) -> Accepted:
        plain = found.admission.admit(upgrade)
        return Accepted(KwoChannel(self._shared, found, upgrade.address, plain))

    async def start(self) -> None:
        """Start the programs that are to run from the beginning; one that cannot be started keeps nobody out."""
        for console, autostart in self._consoles:
            if autostart:
                try:
                    await console.start()
                except GameError as error:
                    self._log.error("{name}: {text}", name=console.name, text=error.text)

    async def stop(self) -> None:
        """End every program, tell the clients, those of the hub that it stops too, and wait until they have gone."""
        within = self._stop_within * PROGRAMS_SHARE
        closing: list[Any] = [ensureDeferred(console.close(within)) for console, _ in self._consoles]
        await DeferredList(closing, consumeErrors=True)
        sessions = self._shared.sessions
        # The hub is this process, and it ends now.
        sessions.topics.publish_here(HUB_TOPIC, Stopped())
        ours = [session for session in sessions if session.protocol == KWO]
        sessions.disconnect(ours, "shutdown", "The server is stopping.")
        await self._shared.all_gone()
