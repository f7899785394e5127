"""Which passwords are easy to guess, and what finding that out may cost."""

from __future__ import annotations

import time

from twisted.trial.unittest import SynchronousTestCase

from gameserver.accounts.password_rules import LONGEST, weakness


class WeaknessTests(SynchronousTestCase):
    def test_what_is_easy_to_guess_has_a_reason_and_what_is_not_has_none(self) -> None:
        self.assertEqual(weakness("secret"), "This is a top-100 common password.")
        self.assertEqual(weakness("annabella7", "annabella"), "This password is easy to guess.")
        for good in ("horses paint 5 windows", "k3v9-qwx2-71pz", ""):
            self.assertEqual(weakness(good), "", good)

    def test_a_name_of_the_owner_counts(self) -> None:
        self.assertNotEqual(weakness("zorglub@work", "zorglub", "zorglub@work"), "")

    def test_nothing_takes_long(self) -> None:
        # What zxcvbn alone needs a second and more for: many characters that may stand for letters, much of it.
        for word in (
            "4@8({[<3691!|0$5+72%z" * 3,
            "@4({[<" * 10,
            "2001200220032004" * 16,
            "a" * LONGEST,
            "qwerty" * 40,
        ):
            began = time.process_time()
            weakness(word, word, word)
            self.assertLess(time.process_time() - began, 0.2, word[:20])
