"""The pages, scripts and pictures of the web client, served from the package."""

from __future__ import annotations

import hashlib
from importlib.resources import files
from importlib.resources.abc import Traversable

from twisted.web.server import Request

from gameserver.edge.http.page import Page
from gameserver.edge.http.site import Folder
from gameserver.net.http import header

_TYPES = {
    ".html": b"text/html; charset=utf-8",
    ".js": b"text/javascript; charset=utf-8",
    ".css": b"text/css; charset=utf-8",
    ".svg": b"image/svg+xml",
    ".png": b"image/png",
    ".jpg": b"image/jpeg",
    ".json": b"application/json",
    ".webmanifest": b"application/manifest+json",
}


class StaticFile(Page):
    """One file, read once at start and kept in memory; answered with 304 to who has it already."""

    def __init__(self, content: bytes, content_type: bytes) -> None:
        super().__init__()
        self._content = content
        self._type = content_type
        self._etag = b'"' + hashlib.sha256(content).hexdigest()[:32].encode() + b'"'

    def render_GET(self, request: Request) -> bytes:
        """Answer with the file."""
        request.setHeader(b"Content-Type", self._type)
        request.setHeader(b"Cache-Control", b"no-cache")
        request.setHeader(b"ETag", self._etag)
        if self._known(request):
            request.setResponseCode(304)
            return b""
        return self._content

    def _known(self, request: Request) -> bool:
        """Say whether the asker has this content: a weak tag, as some proxies make of ours, is as good (RFC 9110)."""
        tags = [tag.strip().removeprefix("W/") for tag in header(request, b"If-None-Match").split(",")]
        return "*" in tags or self._etag.decode() in tags


def static_tree() -> tuple[StaticFile, Folder]:
    """Return the index page and the folder ``static`` with everything in it."""
    root = files("gameserver.web").joinpath("static")
    return _file(root.joinpath("index.html")), _folder(root)


def boards() -> set[str]:
    """Return the names of the games for which the site has a board of its own."""
    return {place.name for place in files("gameserver.web").joinpath("static", "boards").iterdir() if place.is_dir()}


def _folder(place: Traversable) -> Folder:
    folder = Folder()
    for entry in place.iterdir():
        if entry.is_dir():
            folder.putChild(entry.name.encode(), _folder(entry))
        elif "." + entry.name.rpartition(".")[2] in _TYPES:
            folder.putChild(entry.name.encode(), _file(entry))
    return folder


def _file(place: Traversable) -> StaticFile:
    return StaticFile(place.read_bytes(), _TYPES["." + place.name.rpartition(".")[2]])
