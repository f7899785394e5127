"""The browser's verifier, run by Node.js when there is one, against the same vectors."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import msgspec
from twisted.trial.unittest import SkipTest, SynchronousTestCase

import gameserver.web
from gameserver.games.fair.mines import mines_bet
from gameserver.games.fair.money import format_multiplier
from gameserver.games.fair.verify import verify_dice, verify_keno, verify_mines
from gameserver.games.fair.verify_blackjack import verify_blackjack
from tests.games.fair.data_files import VECTORS

SCRIPTS = Path(gameserver.web.__file__).parent / "static" / "fair"

#: Reads one call a line, [function, arguments], and prints one answer a line.
HARNESS = """
import { createInterface } from "node:readline";
import * as verify from "./verify.js";
for await (const line of createInterface({ input: process.stdin })) {
  const [name, given] = JSON.parse(line);
  let answer;
  try { answer = await verify[name](...given); } catch (error) { answer = { error: error.name }; }
  console.log(JSON.stringify(answer));
}
"""


def in_node(calls: list[tuple[str, list[object]]]) -> list[Any]:
    """What the functions of the module answer. ``SkipTest`` without a Node.js that has WebCrypto."""
    node = shutil.which("node")
    if node is None:
        raise SkipTest("node is not installed: the browser's verifier was not run")
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    if int(version.lstrip("v").split(".")[0]) < 19:
        raise SkipTest(f"node {version.strip()} has no WebCrypto by itself (19 has): the verifier was not run")
    with tempfile.TemporaryDirectory() as folder:
        for script in SCRIPTS.glob("*.js"):
            shutil.copy(script, folder)
        Path(folder, "package.json").write_text('{"type": "module"}')
        Path(folder, "harness.js").write_text(HARNESS)
        given = "".join(json.dumps(call) + "\n" for call in calls)
        done = subprocess.run(
            [node, "harness.js"], cwd=folder, input=given, capture_output=True, text=True, timeout=60, check=False
        )
    if done.returncode:
        raise AssertionError(done.stderr)
    return [json.loads(line) for line in done.stdout.splitlines()]


def plain(found: object) -> Any:
    return msgspec.json.decode(msgspec.json.encode(found))


class BrowserTests(SynchronousTestCase):
    def agree(self, pairs: list[tuple[str, dict[str, object], Any]]) -> None:
        """The browser's answers have nothing that differs from ours."""
        answers = in_node([(name, [given]) for name, given, _ in pairs])
        self.assertEqual(len(answers), len(pairs))
        for (name, given, expected), answer in zip(pairs, answers, strict=True):
            self.assertEqual(answer, {key: expected[key] for key in answer}, f"{name} {given}")
            self.assertTrue({"hashedServerSeed", "rounds"} < set(answer))

    def test_outcomes_and_steps_are_the_servers(self) -> None:
        pairs: list[tuple[str, dict[str, object], Any]] = []
        for number, vector in enumerate(VECTORS):
            values = (vector["server"], vector["client"], vector["nonce"])
            given = dict(zip(("serverSeed", "clientSeed", "nonce"), values, strict=True))
            target, condition = 4 + number % 93, ("OVER", "UNDER")[number % 2]
            bet = {"target": target, "condition": condition}
            pairs.append(("verifyDice", {**given, **bet}, plain(verify_dice(*values, target, condition))))
            pairs.append(("verifyDice", given, plain(verify_dice(*values))))
            pairs.append(
                ("verifyKeno", {**given, "selectedNumbers": [3, 7, 15]}, plain(verify_keno(*values, [3, 7, 15])))
            )
            for count, grid in ((24, "5x5"), (2, "3x3"), (8, "7x7")):
                asked = {**given, "minesCount": count, "gridType": grid}
                pairs.append(("verifyMines", asked, plain(verify_mines(*values, count, grid))))
        self.agree(pairs)

    def test_the_shoe_is_the_servers(self) -> None:
        pairs = []
        for vector in VECTORS[:5]:
            given = {"serverSeed": vector["server"], "clientSeed": vector["client"], "nonce": vector["nonce"]}
            expected = plain(verify_blackjack(*given.values()))
            order = [step["taken"] for step in expected["draws"]]
            expected["shuffledOrder"] = order
            expected["playerCards"], expected["dealerCards"] = [order[0], order[2]], [order[1], order[3]]
            pairs.append(("verifyBlackjack", given, expected))
        self.agree(pairs)

    def test_commitment_multipliers_and_refusals(self) -> None:
        bets = [("5x5", 5, 2), ("7x7", 24, 25), ("3x3", 8, 1), ("5x5", 12, 13), ("5x5", 3, 0)]
        seeds = {"serverSeed": "s", "clientSeed": "client seed"}
        answers = in_node(
            [("minesMultiplier", list(bet)) for bet in bets]
            + [("isCommitted", [VECTORS[0]["server"], VECTORS[0]["commitment"].upper()])]
            + [("isCommitted", [VECTORS[0]["server"], VECTORS[1]["commitment"]])]
            + [("verifyDice", [{**seeds, "nonce": nonce}]) for nonce in (-1, 0.5, "1", 2**53)]
            + [("verifyMines", [{**seeds, "nonce": 0, "minesCount": 25}])]
        )
        expected = [format_multiplier(mines_bet(mines, grid).multiplier(safe)) for grid, mines, safe in bets]
        self.assertEqual(answers[:5], expected)
        self.assertEqual(answers[5:7], [True, False])
        self.assertEqual(answers[7:], [{"error": "RangeError"}] * 5)
