"""What machines look at: is it alive, and how is it doing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from ipaddress import IPv4Network, IPv6Network, ip_address

from twisted.internet.defer import ensureDeferred
from twisted.web.server import NOT_DONE_YET, Request

from gameserver.edge.context import Context
from gameserver.edge.http.json_resource import address
from gameserver.edge.http.page import Page
from gameserver.edge.http.people import operator
from gameserver.moderation import MODERATORS
from gameserver.net.endpoints import is_loopback

#: Seconds for which the numbers that were made last are good.
FRESH = 1.0


class Health(Page):
    """``/healthz``: 200 ``ok`` while the server takes people in.

    Otherwise 503 ``starting``, ``draining`` or ``stopping``.
    """

    def __init__(self, state: Callable[[], str]) -> None:
        super().__init__()
        self._state = state

    def render_GET(self, request: Request) -> bytes:
        """Answer in one line."""
        state = self._state()
        request.setResponseCode(200 if state == "ok" else 503)
        request.setHeader(b"Content-Type", b"text/plain; charset=utf-8")
        return state.encode() + b"\n"


class Ready(Page):
    """``/readyz``: 200 if the server takes people in and all that it stands on is there, otherwise 503.

    JSON: ``state`` as ``/healthz`` says it, and of the database and, in a cluster, Redis whether each is there, as
    far as the server has noticed; that takes it a few seconds.
    """

    def __init__(self, state: Callable[[], str], states: Callable[[], Mapping[str, bool]]) -> None:
        super().__init__()
        self._state = state
        self._states = states

    def render_GET(self, request: Request) -> bytes:
        """Answer with one object."""
        state, states = self._state(), self._states()
        ready = state == "ok" and all(states.values())
        request.setResponseCode(200 if ready else 503)
        request.setHeader(b"Content-Type", b"application/json")
        told = {name: "ok" if there else "unavailable" for name, there in states.items()}
        return json.dumps({"ready": ready, "state": state, **told}).encode() + b"\n"


class MetricsPage(Page):
    """``/metrics`` in Prometheus' text format, made at most once a second.

    Open to this machine, to ``networks`` and to whoever brings an operator's token; to anybody else it is not there.
    """

    def __init__(self, context: Context, networks: Iterable[IPv4Network | IPv6Network]) -> None:
        super().__init__()
        self._context = context
        self._networks = tuple(networks)
        self._made_at = -FRESH
        self._page = b""

    def open_to(self, networks: Iterable[IPv4Network | IPv6Network]) -> None:
        """Be open to other networks from now on."""
        self._networks = tuple(networks)

    def render_GET(self, request: Request) -> bytes | int:
        """Answer with every number there is."""
        if self._is_near(address(request)):
            return self._numbers(request)
        gone: list[object] = []
        request.notifyFinish().addBoth(gone.append)

        def finish(answer: object) -> None:
            if gone:
                return
            if not isinstance(answer, bytes):
                answer = b"There is nothing here.\n"
                request.setResponseCode(404)
                request.setHeader(b"Content-Type", b"text/plain; charset=utf-8")
            request.write(answer)
            request.finish()

        async def ask() -> bytes:
            await operator(self._context, request, *MODERATORS)
            return self._numbers(request)

        ensureDeferred(ask()).addBoth(finish)
        return NOT_DONE_YET

    def _numbers(self, request: Request) -> bytes:
        now = self._context.reactor.seconds()
        if now - self._made_at >= FRESH:
            self._made_at, self._page = now, self._context.metrics.render()
        request.setHeader(b"Content-Type", b"text/plain; version=0.0.4; charset=utf-8")
        return self._page

    def _is_near(self, host: str) -> bool:
        if is_loopback(host):
            return True
        try:
            asker = ip_address(host.partition("%")[0])
        except ValueError:
            return False
        asker = getattr(asker, "ipv4_mapped", None) or asker
        return any(asker in network for network in self._networks)
