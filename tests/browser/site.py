"""One server and one window for all tests of a class, and clients of other doors beside them."""

from __future__ import annotations

import json
import socket
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from tests.browser.browser import Browser
from tests.integration.server import Server

DOORS = ("web.endpoints", "chat.tcp", "kassel.ss14", "kassel.ss12", "invoker.endpoints")


class SiteTestCase(SynchronousTestCase):
    """``site`` is a real server, ``browser`` a window on it; both are made once a class."""

    site: Server
    browser: Browser

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.site = Server(DOORS).start()
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
        self.assertEqual(self.browser.complaints(), [])

    def sign_up(self, name: str, password: str = "secret") -> None:
        """Sign up and come in on the first page."""
        self.browser.open()
        self.browser.type("#name", name)
        self.browser.type("#password", password)
        self.browser.click("#sign-up")
        self.browser.says("#my-name", name)


class Lines:
    """A client of a door that speaks lines, over a plain socket."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), 10)
        self._file = self._socket.makefile("rwb")

    def send(self, line: str | dict[str, Any]) -> None:
        text = line if isinstance(line, str) else json.dumps(line)
        self._file.write(text.encode() + b"\r\n")
        self._file.flush()

    def line(self) -> str:
        return self._file.readline().decode().rstrip("\r\n")

    def until(self, mark: str) -> list[str]:
        """Return the lines up to the first that has a text in it."""
        lines = [self.line()]
        while mark not in lines[-1]:
            if not lines[-1]:
                raise AssertionError(f"{mark!r} did not come: {lines}")
            lines.append(self.line())
        return lines

    def ended(self) -> bool:
        """Whether the server ends the connection; what still comes is skipped."""
        while self._file.readline():
            continue
        return True

    def close(self) -> None:
        self._file.close()
        self._socket.close()
