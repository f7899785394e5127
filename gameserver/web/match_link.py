"""``/match/SEASON/NAME``: what a link to a match leads to, with title and picture for programs that show previews.

The pages have their addresses behind a ``#``, which no program sends to a server. The first script turns this path
into such an address.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from twisted.web.pages import notFound
from twisted.web.server import Request

from gameserver.edge.http.page import Page
from gameserver.edge.http.site import origin
from gameserver.games.kind import Kind
from gameserver.web.index_page import IndexPage
from gameserver.web.static_files import boards

#: Longest name of a match that is shown, in characters.
NAME_LENGTH = 80

#: Width and height of the pictures in ``static/pictures``.
PICTURE_SIZE = 960, 504


class MatchLink(Page):
    """The links of all matches, whether there are such or not: the page itself says that."""

    deep = True

    def __init__(self, index: IndexPage, name: str, kinds: Mapping[str, Kind[Any]], pictures: frozenset[str]) -> None:
        super().__init__()
        self._index = index
        self._name = name
        self._kinds = {kind.season.name: kind for kind in kinds.values()}
        self._pictures = pictures
        own = boards()
        #: What the page of a match of each game fetches.
        self._modules = {
            kind.name: index.links(
                "pages/match.js", f"boards/{kind.name if kind.name in own else 'generic'}/board.js"
            )
            for kind in kinds.values()
        }

    def render_GET(self, request: Request) -> bytes | int:
        """Answer with the page of the site."""
        words = [part.decode("utf-8", "replace") for part in request.postpath or ()]
        kind = self._kinds.get(words[0]) if words else None
        if kind is None or not 2 <= len(words) <= 3 or not 1 <= len(words[1]) <= NAME_LENGTH:
            missing: bytes | int = notFound().render(request)
            return missing
        return self._index.answer(request, self._preview(request, kind, words[1]) + self._modules[kind.name])

    def _preview(self, request: Request, kind: Kind[Any], name: str) -> str:
        """Return what the Open Graph protocol has (ogp.me)."""
        found = {"og:type": "website", "og:site_name": self._name, "og:title": f"{kind.title}: {name}"}
        here = origin(request)
        if here and kind.name in self._pictures:
            width, height = PICTURE_SIZE
            found["og:image"] = f"{here}/static/pictures/{kind.name}.png"
            found |= {"og:image:width": str(width), "og:image:height": str(height), "og:image:alt": kind.title}
            found["twitter:card"] = "summary_large_image"
        lines = (f'<meta property="{escape(key)}" content="{escape(value)}">\n' for key, value in found.items())
        return "".join(lines)
