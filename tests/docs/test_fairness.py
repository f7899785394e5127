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
from gameserver.games.fair.blackjack_value import RETURN
from gameserver.games.fair.keno_tables import DEFAULT, DIFFICULTIES, TABLES
from gameserver.games.fair.mines import GRIDS
from gameserver.games.fair.money import format_multiplier
from gameserver.games.fair.returns import Returns, returns
from gameserver.games.fair.rtp import Range
from gameserver.protocols.invoker.books import currencies
from gameserver.protocols.invoker.commands.returns import page, span
from gameserver.protocols.invoker.config import Invoker

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "fairness.md").read_text(encoding="utf-8")


def cell(found: Range) -> str:
    return f"| {span(found)} % |"


def summary() -> list[str]:
    """The lines about what is cut off: every game, and the tables of keno together but for the document's own."""
    lines = []
    for code, currency in currencies(Invoker()).items():
        groups: dict[str, list[Returns]] = {}
        for found in returns(currency.limits):
            groups.setdefault(_group(found), []).append(found)
        for name, several in groups.items():
            least, most = (
                Range(min(at.lowest for at in ends), max(at.highest for at in ends))
                for ends in ([each.at_least for each in several], [each.at_greatest for each in several])
            )
            any_bet = rtp.percent(min(each.lowest for each in several))
            lines.append(f"| {name} | {code} | {span(least)} % | {span(most)} % | {any_bet} % |")
    return lines


def _group(found: Returns) -> str:
    row = found.row
    if (row.name, row.picks) == (DEFAULT, 5):
        return "keno, the document's row"
    return "keno, every other row" if row.game == "keno" else row.game


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
        self.assertRegex(PAGE, re.escape(cell(rtp.dice_range())))
        for grid in GRIDS:
            self.assertRegex(PAGE, rf"(?m)^\| mines {grid} .*{re.escape(cell(rtp.mines_range(grid)))}$")

    def test_what_is_cut_off_is_the_programs(self) -> None:
        self.assertIn("\n".join(summary()) + "\n\n", PAGE)
        self.assertIn(f"Played perfectly it returns {rtp.percent(RETURN)} % of the first stake", PAGE)

    def test_the_page_of_returns_is_the_programs(self) -> None:
        kept = (DOCS / "returns.md").read_text(encoding="utf-8")
        made = page(currencies(Invoker()).values())
        self.assertTrue(kept == made, "run: gameserver returns > docs/returns.md")
