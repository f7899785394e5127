"""Where released clients look, in the command and on the page."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from gameserver.cli.main import main
from gameserver.protocols.techmino.releases import RELEASES

PAGE = Path(__file__).resolve().parents[3] / "docs" / "techmino.md"


class HostsTests(SynchronousTestCase):
    def run_command(self, address: str) -> tuple[int, str, str]:
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            status = main(["techmino-hosts", address])
        return status, out.getvalue(), err.getvalue()

    def test_every_name_has_a_line_with_the_address(self) -> None:
        status, out, _ = self.run_command("192.0.2.7")
        self.assertEqual(status, 0)
        entries = [line.partition("#")[0].split() for line in out.splitlines() if not line.startswith("#")]
        names = {releases.host for releases in RELEASES if releases.named}
        self.assertEqual({name: address for address, name in entries}, dict.fromkeys(names, "192.0.2.7"))
        self.assertIn("# 0.17.1 to 0.17.6: port 10026 asks for 101.43.110.22 itself", out)
        self.assertTrue(all(len(line) < 120 for line in out.splitlines()))

    def test_what_is_no_address_is_refused(self) -> None:
        status, out, err = self.run_command("my-server")
        self.assertEqual((status, out), (1, ""))
        self.assertEqual(err, "gameserver: my-server is no IP address such as 192.168.1.10.\n")

    def test_the_page_has_the_same_table(self) -> None:
        text = PAGE.read_text("utf-8")
        for one in RELEASES:
            span = one.first if one.first == one.last else f"{one.first} to {one.last}"
            row = f"| {span} | {one.host} | {', '.join(map(str, one.ports))} | {one.login} |"
            self.assertEqual(text.count(row), 1, row)
