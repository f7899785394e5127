"""The section of the site. An empty list of endpoints closes the door."""

from __future__ import annotations

import attrs

from gameserver.config.endpoints import on_port
from gameserver.config.option import option


@attrs.frozen
class Web:
    """The site: pages, /healthz, /metrics and every WebSocket path."""

    endpoints: tuple[str, ...] = option(on_port(8080), "where the site listens")
    proxies: tuple[str, ...] = option(
        (), "addresses of reverse proxies whose X-Forwarded-For is believed; they stand between clients and the site"
    )
