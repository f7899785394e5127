"""One window for all tests of the pages, one server for each class of them."""

from __future__ import annotations

import atexit
import re

from twisted.trial.unittest import SynchronousTestCase

from tests.browser.browser import Browser
from tests.integration.server import Server

DOORS = ("web.endpoints", "chat.tcp", "kassel.ss14", "kassel.ss13", "kassel.ss12", "invoker.endpoints")


class _Shared:
    """The browser and the server of this process. A start of either takes seconds, so tests share them."""

    def __init__(self) -> None:
        self._browser: Browser | None = None
        self._site: Server | None = None
        self._owner: type[SiteTestCase] | None = None

    def browser_for_a_test(self) -> Browser:
        """Return the browser, another one if it has died. Raises ``SkipTest`` where there is none."""
        if self._browser is not None and not self._browser.alive:
            self._browser.close()
            self._browser = None
        if self._browser is None:
            self._browser = Browser()
            atexit.register(self._browser.close)
        return self._browser

    def site_for(self, case: type[SiteTestCase]) -> Server:
        """Return the server of a class of tests; that of the class before is stopped."""
        if self._site is None or self._owner is not case or not self._site.running:
            if self._site is not None:
                self._site.kill()
            self._site, self._owner = Server(DOORS, case.settings), case
            atexit.register(self._site.kill)
            self._site.start()
        return self._site


_shared = _Shared()


class SiteTestCase(SynchronousTestCase):
    """``site`` is a real server that the tests of a class share, ``browser`` a window that all of them share.

    Both are made when a test asks for them, not by ``setUpClass``, which trial does not call.
    """

    site: Server
    browser: Browser

    #: What the browser's console may note in a test, as a pattern; nothing else may be there.
    expected = "(?!)"

    #: What is set for the server besides its protocols.
    settings: tuple[str, ...] = ()

    def setUp(self) -> None:
        self.browser = _shared.browser_for_a_test()
        self.site = _shared.site_for(type(self))
        self.browser.turn_to(self.site.ports["web.endpoints"])

    def tearDown(self) -> None:
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
