"""The first rounds of a game of Catan against the computer, by clicking."""

from __future__ import annotations

from tests.browser.site import SiteTestCase

#: Seconds the founding and two rounds may take.
LONGEST = 300

#: What is clicked when it is offered, the first that is there: a marked place, the dice, the end of the turn.
OFFERED = (".catan [data-option]", ".option", "#roll", "#end-turn", "#end-play")


class FirstRounds(SiteTestCase):
    def test_founding_and_two_rounds(self) -> None:
        browser = self.browser
        browser.open()
        browser.click("#quick-catan")
        browser.see(".catan [data-option]")
        # A refusal leaves everything as it was.
        browser.click("#end-play")
        browser.says("#log", "endPlay")
        browser.see(".catan [data-option]")
        browser.until("the third round", self._step, LONGEST)
        self.assertGreaterEqual(len(browser.all(".catan .road")), 4)
        browser.says("#standings", "points")
        browser.picture("catan")

    def _step(self) -> bool:
        """Click the first thing offered; return whether the third round has come."""
        browser = self.browser
        browser.press(*OFFERED)
        return "Round 3" in browser.see("#state").text
