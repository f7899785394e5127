"""The first rounds of a game of Catan against the computer, by clicking."""

from __future__ import annotations

from tests.browser.site import SiteTestCase

#: Seconds the founding and two rounds may take.
LONGEST = 300

#: What is clicked when it is offered, the first that is there: a marked place, the dice, the end of the turn.
OFFERED = (".catan [data-option]", ".option", "#roll", "#end-turn", "#end-play")


class FirstRounds(SiteTestCase):
    def test_founding_and_two_rounds(self) -> None:
        browser = self.browser
        browser.open()
        browser.click("#quick-catan")
        browser.see(".catan [data-option]")
        self.assertEqual(browser.all("#end-play"), [], "a settlement must be founded")
        browser.until("the third round", self._step, LONGEST)
        self.assertGreaterEqual(len(browser.all(".catan .road")), 4)
        browser.says("#standings", "points")
        browser.picture("catan")

    def test_what_was_refused_is_no_answer(self) -> None:
        browser = self.browser
        browser.open()
        heard = browser.driver.execute_async_script("""
            const done = arguments[arguments.length - 1];
            import("/static/pages/view.js").then(({ View }) => {
              const view = new View({ collections: [] }, "ada", () => {}, () => {});
              const seen = [];
              const note = () => seen.push([view.choice?.options ?? null, view.optional]);
              for (const line of ["OK - build(Road)", "OK - choose(Border:r1,r2)"]) view.hear(line);
              note();
              view.act("CHOOSE", { id: "r3" });
              note();
              view.hear("ERROR: choose - r3 is not one of r1,r2");
              note();
              view.act("CHOOSE", { id: "r1" });
              const lines = ["road - one more, or END_PLAY", "OK - build(Road)", "OK - choose(Border:r2)"];
              for (const line of lines) view.hear(line);
              note();
              // The game goes on without an answer: what was optional then says nothing of what comes later.
              view.take({ "@src": "CatanGame@1", "@prop": "currentUser", "@nv": "UserAssets@2" });
              view.hear("OK - choose(Border:r4)");
              note();
              done(seen);
            }, (error) => done(String(error)));
        """)
        self.assertEqual(
            heard, [[["r1", "r2"], False], [None, False], [["r1", "r2"], False], [["r2"], True], [["r4"], False]]
        )

    def _step(self) -> bool:
        """Click the first thing offered; return whether the third round has come."""
        browser = self.browser
        browser.press(*OFFERED)
        return "Round 3" in browser.see("#state").text
