"""A headless Chromium, and the words in which the tests speak to it."""

from __future__ import annotations

import os
import shutil
import signal
from contextlib import suppress
from pathlib import Path
from typing import Any

from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException, WebDriverException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait
from twisted.trial.unittest import SkipTest
from urllib3.exceptions import HTTPError

from tests.directories import temporary_directory
from tests.leftovers import has_ended, kill_at_the_end

#: Seconds something may take to appear on a page; much more than it needs, for machines that do other things too.
PATIENCE = 120

#: Tries to start Chromium, which gives up by itself on a busy machine.
STARTS = 3

#: Where pictures of the pages go, if anywhere.
PICTURES = os.environ.get("GAMESERVER_SCREENSHOTS")

#: Width, height and scale of a phone.
PHONE = {"width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": True}

#: A script: whether what has the focus is what the argument selects.
REACHED = "return document.activeElement.matches(arguments[0])"

#: A script: whether an element can be seen without scrolling.
IN_SIGHT = "const box = arguments[0].getBoundingClientRect(); return box.top >= 0 && box.bottom <= innerHeight"

_OPTIONS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--lang=en",
    "--window-size=1280,900",
)


def _started(options: webdriver.ChromeOptions, driver: str, directory: str) -> webdriver.Chrome:
    for attempt in range(STARTS):
        try:
            # Chromium survives its driver, but both are in one process group.
            service = Service(driver, env={**os.environ, "TMPDIR": directory}, popen_kw={"start_new_session": True})
            return webdriver.Chrome(options=options, service=service)
        except WebDriverException:
            if attempt == STARTS - 1:
                raise
    raise AssertionError("no browser")


class Browser:
    """One window. Raises ``SkipTest`` where there is no Chromium."""

    def __init__(self) -> None:
        chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
        if not chromium or not driver:
            raise SkipTest("no chromium and chromedriver on this machine")
        options = webdriver.ChromeOptions()
        options.binary_location = chromium
        directory = str(temporary_directory())
        for option in (*_OPTIONS, f"--user-data-dir={directory}/profile"):
            options.add_argument(option)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = _started(options, driver, directory)
        self._group = self.driver.service.process.pid
        kill_at_the_end(self._group)
        self._closed = False
        self._site = ""

    @property
    def alive(self) -> bool:
        """Whether it can still be spoken to."""
        try:
            return bool(self.driver.window_handles)
        except (WebDriverException, HTTPError):
            return False

    def close(self) -> None:
        """End the browser; one that has died already is no failure, and a second time nothing happens."""
        if self._closed:
            return
        self._closed = True
        if not self.alive:
            # The number of its group is nobody else's before quitting has waited for the driver.
            with suppress(ProcessLookupError):
                os.killpg(self._group, signal.SIGKILL)
        with suppress(WebDriverException):
            self.driver.quit()
        has_ended(self._group)

    def turn_to(self, port: int) -> None:
        """Show pages of the site on this port of 127.0.0.1 from now on; nothing is kept of what was before."""
        self._site = f"http://127.0.0.1:{port}/"
        self.driver.get("about:blank")
        self.driver.execute_cdp_cmd("Storage.clearDataForOrigin", {"origin": self._site, "storageTypes": "all"})
        self.complaints()

    def open(self, page: str = "") -> None:
        """Show a page by the part of its address behind the ``#``."""
        self.driver.get("about:blank")
        self.driver.get(f"{self._site}#/{page}")

    def all(self, css: str) -> list[Any]:
        return list(self.driver.find_elements(By.CSS_SELECTOR, css))

    def until(self, what: str, condition: Any, seconds: float = PATIENCE) -> Any:
        def attempt(_driver: Any) -> Any:
            try:
                return condition()
            except (StaleElementReferenceException, IndexError):
                return None

        try:
            return WebDriverWait(self.driver, seconds, 0.05).until(attempt)
        except WebDriverException as error:
            raise AssertionError(
                f"{what} did not happen; the page says:\n{self.page()}\n{self.complaints()}"
            ) from error

    def see(self, css: str, seconds: float = PATIENCE) -> Any:
        """Wait for an element."""
        return self.until(f"{css} to appear", lambda: next(iter(self.all(css)), None), seconds)

    def text(self, css: str) -> str:
        """Wait for an element and return what it shows, though the page may replace it at that moment."""
        return str(self.until(f"{css} to show something", lambda: [one.text for one in self.all(css)[:1]])[0])

    def click(self, css: str) -> None:
        """Wait for an element that can be clicked, and click it."""

        def attempt() -> bool:
            element = next((one for one in self.all(css) if one.is_enabled()), None)
            if element is None:
                return False
            try:
                element.click()
            except WebDriverException as error:
                if "intercepted" in str(error) or "not interactable" in str(error) or "stale" in str(error):
                    return False
                raise
            return True

        self.until(f"{css} to be clicked", attempt)

    def press(self, *offered: str) -> str:
        """Click the first of these that can be clicked; return which, "" for none.

        What has gone meanwhile, or lies under something else, is passed over.
        """
        for css in offered:
            for element in self.all(css):
                try:
                    element.click()
                except WebDriverException:
                    continue
                return css
        return ""

    def type(self, css: str, text: str) -> None:
        element = self.see(css)
        element.clear()
        element.send_keys(text)

    def keys(self, *keys: str) -> None:
        """Press keys, one after the other, on whatever has the focus then; what begins with Shift is held with it."""
        actions = ActionChains(self.driver)
        for key in keys:
            if key.startswith(Keys.SHIFT):
                actions.key_down(Keys.SHIFT).send_keys(key[1:]).key_up(Keys.SHIFT)
            else:
                actions.send_keys(key)
        actions.perform()

    def says(self, css: str, text: str, seconds: float = PATIENCE) -> None:
        """Wait until an element shows a text."""
        self.until(f"{text!r} in {css}", lambda: any(text in one.text for one in self.all(css)), seconds)

    def page(self) -> str:
        return "\n".join(one.text for one in self.all("body"))[:4000]

    def complaints(self) -> list[str]:
        """Return what the console has complained about: errors of scripts, blocked content, failed requests."""
        return [entry["message"] for entry in self.driver.get_log("browser") if entry["level"] == "SEVERE"]

    def picture(self, name: str) -> None:
        """Keep a picture of the window if pictures are wanted."""
        if PICTURES:
            Path(PICTURES).mkdir(parents=True, exist_ok=True)
            self.driver.save_screenshot(str(Path(PICTURES) / f"{name}.png"))
