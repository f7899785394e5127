"""An evening of two: an invitation by link, a whole game of Carcassonne by clicking, and another one."""

from __future__ import annotations

import time
from collections.abc import Callable

from selenium.webdriver.common.keys import Keys

from tests.browser.browser import PHONE, Browser
from tests.browser.site import SiteTestCase

#: Seconds from one tile to the next. A game has 72, so that it has an end however slow the machine.
LONGEST = 120

#: What somebody does whose turn it is.
STEPS = ("#lay", "#draw", "[data-spot]", "[data-position]", "#end-turn")

#: Tiles that are laid by the mouse at the beginning, and at the end. Those between are laid by a script that clicks
#: the same things: the game is the same, and nobody waits for the driver.
FIRST, LAST = 4, 2

#: How many tiles are left in the pile, as the page says.
LEFT = "return Number(document.querySelector('#state').textContent.match(/\\d+/)[0])"

#: A script: click what may be done, by the first of these that is there, until so few tiles are left in the pile.
PLAY_ON = """
const [steps, enough] = arguments;
const clock = setInterval(() => {
  const left = Number(document.querySelector("#state").textContent.match(/\\d+/)[0]);
  if (left <= enough) return clearInterval(clock);
  if (!document.querySelector("#prompt.prompt")) return;
  const next = steps.map((css) => document.querySelector(css)).find((one) => one);
  next?.dispatchEvent(new MouseEvent("click", { bubbles: true, detail: 1 }));
}, 20);
"""


class Evening(SiteTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.phone = Browser()
        self.addCleanup(self.phone.close)
        self.phone.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", PHONE)
        # A page that shows no motion shows what the others do at once.
        still = {"features": [{"name": "prefers-reduced-motion", "value": "reduce"}]}
        for one in (self.browser, self.phone):
            one.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", still)
        self.addCleanup(self.browser.driver.execute_cdp_cmd, "Emulation.setEmulatedMedia", {"features": []})
        self.phone.turn_to(self.site.ports["web.endpoints"])

    def test_from_an_invitation_to_the_next_game(self) -> None:
        host, guest = self.browser, self.phone
        host.open()
        host.click("#guest")
        host.see("#my-name")
        host.open("season/ss14")
        host.type("#game-name", "evening")
        host.click("#computers")
        host.click("#turn-time option[value='300']")
        host.click("#create")
        host.see("#start-game")
        host.type("#match-say", "good evening")
        host.keys(Keys.ENTER)
        host.says("#match-talk", "good evening")
        host.click("#invite summary")
        link = host.see(".invite-link").get_attribute("value")
        guest.driver.get(link)
        guest.click("#guest")
        guest.see("#start-game")
        # Who comes later finds what was said.
        guest.says("#match-talk", "good evening")
        host.until("both to be there", lambda: len(host.all("#standings li")) == 2)
        self._gone_and_back()
        host.click("#start-game")
        host.says("#clock", "left for your turn")
        guest.says("#clock", "Each turn has 300 s.")
        host.says("#standings", "to move")
        host.until("the title to call", lambda: host.driver.title.startswith("● "))
        marked = self._play()
        self.assertGreater(marked, 0, "what both have laid last is not marked")
        for one in (host, guest):
            one.says("#prompt", "has won!")
            one.says("#log", "final scoring, ")
            self.assertEqual(len(one.all(".places li")), 2)
            self.assertFalse(one.driver.title.startswith("● "))
            self.assertEqual(one.all("#clock:not(:empty)"), [])
        host.picture("carcassonne")
        guest.picture("result-phone")
        self.assertLessEqual(guest.driver.execute_script("return document.documentElement.scrollWidth"), 390)
        self._again()
        self._replay()
        self.assertEqual(guest.complaints(), [])

    def _gone_and_back(self) -> None:
        """Let the guest look at another page for a moment."""
        host, guest = self.browser, self.phone
        place = guest.driver.current_url
        guest.open("chat")
        host.says("#standings", "left to come back")
        guest.driver.get("about:blank")
        guest.driver.get(place)
        guest.see("#start-game")
        host.until("nobody to be missing", lambda: "left to come back" not in host.text("#standings"))

    def _play(self) -> int:
        """Play to the end; return at how many looks the latest turns of both were marked."""
        browser = self.browser
        whole = self._left()
        marked = self._by_mouse(lambda: self._left() <= whole - FIRST)
        for one in (browser, self.phone):
            one.driver.execute_script(PLAY_ON, STEPS, LAST)
        browser.until("the pile to shrink", lambda: self._left() <= LAST, 2 * LONGEST)
        return marked + self._by_mouse(lambda: browser.all("#rematch"))

    def _left(self) -> int:
        """Return how many tiles are in the pile."""
        return int(self.browser.driver.execute_script(LEFT))

    def _by_mouse(self, enough: Callable[[], object]) -> int:
        """Play by clicking until it is enough; return at how many looks the latest turns of both were marked."""
        marked = tiles = 0
        deadline = time.monotonic() + LONGEST
        while not enough():
            self.assertLess(time.monotonic(), deadline, self.browser.page())
            for one in (self.browser, self.phone):
                if one.all("#prompt.prompt"):
                    one.press(*STEPS)
            lying = len(self.browser.all("[data-field]"))
            if lying > tiles:
                tiles, deadline = lying, time.monotonic() + LONGEST
            marked += len(self.browser.all("[data-latest]")) == 2
        return marked

    def _again(self) -> None:
        host, guest = self.browser, self.phone
        host.click("#rematch")
        host.until("the next game", lambda: host.driver.current_url.endswith("/evening-r2"))
        guest.says("#rematch", "Join the next game")
        guest.click("#rematch")
        host.until("both to be there", lambda: len(host.all("#standings li")) == 2)
        guest.click("#start-game")
        host.click("#draw")

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
