"""What a browser fetches first: the page in its language, compressed, with links to what it will need."""

from __future__ import annotations

import gzip
import re
import struct
from typing import Any
from urllib.parse import unquote_to_bytes

from twisted.trial.unittest import SynchronousTestCase
from twisted.web.resource import Resource, getChildForRequest
from twisted.web.server import Request
from twisted.web.test.requesthelper import DummyChannel

from gameserver.app.games import installed_kinds
from gameserver.edge.http.site import SafeRequest, site
from gameserver.web.content import accepts_gzip, preferred
from gameserver.web.match_link import PICTURE_SIZE, MatchLink
from gameserver.web.modules import imported
from gameserver.web.static_files import pictures, static_tree

#: A slow line: seconds for the way to the server and back, and bytes a second.
WAY, RATE = 0.4, 50_000

#: Seconds until everything of a first visit is there, on such a line.
FIRST_VISIT = 2.0

#: Connections that a browser opens to one server.
CONNECTIONS = 6


class IndexTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.index, self.static = static_tree('Anna & "Bob"')
        self.root = Resource()
        self.root.putChild(b"", self.index)
        self.root.putChild(b"static", self.static)

    def get(self, path: str, **headers: str) -> tuple[Request, bytes]:
        channel: Any = DummyChannel()
        channel.site = site(self.root)
        request = SafeRequest(channel, False)
        request.method = b"GET"
        for name, value in headers.items():
            request.requestHeaders.setRawHeaders(name.replace("_", "-"), [value])
        request.prepath, request.postpath = [], [unquote_to_bytes(part) for part in path.split("/")[1:]]
        answer = getChildForRequest(self.root, request).render(request)
        # The page that says there is nothing is written by itself.
        return request, answer if isinstance(answer, bytes) else b""

    def header(self, request: Request, name: str) -> str:
        return ", ".join(request.responseHeaders.getRawHeaders(name, []))

    def test_the_page_has_the_server_s_name_the_languages_and_nothing_left_to_fill_in(self) -> None:
        _, page = self.get("/")
        text = page.decode()
        self.assertIn("<title>Anna &amp; &quot;Bob&quot;</title>", text)
        self.assertIn('<option value="zh" lang="zh">中文</option>', text)
        self.assertNotRegex(text, r"\{\w+\}")

    def test_the_style_sheets_are_one_with_the_general_one_first(self) -> None:
        _, page = self.get("/")
        (path,) = re.findall(r'stylesheet" href="([^"]+)"', page.decode())
        _, style = self.get(path)
        for name in ("style", "match"):
            self.assertIn(self.get(f"/static/{name}.css")[1], style)
        self.assertTrue(style.startswith(self.get("/static/style.css")[1]))

    def test_the_browser_s_language_is_the_one_that_is_fetched(self) -> None:
        for accepted, language in (("de-AT,de;q=0.9,en;q=0.8", "de"), ("fr, zh;q=0.2, en;q=0.1", "zh"), ("fr", "en")):
            request, page = self.get("/", Accept_Language=accepted)
            text = page.decode()
            self.assertEqual(re.findall(r"/lang/(\w+)\.js", text), [language])
            self.assertIn(f'<html lang="{language}">', text)
            self.assertIn("Accept-Language", self.header(request, "Vary"))
        self.assertEqual(preferred("", ["en", "de"], "en"), "en")
        self.assertEqual(preferred("de;q=0, en;q=x, *", ["en", "de"], "en"), "en")

    def visit(self, page: str) -> float:
        """Return how long a first visit takes on a slow line: the page, and then what it links to, at once."""
        _, text = self.get(page, Accept_Encoding="gzip")
        found = gzip.decompress(text).decode()
        linked = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', found))
        # The list of games is asked for at the same time.
        self.assertLessEqual(len(linked) + 1, CONNECTIONS + 1, linked)
        total = len(text)
        scripts = ""
        for path in linked:
            request, body = self.get(path, Accept_Encoding="gzip")
            self.assertEqual(request.code, 200, path)
            total += len(body)
            if path.endswith(".js"):
                scripts += gzip.decompress(body).decode()
        # Nothing is asked for when that has come.
        brought = set(re.findall(r'^pageModules\.add\("([^"]+)"', scripts, re.MULTILINE))
        needed = set(re.findall(r'need\("([^"]+)"\)', scripts))
        self.assertIn("app.js", needed)
        self.assertEqual(needed - brought, set())
        return 2 * WAY + total / RATE

    def test_a_first_visit_on_a_slow_line_is_over_soon(self) -> None:
        self.root.putChild(b"match", MatchLink(self.index, "the house", installed_kinds(), pictures()))
        self.assertLess(self.visit("/"), FIRST_VISIT)
        for season in ("ss14", "ss13", "ss12"):
            self.assertLess(self.visit(f"/match/{season}/table"), FIRST_VISIT, season)

    def test_a_link_to_a_match_has_a_title_and_a_picture_for_previews(self) -> None:
        self.root.putChild(b"match", MatchLink(self.index, "the house", installed_kinds(), pictures()))
        request, page = self.get("/match/ss14/a%22b%3C1", Host="play.example.org")
        text = page.decode()
        self.assertIn('<meta property="og:title" content="Carcassonne: a&quot;b&lt;1">', text)
        self.assertIn('<meta property="og:site_name" content="the house">', text)
        (picture,) = re.findall(r'og:image" content="http://play\.example\.org(/[^"]+)"', text)
        request, content = self.get(picture)
        self.assertEqual(self.header(request, "Content-Type"), "image/png")
        # Width and height stand at fixed places of a PNG.
        self.assertEqual(struct.unpack(">II", content[16:24]), PICTURE_SIZE)
        self.assertEqual(text.replace("{preview}", "").count("<title>"), 1)
        # What its page needs is fetched at once, and each thing once.
        linked = re.findall(r'preload" as="script" href="([^"]+)"', text)
        self.assertEqual(len(linked), len(set(linked)))
        for module in ("pages/match", "boards/carcassonne/board"):
            self.assertTrue(any(path.endswith(f"/{module}.js") for path in linked), module)
        self.assertFalse(any("/catan/" in path for path in linked))
        self.assertEqual({self.get(path)[0].code for path in linked}, {200})
        # No picture from a place that a stranger has made up, no page for what can be no match.
        self.assertNotIn("og:image", self.get("/match/ss14/a", Host='"><b>')[1].decode())
        for below in ("", "/ss14", "/ss14/", "/none/a", "/ss14/a/b/c", "/ss14/" + "x" * 81):
            path = f"/match{below}"
            self.assertEqual(self.get(path)[0].code, 404, path)

    def test_imports_are_followed_over_lines_and_folders_but_not_those_for_later(self) -> None:
        class Source:
            def __init__(self, text: str) -> None:
                self.content = text.encode()

        found: Any = {
            "app.js": Source(
                'import { a } from "./net/a.js";\nimport {\n  b,\n} from "./b.js";\nconst c = () => import("./c.js");'
            ),
            "net/a.js": Source('import { b } from "../b.js";\nexport { x } from "./x.js";\n'),
            "b.js": Source('// says "./c.js";\n'),
            "net/x.js": Source(""),
        }
        self.assertEqual(imported(found, "app.js"), ["app.js", "net/a.js", "b.js", "net/x.js"])

    def test_contents_are_compressed_for_who_takes_that_and_told_apart(self) -> None:
        plain, text = self.get("/static/app.js")
        packed, dense = self.get("/static/app.js", Accept_Encoding="br, gzip;q=0.5")
        self.assertEqual(gzip.decompress(dense), text)
        self.assertLess(len(dense), len(text) / 2)
        self.assertEqual(self.header(packed, "Content-Encoding"), "gzip")
        self.assertEqual(self.header(plain, "Content-Encoding"), "")
        self.assertNotEqual(self.header(plain, "ETag"), self.header(packed, "ETag"))
        for request in (plain, packed):
            self.assertEqual(self.header(request, "Vary"), "Accept-Encoding")
        again, nothing = self.get("/static/app.js", Accept_Encoding="gzip", If_None_Match=self.header(packed, "ETag"))
        self.assertEqual((again.code, nothing), (304, b""))
        other, _ = self.get("/static/app.js", If_None_Match=self.header(packed, "ETag"))
        self.assertEqual(other.code, 200)
        for accepted in ("", "identity", "gzip;q=0", "br", "gzip;q=none", "*;q=0"):
            self.assertFalse(accepts_gzip(accepted), accepted)
        for accepted in ("gzip", "GZIP", "*", "deflate, gzip;q=1.0, *;q=0.5"):
            self.assertTrue(accepts_gzip(accepted), accepted)

    def test_a_file_below_its_version_is_fetched_once_and_others_are_looked_at_again(self) -> None:
        _, page = self.get("/")
        (path,) = re.findall(r'src="(/static/[^"]+/app\.js)"', page.decode())
        path = path.replace("/bundle/", "/")
        lasting, text = self.get(path)
        self.assertIn("immutable", self.header(lasting, "Cache-Control"))
        plain, same = self.get("/static/app.js")
        self.assertEqual((self.header(plain, "Cache-Control"), same), ("no-cache", text))
        self.assertEqual(self.header(self.get("/")[0], "Cache-Control"), "no-cache")
        self.assertEqual(static_tree("another")[1].children.keys(), self.static.children.keys())
