"""Nim out of ``examples``, a game without a board of its own: its objects as a tree, its actions as forms."""

from __future__ import annotations

import os
from typing import Any

from selenium.webdriver.common.keys import Keys

from tests.browser.browser import IN_SIGHT, PHONE, REACHED
from tests.browser.site import SiteTestCase
from tests.examples.registered import registered

#: Keeps what the tree marks as changed: objects by their ids, properties by their names.
_WATCH = """
    window.marked = new Set();
    const note = ({ target }) => {
      if (!target.classList.contains("changed")) return;
      const place = target.matches("summary") ? target.parentElement : target;
      window.marked.add(place.dataset.object ?? place.dataset.property);
    };
    new MutationObserver((list) => list.forEach(note)).observe(document.querySelector(".tree"), {
      subtree: true, attributes: true, attributeFilter: ["class"],
    });
"""

#: The heaps that the form offers, as id and label.
_OFFERED = """
    return [...document.querySelectorAll("#known-TAKE-heap option")].map(({ value, label }) => [value, label]);
"""

#: Somebody else than the person at the page, in the same window: makes a game against the computer and begins it.
_SOMEBODY_ELSE = """
    const done = arguments[arguments.length - 1];
    (async () => {
      const { creation, seasonCalled } = await import("/static/net/seasons.js");
      const { Lobby } = await import("/static/net/lobby.js");
      const season = await seasonCalled("nim");
      const lobby = new Lobby(season);
      const [line] = await lobby.say("CREATE TESTPLAYER");
      const [, name, password] = /NICK=(\\S+) PASSWORD=(\\S+)/.exec(line);
      await lobby.say(`LOGIN ${name} ${password}`);
      await lobby.say(creation(season, "table", 2, { computers: true }));
      lobby.heaps = [];
      lobby.onevent = (event) => event["@prop"] === "heaps" && event["@nv"] && lobby.heaps.push(event["@nv"]);
      await lobby.say("JOIN GAME table");
      lobby.act("START_GAME");
      window.other = lobby;
      return name;
    })().then(done, (error) => done(String(error)));
"""


class Nim(SiteTestCase):
    def setUp(self) -> None:
        # For the server, which the first test starts.
        self.patch(os, "environ", {**os.environ, "PYTHONPATH": registered("nim")})
        super().setUp()

    def begin(self) -> None:
        """Start a game against the computer from the first page."""
        self.browser.open()
        self.browser.click("#quick-nim")
        self.browser.says("#prompt", "You are asked: take")

    def script(self, script: str, *arguments: Any) -> Any:
        return self.browser.driver.execute_script(script, *arguments)

    def heaps(self) -> dict[str, int]:
        """Return the heaps that are not empty, by their ids, as the form offers them."""
        offered = (
            "return [...document.querySelectorAll('#known-TAKE-heap option')].map((one) => [one.value, one.label])"
        )
        sizes = {heap: int(label.split("size ")[1]) for heap, label in self.script(offered)}
        return {heap: size for heap, size in sizes.items() if size}

    def take(self, heap: str, count: int) -> None:
        self.browser.type("[data-action=TAKE] [name=heap]", heap)
        self.browser.type("[data-action=TAKE] [name=count]", str(count))
        self.browser.click("[data-action=TAKE] button")

    def shown(self, css: str) -> bool:
        return any(one.is_displayed() for one in self.browser.all(css))

    def test_a_whole_game_by_the_forms_and_its_replay(self) -> None:
        browser = self.browser
        self.begin()
        self.script(_WATCH)
        heap = next(iter(self.heaps()))
        self.take(heap, 1)
        browser.until("the heap to be marked", lambda: self.script("return marked.has(arguments[0])", heap))
        browser.picture("nim")
        while browser.until("the next turn or the end", self._turn) == "take":
            self._move()
        browser.says("#prompt", "has won!")
        browser.says("#log", "The game is over.")
        self.assertFalse(self.shown("#forms"), "there is nothing to fill in any more")
        self.assertFalse(self.shown(".leave"))
        browser.open("season/nim")
        browser.says("h1", "Nim")
        browser.click("#past a")
        slider = browser.see("#slider")
        browser.says("#log", "has won!")
        self.assertFalse(self.shown("#forms"))
        browser.says("[data-property=heaps]", "size 0")
        self.script("arguments[0].value = 0; arguments[0].dispatchEvent(new Event('input'))", slider)
        browser.until("the full heaps", lambda: "size 0" not in browser.see("[data-property=heaps]").text)
        self.assertIn("Heap size", browser.see("[data-property=heaps]").text)

    def _move(self) -> None:
        """Take a whole heap, and wait until it is gone."""
        heap, size = self.heaps().popitem()
        self.take(heap, size)
        self.browser.until("the heap to be empty", lambda: self._turn() == "rest" or heap not in self.heaps())

    def _turn(self) -> str | None:
        """Return what is to be done: ``take``, ``rest`` when the game is over, ``None`` for nothing yet."""
        said = self.browser.see("#prompt").text
        return "rest" if "has won!" in said else "take" if said == "You are asked: take" else None

    def test_a_refusal_says_why_and_keeps_what_was_typed(self) -> None:
        browser = self.browser
        self.begin()
        heap = next(iter(self.heaps()))
        self.take(heap, 99)
        browser.says("#log .bad", "take - count must be a number from 1 to")
        typed = [one.get_property("value") for one in browser.all("[data-action=TAKE] input")]
        self.assertEqual(typed, [heap, "99"])
        self.assertIn("primary", browser.see("[data-action=TAKE] button").get_attribute("class"))

    def test_by_the_keyboard_alone(self) -> None:
        browser = self.browser
        self.begin()
        before = self.heaps()
        heap = next(iter(before))
        self.script("document.querySelector('[data-action=TAKE] [name=heap]').focus()")
        self.press(heap, Keys.TAB, "1", Keys.ENTER)
        browser.until("both moves", lambda: sum(self.heaps().values()) < sum(before.values()) - 1)
        place = "return document.activeElement.matches('[data-action=TAKE] [name=count]')"
        self.assertTrue(self.script(place), "the keyboard was thrown out of the form")
        # A folder unfolds with Enter, and a link leads to where its object stands.
        self.script("document.querySelector(arguments[0]).focus()", "[data-property=heaps] [data-object] > summary")
        self.press(Keys.ENTER)
        browser.see("[data-property=heaps] [data-property=game] .link")
        self.script("document.querySelector('[data-property=heaps] .link').focus()")
        self.press(Keys.ENTER)
        browser.until("the root", lambda: self.script(REACHED, ".tree > details > summary"))

    def press(self, *keys: str) -> None:
        self.browser.keys(*keys)

    def test_a_visitor_sees_the_tree_alone(self) -> None:
        browser = self.browser
        self.sign_up("watcher")
        player = browser.driver.execute_async_script(_SOMEBODY_ELSE)
        self.script("location.hash = '#/match/nim/table/watch'")
        browser.says("#prompt", "You are watching.")
        browser.says("[data-property=users]", f"UserAssets {player}")
        self.assertFalse(self.shown("#forms") or self.shown(".leave") or self.shown("#start-game"))
        browser.until("the heaps", lambda: self.script("return other.heaps.length"))
        # What changes in a collection that is folded up is marked on the collection.
        browser.click("[data-property=heaps] > dd > details > summary")
        self.script(_WATCH)
        self.script("other.act('TAKE', { heap: other.heaps[0], count: 1 })")
        browser.until("the collection to be marked", lambda: self.script("return marked.has('heaps')"))
        self.script("other.close()")

    def test_a_seat_is_given_up_for_good(self) -> None:
        browser = self.browser
        self.begin()
        browser.click(".leave > summary")
        browser.click("#leave-game")
        browser.says("h1", "Nim")
        # The computer has won, and so the game is over.
        browser.see("#past a")

    def test_the_first_turn_fits_a_phone(self) -> None:
        browser = self.browser
        browser.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", PHONE)
        self.addCleanup(browser.driver.execute_cdp_cmd, "Emulation.clearDeviceMetricsOverride", {})
        self.begin()
        self.script("scrollTo(0, 0)")
        self.assertTrue(self.script(IN_SIGHT, browser.see("[data-action=TAKE] button")))
        for folder in browser.all("[data-property=users] li > details > summary"):
            folder.click()
        self.assertLessEqual(self.script("return document.documentElement.scrollWidth"), 390)
