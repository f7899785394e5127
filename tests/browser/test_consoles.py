"""The consoles' page and Techmino's page, in a browser."""

from __future__ import annotations

from tests.browser.site import SiteTestCase


class Pages(SiteTestCase):
    def test_an_administrator_uses_the_hub(self) -> None:
        done = self.site.run("user", "add", "boss", "--password", "secret", "--role", "admin")
        self.assertEqual(done.returncode, 0, done.stderr)
        browser = self.browser
        self.log_in("boss")
        browser.driver.get(f"http://127.0.0.1:{self.site.ports['web.endpoints']}/kwo")
        browser.says("[data-server=hub]", "running")
        browser.type("[data-command=hub]", "list")
        browser.click("[data-server=hub] form button")
        browser.says("[data-server=hub]", "> list\n")
        browser.picture("consoles")

    def test_somebody_without_a_role_is_told_so(self) -> None:
        self.sign_up("nobody1")
        self.browser.open("kwo")
        self.browser.says("main", "for operators")

    def test_a_techmino_player_s_page_logs_in_and_chats(self) -> None:
        browser = self.browser
        self.sign_up("blocks")
        browser.open("techmino")
        browser.says("#rooms", "No rooms")
        browser.type("#say", "hello blocks")
        browser.click("#send")
        browser.says("#talk", "blocks: hello blocks")
        browser.picture("techmino")
