"""Pages of the site that have nothing below them."""

from __future__ import annotations

from twisted.web.pages import notFound
from twisted.web.resource import IResource, Resource
from twisted.web.server import Request


class Front(Resource):
    """The first page of the site, where programs may also open a WebSocket."""

    isLeaf = True

    def __init__(self, page: IResource, socket: IResource) -> None:
        super().__init__()
        self._page = page
        self._socket = socket

    def render(self, request: Request) -> bytes | int:
        """Answer who asks for an upgrade with the WebSocket, everybody else with the page."""
        asked = self._socket if request.requestHeaders.hasHeader(b"Upgrade") else self._page
        answer: bytes | int = asked.render(request)
        return answer


class Page(Resource):
    """One path: what is below it is not there, and methods it does not know are answered with 405."""

    isLeaf = True

    #: Whether what is below the path is this page's business as well.
    deep = False

    def render(self, request: Request) -> bytes | int:
        """Answer with the method's page; Twisted would answer an unknown method with 501, an error of ours."""
        if request.postpath and not self.deep:
            below: bytes | int = notFound().render(request)
            return below
        if getattr(self, f"render_{request.method.decode('ascii', 'replace')}", None) is None:
            request.setResponseCode(405)
            request.setHeader(b"Allow", b"GET, HEAD")
            request.setHeader(b"Content-Type", b"text/plain; charset=utf-8")
            return b"This page can only be read.\n"
        answer: bytes | int = super().render(request)
        return answer
