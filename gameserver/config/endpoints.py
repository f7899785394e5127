"""Keys that say where a protocol listens, and to which pages. ``{listen}`` stands for the ``listen`` key."""

from __future__ import annotations

from gameserver.config.option import option
from gameserver.net import origins
from gameserver.net.endpoints import EndpointText, wrong_with


def on_port(port: int) -> tuple[str, ...]:
    """Return the default endpoints of a protocol: one TCP port on the address to listen on."""
    return (f"tcp:{port}:interface={{listen}}",)


def listeners(default: tuple[str, ...], about: str) -> tuple[str, ...]:
    """Describe a key that holds endpoints; each is parsed before anything listens."""
    return option(default, about, check=_wrong_with)


def _wrong_with(text: str) -> str:
    if not EndpointText.parse(text).secure:
        return wrong_with(text)
    # Imported where it is needed: TLS takes long, and every start reads the configuration.
    from gameserver.net import tls_endpoint

    wrong = tls_endpoint.wrong_with(text)
    return f"not an endpoint: {wrong}" if wrong else ""


def pages(about: str = "") -> tuple[str, ...]:
    """Describe the key of the pages that may open a protocol's WebSocket: all of them, unless somebody sets it."""
    return option(
        (origins.ANY,),
        "pages that may open the WebSocket, by their Origin: *, same (of the host asked for), null (a local file), "
        f"file://, https://example.org; programs that send none always may{about}",
        check=origins.wrong_with,
    )
