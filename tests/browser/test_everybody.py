"""The pages for those who have no mouse: by the keyboard alone, and on a phone."""

from __future__ import annotations

import time

from selenium.webdriver.common.keys import Keys

from tests.browser.browser import IN_SIGHT, PHONE, REACHED
from tests.browser.site import SiteTestCase


class Keyboard(SiteTestCase):
    def press(self, *keys: str) -> None:
        self.browser.keys(*keys)

    def reach(self, css: str, key: str = Keys.TAB) -> None:
        """Go on with Tab, or back with Shift and Tab, until an element has the focus."""
        self.browser.see(css)
        for _ in range(80):
            if self.browser.driver.execute_script(REACHED, css):
                return
            self.press(key)
        self.fail(f"{css} cannot be reached: {self.browser.page()}")

    def focus_stays(self, css: str) -> None:
        """Outlast some looks at the server with the focus on an element."""
        browser = self.browser
        looks = "return performance.getEntriesByType('resource').length + document.querySelectorAll('*').length"
        browser.see(css)
        browser.driver.execute_script("document.querySelector(arguments[0]).focus()", css)
        before = browser.driver.execute_script(looks)
        browser.until("another look", lambda: browser.driver.execute_script(looks) != before)
        self.assertTrue(browser.driver.execute_script(REACHED, css))

    def test_a_turn_of_carcassonne(self) -> None:
        browser = self.browser
        browser.open()
        self.reach("#quick-carcassonne")
        self.press(Keys.ENTER)
        self.reach("#draw")
        self.press(Keys.ENTER)
        browser.see("[data-spot]")
        meadow = browser.see("#actions svg .meadow").value_of_css_property("fill")
        self.assertNotEqual(meadow, "rgb(0, 0, 0)", "the drawn tile is a black square")
        self.reach("[data-spot]", Keys.SHIFT + Keys.TAB)
        self.press(Keys.ENTER)
        browser.until("the focus on the next step", lambda: browser.driver.execute_script(REACHED, "#lay"))
        self.press(Keys.ENTER)
        self.reach("#end-turn")
        self.press(Keys.ENTER)
        browser.until("the computer's answer", lambda: len(browser.all("[data-field]")) >= 3)
        # The keyboard is still where the next step will be.
        self.reach("#draw")

    def test_a_tower_of_creepsmash(self) -> None:
        browser = self.browser
        browser.open()
        browser.click("#quick-creepsmash")
        self.reach("[data-tower]:enabled")
        self.press(Keys.ENTER)
        browser.until("the focus on the field", lambda: browser.driver.execute_script(REACHED, "#battlefield"))
        before = browser.text("#standings li")
        for _ in range(16):
            self.press(Keys.ARROW_UP)
            said = browser.text(".creepsmash [aria-live]")
            if said.endswith(": free"):
                break
        self.assertIn("Column 9, row", said)
        self.press(Keys.ENTER)
        browser.until("the tower's price to be paid", lambda: browser.see("#standings li").text != before)
        browser.until("the tower to be told", self._tower_is_told)

    def _tower_is_told(self) -> bool:
        """Step off the cell and back on."""
        self.press(Keys.ARROW_RIGHT)
        self.press(Keys.ARROW_LEFT)
        return "BASIC" in self.browser.see(".creepsmash [aria-live]").text.upper()

    def test_lists_that_are_looked_up_again_keep_the_focus(self) -> None:
        browser = self.browser
        self.sign_up("keys")
        browser.open("season/ss14")
        browser.type("#game-name", "table")
        browser.click("#create")
        browser.see("#start-game")
        browser.open("season/ss14")
        browser.see("#games .watch")
        self.focus_stays("#games .watch")
        browser.open("fair/mines")
        browser.see("#commitment")
        browser.click("#bet")
        browser.until("an open round", lambda: browser.see("[data-tile='3']").is_enabled())
        self.reach("[data-tile='3']")
        self.press(Keys.ENTER)
        browser.until("a tile", lambda: browser.all("#bets li") or browser.see("#cash-out").is_enabled())
        place = browser.driver.execute_script("return document.activeElement.closest('.tiles') !== null")
        self.assertTrue(place, "the keyboard was thrown out of the field")

    def test_the_skip_link_stays_on_the_page(self) -> None:
        browser = self.browser
        browser.open("chat")
        browser.see("#talk")
        self.reach(".skip")
        self.press(Keys.ENTER)
        self.assertTrue(browser.driver.execute_script(REACHED, "main"))
        browser.see("#talk")
        self.assertIn("#/chat", browser.driver.current_url)
        self.assertEqual(browser.driver.title, "Chat · gameserver")

    def test_addresses_that_lead_nowhere(self) -> None:
        browser = self.browser
        self.sign_up("lost")
        for page in ("season/nowhere", "fair/toString", "match/ss99/x"):
            browser.open(page)
            browser.says("main", "There is no such page.")
        browser.open("%E0%A4%A")
        browser.see("#quick-carcassonne")

    def test_a_page_that_was_left_does_not_come_back(self) -> None:
        browser = self.browser
        self.sign_up("hasty")
        browser.driver.execute_script(
            "const real = fetch;"
            "window.fetch = async (...asked) => {"
            "  await new Promise((resolve) => setTimeout(resolve, 500));"
            "  return real(...asked).finally(() => { window.answered = asked[0]; });"
            "};"
            "location.hash = '#/fair/dice'"
        )
        browser.until("the games' page to begin", lambda: "#/fair" in browser.driver.current_url)
        browser.driver.execute_script("location.hash = '#/chat'")
        browser.see("#talk")
        browser.until("the answer", lambda: browser.driver.execute_script("return window.answered"))
        # What the page that was left does with its answer takes another moment.
        deadline = time.monotonic() + 1.5
        browser.until("the old page to end", lambda: browser.all("#balance") or time.monotonic() > deadline)
        self.assertEqual(browser.all("#balance"), [])


class Phone(SiteTestCase):
    def test_the_first_turn_needs_no_search(self) -> None:
        browser = self.browser
        browser.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", PHONE)
        self.addCleanup(browser.driver.execute_cdp_cmd, "Emulation.clearDeviceMetricsOverride", {})
        browser.open()
        for page in ("", "chat", "fair/dice"):
            browser.open(page)
            browser.see("h1")
            self.assertLessEqual(browser.driver.execute_script("return document.documentElement.scrollWidth"), 390)
        browser.open()
        browser.click("#quick-carcassonne")
        draw = browser.see("#draw")
        browser.driver.execute_script("scrollTo(0, 0)")
        self.assertTrue(browser.driver.execute_script(IN_SIGHT, draw))
        browser.picture("phone")
