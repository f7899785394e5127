"""A whole game of Carcassonne against the computer, by clicking."""

from __future__ import annotations

import time

from tests.browser.site import SiteTestCase

#: Seconds a whole game may take.
LONGEST = 300


class WholeGame(SiteTestCase):
    def test_from_the_first_page_to_the_winner(self) -> None:
        browser = self.browser
        browser.open()
        browser.click("#quick-carcassonne")
        browser.see("#draw")
        turns = 0
        deadline = time.monotonic() + LONGEST
        while not self._over():
            self.assertLess(time.monotonic(), deadline, browser.page())
            turns += browser.press("#draw", "#lay", "[data-spot]", "[data-position]", "#end-turn") == "#lay"
        browser.says("#prompt", "has won!")
        self.assertGreater(turns, 25)
        browser.says("#log", "The game is over.")
        browser.picture("carcassonne")
        self._replay()

    def _over(self) -> bool:
        return "has won!" in (self.browser.see("#prompt").text or "")

    def _replay(self) -> None:
        browser = self.browser
        browser.open("season/ss14")
        browser.click("#past a")
        slider = browser.see("#slider")
        browser.says("#log", "has won!")
        tiles = len(browser.all("[data-field]"))
        browser.driver.execute_script(
            "arguments[0].value = arguments[0].max / 2; arguments[0].dispatchEvent(new Event('input'))", slider
        )
        browser.until("fewer tiles in the middle of the game", lambda: 0 < len(browser.all("[data-field]")) < tiles)
        browser.picture("replay")
