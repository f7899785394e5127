"""What can be said of the web client without a browser: its tables, its texts, its addresses."""

from __future__ import annotations

import json
import re
import subprocess
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from shutil import which

from twisted.trial.unittest import SkipTest, SynchronousTestCase

from gameserver.errors import Code
from gameserver.games.carcassonne.tiles import _HALVES, TILES

STATIC = files("gameserver.web").joinpath("static")
LANGUAGES = sorted(entry.name.removesuffix(".js") for entry in STATIC.joinpath("lang").iterdir())

#: What programs say and people do not.
PROGRAMS = re.compile(r"\b(?:undefined|null|NaN|JSON|[A-Z]+_[A-Z_]+|WebSocket|NOOP)\b|@[0-9a-f]{4}")

#: The first code of ``errors.py`` that the mini-games alone have: their page has texts for their document's words.
FIRST_OF_THE_MINI_GAMES = Code.INSUFFICIENT_BALANCE


def scripts(place: Traversable = STATIC) -> dict[str, str]:
    """Return every script of the client by its name."""
    found: dict[str, str] = {}
    for entry in place.iterdir():
        if entry.is_dir():
            found |= scripts(entry)
        elif entry.name.endswith(".js"):
            found[str(entry)] = entry.read_text("utf-8")
    return found


def texts(language: str) -> dict[str, str]:
    source = STATIC.joinpath("lang", f"{language}.js").read_text("utf-8")
    return dict(re.findall(r'(?:"([^"]+)"|\b\w+):\s+"((?:[^"\\]|\\.)*)"', source))


class ClientTests(SynchronousTestCase):
    def test_the_tiles_are_the_server_s(self) -> None:
        source = STATIC.joinpath("boards", "carcassonne", "tiles.js").read_text("utf-8")
        shown = json.loads(source[source.index("{") : source.rindex("}") + 1])
        expected = {}
        for letter, tile in TILES.items():
            expected[letter] = [
                {"terrain": place.terrain.value}
                | ({"sides": "".join("NESW"[side] for side in place.sides)} if place.sides else {})
                | ({"halves": " ".join(_HALVES[half] for half in place.halves)} if place.halves else {})
                | ({"pennants": place.pennants} if place.pennants else {})
                for place in tile.places
            ]
        self.assertEqual(shown, expected)

    def test_every_remark_of_a_game_has_a_text(self) -> None:
        sources = (path.read_text("utf-8") for path in Path(str(files("gameserver.games.catan"))).rglob("*.py"))
        words = {word for source in sources for word in re.findall(r'"(\w+) - ', source)} - {"OK"}
        self.assertIn("moveRobber", words)
        self.assertEqual({word for word in words if f"remark.{word}" not in texts("en")}, set())

    def test_every_language_has_every_text_with_the_same_places_to_fill(self) -> None:
        english = texts("en")
        self.assertGreater(len(english), 150)
        self.assertIn("en", LANGUAGES)
        for language in LANGUAGES:
            other = texts(language)
            self.assertEqual(set(other), set(english), language)
            for key, text in english.items():
                self.assertEqual(
                    sorted(re.findall(r"\{\w+\}", text)), sorted(re.findall(r"\{\w+\}", other[key])), (language, key)
                )

    def test_every_text_that_a_script_names_exists(self) -> None:
        english = texts("en")
        named = {key for source in scripts().values() for key in re.findall(r'\bt\(\s*"([a-z][^"$]*)"', source)}
        self.assertGreater(len(named), 80)
        self.assertEqual(named - set(english), set())

    def test_no_text_is_empty_or_speaks_as_programs_do(self) -> None:
        for language in LANGUAGES:
            for key, text in texts(language).items():
                self.assertTrue(text.strip(), (language, key))
                self.assertNotRegex(text, PROGRAMS, (language, key))

    def test_every_text_is_named_somewhere(self) -> None:
        own = [source for name, source in scripts().items() if "/lang/" not in name]
        every = "\n".join([*own, STATIC.joinpath("index.html").read_text("utf-8")])
        # A key may be made of its beginning and a word of the server's.
        begun = tuple(re.findall(r"`([\w.]+?\.)\$\{", every))
        unused = [key for key in texts("en") if f'"{key}"' not in every and not key.startswith(begun)]
        self.assertEqual(unused, ["language.name"])

    def test_what_the_server_refuses_has_a_text(self) -> None:
        codes = list(Code)
        own = codes[: codes.index(FIRST_OF_THE_MINI_GAMES)]
        self.assertGreater(len(own), 50)
        self.assertEqual({f"error.{code}" for code in own} - set(texts("en")), set())

    def test_nothing_comes_from_elsewhere(self) -> None:
        sources = scripts() | {
            name: STATIC.joinpath(name).read_text("utf-8") for name in ("index.html", "style.css", "icon.svg")
        }
        for name, source in sources.items():
            addresses = set(re.findall(r"https?://[^\s\"'`)]+", source)) - {"http://www.w3.org/2000/svg"}
            self.assertEqual(addresses, set(), name)
            self.assertNotRegex(source, r"innerHTML\s*=|insertAdjacentHTML|\beval\(|new Function")

    def test_every_script_parses(self) -> None:
        if which("node") is None:
            raise SkipTest("no node on this machine")
        for name, source in scripts().items():
            done = subprocess.run(
                ["node", "--input-type=module", "--check"],
                input=source,
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            )
            self.assertEqual(done.returncode, 0, f"{name}\n{done.stderr}")
