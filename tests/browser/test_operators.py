"""What operators do to one player or match, and what people do with their own account, in a browser."""

from __future__ import annotations

import json
from pathlib import Path

from tests.browser.site import SiteTestCase
from tests.directories import temporary_directory
from tests.integration.lines import Lines


class Saving(SiteTestCase):
    """Tests that press what saves a file."""

    def saved(self, css: str) -> object:
        """Press something that saves a file, and return what is in it."""
        place = temporary_directory()
        settings = {"behavior": "allow", "downloadPath": str(place)}
        self.browser.driver.execute_cdp_cmd("Browser.setDownloadBehavior", settings)
        self.browser.click(css)

        def there() -> list[Path]:
            return [file for file in Path(place).iterdir() if file.suffix == ".json"]

        self.browser.until(f"a file of {css}", there)
        return json.loads(there()[0].read_text("utf-8"))


class Operators(Saving):
    expected = "401|404"

    def staff(self, name: str, role: str) -> None:
        done = self.site.run("user", "add", name, "--password", "secret", "--role", role)
        self.assertEqual(done.returncode, 0, done.stderr)

    def chatting(self, name: str) -> Lines:
        """Let somebody come by the chat with their account."""
        self.assertEqual(self.site.run("user", "add", name, "--password", "secret1").returncode, 0)
        lines = Lines(self.site.ports["chat.tcp"])
        self.addCleanup(lines.close)
        lines.send({"Command": "01", "Name": name, "Password": "secret1"})
        lines.until('"11"')
        return lines

    def test_an_administrator_finds_a_player_sees_everything_and_deletes_the_account(self) -> None:
        browser = self.browser
        self.staff("chief", "admin")
        fred = self.chatting("frederic")
        self.log_in("chief")
        browser.open("operators")
        browser.type("#find", "DERI")
        browser.click("#do-find")
        browser.says("#found-players", "frederic player Chat")
        browser.click("#found-players a")
        browser.says("h1", "frederic")
        browser.says("#sessions", "Chat 127.0.0.1 logged in")
        browser.says("#tokens", "Nothing.")
        browser.type("#reason", "too loud")
        browser.click("[data-act=mute]")
        browser.says("#sanctions", "mute name:frederic too loud chief for good")
        browser.says("#audit", "mute")
        browser.picture("operators-player")
        browser.click("[data-act=lift_mute]")
        browser.says("#sanctions", "Nothing.")
        data = self.saved("[data-act=export]")
        assert isinstance(data, dict)
        self.assertEqual((data["account"]["name"], data["sessions"][0]["door"]), ("frederic", "chat"))
        browser.click("#do-delete summary")
        browser.says("#do-delete", "Really: Delete the account, frederic?")
        browser.click("#really-do-delete")
        browser.says("#notices", "The account of frederic is deleted.")
        browser.says("#audit", "delete")
        self.assertTrue(fred.ended())
        browser.open("operators/player/frederic")
        browser.says("main", "There is no such account.")
        browser.open("operators/find/frederic")
        browser.says("#nothing", "Nothing and nobody is called so here.")

    def test_who_has_forgotten_the_password_gets_a_link(self) -> None:
        browser = self.browser
        self.staff("boss", "admin")
        self.chatting("ida")
        self.log_in("boss")
        browser.open("operators/player/ida")
        browser.click("[data-act=reset]")
        browser.see("#reset-link")
        link = browser.text("#reset-link")
        browser.click("#my-name")
        browser.click("#log-out")
        browser.see("#log-in")
        browser.open(link.partition("#/")[2])
        browser.type("#new-password", "amber-badger-8")
        browser.click("#do-reset")
        browser.says("#my-name", "ida")
        browser.open(link.partition("#/")[2])
        browser.type("#new-password", "amber-badger-9")
        browser.click("#do-reset")
        browser.says("#notices", "This link has been used or is too old.")

    def test_a_moderator_is_shown_what_moderators_may(self) -> None:
        browser = self.browser
        self.staff("referee", "moderator")
        self.chatting("gustav")
        self.log_in("referee")
        browser.open("operators/player/gustav")
        browser.see("[data-act=kick]")
        self.assertEqual(browser.all("[data-act=export], [data-act=reset], #do-delete, #tokens, #wallet"), [])

    def test_a_match_is_looked_at_and_closed(self) -> None:
        browser = self.browser
        self.staff("umpire", "moderator")
        self.log_in("umpire")
        browser.click("#quick-carcassonne")
        browser.see("#draw")
        browser.open("operators")
        browser.says("#matches", "umpire")
        browser.click("#matches a[href*='operators/match']")
        browser.says("#facts", "running")
        browser.says("#facts", "umpire, computer1")
        browser.says("#facts", "(this one)")
        browser.picture("operators-match")
        browser.click("#close-match summary")
        browser.click("#really-close-match")
        browser.says("#notices", "The match is closed.")
        browser.says("#audit", "close")
        self.assertNotIn("umpire", browser.text("#matches"))


class OwnAccount(Saving):
    expected = "401"

    def test_a_guest_signs_up_and_keeps_everything(self) -> None:
        browser = self.browser
        browser.open()
        browser.click("#guest")
        browser.says("#my-name", "tempUser")
        browser.open("fair/dice")
        browser.see("#balance")
        browser.click("#my-name")
        browser.type("#keep-name", "wilma")
        browser.type("#keep-password", "violet-otter-7")
        browser.click("#keep")
        browser.says("#my-name", "wilma")
        browser.says("#notices", "Everything is yours now.")
        browser.see("#change-password")

    def test_one_s_data_another_password_and_an_end(self) -> None:
        browser = self.browser
        self.sign_up("harriet", "violet-otter-7")
        browser.click("#my-name")
        browser.see("#save-data")
        browser.picture("account")
        data = self.saved("#save-data")
        assert isinstance(data, dict)
        self.assertEqual(data["account"]["name"], "harriet")
        browser.type("#old-password", "wrong")
        browser.type("#new-password", "amber-badger-8")
        browser.click("#change-password")
        browser.says("#notices", "Unknown name or wrong password.")
        browser.type("#old-password", "violet-otter-7")
        browser.click("#change-password")
        browser.says("#notices", "Your password is changed.")
        browser.see("#log-out")
        browser.click("#delete-account summary")
        browser.type("#delete-password", "amber-badger-8")
        browser.click("#delete-sure")
        browser.click("#do-delete")
        browser.says("#notices", "Your account is deleted.")
        browser.see("#log-in")
        browser.type("#name", "harriet")
        browser.type("#password", "amber-badger-8")
        browser.click("#log-in")
        browser.says("#notices", "Unknown name or wrong password.")
