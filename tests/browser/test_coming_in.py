"""Coming in by a link, and back to where it led."""

from __future__ import annotations

from tests.browser.browser import PHONE
from tests.browser.site import SiteTestCase


class Links(SiteTestCase):
    def invitation(self) -> str:
        """Make a game as a guest and return what the page gives to invite others with."""
        browser = self.browser
        browser.open()
        browser.click("#guest")
        browser.see("#my-name")
        browser.open("season/ss14")
        browser.type("#game-name", "for two")
        browser.see("#game-name:invalid")
        browser.type("#game-name", "for-two")
        browser.click("#computers")
        browser.click("#create")
        browser.click("#invite summary")
        browser.see("#invite svg path")
        browser.click("#copy-invitation")
        browser.says("#notices", "The invitation is copied.")
        return str(browser.see(".invite-link").get_property("value"))

    def test_an_invitation_survives_coming_in(self) -> None:
        browser = self.browser
        address = self.invitation()
        host = browser.text("#my-name")
        self.assertTrue(address.endswith("/match/ss14/for-two"), address)
        self.site_anew()
        browser.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", PHONE)
        self.addCleanup(browser.driver.execute_cdp_cmd, "Emulation.clearDeviceMetricsOverride", {})
        browser.driver.get(address)
        browser.says("h1", "for-two")
        browser.click("#guest")
        browser.see("#start-game")
        self.assertEqual(browser.driver.current_url, address.replace("/match", "/#/match"))
        guest = browser.text("#my-name")
        self.assertNotEqual(guest, host)
        browser.until("both to be there", lambda: len(browser.all("#standings li")) == 2)
        self.assertEqual({one.get_attribute("data-seat") for one in browser.all("#standings li")}, {host, guest})

    def test_who_comes_in_from_the_head_of_a_page_is_back_there(self) -> None:
        browser = self.browser
        browser.open("kwo")
        browser.click("#who a")
        browser.see("#name")
        self.assertIn("#/come/", browser.driver.current_url)
        browser.click("#guest")
        browser.see("#my-name")
        browser.until("the page from before", lambda: browser.driver.current_url.endswith("#/kwo"))
        # Only pages of ours are gone back to.
        browser.open("come/https%3A%2F%2Fexample.org")
        browser.until("the first page", lambda: browser.driver.current_url.endswith("#/"))

    def test_a_login_lasts_and_is_that_of_all_tabs(self) -> None:
        browser = self.browser
        self.sign_up("Lasting")
        browser.open("season/ss14")
        browser.see("#create")
        first, second = self.another_tab()
        try:
            browser.open("chat")
            browser.says("#my-name", "Lasting")
            browser.type("#say", "from the second tab")
            browser.click("#send")
            browser.says("#talk", "Lasting: from the second tab")
            browser.driver.switch_to.window(first)
            browser.open("chat")
            browser.open("account")
            browser.click("#log-out")
            browser.see("#name")
            # The other tab is out as well.
            browser.driver.switch_to.window(second)
            browser.see("#name")
            self.assertEqual(browser.all("#my-name"), [])
        finally:
            browser.driver.switch_to.window(second)
            browser.driver.close()
            browser.driver.switch_to.window(first)

    def test_who_logs_out_everywhere_is_out_in_other_browsers(self) -> None:
        browser = self.browser
        # The page asks with a login that has ended meanwhile.
        self.expected = "/api/log(in|out)"
        self.sign_up("Everywhere")
        browser.open("chat")
        browser.see("#say")
        here = browser.driver.execute_script("return localStorage.getItem('gameserver.account')")
        self.site_anew()
        self.log_in("Everywhere")
        other = browser.driver.execute_script("return localStorage.getItem('gameserver.account')")
        self.assertNotEqual(here, other)
        self.assertNotIn("secret", other)
        browser.open("account")
        browser.click("#log-out-everywhere")
        browser.see("#name")
        browser.driver.execute_script("localStorage.setItem('gameserver.account', arguments[0])", here)
        browser.open("chat")
        browser.says("#notices", "You have been logged out.")
        browser.see("#name")
        self.assertEqual(browser.all("#my-name"), [])

    def test_a_ticket_for_techmino_and_a_password_for_its_older_releases(self) -> None:
        browser = self.browser
        self.expected = "/api/techmino/password"
        browser.open("techmino/ticket")
        browser.click("#who a")
        browser.see("#name")
        self.sign_up("Mino")
        browser.open("techmino/ticket")
        browser.click("#make-ticket")
        browser.until("a ticket", lambda: len(str(browser.see("#ticket").get_property("value"))) == 128)
        self.assertRegex(str(browser.see("#ticket").get_property("value")), "^[0-9A-F]{128}$")
        browser.click("#copy-ticket")
        browser.says("#notices", "The ticket is copied.")
        for typed, told in (("wrong", "Unknown name or wrong password."), ("secret", "Log in with Mino@lan")):
            browser.type("#ticket-password", typed)
            browser.click("#keep-password")
            browser.says("#ticket-told", told)
        browser.picture("techmino-ticket")

    def another_tab(self) -> tuple[str, str]:
        """Open another tab of the same browser, and look at that one."""
        self.browser.driver.execute_script("open(location.href)")
        first, second = self.browser.driver.window_handles
        self.browser.driver.switch_to.window(second)
        return first, second

    def site_anew(self) -> None:
        """Forget everything in the window, as if another one were opened."""
        self.browser.turn_to(self.site.ports["web.endpoints"])
