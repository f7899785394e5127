"""The section of the site. An empty list of endpoints closes it."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

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


def not_a_network(text: str) -> str:
    """Return what is wrong with the text of a network, or an empty text."""
    try:
        ip_network(text)
    except ValueError:
        return "expected a network such as 10.0.0.0/8, or an IP address"
    return ""


@attrs.frozen
class Web:
    """The site: pages, /healthz, /metrics and every WebSocket path."""

    endpoints: tuple[str, ...] = listeners(on_port(8080), "where the site listens")
    proxies: tuple[str, ...] = option(
        (),
        "addresses of proxies that are believed when they say for whom they ask: by X-Forwarded-For and "
        "X-Forwarded-Proto over HTTP, by a PROXY header at haproxy: endpoints; at every port, not the site's alone",
        check=not_an_address,
        reloadable=True,
    )
    hsts: int = option(
        180 * 86400,
        "seconds for which a browser that has come over TLS comes to this host over TLS only, at all its ports "
        "(Strict-Transport-Security); 0: it is not told",
        minimum=0,
    )
    metrics: tuple[str, ...] = option(
        (),
        "networks that may read /metrics besides this machine and operators; to others it is not there",
        check=not_a_network,
        reloadable=True,
    )
    requests_per_second: float = option(
        100.0,
        "HTTP requests a second of one address at all protocols, in the long run; a file of the pages counts a tenth",
        minimum=1,
        reloadable=True,
    )
    burst: int = option(1000, "HTTP requests of one address that may come at once", minimum=10, reloadable=True)
