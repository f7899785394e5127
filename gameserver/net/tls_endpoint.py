"""``ssl:`` endpoint texts: the TLS of all our ports, with a certificate of the endpoint's own.

Twisted's own TLS endpoints take suites that the other ports refuse, and never read a renewed certificate.
"""

from __future__ import annotations

from pathlib import Path
from typing import cast

from twisted.internet.defer import Deferred
from twisted.internet.endpoints import TCP4ServerEndpoint
from twisted.internet.interfaces import IListeningPort, IProtocolFactory, IStreamServerEndpoint
from zope.interface import implementer

from gameserver.net.endpoints import BACKLOG, LAST_PORT, EndpointText
from gameserver.net.tls import CertificateError, Certificates, TlsFactory
from gameserver.reactor import IGameReactor

_OPTIONS = ("port", "privateKey", "certKey", "interface", "backlog")


@implementer(IStreamServerEndpoint)
class TlsEndpoint:
    """A TCP port that speaks TLS. ``certificates`` can be reloaded. Raises ``CertificateError``."""

    def __init__(self, reactor: IGameReactor, text: EndpointText) -> None:
        certificate, private_key = _files(text)
        self.certificates = Certificates(certificate, private_key)
        self._port = TCP4ServerEndpoint(
            reactor, text.port, int(text.options.get("backlog", BACKLOG)), text.options.get("interface", "")
        )

    def listen(self, factory: IProtocolFactory) -> Deferred[IListeningPort]:
        """Open the port; see ``IStreamServerEndpoint``."""
        secured = cast("IProtocolFactory", TlsFactory(self.certificates, False, factory))
        listening: Deferred[IListeningPort] = self._port.listen(secured)
        return listening


def _files(text: EndpointText) -> tuple[Path, Path]:
    """Return the certificate and its key; without ``certKey`` both are in one file."""
    private_key = text.options["privateKey"]
    return Path(text.options.get("certKey", private_key)), Path(private_key)


def wrong_with(text: str) -> str:
    """Return what is wrong with an ``ssl:`` text, or an empty text. Its files are read."""
    parsed = EndpointText.parse(text)
    if unknown := [name for name in parsed.options if name not in _OPTIONS]:
        return f"{unknown[0]} cannot be set here; the intermediate certificates stand behind the own one in certKey"
    number = parsed.options.get("port", "".join(parsed.plain))
    if "privateKey" not in parsed.options or not (number + parsed.options.get("backlog", "")).isdecimal():
        return "expected ssl:PORT:privateKey=FILE:certKey=FILE:interface=ADDRESS"
    if int(number) > LAST_PORT:
        return f"a port is 0 to {LAST_PORT}"
    try:
        Certificates(*_files(parsed))
    except CertificateError as error:
        return str(error)
    return ""
