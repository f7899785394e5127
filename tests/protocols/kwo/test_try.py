"""``gameserver kwo try``: what each line of a log would become."""

from __future__ import annotations

import contextlib
import io

from twisted.trial.unittest import SynchronousTestCase

from gameserver.cli.main import main
from tests.directories import temporary_directory

LOG = """\
[12:34:50] [Server thread/INFO]: Starting minecraft server
[12:34:56] [Server thread/INFO]: Done (0.977s)! For help, type "help"
[12:34:57] [Server thread/INFO]: Steve joined the game
[12:34:58] [Server thread/INFO]: <Steve> Bob left the game
[12:34:59] [Server thread/INFO]: Steve issued server command: /home
\x1b[33m[12:35:00] [Server thread/INFO]: [Shop] Steve sells 3 apples\x1b[m
[12:35:01] [Server thread/INFO]: Steve left the game
"""


class TryTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.where = temporary_directory()
        self.log = self.where / "log"
        self.log.write_text(LOG)

    def tried(self, *arguments: str, settings: tuple[str, ...] = (), status: int = 0) -> list[str]:
        out, err = io.StringIO(), io.StringIO()
        options = [option for setting in settings for option in ("--set", setting)]
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            ended = main(["--data-dir", str(self.where), *options, "kwo", "try", str(self.log), *arguments])
        self.assertEqual(ended, status, out.getvalue() + err.getvalue())
        return (err if status else out).getvalue().splitlines()

    def test_every_line_and_the_sum(self) -> None:
        *lines, total, hint = self.tried("--dialect", "java")
        self.assertEqual(
            [line.partition("    < ")[0] for line in lines],
            [
                "output   Starting minecraft server",
                'ready    [12:34:56] [Server thread/INFO]: Done (0.977s)! For help, type "help"',
                "join     Steve",
                "chat     Steve: Bob left the game",
                "noise    [12:34:59] [Server thread/INFO]: Steve issued server command: /home",
                "output   [Shop] Steve sells 3 apples",
                "left     Steve",
            ],
        )
        self.assertTrue(lines[2].endswith("    < [12:34:57] [Server thread/INFO]: Steve joined the game"))
        self.assertEqual(total, "-- 2 output, 1 ready, 1 join, 1 chat, 1 noise, 1 left")
        self.assertTrue(hint.startswith("-- java: "))

    def test_rules_of_one_s_own_on_the_way_to_the_configuration(self) -> None:
        rule = r"plantext=\[Shop\] (?P<text>.*)"
        self.assertIn("plantext Steve sells 3 apples", self.tried("--dialect", "java", "--rule", rule)[5])
        own = ("--dialect", "own", "--prefix", r"\[[\d:]+\] \[[^\]]*\]: ", "--rule", r"join=(\w+) joined the game")
        lines = self.tried(*own)
        self.assertTrue(lines[2].startswith("join     Steve    < "), lines)
        self.assertIn("No rule knows when it is ready", lines[-1])

    def test_a_server_of_the_configuration(self) -> None:
        section = "kwo.servers.a={dialect='java', rules=[{event='plantext', pattern='\\[Shop\\] (.*)'}]}"
        self.assertIn("plantext Steve sells 3 apples", self.tried("--server", "a", settings=(section,))[5])

    def test_a_log_without_the_word_says_so(self) -> None:
        self.log.write_text(LOG.replace("Done", "Gone"))
        self.assertTrue(any("No line says that it is ready" in line for line in self.tried("--dialect", "java")))

    def test_what_is_refused(self) -> None:
        for arguments, reason in (
            ((), "Name a dialect"),
            (("--server", "b"), "no server b"),
            (("--dialect", "java", "--rule", "fly=x"), "EVENT=PATTERN"),
            (("--dialect", "java", "--rule", "join=(?=x)"), r"rules\[0\].pattern"),
        ):
            (line,) = self.tried(*arguments, status=1)
            self.assertRegex(line, rf"\Agameserver: .*{reason}")
        self.log.unlink()
        (line,) = self.tried("--dialect", "java", status=1)
        self.assertIn("No such file", line)
