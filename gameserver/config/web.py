"""The section of the site. An empty list of endpoints closes it."""

from __future__ import annotations

from ipaddress import ip_address

import attrs

from gameserver.config.endpoints import listeners, on_port
from gameserver.config.option import option


def not_an_address(text: str) -> str:
    """Return what is wrong with the text of an IP address, or an empty text."""
    try:
        ip_address(text)
    except ValueError:
        return "expected an IP address"
    return ""


@attrs.frozen
class Web:
    """The site: pages, /healthz, /metrics and every WebSocket path."""

    endpoints: tuple[str, ...] = listeners(on_port(8080), "where the site listens")
    proxies: tuple[str, ...] = option(
        (),
        "addresses of reverse proxies whose X-Forwarded-For is believed; they stand between clients and the site",
        check=not_an_address,
    )
