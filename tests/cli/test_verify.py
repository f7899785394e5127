"""``gameserver verify``, as a player runs it."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stderr, redirect_stdout

from twisted.trial.unittest import SynchronousTestCase

from gameserver.cli.main import main
from gameserver.games.fair.seeds import commitment

SEEDS = ("--server-seed", "server seed", "--client-seed", "client seed", "--nonce", "1")


def verify(*arguments: str) -> tuple[int, str, str]:
    """Exit status, output, errors."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        try:
            status = main(["verify", *arguments])
        except SystemExit as ended:
            status = int(ended.code or 0)
    return status, out.getvalue(), err.getvalue()


class VerifyTests(SynchronousTestCase):
    def last(self, *arguments: str) -> list[str]:
        status, out, err = verify(arguments[0], *SEEDS, *arguments[1:])
        self.assertEqual((status, err), (0, ""))
        return out.splitlines()

    def test_dice(self) -> None:
        lines = self.last("dice", "--target", "50", "--condition", "OVER")
        self.assertEqual(lines[1].split()[1], commitment("server seed"))
        self.assertEqual(lines[-1], "bet         OVER 50, 1.9803: won")
        self.assertEqual(self.last("dice")[-1], "roll        74.67")

    def test_mines_keno_blackjack(self) -> None:
        self.assertEqual(self.last("mines", "--mines", "3")[-1], "mines       5 15 18")
        self.assertEqual(self.last("keno", "--numbers", "4,1,24")[-3:-1], [
            "drawn       4 10 22 24 25 26 30 35 37 39", "matched     4 24 (2 of 3)",
        ])  # fmt: skip
        lines = self.last("blackjack", "--actions", "stand:0")
        self.assertEqual(lines[-2:], ["hand 0      8D 9D (17) push", "dealer      QC 7C (17)"])
        self.assertIn("262 more", lines[-3])

    def test_json_is_the_answer_of_the_http_interface(self) -> None:
        status, out, _ = verify("dice", *SEEDS, "--json")
        self.assertEqual((status, json.loads(out)["roll"]), (0, 74.67))

    def test_a_wrong_commitment_and_wrong_parameters_are_status_1(self) -> None:
        shown = commitment("server seed")
        self.assertEqual(verify("dice", *SEEDS, "--commitment", shown.upper())[0], 0)
        for arguments in (
            ("--commitment", "0" * 64),
            ("--commitment", "é"),
            ("--target", "97", "--condition", "OVER"),
        ):
            status, _, err = verify("dice", *SEEDS, *arguments)
            self.assertEqual((status, err.count("\n")), (1, 1), err)
        self.assertEqual(verify("keno", *SEEDS, "--numbers", "1,1")[0], 1)
        self.assertEqual(verify("keno", *SEEDS, "--numbers", "one")[0], 2)
        self.assertEqual(verify("dice", "--server-seed", "x")[0], 2)
