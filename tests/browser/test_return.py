"""A page outlives its server."""

from __future__ import annotations

import time

from tests.browser.site import SiteTestCase
from tests.integration.lines import Lines


class Returning(SiteTestCase):
    def test_the_chat_comes_back_after_a_longer_absence_of_the_server(self) -> None:
        browser = self.browser
        browser.open()
        browser.click("#guest")
        browser.see("#my-name")
        browser.open("chat")
        browser.says("#recipient", "everybody")
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
        # The browser's console notes every try that failed.
        self.assertNotEqual(browser.complaints(), [])

    def _heard(self) -> bool:
        self.other.send({"Command": "05", "Message": "are you back"})
        time.sleep(0.2)
        return any("are you back" in line.text for line in self.browser.all("#talk li"))
