"""Bets in a browser, and their verification by the browser itself."""

from __future__ import annotations

import json

from selenium.webdriver import ActionChains

from tests.browser.site import SiteTestCase


class Bets(SiteTestCase):
    def test_a_bet_and_its_verification(self) -> None:
        browser = self.browser
        self.sign_up("gambler")
        browser.open("fair/dice")
        browser.until("a commitment", lambda: len(browser.see("#commitment").text) == 64)
        commitment, nonce = browser.text("#commitment"), browser.text("#nonce")
        client_seed = browser.see("#client-seed").get_attribute("value")
        browser.click("#bet")
        browser.until("a roll", lambda: browser.see("#outcome strong").text)
        rolled = browser.text("#outcome strong")
        browser.picture("dice")
        browser.click("#rotate-seed")
        revealed = json.loads(browser.text("#revealed"))
        server_seed = revealed["serverSeed"]
        self.assertEqual(revealed["hashedServerSeed"], commitment)
        browser.open("fair/verify")
        browser.type("#verify-server", server_seed)
        browser.type("#verify-client", client_seed)
        browser.type("#verify-nonce", nonce)
        browser.type("#verify-commitment", commitment)
        browser.click("#verify")
        browser.says("#verified-outcome", f"The roll is {rolled}.")
        browser.says("#verified-commitment", "The seed is the one promised before the bet.")
        browser.click("#verified summary")
        found = json.loads(browser.text("#verified pre"))
        self.assertEqual((found["hashedServerSeed"], f"{found['roll']:.2f}"), (commitment, rolled))
        browser.picture("verify")

    def test_a_double_click_bets_once_and_one_press_verifies(self) -> None:
        browser = self.browser
        self.sign_up("prudence")
        browser.open("fair/dice")
        browser.says("#odds", "Chance: 49.99%")
        browser.says("#odds", "Pays 1.9803×: 1.98")
        browser.click("#double")
        browser.says("#odds", "Pays 1.9803×: 3.96")
        browser.click("#half")
        ActionChains(browser.driver).double_click(browser.see("#bet")).perform()
        browser.see("#bets li")
        browser.until(
            "the end of the bet", lambda: browser.see(".card[aria-busy]").get_attribute("aria-busy") == "false"
        )
        self.assertEqual((len(browser.all("#bets li")), browser.text("#nonce")), (1, "1"))
        browser.click("#bets summary")
        browser.says("#bets .seeds", "still in use")
        browser.click("#bets [data-check]")
        browser.says("#bets .verdict.good", "Fair: the seed is the one promised before the bet")
        browser.driver.execute_script("arguments[0].scrollIntoView({ block: 'end' })", browser.see("#bets .verdict"))
        browser.picture("bets")
        # After a reload the bet is there, and so is what it can be checked with.
        browser.open("fair/dice")
        browser.says("#bets [data-check]", "Check")
        browser.click("#bets [data-check]")
        browser.see("#bets .verdict.good")

    def test_betting_by_itself_stops_at_a_loss(self) -> None:
        browser = self.browser
        self.sign_up("sisyphus")
        browser.open("fair/dice")
        browser.type("#target", "96")
        browser.click("#auto-bet summary")
        browser.type("#auto-times", "200")
        browser.type("#auto-loss", "1.50")
        browser.click("#auto")
        browser.until("an end", lambda: browser.text("#auto") == "Start" and browser.text("#auto-said"))
        # A win of 24.81 lets it go on for long; nearly always one stake is lost first.
        if "the next bet could lose more" in browser.text("#auto-said"):
            lost = 1000 - float(browser.text("#balance"))
            self.assertTrue(lost <= 1.5, lost)

    def test_mines_keno_and_blackjack_can_be_played(self) -> None:
        browser = self.browser
        self.sign_up("player")
        browser.open("fair/mines")
        browser.see("#commitment")
        browser.click("#bet")
        browser.click("[data-tile='7']")
        browser.until(
            "an end or a next tile", lambda: browser.all("#bets li") or browser.see("#cash-out").is_enabled()
        )
        if not browser.all("#bets li"):
            browser.click("#cash-out")
        browser.see("#bets li")
        browser.picture("mines")
        browser.open("fair/keno")
        for number in (3, 17, 40):
            browser.click(f"[data-number='{number}']")
        browser.click("#bet")
        browser.see("#bets li")
        browser.picture("keno")
        browser.open("fair/blackjack")
        browser.click("#bet")
        browser.see(".playing-card")
        while not browser.all("#bets li"):
            browser.press("#move-stand", "#move-decline")
            browser.until("the next step", lambda: browser.all("#bets li, #move-stand, #move-decline"))
        browser.picture("blackjack")
