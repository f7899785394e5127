"""The pages, scripts and pictures of the web client, served from the package."""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable

from twisted.web.resource import IResource
from twisted.web.server import Request

from gameserver.edge.http.page import Page
from gameserver.edge.http.site import Folder
from gameserver.web.bundle import bundles
from gameserver.web.content import Content
from gameserver.web.index_page import BUNDLES, FIRST, STYLE, IndexPage, style_of, version_of

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
    """One file, read once at start and kept in memory."""

    def __init__(self, content: Content) -> None:
        super().__init__()
        self._content = content

    def render_GET(self, request: Request) -> bytes:
        """Answer with the file."""
        return self._content.answer(request)


class Files(Folder):
    """The files by path, and once more below the ``version`` they are of, where they never change."""

    def __init__(self, found: dict[str, Content], version: str) -> None:
        super().__init__()
        _put(self, found)
        lasting = Folder()
        _put(lasting, {path: content.lasting() for path, content in found.items()})
        self.putChild(version.encode(), lasting)


def static_tree(name: str) -> tuple[IndexPage, Files]:
    """Return the index page of a server of that name, and the folder ``static`` with everything in it."""
    root = files("gameserver.web").joinpath("static")
    found = _read(root)
    found |= {f"{BUNDLES}/{path}": script for path, script in bundles(found, *FIRST).items()}
    found[STYLE] = style_of(found)
    version = version_of(found)
    return IndexPage(found, version, name), Files(found, version)


def boards() -> set[str]:
    """Return the names of the games for which the site has a board of its own."""
    return {place.name for place in files("gameserver.web").joinpath("static", "boards").iterdir() if place.is_dir()}


def pictures() -> frozenset[str]:
    """Return the names of what there are pictures of for previews of links."""
    place = files("gameserver.web").joinpath("static", "pictures")
    names = [entry.name for entry in place.iterdir()]
    return frozenset(name.removesuffix(".png") for name in names if name.endswith(".png"))


def _read(place: Traversable, above: str = "") -> dict[str, Content]:
    """Return the files below a place by their paths."""
    found: dict[str, Content] = {}
    for entry in sorted(place.iterdir(), key=lambda entry: entry.name):
        kind = "." + entry.name.rpartition(".")[2]
        if entry.is_dir():
            found |= _read(entry, f"{above}{entry.name}/")
        elif kind in _TYPES:
            found[above + entry.name] = Content(entry.read_bytes(), _TYPES[kind])
    return found


def _put(root: Folder, found: dict[str, Content]) -> None:
    for path, content in found.items():
        *folders, last = path.encode().split(b"/")
        place: Folder = root
        for folder in folders:
            inner: IResource | None = place.children.get(folder)
            if not isinstance(inner, Folder):
                inner = Folder()
                place.putChild(folder, inner)
            place = inner
        place.putChild(last, StaticFile(content))
