"""Keys that say where a protocol listens, and to which pages. ``{listen}`` stands for the ``listen`` key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs

from gameserver.config.option import option
from gameserver.net import origins
from gameserver.net.endpoints import EndpointText, wrong_with


def on_port(port: int) -> tuple[str, ...]:
    """Return the default endpoints of a protocol: one TCP port on the address to listen on."""
    return (f"tcp:{port}:interface={{listen}}",)


def optional_on_port(port: int) -> tuple[str, ...]:
    """Return the same for a port that some machines have no place for: there the server starts without it."""
    return (f"optional:tcp:{port}:interface={{listen}}",)


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


def endpoint_keys(config: Any) -> dict[str, tuple[str, ...]]:
    """Return every key of a tree that holds endpoints, with its texts; of those that hold none nothing is said."""
    return {key: texts for key, texts in _found("", config) if texts}


def _found(path: str, value: Any) -> Iterator[tuple[str, tuple[str, ...]]]:
    if isinstance(value, dict):
        for name, one in value.items():
            yield from _found(f"{path}{name}.", one)
    elif attrs.has(type(value)):
        for field in attrs.fields(type(value)):
            inner = getattr(value, field.name)
            if field.metadata.get("check") is _wrong_with:
                yield f"{path}{field.name}", inner
            else:
                yield from _found(f"{path}{field.name}.", inner)
