"""A page of the site that has nothing below it."""

from __future__ import annotations

from twisted.web.pages import notFound
from twisted.web.resource import Resource
from twisted.web.server import Request


class Page(Resource):
    """One path: what is below it is not there, and methods it does not know are answered with 405."""

    isLeaf = True

    def render(self, request: Request) -> bytes | int:
        """Answer with the method's page; Twisted would answer an unknown method with 501, an error of ours."""
        if request.postpath:
            below: bytes | int = notFound().render(request)
            return below
        if getattr(self, f"render_{request.method.decode('ascii', 'replace')}", None) is None:
            request.setResponseCode(405)
            request.setHeader(b"Allow", b"GET, HEAD")
            request.setHeader(b"Content-Type", b"text/plain; charset=utf-8")
            return b"This page can only be read.\n"
        answer: bytes | int = super().render(request)
        return answer
