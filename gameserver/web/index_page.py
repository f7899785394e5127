"""The one page of the web client: filled in for this server, with what a browser is to fetch at once."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from html import escape

from twisted.web.server import Request

from gameserver.edge.http.page import Page
from gameserver.net.http import header
from gameserver.web.content import Content, preferred

#: The script that everything begins with, and the first page's.
FIRST = ("app.js", "pages/home.js")

#: Where the modules are that come together (see ``bundle``), below the files.
BUNDLES = "bundle"

#: The style sheets one after another, as the page has them: one answer of the server instead of one each.
STYLE = "all.css"

#: What is asked for on every page as soon as its scripts are there.
ASKED = "/api/seasons"

#: The place in the page for what programs show of a link.
PREVIEW = "{preview}"

_LANGUAGE = re.compile(r"lang/([a-z]+)\.js")
_LANGUAGE_NAME = re.compile(r'"language\.name": "([^"]+)"')


def style_of(found: Mapping[str, Content]) -> Content:
    """Return all style sheets as one, the general one first."""
    sheets = sorted((path for path in found if path.endswith(".css")), key=lambda path: (path != "style.css", path))
    return Content(b"\n".join(found[path].content for path in sheets), found[sheets[0]].type)


def version_of(found: Mapping[str, Content]) -> str:
    """Return a word for these files that is another one when any of them is."""
    every = hashlib.sha256()
    for path, content in sorted(found.items()):
        every.update(path.encode() + b"\0" + hashlib.sha256(content.content).digest())
    return every.hexdigest()[:16]


class IndexPage(Page):
    """``index.html`` with the server's name, its languages, and links to what its first script will need.

    There is one such page for every language, since a browser needs the texts of one only.
    """

    def __init__(self, found: Mapping[str, Content], version: str, name: str) -> None:
        super().__init__()
        template = found["index.html"].content.decode()
        languages = {match[1]: path for path in found if (match := _LANGUAGE.fullmatch(path))}
        names = {
            language: _LANGUAGE_NAME.findall(found[path].content.decode())[0] for language, path in languages.items()
        }
        options = "".join(
            f'<option value="{language}" lang="{language}">{escape(names[language])}</option>'
            for language in sorted(names, key=lambda language: (language != "en", language))
        )
        self._static = f"/static/{version}"
        self._type = found["index.html"].type
        self._languages = list(languages)
        #: By language, each with the place for a preview.
        self._texts: dict[str, str] = {}
        self._pages: dict[str, Content] = {}
        for language, path in languages.items():
            asked = f'<link rel="preload" as="fetch" href="{ASKED}" crossorigin>\n'
            values = {
                "preload": asked + self.links(path),
                "languages": options,
                "language": language,
                "static": self._static,
                "script": f"{BUNDLES}/{FIRST[0]}",
                "style": STYLE,
                "name": escape(name),
            }
            page = template
            for key, value in values.items():
                page = page.replace(f"{{{key}}}", value)
            self._texts[language] = page
            self._pages[language] = self._with(page, "")

    def links(self, *paths: str) -> str:
        """Return links to the scripts of some modules, for a browser to fetch them at once."""
        return "".join(f'<link rel="preload" as="script" href="{self._static}/{BUNDLES}/{path}">\n' for path in paths)

    def _with(self, page: str, preview: str) -> Content:
        return Content(page.replace(PREVIEW, preview, 1).encode(), self._type)

    def render_GET(self, request: Request) -> bytes:
        """Answer with the page for a reader of the language that the browser likes best."""
        return self.answer(request)

    def answer(self, request: Request, preview: str = "") -> bytes:
        """Return the page; ``preview`` are lines of its head for programs that show what a link leads to."""
        language = preferred(header(request, b"Accept-Language"), self._languages, "en")
        request.responseHeaders.addRawHeader(b"Vary", b"Accept-Language")
        page = self._with(self._texts[language], preview) if preview else self._pages[language]
        return page.answer(request)
