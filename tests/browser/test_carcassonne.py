"""A whole game of Carcassonne against the computer, by clicking."""

from __future__ import annotations

import time

from tests.browser.site import SiteTestCase

#: Seconds from one tile to the next. A game has 72, so that it has an end however slow the machine.
LONGEST = 120


class WholeGame(SiteTestCase):
    def test_from_the_first_page_to_the_winner(self) -> None:
        browser = self.browser
        browser.open()
        browser.click("#quick-carcassonne")
        browser.see("#draw")
        browser.until("the title to call", lambda: browser.driver.title.startswith("● "))
        turns = tiles = marked = 0
        deadline = time.monotonic() + LONGEST
        while not self._over():
            self.assertLess(time.monotonic(), deadline, browser.page())
            pressed = browser.press("#draw", "#lay", "[data-spot]", "[data-position]", "#end-turn")
            turns += pressed == "#lay"
            marked += len(browser.all("[data-latest]")) == 2
            lying = len(browser.all("[data-field]"))
            if lying > tiles:
                tiles, deadline = lying, time.monotonic() + LONGEST
        browser.says("#prompt", "has won!")
        self.assertGreater(turns, 25)
        self.assertGreater(marked, 5, "what both have laid last is not marked")
        browser.says("#log", "The game is over.")
        browser.says("#log", "final scoring")
        self.assertEqual(len(browser.all(".places li")), 2)
        self.assertFalse(browser.driver.title.startswith("● "))
        browser.picture("result")
        browser.see("#replay-link:not([hidden])")
        browser.click("#rematch")
        browser.until("the next game", lambda: browser.driver.current_url.endswith("-r2/start"))
        browser.click("#draw")
        browser.picture("carcassonne")
        self._replay()

    def _over(self) -> bool:
        return "has won!" in self.browser.text("#prompt")

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
