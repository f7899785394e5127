"""Endpoint texts, parsed once for everybody who asks something of one, and what listens on them.

``{listen}`` in a text stands for the ``listen`` key of the configuration.
"""

from __future__ import annotations

import ipaddress
import re

import attrs
from twisted.internet.endpoints import TCP4ServerEndpoint, TCP6ServerEndpoint, serverFromString
from twisted.internet.interfaces import IProtocolFactory

#: Connections that may wait in the kernel until we take them in; Twisted's 50 make a rush wait a second and more.
BACKLOG = 1024

LAST_PORT = 65535

#: What stands before the text of an endpoint at which proxies connect and say for whom (``net.proxied``).
_PROXIED = "haproxy:"

#: What stands before the text of an endpoint without which the server starts too.
_OPTIONAL = "optional:"

#: Endpoints that speak TLS in Twisted's way, alone or inside one of another kind.
_OTHER_TLS = re.compile(r"tls:|(?:haproxy|autobahn):(?:.*:)?(?:ssl|tls)\\?:")


@attrs.frozen
class EndpointText:
    """What a text such as ``tcp:4004:interface=127.0.0.1`` says. ``port`` is 0 where it has none.

    ``plain`` are the parts without a name. One that is ``proxied`` is the endpoint behind ``haproxy:``, one that is
    ``optional`` that behind ``optional:``: where its port cannot be had, the server starts without it.
    """

    text: str
    kind: str
    port: int
    options: dict[str, str]
    plain: tuple[str, ...] = ()
    proxied: bool = False
    optional: bool = False

    @classmethod
    def parse(cls, text: str) -> EndpointText:
        """Read a text that ``wrong_with`` has found good, or that Twisted will refuse in its own words."""
        optional = text.startswith(_OPTIONAL)
        text = text.removeprefix(_OPTIONAL)
        proxied = text.startswith(_PROXIED)
        text = text.removeprefix(_PROXIED)
        kind, *parts = (part.replace("\\:", ":") for part in re.split(r"(?<!\\):", text))
        plain = [part for part in parts if "=" not in part]
        options = dict(part.split("=", 1) for part in parts if "=" in part)
        number = options.get("port", plain[0] if plain else "")
        port = int(number) if re.fullmatch(r"[0-9]{1,5}", number) else 0
        return cls(text, kind, port, options, tuple(plain), proxied, optional)

    @property
    def secure(self) -> bool:
        """Whether it speaks TLS with a certificate of its own."""
        return self.kind == "ssl" and not self.proxied

    @property
    def host(self) -> str:
        """Where somebody on this machine reaches it."""
        interface = self.options.get("interface", "")
        return "127.0.0.1" if interface in ("", "0.0.0.0", "::") else interface

    @property
    def address(self) -> str:
        """Host and port as they stand in a URL."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def local(self) -> bool:
        """Whether it can be reached from this machine only. Who comes by a proxy may come from anywhere."""
        if self.proxied:
            return False
        if self.kind == "unix":
            return True
        interface = self.options.get("interface", "")
        return bool(interface) and is_loopback(interface)

    @property
    def shareable(self) -> bool:
        """Whether several processes can listen there at once."""
        return self.kind in ("tcp", "tcp6", "ssl")

    @property
    def with_backlog(self) -> str:
        """The text with our backlog, unless it has its own or is of a kind that has none."""
        if self.kind not in ("tcp", "tcp6") or "backlog" in self.options:
            return self.text
        return f"{self.text}:backlog={BACKLOG}"


def on_port(text: str, port: int) -> str:
    """Return an endpoint's text with a port in place of its 0."""
    return re.sub(r"(?<!\\):(port=)?0(?=:|$)", rf":\g<1>{port}", text, count=1)


@attrs.frozen
class Listener:
    """One endpoint: the configuration key it comes from, its text, what answers there, the line to try it."""

    key: str
    endpoint: str
    factory: IProtocolFactory
    hint: str = ""


def listen(key: str, endpoints: tuple[str, ...], factory: IProtocolFactory, hint: str) -> list[Listener]:
    """Return a listener for each endpoint of a key; ``{host}``, ``{port}``, ``{address}`` in the hint are filled."""
    listeners = []
    for text in endpoints:
        parsed = EndpointText.parse(text)
        filled = hint.format(host=parsed.host, port=parsed.port or "?", address=parsed.address)
        if parsed.secure:
            filled = filled.replace("http://", "https://").replace("ws://", "wss://")
        listeners.append(Listener(key, text, factory, filled))
    return listeners


def is_loopback(host: str) -> bool:
    """Say whether an address is this machine's own; a Unix socket, which has none, is."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host in ("", "localhost")
    mapped = getattr(address, "ipv4_mapped", None)
    return bool((mapped or address).is_loopback)


def wrong_with(text: str) -> str:
    """Return what is wrong with an endpoint text, or an empty text. Whether the port is free shows when it opens.

    ``ssl:`` texts are ``tls_endpoint``'s.
    """
    if _OTHER_TLS.match(text.removeprefix(_OPTIONAL)):
        return "not an endpoint: its TLS is not that of the other ports; take ssl:PORT:privateKey=FILE:certKey=FILE"
    parsed = EndpointText.parse(text)
    text = parsed.text
    if parsed.proxied and parsed.kind not in ("tcp", "tcp6"):
        return "haproxy: stands before tcp: and tcp6: only"
    try:
        endpoint = serverFromString(None, text.replace("{listen}", "127.0.0.1"))
    except (ValueError, KeyError, TypeError, OSError) as error:
        return f"not an endpoint such as tcp:4004:interface=127.0.0.1: {error}"
    except Exception as error:
        # Parsers of other packages may fail in any way.
        return f"not an endpoint: {type(error).__name__}: {error}"
    if isinstance(endpoint, (TCP4ServerEndpoint, TCP6ServerEndpoint)) and not 0 <= endpoint._port <= LAST_PORT:
        return f"a port is 0 to {LAST_PORT}"
    return ""
