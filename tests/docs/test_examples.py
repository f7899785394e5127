"""What the pages give to be copied is right: configurations, commands of operators, the README's chat client."""

from __future__ import annotations

import ast
import re
import shlex
import subprocess
import sys
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from gameserver.cli.main import parser
from tests.configuration import load
from tests.directories import temporary_directory
from tests.integration.server import PATIENCE, Server

ROOT = Path(__file__).resolve().parents[2]
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), *sorted((ROOT / "docs" / "how-to").glob("*.md")))

#: Languages of fenced blocks, each with a test that holds them to the program, or with a reason to need none.
LANGUAGES = {
    "{sequence}": "played by the test of the page",
    "console": "run by the test of docs/fairness.md",
    "toml": "loaded here",
    "python": "run here",
    "json": "compared by tests/web/test_resources.py",
    "js": "the browser tests import the same module",
    "ini": "systemd's",
    "{toctree}": "Sphinx's",
}


def blocks(language: str) -> list[tuple[str, str]]:
    """Return the fenced blocks in a language, with the names of their pages."""
    fence = re.compile(rf"^```{re.escape(language)}\n(.*?)^```$", re.M | re.S)
    return [(page.name, body) for page in PAGES for body in fence.findall(page.read_text("utf-8"))]


class ExampleTests(SynchronousTestCase):
    def test_every_fenced_block_is_held_to_the_program_somewhere(self) -> None:
        for page in PAGES:
            for language in re.findall(r"^```([^\s`]+)", page.read_text("utf-8"), re.M):
                self.assertIn(language, LANGUAGES, page.name)
            if "```{sequence}" in page.read_text("utf-8"):
                self.assertTrue((ROOT / "tests" / "docs" / f"test_{page.stem}.py").exists(), page.name)

    def test_every_configuration_can_be_loaded(self) -> None:
        found = blocks("toml")
        self.assertGreaterEqual(len(found), 6)
        for page, text in found:
            if "[[kwo.servers.survival.rules]]" in text:
                # It goes on where the block before it has ended.
                text = '[kwo.servers.survival]\ncommand = ["x"]\n' + text
            file = temporary_directory() / "gameserver.toml"
            file.write_text(text, "utf-8")
            with self.subTest(page):
                load(file=file, environment={})

    def test_every_command_is_one(self) -> None:
        lines = [
            (page.name, line)
            for page in PAGES
            for line in re.findall(r"^    (?:\.venv/bin/)?gameserver (.*)$", page.read_text("utf-8"), re.M)
        ]
        self.assertGreaterEqual(len(lines), 12)
        for page, line in lines:
            # An optional part is taken, of several values the first.
            command = re.sub(r"[\[\]]", "", line.partition(" > ")[0])
            words = [word.partition("|")[0] for word in shlex.split(command)]
            words = ["player" if word == "R" else word for word in words]
            with self.subTest(page, line=line):
                self.assertTrue(callable(parser().parse_args(words).run))


class ReadmeTests(SynchronousTestCase):
    def test_ten_lines_of_python_are_a_chat_client(self) -> None:
        ((_, program),) = blocks("python")
        self.assertIn("4004", program)
        server = Server(protocols=("chat.tcp",)).start()
        self.addCleanup(server.kill)
        program = program.replace("4004", str(server.ports["chat.tcp"]))
        with subprocess.Popen([sys.executable, "-u", "-c", program], stdout=subprocess.PIPE, text=True) as client:
            self.addCleanup(client.kill)
            assert client.stdout is not None
            answers = [ast.literal_eval(client.stdout.readline()) for _ in range(2)]
            client.kill()
            client.wait(PATIENCE)
        self.assertEqual(answers[0]["Flag"], 1)
        self.assertEqual(answers[1], {"Command": "32", "Speaker": "anne", "Message": "hello all"})
        self.assertEqual(server.stop(), 0)
