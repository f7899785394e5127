"""Watching a match of CreepSmash while it is fought."""

from __future__ import annotations

from tests.browser.site import SiteTestCase
from tests.integration.lines import Lines

#: Whether the ground of each of the four segments has been drawn, up to its last row.
_GROUND = """
    const canvas = document.querySelector(".creepsmash canvas");
    const half = canvas ? canvas.width / 2 : 0;
    const corners = [[4, 4], [half - 14, half - 14], [4, half - 14], [half - 14, 4]];
    return Boolean(canvas) && [0, half].every((left) => [0, half].every((top) => corners.every(([x, y]) =>
        canvas.getContext("2d").getImageData(left + x, top + y, 1, 1).data[3] === 255)));
"""


class Watching(SiteTestCase):
    def test_a_visitor_sees_towers_and_creeps_come(self) -> None:
        browser = self.browser
        player = Lines(self.site.ports["kassel.ss12"])
        self.addCleanup(player.close)
        player.until("Timeout")
        player.send("CREATE TESTPLAYER")
        made = player.until("TEMPORARY")[-1].split()
        player.until("OK")
        name, password = (word.partition("=")[2] for word in made[2:4])
        for line in (f"LOGIN {name} {password}", "CREATE GAME arena -players 2 -testgame"):
            player.send(line)
            player.until("OK")
        player.send("JOIN GAME arena")
        dump = player.until('"speed"')
        tile = next(line for line in dump if '"tiles"' in line).split('"@nv":"')[1].rstrip('"}')
        player.send({"@action": "CHOOSE_TILE", "properties": {"entry": {"key": "tile", "value": tile}}})
        player.send({"@action": "START_GAME"})
        player.until('"running","@ov":"false","@nv":"true"')
        browser.open()
        browser.click("#guest")
        browser.see("#my-name")
        browser.open("season/ss12")
        browser.see("[data-game=arena]")
        browser.picture("season")
        browser.click("[data-game=arena] .watch")
        browser.says("#standings", "lives")
        browser.says("#prompt", "watching")
        creep = {"@action": "CREATE_CREEP", "properties": {"entry": {"key": "creeptype", "value": "MERCURY"}}}
        player.send(creep)
        browser.says("#state", "Next income")
        self._colours_change()
        browser.picture("creepsmash")
        # Whoever comes into a running match is told everything at once, in one piece or in several.
        for _ in range(3):
            browser.driver.refresh()
            browser.until("the ground of all four segments", lambda: browser.driver.execute_script(_GROUND))

    def _colours_change(self) -> None:
        """Something moves on the canvas."""
        browser = self.browser
        script = "return document.querySelector('.creepsmash canvas').toDataURL()"
        first = browser.driver.execute_script(script)
        browser.until("something to move", lambda: browser.driver.execute_script(script) != first)
