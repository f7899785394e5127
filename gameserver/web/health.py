"""What machines look at: is it alive, and how is it doing."""

from __future__ import annotations

from collections.abc import Callable

from twisted.web.server import Request

from gameserver.edge.http.page import Page
from gameserver.metrics import Metrics


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
    """``/metrics`` in Prometheus' text format."""

    def __init__(self, metrics: Metrics) -> None:
        super().__init__()
        self._metrics = metrics

    def render_GET(self, request: Request) -> bytes:
        """Answer with every number there is."""
        request.setHeader(b"Content-Type", b"text/plain; version=0.0.4; charset=utf-8")
        return self._metrics.render()
