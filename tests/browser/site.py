"""One server and one window for all tests of a class."""

from __future__ import annotations

import re

from twisted.trial.unittest import SynchronousTestCase

from tests.browser.browser import Browser
from tests.integration.server import Server

DOORS = ("web.endpoints", "chat.tcp", "kassel.ss14", "kassel.ss13", "kassel.ss12", "invoker.endpoints")


class SiteTestCase(SynchronousTestCase):
    """``site`` is a real server, ``browser`` a window on it; both are made once a class."""

    site: Server
    browser: Browser

    #: What the browser's console may note in a test, as a pattern; nothing else may be there.
    expected = "(?!)"

    #: What is set for the server besides its protocols.
    settings: tuple[str, ...] = ()

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.site = Server(DOORS, cls.settings).start()
        try:
            cls.browser = Browser(cls.site.ports["web.endpoints"])
        except BaseException:
            cls.site.kill()
            raise

    @classmethod
    def tearDownClass(cls) -> None:
        cls.browser.close()
        cls.site.stop()
        super().tearDownClass()

    def tearDown(self) -> None:
        self.browser.driver.execute_script("sessionStorage.clear()")
        complaints = self.browser.complaints()
        self.assertEqual([line for line in complaints if not re.search(self.expected, line)], [])

    def sign_up(self, name: str, password: str = "secret") -> None:
        """Sign up and come in on the first page."""
        self.browser.open()
        self.browser.type("#name", name)
        self.browser.type("#password", password)
        self.browser.click("#sign-up")
        self.browser.says("#my-name", name)

    def log_in(self, name: str, password: str = "secret") -> None:
        """Come in with an account on the first page."""
        self.browser.open()
        self.browser.type("#name", name)
        self.browser.type("#password", password)
        self.browser.click("#log-in")
        self.browser.says("#my-name", name)
