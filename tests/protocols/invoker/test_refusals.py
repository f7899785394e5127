"""Every refusal of the games and of their money has a word of the document's."""

import re
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

import gameserver
from gameserver.errors import Code, GameError
from gameserver.protocols.invoker.refusals import OPERATORS, WORDS, DocumentedResource, error_payload, login_error

ROOT = Path(gameserver.__file__).parent
#: Codes of pages that keep their lower-case texts, and of a ledger that is full.
OWN = {Code.BAD_REQUEST, Code.BUSY, Code.INTERNAL}


def codes_in(*packages: str) -> set[Code]:
    texts = [path.read_text() for name in packages for path in sorted((ROOT / name).rglob("*.py"))]
    return {Code[name] for text in texts for name in re.findall(r"\bCode\.([A-Z_]+)\b", text)}


class RefusalTests(SynchronousTestCase):
    def test_no_code_is_without_a_word(self) -> None:
        raised = codes_in("wallet", "games/fair", "protocols/invoker")
        self.assertGreater(len(raised), 50)
        self.assertEqual(raised - set(WORDS) - set(OPERATORS) - OWN - {Code.BANNED}, set())

    def test_no_word_is_for_a_code_that_nobody_raises(self) -> None:
        raised = codes_in("wallet", "games/fair", "protocols/invoker/play")
        files = [path for path in (ROOT / "protocols/invoker").rglob("*.py") if path.name != "refusals.py"]
        for path in files:
            raised |= {Code[name] for name in re.findall(r"\bCode\.([A-Z_]+)\b", path.read_text())}
        # The resource itself refuses a method.
        self.assertEqual((set(WORDS) | set(OPERATORS)) - raised, {Code.METHOD})

    def test_the_reason_comes_first_in_the_details(self) -> None:
        error = GameError(Code.BET_TOO_LOW, "Too low.", {"minBet": "0.10", "maxBet": "9.00"})
        self.assertEqual(
            error_payload(error, "7"),
            {
                "code": "BET_LIMIT_EXCEEDED",
                "message": "Too low.",
                "details": '{"reason":"BET_AMOUNT_TOO_LOW","minBet":"0.10","maxBet":"9.00"}',
                "requestId": "7",
            },
        )
        self.assertEqual(error_payload(GameError(Code.NO_ROUND, "No."), 7)["details"], "{}")

    def test_codes_of_the_rest_of_the_server(self) -> None:
        for code, word in (
            (Code.BANNED, "UNAUTHORIZED"),
            (Code.BUSY, "INTERNAL_ERROR"),
            (Code.INTERNAL, "INTERNAL_ERROR"),
            (Code.MUTED, "INVALID_PARAMS"),
        ):
            self.assertEqual(error_payload(GameError(code, "No."), "")["code"], word)
        self.assertEqual(login_error(GameError(Code.BANNED, "No.")), {"code": "UNAUTHORIZED", "message": "No."})
        self.assertEqual(login_error(GameError(Code.GAME_TOKEN_EXPIRED, "No."))["code"], "INVALID_TOKEN")

    def test_a_page_says_that_a_token_has_expired(self) -> None:
        for code, status, word in (
            (Code.GAME_TOKEN_EXPIRED, 401, "TOKEN_EXPIRED"),
            (Code.BAD_GAME_TOKEN, 401, "INVALID_TOKEN"),
            (Code.BAD_CREDENTIALS, 401, "bad_credentials"),
            (Code.NO_ROUND, 404, "GAME_NOT_FOUND"),
        ):
            answered = DocumentedResource().refusal(GameError(code, "No."))
            self.assertEqual(answered, (status, {"code": word, "text": "No."}))
