"""A page outlives its server."""

from __future__ import annotations

import time

from tests.browser.site import SiteTestCase
from tests.integration.lines import Lines


class Returning(SiteTestCase):
    # The browser's console notes every try that failed.
    expected = "net::ERR_|/healthz|WebSocket connection"

    def test_the_chat_comes_back_after_a_longer_absence_of_the_server(self) -> None:
        browser = self.browser
        browser.open()
        browser.click("#guest")
        browser.see("#my-name")
        browser.open("chat")
        browser.says("#people", "everybody")
        self.site.stop()
        # Longer than the page waits before it tries again, so that at least one try fails.
        deadline = time.monotonic() + 5
        browser.until("some tries to fail", lambda: time.monotonic() > deadline)
        self.site.start()
        self.other = Lines(self.site.ports["chat.tcp"])
        self.addCleanup(self.other.close)
        self.other.send({"Command": "01", "Name": "bobby"})
        self.other.until('"11"')
        # Nothing is said on the page: it has to listen again by itself.
        browser.until("the page to hear", self._heard)

    def test_a_match_comes_back_after_the_server_has(self) -> None:
        browser = self.browser
        browser.open()
        browser.click("#quick-carcassonne")
        browser.click("#draw")
        browser.click("[data-spot]")
        browser.click("#lay")
        browser.see("#end-turn")
        self.site.kill()
        browser.says("#connection", "The connection is lost.")
        # Nothing looks as if it could be done, but for trying again.
        self.assertTrue(browser.driver.execute_script("return document.querySelector('#actions').inert"))
        self.site.start()
        browser.see("#end-turn")
        self.assertEqual(len(browser.all("[data-field]")), 2)
        browser.click("#end-turn")
        browser.see("#draw")

    def test_a_match_that_goes_on_elsewhere_is_not_taken_back(self) -> None:
        browser = self.browser
        browser.open()
        browser.click("#quick-carcassonne")
        browser.see("#draw")
        browser.driver.execute_script("open(location.href)")
        first, second = browser.driver.window_handles
        try:
            browser.says("#connection", "in another window")
            browser.driver.switch_to.window(second)
            browser.see("#draw")
            browser.driver.switch_to.window(first)
            # Longer than the page waits between its looks at a server that has gone.
            deadline = time.monotonic() + 4
            browser.until("some time to go by", lambda: time.monotonic() > deadline)
            browser.says("#connection", "in another window")
            browser.click("#back")
            browser.until("the seat to be back", lambda: not browser.all("#back"))
            browser.click("#draw")
        finally:
            browser.driver.switch_to.window(second)
            browser.driver.close()
            browser.driver.switch_to.window(first)

    def _heard(self) -> bool:
        self.other.send({"Command": "05", "Message": "are you back"})
        time.sleep(0.2)
        return any("are you back" in line.text for line in self.browser.all("#talk li"))
