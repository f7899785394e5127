"""A real process killed in the middle of games, and the next one that goes on with them."""

from __future__ import annotations

import json
import time
import urllib.request
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from tests.integration.kassel_player import Player
from tests.integration.server import PATIENCE, Server


def picture(dump: list[dict[str, str]]) -> list[tuple[Any, ...]]:
    return [(event["@src"], event["@prop"], event.get("@nv")) for event in dump]


class Killed(SynchronousTestCase):
    def test_games_go_on_after_a_kill(self) -> None:
        server = Server(("kassel.ss14", "kassel.ss12", "web.endpoints")).start()
        self.addCleanup(lambda: server.kill())
        secrets: dict[str, str] = {}
        anne, bob = Player(server.ports["kassel.ss14"]), Player(server.ports["kassel.ss14"])
        for player, name in ((anne, "anne"), (bob, "bob")):
            words = player.ask("CREATE TESTPLAYER")[0].split()
            secrets[name] = f"{words[2][5:]} {words[3][9:]}"
            self.assertEqual(player.ask(f"LOGIN {secrets[name]}")[-1], "OK")
        anne.ask("CREATE GAME g -maxPlayers 2")
        anne.join("g")
        bob.join("g")
        anne.order("START_GAME")
        anne.until("USER_MESSAGE", "OK - drawCard")
        anne.order("DRAW_CARD")
        told = anne.until("USER_MESSAGE", "OK - placeCard")
        drawn = next(event["@src"] for event in told if event["@prop"] == "rotation")
        server.kill()
        for player in (anne, bob):
            player.close()

        ports = server.ports
        server = Server(("kassel.ss14", "kassel.ss12", "web.endpoints"), data=server.data).start()
        self.addCleanup(lambda: server.stop())
        self.assertNotEqual(ports, server.ports)
        anne, bob = Player(server.ports["kassel.ss14"]), Player(server.ports["kassel.ss14"])
        for player, name in ((anne, "anne"), (bob, "bob")):
            # Test players outlive a restart, too.
            self.assertEqual(player.ask(f"LOGIN {secrets[name]}")[-1], "OK")
            self.addCleanup(player.close)
        self.assertIn("PLAYERS=2/2 STATUS=RUNNING", anne.ask("LIST GAMES")[0])
        dump = anne.join("g")
        self.assertEqual(anne.line().partition("@nv")[2], '":"OK - placeCard"}')
        current = [event["@nv"] for event in dump if event["@prop"] == "currentField"]
        self.assertEqual(current, [drawn])
        self.assertEqual(sorted(picture(bob.join("g")), key=str), sorted(picture(dump), key=str))
        anne.order("LEAVE_GAME")
        bob.until("running", "false")
        bob.order("LEAVE_GAME")

        port = str(server.ports["kassel.ss14"])
        bots = server.run("bot", "carcassonne", "--port", port, "--strategy", "random", "--seed", "1")
        self.assertEqual(bots.returncode, 0, bots.stderr)
        self.assertIn(" 0 refused, ", bots.stdout)
        refused = server.run("bot", "carcassonne", "--port", port, "--join", "nowhere")
        self.assertEqual((refused.returncode, refused.stdout[:8]), (1, "game 1: "))

        site = f"http://127.0.0.1:{server.ports['web.endpoints']}/api/matches"
        deadline = time.monotonic() + PATIENCE
        found: list[Any] = []
        while len(found) < 2 and time.monotonic() < deadline:
            with urllib.request.urlopen(f"{site}?season=ss14&state=over", timeout=PATIENCE) as answer:
                found = json.load(answer)["matches"]
        self.assertEqual((found[-1]["name"], len(found[-1]["players"])), ("g", 2))
        with urllib.request.urlopen(f"{site}/{found[-1]['id']}/events", timeout=PATIENCE) as answer:
            events = json.load(answer)["events"]
        self.assertEqual(events[0]["@src"].partition("@")[0], "CarcassonneGame")
        self.assertIn(("running", "false"), [(event["@prop"], event.get("@nv")) for event in events[-5:]])

    def test_a_real_time_game_loses_at_most_a_second(self) -> None:
        server = Server(("kassel.ss12",)).start()
        self.addCleanup(lambda: server.kill())
        anne = Player(server.ports["kassel.ss12"])
        words = anne.ask("CREATE TESTPLAYER")[0].split()
        secret = f"{words[2][5:]} {words[3][9:]}"
        anne.ask(f"LOGIN {secret}")
        anne.ask("CREATE GAME g -players 1 -testgame")
        tile = next(event["@nv"] for event in anne.join("g") if event["@prop"] == "tiles")
        anne.order("CHOOSE_TILE", tile=tile)
        anne.order("START_GAME")
        anne.until("running", "true")
        server.kill()
        anne.close()
        server = Server(("kassel.ss12",), data=server.data).start()
        self.addCleanup(lambda: server.stop())
        anne = Player(server.ports["kassel.ss12"])
        self.addCleanup(anne.close)
        anne.ask(f"LOGIN {secret}")
        dump = anne.join("g")
        self.assertIn(("running", "true"), [(event["@prop"], event.get("@nv")) for event in dump])
