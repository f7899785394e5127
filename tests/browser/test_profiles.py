"""A game that is over, in the profiles of its players and on the leaderboard, in a browser."""

from __future__ import annotations

from tests.browser.browser import PHONE
from tests.browser.site import SiteTestCase
from tests.integration.kassel_player import Player


class Profiles(SiteTestCase):
    def play(self, *names: str) -> None:
        """Let two play Carcassonne, and the second give up."""
        players = []
        for name in names:
            done = self.site.run("user", "add", name, "--password", "secret")
            self.assertEqual(done.returncode, 0, done.stderr)
            player = Player(self.site.ports["kassel.ss14"])
            self.addCleanup(player.close)
            self.assertEqual(player.ask(f"LOGIN {name} secret")[-1], "OK")
            players.append(player)
        game = f"{names[0]}-{names[1]}"
        players[0].ask(f"CREATE GAME {game} -maxPlayers 2")
        for player in players:
            player.join(game)
        players[0].order("START_GAME")
        players[1].until("running", "true")
        players[1].order("LEAVE_GAME")
        players[0].until("running", "false")
        for player in players:
            player.close()

    def opened(self, page: str, css: str) -> None:
        """Open a page until it shows what is counted some seconds after a game."""

        def shows() -> bool:
            self.browser.open(page)
            self.browser.see("h1")
            return bool(self.browser.all(css))

        self.browser.until(f"{css} at {page}", shows)

    def test_a_game_is_in_the_profile_and_on_the_leaderboard(self) -> None:
        browser = self.browser
        self.play("anne", "bob")
        self.log_in("bob")
        self.opened("leaders", "#leaders tr")
        browser.says("#leaders", "anne 1662 ± 580 1 1")
        browser.picture("leaders")
        browser.click("#leaders a[href='#/player/anne']")
        browser.says("h1", "anne")
        browser.says("#standings", "Carcassonne 1662 ± 580 1 1")
        browser.says("#results", "bob")
        browser.says("#achievements", "Games won: 1")
        browser.says("#about", "not here")
        browser.picture("profile")
        browser.click("#befriend")
        browser.says("#befriend", "Take out of my friends")
        browser.click("#my-name")
        browser.click("#my-profile")
        browser.says("#friends", "anne not here")
        browser.says("#results", "place 2")
        browser.click("#hide")
        browser.says("main", "Only you see this page.")
        browser.click("#my-name")
        browser.click("#log-out")
        browser.open("player/bob")
        browser.says("main", "This player keeps their results to themselves.")
        browser.open("leaders/carcassonne")
        browser.says("#leaders", "anne")
        self.assertNotIn("bob", browser.text("#leaders"))

    def test_a_profile_fits_on_a_phone(self) -> None:
        browser = self.browser
        self.play("carl", "dora")
        browser.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", PHONE)
        self.addCleanup(browser.driver.execute_cdp_cmd, "Emulation.clearDeviceMetricsOverride", {})
        self.opened("player/carl", "#results tbody tr")
        width = browser.driver.execute_script("return document.documentElement.scrollWidth")
        self.assertTrue(width <= 390, width)
