"""The page about fairness says what the program does: its commands are run, its tables computed."""

from __future__ import annotations

import io
import re
import shlex
from contextlib import redirect_stdout
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from gameserver.cli.main import main
from gameserver.games.fair import rtp
from gameserver.games.fair.keno_tables import DIFFICULTIES, TABLES
from gameserver.games.fair.mines import GRIDS
from gameserver.games.fair.money import format_multiplier

PAGE = (Path(__file__).parents[2] / "docs" / "fairness.md").read_text(encoding="utf-8")


def span(found: rtp.Range) -> str:
    return f"| {rtp.percent(found.lowest)} to {rtp.percent(found.highest)} % |"


class FairnessPageTests(SynchronousTestCase):
    def test_the_commands_print_what_the_page_shows(self) -> None:
        blocks = re.findall(r"^```console\n\$ gameserver ([^\n]*)\n(.*?)^```$", PAGE, re.M | re.S)
        self.assertEqual(len(blocks), 3)
        for command, shown in blocks:
            printed = io.StringIO()
            with redirect_stdout(printed):
                self.assertEqual(main(shlex.split(command)), 0)
            self.assertEqual(printed.getvalue(), shown)

    def test_the_pay_tables_and_returns_are_the_programs(self) -> None:
        rows = re.findall(r"^\| (\d+) \| ([\d. ]+) \| ([\d.]+) % \|$", PAGE, re.M)
        expected = [
            (str(picks), " ".join(map(format_multiplier, row)), rtp.percent(rtp.keno_return(name, picks)))
            for name in DIFFICULTIES
            for picks, row in enumerate(TABLES[name], 1)
        ]
        self.assertEqual(rows, expected)
        self.assertIn(f"returns {rtp.percent(rtp.keno_return('seed', 5))} %", PAGE)
        self.assertRegex(PAGE, re.escape(span(rtp.dice_range())))
        for grid in GRIDS:
            self.assertRegex(PAGE, rf"(?m)^\| mines {grid} .*{re.escape(span(rtp.mines_range(grid)))}$")
