"""What machines look at: is it alive, and how is it doing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from ipaddress import IPv4Network, IPv6Network, ip_address

from twisted.internet.interfaces import IReactorTime
from twisted.web.pages import notFound
from twisted.web.server import Request

from gameserver.edge.http.json_resource import address
from gameserver.edge.http.page import Page
from gameserver.metrics import Metrics
from gameserver.net.endpoints import is_loopback

#: Seconds for which the numbers that were made last are good.
FRESH = 1.0


class Health(Page):
    """``/healthz``: 200 ``ok`` while the server takes people in, 503 ``stopping`` or ``starting`` otherwise."""

    def __init__(self, state: Callable[[], str]) -> None:
        super().__init__()
        self._state = state

    def render_GET(self, request: Request) -> bytes:
        """Answer in one line."""
        state = self._state()
        request.setResponseCode(200 if state == "ok" else 503)
        request.setHeader(b"Content-Type", b"text/plain; charset=utf-8")
        return state.encode() + b"\n"


class MetricsPage(Page):
    """``/metrics`` in Prometheus' text format, made at most once a second.

    Open to this machine and to ``networks``; to anybody else it is not there.
    """

    def __init__(self, metrics: Metrics, networks: Iterable[IPv4Network | IPv6Network], clock: IReactorTime) -> None:
        super().__init__()
        self._metrics = metrics
        self._networks = tuple(networks)
        self._clock = clock
        self._made_at = -FRESH
        self._page = b""

    def render_GET(self, request: Request) -> bytes:
        """Answer with every number there is."""
        if not self._may_read(address(request)):
            missing: bytes = notFound().render(request)
            return missing
        now = self._clock.seconds()
        if now - self._made_at >= FRESH:
            self._made_at, self._page = now, self._metrics.render()
        request.setHeader(b"Content-Type", b"text/plain; version=0.0.4; charset=utf-8")
        return self._page

    def _may_read(self, host: str) -> bool:
        if is_loopback(host):
            return True
        try:
            asker = ip_address(host.partition("%")[0])
        except ValueError:
            return False
        asker = getattr(asker, "ipv4_mapped", None) or asker
        return any(asker in network for network in self._networks)
