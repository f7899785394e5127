"""Bets in a browser, and their verification by the browser itself."""

from __future__ import annotations

import json

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
        browser.click("#verify")
        found = json.loads(browser.text("#verified pre"))
        self.assertEqual((found["hashedServerSeed"], f"{found['roll']:.2f}"), (commitment, rolled))
        browser.picture("verify")

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
