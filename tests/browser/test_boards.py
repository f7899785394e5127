"""A board under mouse, fingers and keyboard."""

from __future__ import annotations

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from tests.browser.browser import PHONE, REACHED
from tests.browser.site import SiteTestCase

#: Where the first tile is on the screen, and how wide: left, top, width.
FIRST_TILE = """
const box = document.querySelector("[data-field] rect").getBoundingClientRect();
return [box.left, box.top, box.width];
"""

#: The middle of what the argument selects.
MIDDLE = """
const box = document.querySelector(arguments[0]).getBoundingClientRect();
return [box.left + box.width / 2, box.top + box.height / 2];
"""

#: The places of the board, and the one that has the focus.
SPOTS = "return [...document.querySelectorAll('[data-spot]')].map((one) => one.dataset.spot)"
FOCUSED_SPOT = "return document.activeElement.dataset.spot"


class Boards(SiteTestCase):
    def place(self) -> list[float]:
        """Return where the first tile is, and how wide."""
        found: list[float] = self.browser.driver.execute_script(FIRST_TILE)
        return found

    def near(self, found: float, wanted: float, within: float) -> None:
        """Check a length as far as a screen of pixels allows."""
        self.assertLess(abs(found - wanted), within, f"{found} is not {wanted}")

    def pinch(self, css: str, before: float, after: float) -> None:
        """Put two fingers on something, so many pixels apart, and move them until they are as far apart as then."""
        command = self.browser.driver.execute_cdp_cmd
        x, y = self.browser.driver.execute_script(MIDDLE, css)
        for kind, apart in (("touchStart", before), ("touchMove", (before + after) / 2), ("touchMove", after)):
            fingers = [{"x": x + sign * apart / 2, "y": y, "id": sign + 1} for sign in (-1, 1)]
            command("Input.dispatchTouchEvent", {"type": kind, "touchPoints": fingers})
        command("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    def stays_where_it_is(self) -> None:
        """Wait until the board has been drawn anew, which gives the keyboard to the same place of it."""
        script = self.browser.driver.execute_script
        here = script("window.before = document.activeElement; return before.dataset.spot")
        self.browser.until("the board to be drawn anew", lambda: not script("return before.isConnected"))
        self.assertEqual(script(FOCUSED_SPOT), here)

    def test_a_board_of_carcassonne(self) -> None:
        browser = self.browser
        browser.open()
        browser.click("#quick-carcassonne")
        browser.see("#draw")
        svg = ".board > svg"
        # One to one under the mouse, and a drag chooses nothing.
        left, top, width = self.place()
        drag = ActionChains(browser.driver).move_to_element(browser.see(svg))
        drag.click_and_hold().move_by_offset(40, 20).move_by_offset(60, 30).release().perform()
        moved = self.place()
        self.near(moved[0] - left, 100, 6)
        self.near(moved[1] - top, 50, 6)
        # Buttons, and the way back.
        browser.click("[data-zoom='in']")
        self.near(self.place()[2] / width, 1.4, 0.05)
        browser.click("[data-zoom='all']")
        self.near(self.place()[2], width, 1)
        # By the keyboard: Enter leads on, arrows go from place to place, what is not sent can be taken back.
        browser.driver.execute_script("document.querySelector('#draw').focus()")
        browser.keys(Keys.ENTER)
        browser.until("the focus on a place", lambda: browser.driver.execute_script(REACHED, "[data-spot]"))
        # Asked in one go: the board may be drawn anew between two questions.
        spots = set(browser.driver.execute_script(SPOTS))
        here = browser.driver.execute_script(FOCUSED_SPOT)
        for key in (Keys.ARROW_RIGHT, Keys.ARROW_LEFT, Keys.ARROW_UP, Keys.ARROW_DOWN):
            browser.keys(key)
            browser.until("the focus on a place", lambda: browser.driver.execute_script(FOCUSED_SPOT) in spots)
        self.stays_where_it_is()
        if len(spots) > 1:
            self.assertEqual(len(browser.all("[data-spot][tabindex='0']")), 1)
        self.assertIsNotNone(here)
        browser.keys(Keys.ENTER)
        browser.until("the focus on the next step", lambda: browser.driver.execute_script(REACHED, "#lay"))
        browser.click("#take-back")
        browser.until(
            "nothing chosen", lambda: not browser.all("#lay") and len(browser.all("[data-spot]")) == len(spots)
        )
        browser.click("[data-spot]")
        browser.click("#lay")
        browser.see("#end-turn")
        browser.click("#end-turn")
        browser.until("the marks of two turns", lambda: len(browser.all("[data-latest]")) == 2)
        browser.picture("latest")
        browser.click("[data-zoom='latest']")
        # On a phone with two fingers.
        browser.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", PHONE)
        self.addCleanup(browser.driver.execute_cdp_cmd, "Emulation.clearDeviceMetricsOverride", {})
        browser.click("[data-zoom='all']")
        width = self.place()[2]
        self.pinch(svg, 100, 200)
        self.near(self.place()[2] / width, 2, 0.2)
        self.assertLessEqual(browser.driver.execute_script("return document.documentElement.scrollWidth"), 390)
