"""The tree of the site and what every answer of it carries."""

from __future__ import annotations

from collections.abc import Mapping

from twisted.web.resource import IResource, Resource
from twisted.web.server import Request, Site

#: Only our own scripts, styles and pictures; nobody may frame us; connections only back to where we came from.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self' ws: wss:; "
    "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


class SafeRequest(Request):
    """A request whose answer forbids what our pages never need."""

    def process(self) -> None:
        """Set the headers before any resource does, so that a resource may still change them."""
        self.responseHeaders.setRawHeaders("Content-Security-Policy", [CONTENT_SECURITY_POLICY])
        self.responseHeaders.setRawHeaders("X-Content-Type-Options", ["nosniff"])
        self.responseHeaders.setRawHeaders("Referrer-Policy", ["no-referrer"])
        super().process()


class QuietSite(Site):
    """A site that writes no line a request: the doors count what matters, and a URL may carry a token."""

    def log(self, request: object) -> None:
        """Leave the request out of the log."""


def tree(children: Mapping[str, IResource], index: IResource | None = None) -> Resource:
    """Return a root resource with children by path (``kassel/ss14``); folders on the way are made."""
    root = Resource()
    if index is not None:
        root.putChild(b"", index)
    for path, resource in children.items():
        *folders, last = path.encode("ascii").split(b"/")
        place = root
        for folder in folders:
            inner = place.children.get(folder)
            if inner is None:
                inner = Resource()
                place.putChild(folder, inner)
            place = inner
        place.putChild(last, resource)
    return root


def site(root: IResource) -> Site:
    """Return the factory that serves a tree; idle keep-alive connections end after a minute."""
    factory = QuietSite(root, requestFactory=SafeRequest, timeout=60)
    factory.displayTracebacks = False
    return factory
