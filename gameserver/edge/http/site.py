"""The tree of the site and what every answer of it carries."""

from __future__ import annotations

import re
from collections.abc import Mapping
from io import BytesIO
from ipaddress import ip_address
from typing import Any

from twisted.internet.address import IPv4Address
from twisted.internet.interfaces import IAddress
from twisted.web.pages import notFound
from twisted.web.resource import IResource, Resource
from twisted.web.server import Request, Site

from gameserver.edge.context import Context
from gameserver.edge.http.channel import SiteChannel
from gameserver.edge.http.json_resource import answer
from gameserver.net.http import SERVER, header, safe_headers
from gameserver.net.proxied import named_by
from gameserver.sessions.addresses import Proxies, network_of
from gameserver.sessions.limits import ConnectionCount, Meters

#: Only our own scripts, styles and pictures; nobody may frame us; connections only back to where we came from.
#: ``sockets`` is that place as the source of WebSockets, with a blank before each: not every browser counts them to
#: ``'self'``.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'{sockets}; "
    "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

#: What a browser sends as ``Host``; nothing else gets into a header of ours.
_HOST = re.compile(r"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")


#: Longest body of a request, in bytes. Nothing here asks for more.
BODY_LIMIT = 1 << 20

#: First parts of the paths that programs ask.
API = (b"api", b"v1")

#: The scheme and the host of a whole address.
_ABSOLUTE = re.compile(rb"(?i)https?://[^/?#]*")

#: Where the files of the pages are, and what asking for one of them counts as: a page is made of dozens.
FILES, FILE_COST = b"/static/", 0.1

#: Longest name of a host, with its port.
HOST_LENGTH = 262


class SafeRequest(Request):
    """A request whose answer forbids what our pages never need, and whose body has an end.

    A body longer than ``BODY_LIMIT``, announced or chunked, is answered with 413; nothing of it is kept.
    """

    _room = BODY_LIMIT
    _refused = False
    _kinds: Any = None

    def gotLength(self, length: int | None) -> None:
        """Look at the announced length; called before the body comes. What is kept is kept in memory."""
        self.content = BytesIO()
        if length is not None and length > BODY_LIMIT:
            self._refuse()

    def handleContentChunk(self, data: bytes) -> None:
        """Keep a part of the body."""
        if self._refused:
            return
        self._room -= len(data)
        if self._room < 0:
            self._refuse()
        else:
            super().handleContentChunk(data)

    def _refuse(self) -> None:
        self._refused = True
        self.content = BytesIO()
        self.requestHeaders.removeHeader(b"Expect")
        channel: Any = self.channel
        channel.refuse(413, "The body is too large.")

    def requestReceived(self, command: bytes, path: bytes, version: bytes) -> None:
        """Go on with a complete request, unless it has been refused.

        A whole address for its target is taken for the path in it (RFC 9112, 3.2.2). A request of HTTP/1.1 names its
        host, once (3.2). Forms are not read: nothing here asks for one, and reading one costs more than its bytes.
        """
        if self._refused:
            return
        if version == b"HTTP/1.1" and len(self.requestHeaders.getRawHeaders(b"Host") or ()) != 1:
            self._refused = True
            channel: Any = self.channel
            channel.refuse(400, "A request names its host, once.")
            return
        if (whole := _ABSOLUTE.match(path)) is not None:
            path = path[whole.end() :]
            path = path if path.startswith(b"/") else b"/" + path
        kinds = self.requestHeaders.getRawHeaders(b"Content-Type")
        self.requestHeaders.removeHeader(b"Content-Type")
        self._kinds = kinds
        super().requestReceived(command, path, version)

    @property
    def _proxies(self) -> Proxies:
        channel: Any = self.channel
        return channel.site.proxies if channel is not None else Proxies()

    @property
    def _by_proxy(self) -> bool:
        """Whether a proxy of ours brings this request; of nobody else such a word is believed."""
        return getattr(super().getClientAddress(), "host", None) in self._proxies

    def isSecure(self) -> bool:
        """Say whether the client came over TLS: to us, or to a proxy of ours that says so."""
        if super().isSecure():
            return True
        # The proxy's own word is the last one.
        said = b",".join(self.requestHeaders.getRawHeaders(b"X-Forwarded-Proto") or ()).rpartition(b",")[2]
        return self._by_proxy and said.strip().lower() == b"https"

    def getClientAddress(self) -> IAddress:
        """Return who asks: the peer, or whom a proxy of ours has named as its own peer."""
        peer: IAddress = super().getClientAddress()
        if not self._by_proxy:
            return peer
        forwarded = b",".join(self.requestHeaders.getRawHeaders(b"X-Forwarded-For") or ())
        named = forwarded.decode("utf-8", "replace")
        # Each proxy adds its own peer at the end; what stands before the last stranger anybody may have written.
        for host in reversed([part.strip() for part in named.split(",")]):
            if host not in self._proxies:
                if not _is_address(host):
                    return peer
                named_peer: IAddress = IPv4Address("TCP", named_by(getattr(peer, "host", ""), host), 0)
                return named_peer
        return peer

    def process(self) -> None:
        """Set the headers before any resource does, so that a resource may still change them.

        Who asks too often is told so, and has to come again.
        """
        channel: Any = self.channel
        if not channel.site.may_ask(self):
            self._refused = True
            channel.refuse(429, "Too many requests from your address.")
            return
        if self._kinds is not None:
            # Kept from Twisted, which would have read a form.
            self.requestHeaders.setRawHeaders(b"Content-Type", self._kinds)
        host = host_of(self)
        channel = self.channel
        hsts = channel.site.hsts if self.isSecure() else 0
        sockets = f" ws://{host} wss://{host}" if host else ""
        policy = CONTENT_SECURITY_POLICY.format(sockets=sockets)
        for name, value in safe_headers(hsts, policy).items():
            self.responseHeaders.setRawHeaders(name, [value])
        super().process()

    def render(self, resrc: IResource) -> None:
        """Let a resource answer; Twisted has just said which version of it runs here, which is nobody's business."""
        self.responseHeaders.setRawHeaders("Server", [SERVER])
        super().render(resrc)


def host_of(request: Request) -> str:
    """Return the host, with its port, that a browser has asked; empty if it is none that may stand in an answer."""
    host = header(request, b"Host")
    return host if len(host) <= HOST_LENGTH and _HOST.fullmatch(host) else ""


def origin(request: Request) -> str:
    """Return the origin that a request has come to, such as ``https://example.org``; empty without a good host."""
    host = host_of(request)
    return f"{'https' if request.isSecure() else 'http'}://{host}" if host else ""


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


class QuietSite(Site):
    """A site that writes no line a request: the protocols count what matters, and a URL may carry a token."""

    protocol = SiteChannel  # type: ignore[assignment]

    #: The reverse proxies that are believed.
    proxies: Proxies = Proxies()

    #: Seconds for which a browser that has come over TLS comes over TLS only; 0: it is not told.
    hsts = 0

    #: Counts the open connections by address; none: there is no limit.
    connections: ConnectionCount | None = None

    #: Counts the requests by address; none: there is no limit.
    requests: Meters | None = None

    def may_ask(self, request: SafeRequest) -> bool:
        """Count a request and say whether it may be answered.

        A proxy that does not say for whom it asks stands for many and is not counted.
        """
        host = getattr(request.getClientAddress(), "host", None) or ""
        if self.requests is None or host in self.proxies:
            return True
        cost = FILE_COST if request.path.startswith(FILES) else 1.0
        return self.requests.pour(network_of(host), self.reactor.seconds(), cost)

    def log(self, request: object) -> None:
        """Leave the request out of the log."""


class Folder(Resource):
    """A part of the tree that is no page itself; what is not in it is answered with 404."""

    def getChild(self, path: bytes, request: Request) -> IResource:
        """Return the page that says there is none."""
        return notFound()

    def render(self, request: Request) -> bytes | int:
        """Answer that there is no page here."""
        page: bytes | int = notFound().render(request)
        return page


class ApiFolder(Folder):
    """A part of the tree for programs: what is not in it is answered with 404 in JSON."""

    def getChild(self, path: bytes, request: Request) -> IResource:
        """Return the resource that says there is nothing."""
        return ApiFolder()

    def render(self, request: Request) -> bytes | int:
        """Answer that there is nothing here."""
        return answer(request, 404, {"code": "not_found", "text": "There is nothing at this path."})


def tree(children: Mapping[str, IResource], index: IResource | None = None) -> Folder:
    """Return a root resource with children by path (``kassel/ss14``); folders on the way are made.

    What lies below ``api`` and ``v1`` is for programs, and so are the errors there.
    """
    root = Folder()
    if index is not None:
        root.putChild(b"", index)
    for path, resource in children.items():
        *folders, last = path.encode("ascii").split(b"/")
        place = root
        for folder in folders:
            inner = place.children.get(folder)
            if inner is None:
                inner = ApiFolder() if folders[0] in API else Folder()
                place.putChild(folder, inner)
            place = inner
        place.putChild(last, resource)
    return root


def site(root: IResource, context: Context | None = None) -> QuietSite:
    """Return the factory that serves a tree; idle keep-alive connections end after a minute.

    The context has its limits and the proxies that are believed; without one there are none.
    """
    factory = QuietSite(root, requestFactory=SafeRequest, timeout=60)
    factory.displayTracebacks = False
    if context is not None:
        factory.proxies = context.proxies
        factory.connections = context.http_connections
        factory.requests = context.http_requests
        factory.hsts = context.hsts
    return factory
