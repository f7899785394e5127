"""A match over a network that freezes, cuts and delays."""

from __future__ import annotations

import json
import time
import urllib.request
from typing import Any

from chaos.proxy import Proxy
from tests.browser.browser import PHONE, REACHED
from tests.browser.site import SiteTestCase

#: Whether the buttons of a match can be pressed.
PRESSABLE = "return !document.querySelector('#actions').inert"

#: Let every frame be late, as on a busy machine: a match is there as a whole before it is drawn.
LATE_FRAMES = (
    "const next = requestAnimationFrame; window.requestAnimationFrame = (draw) => next(() => setTimeout(draw, 1500))"
)


#: An administrator's, hard to guess.
PASSWORD = "vUqe-81-lamp-Rotor"


class BadNetwork(SiteTestCase):
    # The browser's console notes every try that failed.
    expected = "net::ERR_|/healthz|WebSocket connection"

    def setUp(self) -> None:
        super().setUp()
        self.proxy = Proxy("127.0.0.1", self.site.ports["web.endpoints"])
        self.addCleanup(self.proxy.stop)
        self.browser.turn_to(self.proxy.port)

    def pressable(self) -> bool:
        return bool(self.browser.driver.execute_script(PRESSABLE))

    def back(self) -> None:
        """Wait until the page is in its seat again, by itself."""
        browser = self.browser
        browser.until(
            "the line to go", lambda: not browser.see("#connection").is_displayed() and self.pressable(), 40
        )

    def test_a_frozen_a_cut_a_slow_line_and_another_server(self) -> None:
        browser = self.browser
        browser.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", PHONE)
        self.addCleanup(browser.driver.execute_cdp_cmd, "Emulation.clearDeviceMetricsOverride", {})
        browser.open()
        browser.click("#quick-carcassonne")
        browser.click("#draw")
        browser.click("[data-spot]")
        browser.see("#lay")
        # Frozen: told, locked, and given up after ten seconds.
        self.proxy.freeze()
        browser.says("#connection", "No answer from the server", 9)
        self.assertFalse(self.pressable())
        self.assertLessEqual(browser.driver.execute_script("return document.documentElement.scrollWidth"), 390)
        browser.says("#connection", "The connection is lost.", 6)
        self.proxy.thaw()
        self.back()
        # In the same seat; and a line that is only slow says so.
        browser.click("[data-spot]")
        browser.see("#lay")
        self.proxy.delay = 3
        browser.click("#lay")
        browser.says("#connection", "Waiting for the server", 4)
        self.proxy.delay = 0
        self.back()
        browser.see("#end-turn")
        # Cut, with a healthy server behind it.
        self.assertGreater(self.proxy.cut(), 0)
        browser.says("#connection", "The connection is lost.", 5)
        self.back()
        # Nobody listens for a while.
        self.proxy.refuse()
        self.proxy.cut()
        browser.says("#connection", "The connection is lost.", 5)
        self.proxy.listen()
        browser.driver.execute_script("dispatchEvent(new Event('online'))")
        self.back()
        self.assertEqual(len(browser.all("[data-field]")), 2)
        browser.click("#end-turn")
        browser.see("#draw")
        # Who is kicked is told, and stays out.
        self._kick(browser.text("#my-name"))
        browser.says("#connection", "You have been kicked")
        deadline = time.monotonic() + 3
        browser.until("some time to go by", lambda: time.monotonic() > deadline)
        browser.says("#connection", "You have been kicked")
        self.assertEqual(browser.all("#connection button"), [])
        self.assertFalse(self.pressable())

    def test_a_line_that_freezes_keeps_the_keyboard_where_it_is(self) -> None:
        browser = self.browser
        browser.open()
        browser.click("#quick-carcassonne")
        browser.click("#draw")
        browser.click("[data-spot]")
        browser.click("#lay")
        browser.see("#end-turn")
        browser.driver.execute_script("document.querySelector('#end-turn').focus()")
        self.proxy.freeze()
        browser.says("#connection", "No answer from the server", 15)
        self.assertFalse(self.pressable())
        self.proxy.thaw()
        self.back()
        browser.until("the keyboard on the button", lambda: browser.driver.execute_script(REACHED, "#end-turn"))

    def test_the_buttons_are_those_of_the_new_connection_though_they_look_the_same(self) -> None:
        browser = self.browser
        browser.open()
        browser.click("#quick-carcassonne")
        browser.click("#draw")
        browser.see("[data-spot]")
        browser.click("[data-spot]")
        browser.click("#lay")
        browser.see("#end-turn")
        browser.driver.execute_script(LATE_FRAMES)
        self.proxy.cut()
        browser.says("#connection", "The connection is lost.", 5)
        self.back()
        browser.click("#end-turn")
        browser.see("#draw", 20)

    def test_bets_go_on_after_a_cut_and_a_frozen_line(self) -> None:
        browser = self.browser
        browser.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", PHONE)
        self.addCleanup(browser.driver.execute_cdp_cmd, "Emulation.clearDeviceMetricsOverride", {})
        self.sign_up("commuter")
        browser.open("fair/dice")
        browser.until("a commitment", lambda: len(browser.see("#commitment").text) == 64)
        self.assertGreater(self.proxy.cut(), 0)
        browser.click("#bet")
        browser.until("the first bet", lambda: browser.text("#nonce") == "1" and len(browser.all("#bets li")) == 1)
        # A line that freezes is given up, with a word, and nothing waits for ever. Sooner it was a double click.
        deadline = time.monotonic() + 1
        browser.until("a double click to be over", lambda: time.monotonic() > deadline)
        self.proxy.freeze()
        browser.click("#bet")
        browser.says("#notices", "cannot be reached", 20)
        self.proxy.thaw()
        browser.until(
            "the end of the bet",
            lambda: browser.see(".card[aria-busy]").get_attribute("aria-busy") == "false",
        )
        # Whatever was under way when it froze is told: that bet has arrived after all, or has not.
        made = int(browser.text("#nonce"))
        browser.click("#bet")
        browser.until("another bet", lambda: int(browser.text("#nonce")) > made)

    def _kick(self, name: str) -> None:
        """Let an administrator kick somebody."""
        self.site.run("user", "add", "chief", "--password", PASSWORD, "--role", "admin")
        token = self._post("/api/login", {"name": "chief", "password": PASSWORD})["token"]
        self._post("/api/operator/act", {"action": "kick", "subject": name}, token)

    def _post(self, path: str, body: dict[str, str], token: str = "") -> Any:
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
        address = f"http://127.0.0.1:{self.site.ports['web.endpoints']}{path}"
        request = urllib.request.Request(address, json.dumps(body).encode(), headers)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)
