"""Every page for everybody: axe-core finds nothing in it, light and dark, on a desk and on a phone."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

from twisted.trial.unittest import SkipTest

from tests.browser.browser import PHONE
from tests.browser.site import SiteTestCase

#: The checks of Deque Systems, which make installs with what else the pages' scripts are checked with.
AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"

#: A script: what axe finds, as rule, impact, and the elements with why.
FIND = """
const done = arguments[0];
axe.run(document, { resultTypes: ["violations"] }).then(
  ({ violations }) => done(violations.map(({ id, impact, nodes }) => [
    id, impact, nodes.slice(0, 3).map(({ html, failureSummary }) => html.slice(0, 160) + " " + failureSummary),
  ])),
  (error) => done([["axe", String(error), []]]),
);
"""

#: A script: how far a page reaches past the side of the window, and how high its head is.
MEASURES = """
const { scrollWidth, clientWidth } = document.documentElement;
return [scrollWidth - clientWidth, document.querySelector("header").getBoundingClientRect().height];
"""

#: A script: the buttons of a page that no finger can come to, because they are beside the window or below something.
OUT_OF_REACH = """
const buttons = [...document.querySelectorAll("main button:enabled")];
return buttons.filter((button) => button.checkVisibility()).filter((button) => {
  button.scrollIntoView({ block: "center", behavior: "instant" });
  const { left, right, top, bottom } = button.getBoundingClientRect();
  const there = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
  return left < 0 || right > innerWidth || !button.contains(there);
}).map((button) => button.outerHTML.slice(0, 120));
"""

#: What is pressed in each mini-game to be in the middle of it, and what is seen then.
ROUNDS = {
    "dice": (["#bet"], "#bets li"),
    "mines": (["#bet"], "[data-tile]:enabled"),
    "keno": (["[data-number='3']", "#bet"], "#bets li"),
    "blackjack": (["#bet"], ".playing-card"),
}

#: The most that the head of a page may take of a phone: two rows.
HEAD = 100

#: What has to be seen on a page before it is looked at, by its address.
OUT = {
    "reset/x": "#do-reset",
    "": "#name",
    "chat": "#name",
    "clients": "#endpoints",
    "come/%23%2F": "#name",
    "season/ss13": "#name",
}
IN = {
    "": "#online li",
    "account": "#log-out",
    "chat": "#say",
    "season/ss12": "#games tr",
    "fair/dice": "#bets, #balance",
    "fair/mines": "button",
    "fair/keno": ".keno",
    "fair/blackjack": "button",
    "fair/verify": "form",
    "techmino": "h2",
    "techmino/ticket": "h1",
    "techmino/rounds": "#replays td",
    "kwo": "h1",
    "operators": "table",
    "operators/find/chief": "#found-players td",
    "operators/player/chief": "#tokens td",
    "leaders": "#no-leaders",
    "player/chief": "#hide",
}
#: The same for a match against the computer, by its game.
MATCHES = {"carcassonne": "#draw", "catan": "#actions button", "creepsmash": "[data-tower]"}


class Access(SiteTestCase):
    def setUp(self) -> None:
        if not AXE.exists():
            raise SkipTest(f"no {AXE}: npm has not installed what the pages are checked with")
        super().setUp()
        self.addCleanup(self.browser.driver.execute_cdp_cmd, "Emulation.clearDeviceMetricsOverride", {})
        self.addCleanup(self.browser.driver.execute_cdp_cmd, "Emulation.setEmulatedMedia", {"features": []})
        self.found: list[Any] = []

    def look(self, page: str) -> None:
        """Let axe look at a page as it is: on a desk in the light, on a phone in the dark."""
        driver = self.browser.driver
        for kind, metrics, scheme in (("desk", None, "light"), ("phone", PHONE, "dark")):
            if metrics is None:
                driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
            else:
                driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
            media = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
            driver.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
            if not driver.execute_script("return 'axe' in window"):
                driver.execute_script(AXE.read_text("utf-8"))
            self.found += [[page, kind, *violation] for violation in driver.execute_async_script(FIND)]
            too_wide, head = driver.execute_script(MEASURES)
            if too_wide > 0 or (kind == "phone" and head > HEAD):
                self.found.append([page, kind, "measures", too_wide, head])
            self.found += [[page, kind, "out of reach", one] for one in driver.execute_script(OUT_OF_REACH)]
        driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})

    def nothing_found(self) -> None:
        self.assertEqual(self.found, [], json.dumps(self.found, indent=1))

    def test_pages_of_who_has_not_come_in(self) -> None:
        for page, css in OUT.items():
            self.browser.open(page)
            self.browser.see(css)
            self.look(page)
        self.nothing_found()

    def test_pages_of_an_operator_and_every_board(self) -> None:
        browser = self.browser
        done = self.site.run("user", "add", "chief", "--password", "secret", "--role", "admin")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.log_in("chief")
        for page, css in IN.items():
            browser.open(page)
            browser.see(css)
            self.look(page)
        for game, css in MATCHES.items():
            browser.open()
            browser.click(f"#quick-{game}")
            browser.see(css)
            browser.click("#invite summary")
            browser.see("#invite svg")
            self.look(f"match of {game}")
        # A match that everybody has left is over, and can be seen again.
        browser.open()
        browser.click("#quick-carcassonne")
        browser.see("#draw")
        browser.click(".leave summary")
        browser.click("#leave-game")
        browser.see("#past a")
        browser.click("#past a")
        browser.see(".board svg")
        self.look("replay")
        number = browser.driver.current_url.rpartition("/")[2]
        browser.open(f"operators/match/{number}")
        browser.see("#replay")
        self.look("match for operators")
        self.nothing_found()

    def test_mini_games_in_the_middle_of_a_round(self) -> None:
        browser = self.browser
        self.sign_up("gambler")
        for game, (pressed, css) in ROUNDS.items():
            browser.open(f"fair/{game}")
            browser.see("#commitment:not(:empty)")
            for button in pressed:
                browser.click(button)
            browser.see(css)
            self.look(f"fair/{game} in play")
        # The most that is on such a page: a bet that was checked, and all that can be unfolded.
        browser.open("fair/keno")
        browser.click("#bets [data-check]")
        browser.see("#bets .verdict.good")
        browser.driver.execute_script("for (const one of document.querySelectorAll('details')) one.open = true")
        self.look("fair/keno with a checked bet")
        self.nothing_found()

    def test_no_page_is_left_out(self) -> None:
        source = files("gameserver.web").joinpath("static", "app.js").read_text("utf-8")
        table = source[source.index("const PAGES") :].partition("};")[0]
        pages = {quoted or word for quoted, word in re.findall(r'^  (?:"([^"]*)"|(\w+)):', table, re.MULTILINE)}
        looked_at = {page.partition("/")[0] for page in (*OUT, *IN)} | {"match", "replay"}
        self.assertEqual(pages - looked_at, set())
