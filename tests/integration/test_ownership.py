"""Two servers on one PostgreSQL: a match has one owner, whatever becomes of the other server."""

from __future__ import annotations

import json
import signal
import time

from twisted.trial.unittest import SynchronousTestCase

from gameserver.edge.relay.relays import UNREACHABLE
from tests.integration.kassel_player import Player
from tests.integration.server import PATIENCE
from tests.integration.two_servers import two_servers

#: Seconds after which a silent server is taken for dead.
SILENCE = 2

NAMES = ("anne", "bob")
SECRET = "a long secret"


class Ownership(SynchronousTestCase):
    def setUp(self) -> None:
        self.url, self.servers = two_servers(self, ("kassel.ss14",), SILENCE)
        for name in NAMES:
            made = self.servers[0].run(f"--set=storage.url={self.url}", "user", "add", name, "--password", SECRET)
            self.assertEqual(made.returncode, 0, made.stderr)

    def player(self, server: int, name: str) -> Player:
        player = Player(self.servers[server].ports["kassel.ss14"])
        self.addCleanup(player.close)
        self.assertEqual(player.ask(f"LOGIN {name} {SECRET}")[-1], "OK")
        return player

    def playing(self, server: int = 0) -> list[Player]:
        """Return anne and bob, who have begun a game at the first server; anne is to draw.

        Bob has come in at ``server``.
        """
        players = [self.player(0, "anne"), self.player(server, "bob")]
        players[0].ask("CREATE GAME g -maxPlayers 2")
        for player in players:
            player.join("g")
        players[0].order("START_GAME")
        players[0].until("USER_MESSAGE", "OK - drawCard")
        players[1].until("running", "true")
        self.assertIn("currentPlayer", players[1].line())
        return players

    def join_when_it_is_free(self, player: Player) -> list[dict[str, str]]:
        """Join the game as soon as its server is taken for dead."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            first = player.ask("JOIN GAME g")[0]
            if first.startswith("SENDING"):
                return [json.loads(player.line()) for _ in range(int(first.split()[1]))]
            self.assertIn("another server", first)
            time.sleep(0.1)
        raise AssertionError("the game was never free")

    def shown(self, *settings: str) -> list[tuple[str, str]]:
        """Return state and number of matches of each server, the one with most first, as an operator sees them."""
        asked = self.servers[0].run(*settings, f"--set=cluster.silence={SILENCE}", "nodes")
        self.assertEqual(asked.returncode, 0, asked.stderr)
        rows = [line.split() for line in asked.stdout.splitlines()[1:]]
        return sorted(((row[1], row[7]) for row in rows), key=lambda shown: shown[1], reverse=True)

    def test_a_name_is_one_game_at_both(self) -> None:
        anne, bob = self.player(0, "anne"), self.player(1, "bob")
        self.assertEqual(anne.ask("CREATE GAME g -maxPlayers 2")[-1], "OK")
        self.assertEqual(bob.ask("CREATE GAME g -maxPlayers 2"), ["ERROR: GAME g already exists."])
        anne.join("g")
        bob.join("g")
        bob.order("MESSAGE", message="hello")
        self.assertEqual(anne.until("PUBLIC_MESSAGE", "hello")[-1]["@src"], "bob")
        for player in (anne, bob):
            player.order("LEAVE_GAME")
        deadline = time.monotonic() + PATIENCE
        while bob.ask("CREATE GAME g -maxPlayers 2")[-1] != "OK":
            self.assertLess(time.monotonic(), deadline, "the name is never free")

    def test_a_match_goes_on_at_the_other_when_its_server_has_died(self) -> None:
        anne, relayed = self.playing(1)
        anne.order("DRAW_CARD")
        told = anne.until("USER_MESSAGE", "OK - placeCard")
        drawn = next(event["@src"] for event in told if event["@prop"] == "rotation")
        url = f"--set=storage.url={self.url}"
        self.assertEqual(self.shown(url), [("alive", "1"), ("alive", "0")])
        self.servers[0].kill()
        last = json.loads(relayed.ended()[-1])
        self.assertEqual((last["@src"], last["@nv"]), ("SERVER", UNREACHABLE))
        anne = self.player(1, "anne")
        dump = self.join_when_it_is_free(anne)
        self.assertEqual([event["@nv"] for event in dump if event["@prop"] == "currentField"], [drawn])
        bob = self.player(1, "bob")
        self.assertEqual(len(bob.join("g")), len(dump))
        # Its first server comes back, and has no part in it any more.
        self.servers[0].start()
        self.assertEqual(self.shown(url), [("alive", "1"), ("alive", "0")])
        late = self.player(0, "bob")
        self.assertEqual(len(late.join("g")), len(dump))

    def until_shown(self, wanted: list[tuple[str, str]]) -> None:
        deadline = time.monotonic() + PATIENCE
        while self.shown(f"--set=storage.url={self.url}") != wanted:
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.1)

    def test_what_a_dead_server_had_is_resumed_without_being_asked_for(self) -> None:
        self.playing()
        self.servers[0].kill()
        self.until_shown([("alive", "1")])
        self.assertIn("matches taken over that no node has: 1", self.servers[1].log)

    def test_a_server_that_stops_leaves_its_matches_to_the_other(self) -> None:
        anne, bob = self.playing()
        anne.order("DRAW_CARD")
        anne.until("USER_MESSAGE", "OK - placeCard")
        self.assertEqual(self.servers[0].stop(), 0)
        again = self.player(1, "anne")
        dump = self.join_when_it_is_free(again)
        self.assertEqual(len([event for event in dump if event["@prop"] == "currentField"]), 1)
        self.assertEqual(len(self.player(1, "bob").join("g")), len(dump))
        # It comes back and has nothing of it.
        self.servers[0].start()
        self.assertEqual(len(self.player(0, "bob").join("g")), len(dump))
        bob.close()

    def test_a_server_that_stood_still_tells_nothing_of_what_it_has_lost(self) -> None:
        anne, bob = self.playing()
        first = self.servers[0].process
        assert first is not None
        first.send_signal(signal.SIGSTOP)
        self.addCleanup(first.send_signal, signal.SIGCONT)
        # Typed while it stands still, so that it is the first thing it hears of.
        anne.order("DRAW_CARD")
        again = self.player(1, "anne")
        self.join_when_it_is_free(again)
        again.until("USER_MESSAGE", "OK - drawCard")
        first.send_signal(signal.SIGCONT)
        for player in (anne, bob):
            told = [json.loads(line) for line in player.ended()]
            self.assertEqual({event["@src"] for event in told} - {"SERVER"}, set(), told)
        again.order("DRAW_CARD")
        again.until("USER_MESSAGE", "OK - placeCard")

    def test_a_front_that_has_died_leaves_its_players_their_seats(self) -> None:
        anne, bob = self.playing(1)
        anne.order("DRAW_CARD")
        anne.until("USER_MESSAGE", "OK - placeCard")
        self.servers[1].kill()
        self.assertEqual([line for line in bob.ended() if "SERVER" in line], [])
        # The match goes on at its owner meanwhile.
        anne.order("MESSAGE", message="alone")
        anne.until("PUBLIC_MESSAGE", "alone")
        again = self.player(0, "bob")
        dump = again.join("g")
        self.assertEqual(len([event for event in dump if event["@prop"] == "currentField"]), 1)
        self.assertEqual(sorted(event["@nv"] for event in dump if event["@prop"] == "nickname"), ["anne", "bob"])
        again.order("MESSAGE", message="back")
        anne.until("PUBLIC_MESSAGE", "back")

    def test_an_owner_that_stood_still_tells_nothing_to_those_at_another_front(self) -> None:
        anne, bob = self.playing(1)
        owner = self.servers[0].process
        assert owner is not None
        owner.send_signal(signal.SIGSTOP)
        self.addCleanup(owner.send_signal, signal.SIGCONT)
        anne.order("DRAW_CARD")
        last = json.loads(bob.ended()[-1])
        self.assertEqual((last["@src"], last["@nv"]), ("SERVER", UNREACHABLE))
        bob = self.player(1, "bob")
        self.join_when_it_is_free(bob)
        owner.send_signal(signal.SIGCONT)
        late = [json.loads(line) for line in anne.ended()]
        self.assertEqual({event["@src"] for event in late} - {"SERVER"}, set(), late)
        # Bob is at the new owner now, and hears what is said there, and nothing of the draw that was not kept.
        again = self.player(1, "anne")
        again.join("g")
        again.order("DRAW_CARD")
        again.until("USER_MESSAGE", "OK - placeCard")
        again.order("MESSAGE", message="here")
        heard = bob.until("PUBLIC_MESSAGE", "here")
        self.assertEqual(len([event for event in heard if event["@prop"] == "currentField" and event.get("@nv")]), 1)
