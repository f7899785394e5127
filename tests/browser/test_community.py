"""Signing up, talking across protocols, and an operator's kick, in a browser."""

from __future__ import annotations

from tests.browser.site import SiteTestCase
from tests.integration.lines import Lines


class Community(SiteTestCase):
    def test_sign_up_talk_with_the_chat_door_both_ways(self) -> None:
        browser = self.browser
        bob = Lines(self.site.ports["chat.tcp"])
        self.addCleanup(bob.close)
        bob.send({"Command": "01", "Name": "bobby"})
        bob.until('"11"')
        self.sign_up("Alice")
        self.assertIn('"LogOnUserName":"Alice"', bob.until('"30"')[-1])
        browser.open("chat")
        browser.type("#say", "hello from the page")
        browser.click("#send")
        self.assertIn('"Speaker":"Alice","Message":"hello from the page"', bob.until('"32"')[-1])
        browser.says("#talk", "Alice: hello from the page")
        bob.send({"Command": "05", "Message": "hello from port 4004 \U0001f600"})
        browser.says("#talk", "bobby: hello from port 4004 \U0001f600")
        bob.send({"Command": "04", "FriendName": "Alice", "Message": "only for you"})
        browser.says("[data-room=bobby]", "1 new")
        browser.says("#nav", "1 new")
        browser.click("[data-room=bobby]")
        browser.says("#talk", "bobby → you: only for you")
        browser.until("everything to be read", lambda: not browser.all(".unread"))
        browser.type("#say", "and back")
        browser.click("#send")
        self.assertIn('"Command":"13","FriendName":"Alice","Message":"and back"', bob.until('"13"')[-1])
        browser.picture("chat")
        # What was said is there after a reload, in its conversations.
        browser.driver.refresh()
        browser.says("#talk", "hello from port 4004")
        self.assertNotIn("only for you", browser.text("#talk"))
        browser.click("[data-room=bobby]")
        browser.says("#talk", "only for you")
        browser.says("#talk", "and back")
        browser.open("account")
        browser.click("#log-out")
        self.assertIn("Alice", bob.until('"31"')[-1])

    def test_the_first_page_shows_who_is_here_and_leads_to_the_endpoints(self) -> None:
        carl = Lines(self.site.ports["chat.tcp"])
        self.addCleanup(carl.close)
        carl.send({"Command": "01", "Name": "carl"})
        self.browser.open()
        self.browser.says("[data-player=carl]", "guest · Chat")
        self.browser.picture("home")
        self.browser.click("a[href='#/clients']")
        self.browser.says("#endpoints", "chat.tcp")

    def test_languages(self) -> None:
        browser = self.browser
        browser.open()
        for language, text in (("de", "Sofort spielen"), ("zh", "马上玩"), ("en", "Play now")):
            browser.click(f"#language option[value={language}]")
            browser.says("main", text)

    def test_a_password_that_is_easy_to_guess_is_said_to_be_so(self) -> None:
        self.sign_up("wendy", "football")
        self.browser.says("#notices", "Your account is made, but its password is easy to guess")
        self.browser.open("account")
        self.browser.click("#log-out")
        self.sign_up("xenia", "vUqe-81-lamp-Rotor")
        self.browser.see("#notices")
        self.assertEqual(self.browser.all("#notices p"), [])

    def test_what_the_policy_forbids_is_not_done_and_noted_by_the_console(self) -> None:
        self.expected = "Content Security Policy"
        browser = self.browser
        browser.open()
        browser.see("#name")
        browser.driver.execute_script(
            "const script = document.createElement('script');"
            "script.textContent = 'document.body.id = \"taken\"';"
            "document.body.append(script);"
            "const style = document.createElement('style');"
            "style.textContent = 'body { display: none }';"
            "document.head.append(style);"
        )
        self.assertEqual(browser.all("#taken"), [])
        self.assertTrue(browser.see("#name").is_displayed())
        noted = browser.until("the console to note it", browser.complaints)
        self.assertIn("Content Security Policy", noted[0])

    def test_a_password_that_is_wrong_is_said_so(self) -> None:
        # The browser's console notes every refused request.
        self.expected = "/api/login"
        self.sign_up("dora")
        self.browser.open("account")
        self.browser.click("#log-out")
        self.browser.type("#name", "dora")
        self.browser.type("#password", "wrong")
        self.browser.click("#log-in")
        self.browser.says("#notices", "Unknown name or wrong password.")
        self.browser.click("#language option[value=de]")
        self.browser.says("#log-in", "Anmelden")
        self.browser.type("#name", "dora")
        self.browser.type("#password", "wrong")
        self.browser.click("#log-in")
        self.browser.says("#notices", "Unbekannter Name oder falsches Passwort.")

    def test_an_operator_kicks(self) -> None:
        done = self.site.run("user", "add", "chief", "--password", "secret", "--role", "admin")
        self.assertEqual(done.returncode, 0, done.stderr)
        browser = self.browser
        eve = Lines(self.site.ports["chat.tcp"])
        self.addCleanup(eve.close)
        eve.send({"Command": "01", "Name": "evelyn"})
        eve.until('"11"')
        self.log_in("chief")
        browser.open("operators")
        browser.says("#sessions", "evelyn")
        browser.type("#subject", "evelyn")
        browser.type("#reason", "for the test")
        browser.click("#act")
        browser.says("#audit", "evelyn")
        browser.says("#rates", "chat")
        browser.says("#server-log", "gameserver ready")
        browser.picture("operators")
        self.assertTrue(eve.ended())

    def test_an_operator_sees_the_games(self) -> None:
        done = self.site.run("user", "add", "referee", "--password", "secret", "--role", "moderator")
        self.assertEqual(done.returncode, 0, done.stderr)
        browser = self.browser
        self.log_in("referee")
        browser.click("#quick-carcassonne")
        browser.see("#draw")
        browser.open("operators")
        browser.says("#matches", "Carcassonne referee, computer1 running")
