"""The consoles' page and Techmino's page, in a browser."""

from __future__ import annotations

import json

from tests.browser.site import SiteTestCase
from tests.consoles.supervised import command

#: A round alone: a second and a half, a piece dropped, and a little later one turned, and an attack.
ROUND = """
const done = arguments[arguments.length - 1];
(async () => {
  const { account } = await pageModules.need("account.js");
  const { Endpoint, enter } = await pageModules.load("net/techmino.js");
  const { uid, accessToken, user } = await enter(account);
  const play = new Endpoint("play", { uid, accessToken });
  await play.ready;
  const heard = (endpoint, action) => new Promise((resolve) => {
    endpoint.onmessage = (message) => message.action === action && resolve(message);
  });
  const begun = heard(play, 8);
  play.send(1, { type: "solo", name: "seen again", config: "{}" });
  play.send(6, { ready: true });
  const stream = new Endpoint("stream", { uid, accessToken, rid: (await begun).data.rid });
  await heard(stream, 0);
  const over = heard(play, 9);
  for (const piece of ["WgAAAAAA", "AAYAJgAA", "KAMAIwCCLAAA"]) stream.send(5, { stream: piece });
  stream.send(4, { score: 0, survivalTime: 3 });
  const { data } = await over;
  [play, stream, user].forEach((endpoint) => endpoint.close());
  done(data.result.map(({ place }) => place));
})().catch((error) => done(String(error)));
"""


class Pages(SiteTestCase):
    settings = (
        f"kwo.servers.game.command={json.dumps(command())}",
        r"kwo.servers.game.rules=[{event = 'join', pattern = '(?P<sender>\w+) came'}]",
    )

    def operator(self, name: str, role: str) -> None:
        """Come in as somebody with a role and open the page by the address an operator would type."""
        done = self.site.run("user", "add", name, "--password", "secret", "--role", role)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.log_in(name)
        self.browser.driver.get(f"http://127.0.0.1:{self.site.ports['web.endpoints']}/kwo")

    def test_an_administrator_uses_the_hub(self) -> None:
        self.operator("boss", "admin")
        browser = self.browser
        browser.says("[data-server=hub]", "running")
        browser.type("[data-command=hub]", "list")
        browser.click("[data-server=hub] form button")
        browser.says("[data-server=hub]", "> list\n")
        browser.picture("consoles")

    def test_an_administrator_starts_a_program_speaks_to_it_and_stops_it(self) -> None:
        self.operator("chief", "admin")
        browser, game = self.browser, "[data-server=game]"
        browser.says(game, "stopped")
        browser.click(f"{game} > .row:last-child button:first-child")
        browser.says(game, "running")
        browser.says(f"{game} pre", "ready")
        browser.type("[data-command=game]", "event anne came")
        browser.click(f"{game} form button")
        browser.says(game, "> event anne came\nbefore\nafter")
        browser.says(f"{game} p.soft", "anne")
        browser.click(f"{game} > .row:last-child button:last-child")
        browser.says(game, "stopped (exit status 0)")
        browser.says(f"{game} pre", "Stopping")

    def test_a_moderator_looks_on(self) -> None:
        self.operator("judge", "moderator")
        self.browser.says("[data-server=game]", "stopped")
        self.browser.see("[data-server=hub] form button")
        shown = [one for one in self.browser.all("[data-server=game] button") if one.is_displayed()]
        self.assertEqual(shown, [], "a moderator has no buttons at a program")

    def test_somebody_without_a_role_is_told_so(self) -> None:
        self.sign_up("nobody1")
        self.browser.open("kwo")
        self.browser.says("main", "for operators")

    def test_a_techmino_player_s_page_logs_in_and_chats(self) -> None:
        browser = self.browser
        self.sign_up("blocks")
        browser.open("techmino")
        browser.says("#rooms", "No rooms")
        browser.type("#say", "hello blocks")
        browser.click("#send")
        browser.says("#talk", "blocks: hello blocks")
        browser.picture("techmino")
        browser.open("techmino/client")
        browser.says("#client-hosts", "127.0.0.1 game.techmino.org")
        browser.says("#client-seen", "No client from your address")
        browser.says("#client-rooms", "No rooms")
        browser.type("#client-email", "blocks@x.org")
        browser.click("#client-keep")
        browser.says("#client-told", "Log in as blocks@x.org.")
        browser.picture("techmino-client")

    def test_a_round_of_techmino_is_played_and_seen_again(self) -> None:
        browser = self.browser
        self.sign_up("replayer")
        browser.open("techmino/rounds")
        browser.see("#replays td")
        browser.driver.set_script_timeout(60)
        places = browser.driver.execute_async_script(ROUND)
        self.assertEqual(places, [1])
        browser.open("techmino")
        browser.open("techmino/rounds")
        browser.says("#replays", "1. replayer")
        browser.click("#replays .watch")
        browser.says("h1", "seen again")
        browser.says("#replay-at", "0:00 / 0:03")
        browser.says("#round-players", "replayer 0 0 0")
        browser.click("#play")
        browser.says("#round-log", "0:02 replayer: 1 keys, 1 pieces")
        browser.says("#round-log", "0:03 replayer: place 1")
        browser.says("#round-players", "replayer 1 1 2 1")
        browser.picture("techmino-round")
