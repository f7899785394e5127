"""Opening the ports: all of them or none, but for optional ones; nobody is let in before the server is ready."""

from __future__ import annotations

import resource
import socket
import sys
from collections.abc import Sequence
from typing import Any, NoReturn, cast

from twisted.internet.defer import Deferred, DeferredList, maybeDeferred
from twisted.internet.endpoints import serverFromString
from twisted.internet.error import CannotListenError
from twisted.internet.interfaces import IListeningPort, IProtocolFactory, IStreamServerEndpoint
from twisted.python.failure import Failure

from gameserver.net.endpoints import EndpointText, Listener
from gameserver.net.fair_transport import FairReactor, make_fair
from gameserver.net.proxied import ProxiedFactory
from gameserver.net.tls import CertificateError, Certificates
from gameserver.net.tls_endpoint import TlsEndpoint
from gameserver.reactor import IGameReactor
from gameserver.sessions.addresses import Proxies


class PortTaken(Exception):
    """A port that cannot be opened; the text is one line naming key, endpoint and reason."""


def refuse_to_start(error: PortTaken) -> NoReturn:
    """End the process with one line and status 1."""
    # The process's own standard error: Twisted's would turn the line into a log event.
    print(f"gameserver: {error}", file=sys.__stderr__)
    raise SystemExit(1) from None


class Ports:
    """The open ports of the process; ``shared``: other processes listen there as well."""

    def __init__(self, reactor: IGameReactor, proxies: Proxies | None = None, shared: bool = False) -> None:
        self._reactor: Any = FairReactor(reactor, shared)
        self._proxies = proxies or Proxies()
        #: Those that endpoints have of their own.
        self.certificates: list[Certificates] = []
        #: Why optional endpoints are not open, a line each.
        self.left_out: list[str] = []
        #: Each with the key it comes from.
        self._ports: list[tuple[str, IListeningPort]] = []
        self._accepting = False

    def open(self, listeners: Sequence[Listener]) -> list[Listener]:
        """Bind every endpoint without accepting anybody yet, and return those that are bound.

        Optional ones come last, for the others may want their ports. Raises ``PortTaken``; then none is open.
        """
        opened = []
        for listener in sorted(listeners, key=_is_optional):
            try:
                self._bind(listener)
            except PortTaken as error:
                if not _is_optional(listener):
                    self.close()
                    raise
                self.left_out.append(str(error))
            else:
                opened.append(listener)
        return opened

    def _bind(self, listener: Listener) -> None:
        factory = listener.factory
        if EndpointText.parse(listener.endpoint).proxied:
            if not self._proxies:
                raise PortTaken(f"{listener.key} = {listener.endpoint}: name the proxies that connect in web.proxies")
            factory = cast("IProtocolFactory", ProxiedFactory(factory, self._proxies, self._reactor))
        try:
            listening = self._endpoint(listener.endpoint).listen(factory)
        except (ValueError, KeyError, TypeError, OSError, CertificateError) as error:
            raise PortTaken(f"{listener.key} = {listener.endpoint}: not an endpoint: {error}") from None
        result: list[Any] = []
        listening.addBoth(result.append)
        if not result:
            raise PortTaken(f"{listener.key} = {listener.endpoint}: this kind of endpoint cannot be used")
        if isinstance(result[0], Failure):
            raise PortTaken(f"{listener.key} = {listener.endpoint}: cannot listen: {_reason(result[0].value)}")
        port = result[0]
        make_fair(port)
        self._ports.append((listener.key, port))
        # Bound but not read: who connects now waits in the kernel until ``accept``.
        stop_reading = getattr(port, "stopReading", None)
        if stop_reading is not None:
            stop_reading()

    def _endpoint(self, text: str) -> IStreamServerEndpoint:
        parsed = EndpointText.parse(text)
        if not parsed.secure:
            plain: IStreamServerEndpoint = serverFromString(self._reactor, parsed.with_backlog)
            return plain
        endpoint = TlsEndpoint(self._reactor, parsed)
        self.certificates.append(endpoint.certificates)
        return endpoint

    def accept(self) -> None:
        """Let those in who are waiting, and everybody after them."""
        self._accepting = True
        for _, port in self._ports:
            start_reading = getattr(port, "startReading", None)
            if start_reading is not None:
                start_reading()

    def close(self, keep: str = "") -> Deferred[Any]:
        """Stop listening, except on the ports of the key ``keep``; open connections stay.

        Who has connected and waits in the kernel is let in before, so that nobody is reset.
        """
        closing = [port for key, port in self._ports if key != keep]
        for port in closing:
            let_in_all = getattr(port, "let_in_all", None)
            if let_in_all is not None and self._accepting:
                let_in_all()
        self._ports = [(key, port) for key, port in self._ports if key == keep]
        return DeferredList([maybeDeferred(port.stopListening) for port in closing], consumeErrors=True)


def reserve(key: str, text: str) -> socket.socket:
    """Return a socket that keeps a port for processes that share it; it takes nobody in. Raises ``PortTaken``."""
    parsed = EndpointText.parse(text)
    interface = parsed.options.get("interface", "")
    family = socket.AF_INET6 if ":" in interface or parsed.kind == "tcp6" else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        made.bind((interface, parsed.port))
    except OSError as error:
        made.close()
        raise PortTaken(f"{key} = {text}: cannot listen: {error.strerror or error}") from None
    return made


def _is_optional(listener: Listener) -> bool:
    return EndpointText.parse(listener.endpoint).optional


def _reason(error: BaseException | None) -> str:
    if isinstance(error, CannotListenError):
        inner = error.socketError
        return getattr(inner, "strerror", None) or str(inner)
    return str(error)


def raise_open_files() -> tuple[int, int]:
    """Raise the soft limit of open files to the hard one; return it before and after.

    The usual soft limit of 1024 is less than the connections the configuration allows.
    """
    before, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    except (ValueError, OSError):
        # Some systems call the hard limit unlimited and take no number near it.
        return before, before
    return before, hard
