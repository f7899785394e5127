"""Players at two nodes: everything from JOIN GAME on is as if they were at one, and what becomes of a lost link."""

from __future__ import annotations

import json

from twisted.trial.unittest import SynchronousTestCase

from gameserver.config.tree import Limits
from gameserver.edge.relay import link
from gameserver.edge.relay.messages import Told
from gameserver.edge.relay.relays import UNREACHABLE
from gameserver.protocols.kassel.game.relayed import ANSWERED_WITHIN, LOOKS_EVERY
from gameserver.protocols.kassel.listings import TOLD_WITHIN
from gameserver.protocols.kassel.match_pages import MatchPages
from gameserver.web.status import people
from tests.protocols.kassel import test_game
from tests.protocols.kassel.services import Browser, Client, ClockServices, Telnet
from tests.protocols.kassel.two_nodes import TwoNodes
from tests.typed import deferred

#: How each season says how many players a game takes.
COUNTS = {"ss14": "-maxPlayers", "ss13": "-maxPlayers", "ss12": "-players"}


class PlayingAtTwoNodes(test_game.Playing):
    """Anne is where the match is, Bob is not."""

    Services = TwoNodes


class Relayed(SynchronousTestCase):
    def setUp(self) -> None:
        self.nodes = TwoNodes(limits=Limits(messages_per_second=1000, burst=1000))
        self.a: ClockServices = self.nodes
        self.b = self.nodes.other
        self.anne = self.nodes.user("anne")
        self.bob: Telnet | Browser = self.nodes.browsing("bob")
        self.anne.ask("CREATE GAME g -maxPlayers 2")
        (self.match,) = self.nodes.matches.every()

    def start(self) -> None:
        self.anne.join("g")
        self.bob.join("g")
        self.anne.order("START_GAME")
        self.bob.lines()

    def seats(self) -> list[tuple[str, bool]]:
        """Who has a seat, and whether they are there."""
        return [(seat.participant.nickname, seat.receiver is not None) for seat in self.match.seats()]

    def stop_hearing(self, *nodes: ClockServices) -> None:
        """Let some nodes give no sign of life until they are taken for dead."""
        silent = [f"node/{node.context.relays.node}" for node in (self.a, self.b) if node not in nodes]
        self.nodes.bus.loses = silent.__contains__
        for _ in range(6):
            self.nodes.beat(*(node for node in (self.a, self.b) if node not in nodes))

    def check_sent_away(self, client: Client) -> None:
        self.assertTrue(client.ended)
        self.assertEqual([event["@nv"] for event in client.events()], [UNREACHABLE])

    def test_every_season_and_who_only_watches(self) -> None:
        for season, kind in (("ss14", "carcassonne"), ("ss13", "catan"), ("ss12", "creepsmash")):
            with self.subTest(season):
                anne, bob = self.nodes.user("anne", season), self.nodes.browsing("bob", season)
                eve = self.nodes.browsing("eve", season)
                self.assertEqual(anne.ask(f"CREATE GAME {season} {COUNTS[season]} 2"), ["OK"])
                dumps = {}
                for client, options in ((anne, ""), (bob, ""), (eve, " -visitor true")):
                    client.say(f"JOIN GAME {season}{options}")
                    self.nodes.clock.pump([0.0, 1.0])
                    dumps[client] = client.lines()
                self.assertIn("OK", dumps[bob][:2])
                self.assertGreater(len(dumps[bob]), 5)
                match = self.nodes.matches.open(kind)[-1]
                self.assertEqual([seat.participant.visitor for seat in match.seats()], [False, False, True])
                self.assertEqual(self.b.matches.open(kind), [])
                refused = eve.order("START_GAME")
                self.assertEqual([event["@nv"][:6] for event in refused], ["ERROR:"])

    def test_leaving_leads_back_to_the_lobby_behind_the_last_event(self) -> None:
        self.start()
        self.bob.say('{"@action":"LEAVE_GAME"}')
        self.bob.say('{"@action":"DRAW_CARD"}')
        self.bob.say("ID")
        lines = self.bob.lines()
        self.assertEqual(lines[-3][:13], "USER NICK=bob")
        self.assertIn("You have left", lines[-4])
        self.assertTrue(all(line.startswith("{") for line in lines[:-3]))
        self.assertEqual(self.seats(), [("anne", True)])
        self.assertEqual(len(self.a.context.relays) + len(self.b.context.relays), 0)

    def test_refusals_are_the_owners(self) -> None:
        carl = self.nodes.browsing("carl")
        self.start()
        self.assertEqual(carl.ask("JOIN GAME g")[0][:6], "ERROR:")
        self.assertEqual(carl.ask("NOOP"), ["OK"])
        self.assertEqual(carl.ask("JOIN GAME h"), ["ERROR: There is no game h: LIST GAMES shows the open ones."])

    def test_a_colour_is_kept_for_the_next_game(self) -> None:
        self.bob.join("g")
        self.bob.order("CHANGE_USER_COLOR", color="123456")
        self.bob.order("LEAVE_GAME")
        self.anne.ask("CREATE GAME h -maxPlayers 2")
        self.assertIn("123456", [event["@nv"] for event in self.bob.join("h") if event["@prop"] == "color"])

    def test_who_hangs_up_keeps_the_seat_and_comes_back_at_any_node(self) -> None:
        self.start()
        for come in (self.nodes.user, self.nodes.browsing):
            self.bob.hang_up()
            self.assertEqual(self.seats(), [("anne", True), ("bob", False)])
            self.nodes.clock.advance(100)
            self.bob = come("bob")
            self.bob.join("g")
            self.assertEqual(self.seats(), [("anne", True), ("bob", True)])

    def test_one_who_comes_at_another_node_replaces_themselves_at_the_first(self) -> None:
        self.start()
        again = self.nodes.user("bob")
        again.join("g")
        self.assertTrue(self.bob.ended)
        self.assertIn("another connection", self.bob.lines()[-1])
        self.assertEqual(self.seats(), [("anne", True), ("bob", True)])

    def test_the_owner_is_silent(self) -> None:
        self.start()
        self.stop_hearing(self.a)
        self.check_sent_away(self.bob)
        self.assertFalse(self.anne.ended)
        # It is there again, and has kept the seat.
        self.nodes.bus.loses = lambda _: False
        self.nodes.beat(self.a, self.b)
        self.assertEqual(self.seats(), [("anne", True), ("bob", False)])
        self.nodes.browsing("bob").join("g")

    def test_the_front_is_silent(self) -> None:
        self.start()
        self.stop_hearing(self.b)
        self.assertEqual(self.seats(), [("anne", True), ("bob", False)])
        # It goes on, and has lost what was told meanwhile.
        self.nodes.bus.loses = lambda _: False
        self.nodes.beat(self.b)
        self.check_sent_away(self.bob)
        self.nodes.clock.advance(120)
        self.assertEqual(self.seats(), [("anne", True)])

    def test_a_gap_is_a_lost_link_even_if_nothing_follows(self) -> None:
        for topic, sign in (("node/a", False), ("node/b", False), ("node/a", True), ("node/b", True)):
            with self.subTest(topic=topic, sign=sign):
                bob = self.nodes.browsing("bob")
                bob.join("g")
                self.nodes.bus.loses = topic.__eq__
                bob.say('{"@action":"NOOP"}')
                self.nodes.clock.advance(0)
                self.nodes.bus.loses = lambda _: False
                if sign:
                    self.nodes.beat(self.a, self.b)
                else:
                    bob.say('{"@action":"NOOP"}')
                    self.nodes.clock.advance(0)
                self.check_sent_away(bob)
                self.assertIn(("bob", False), self.seats())

    def test_without_the_bus_one_is_asked_to_try_again_and_local_play_goes_on(self) -> None:
        self.start()
        self.nodes.bus.connected = False
        self.nodes.beat(self.a, self.b)
        self.check_sent_away(self.bob)
        bob = self.nodes.browsing("bob")
        self.assertEqual(bob.ask("JOIN GAME g"), [f"ERROR: {UNREACHABLE}"])
        self.assertEqual(self.anne.order("DRAW_CARD")[-1]["@nv"], "OK - placeCard")
        self.nodes.bus.connected = True
        bob.join("g")

    def test_a_node_that_does_not_answer(self) -> None:
        self.nodes.bus.loses = "node/a".__eq__
        self.bob.say("JOIN GAME g")
        self.bob.say("NOOP")
        self.nodes.clock.advance(ANSWERED_WITHIN)
        self.assertEqual(self.bob.lines(), [f"ERROR: {UNREACHABLE}", "OK"])

    def test_who_goes_while_they_are_let_in_has_a_seat_that_waits(self) -> None:
        self.bob.say("JOIN GAME g")
        self.bob.hang_up()
        self.assertEqual(self.seats(), [("bob", False)])

    def test_a_match_of_a_dead_node_is_taken_over(self) -> None:
        self.start()
        self.nodes.store.dead.add("a")
        again = self.nodes.browsing("bob")
        again.join("g")
        self.assertEqual([match.name for match in self.b.matches.every()], ["g"])
        # What the first owner has not noticed yet: nothing of it is on disk, and so nothing is told.
        self.anne.say('{"@action":"DRAW_CARD"}')
        self.check_moved(self.anne)
        self.check_moved(self.bob)

    def check_moved(self, client: Client) -> None:
        self.assertTrue(client.ended)
        (event,) = client.events()
        self.assertIn("goes on at another server", event["@nv"])

    def test_what_many_are_told_goes_to_their_node_once(self) -> None:
        self.start()
        watching = [self.nodes.browsing(f"eve{number}") for number in range(3)]
        for eve in watching:
            eve.join("g", "-visitor", "true")
        for client in (self.bob, *watching):
            client.lines()
        self.nodes.bus.published.clear()
        self.anne.order("DRAW_CARD")
        (frame,) = self.nodes.bus.frames("node/b")
        told = [entry for entry in frame.entries if isinstance(entry, Told)]
        self.assertEqual(len({tuple(entry.relays) for entry in told}), 1)
        self.assertEqual(len(told[0].relays), 4)
        heard = [client.lines() for client in (self.bob, *watching)]
        self.assertTrue(heard[0])
        self.assertEqual(heard, [heard[0]] * 4)

    def test_a_node_that_does_not_keep_up_is_dropped(self) -> None:
        self.start()
        self.patch(link, "LIMIT", 4096)
        self.nodes.bus.loses = "node/b".__eq__
        for _ in range(100):
            self.anne.order("MESSAGE", message="x" * 100)
        self.assertEqual(self.seats(), [("anne", True), ("bob", False)])

    def test_many_who_come_at_once_are_let_in_one_after_the_other(self) -> None:
        for season, limit in (("ss14", 1 << 17), ("ss13", 1 << 20)):
            with self.subTest(season):
                self.patch(link, "LIMIT", limit)
                self.patch(link, "MARK", limit >> 3)
                self.patch(link, "ENTERING", 2)
                self.patch(link, "CONFIRMED_EVERY", limit >> 5)
                self.nodes.user("anne", season).ask(f"CREATE GAME crowded {COUNTS[season]} 2")
                crowd = [self.nodes.browsing(f"eve{number}", season) for number in range(12)]
                for eve in crowd:
                    eve.say("JOIN GAME crowded -visitor true")
                crowd[7].hang_up()
                self.nodes.clock.pump([0.1] * 60)
                told = [len(eve.lines()) > 100 and not eve.ended for eve in crowd]
                self.assertEqual(told, [number != 7 for number in range(12)])

    def test_one_that_keeps_up_is_not(self) -> None:
        self.patch(link, "LIMIT", 1 << 16)
        self.patch(link, "CONFIRMED_EVERY", 1024)
        self.start()
        for _ in range(200):
            self.anne.order("MESSAGE", message="x" * 1000)
        self.assertEqual(len(self.bob.lines()), 200)

    def test_the_owner_knows_who_is_behind_with_reading(self) -> None:
        self.start()
        (seat,) = [seat for seat in self.match.seats() if seat.participant.nickname == "bob"]
        client = seat.receiver._client  # type: ignore[union-attr]
        assert isinstance(self.bob, Browser)
        self.bob.wire.waiting = 1 << 20
        self.anne.order("MESSAGE", message="x")
        self.nodes.clock.advance(0)
        self.assertTrue(client.clogged)
        self.bob.wire.waiting = 0
        self.nodes.clock.advance(LOOKS_EVERY)
        self.assertFalse(client.clogged)

    def test_a_node_that_stops_parts_with_everybody_at_once(self) -> None:
        self.start()
        deferred(self.a.context.relays.stop())
        self.nodes.clock.advance(0)
        self.check_sent_away(self.bob)

    def test_damage_and_other_versions_are_passed_over(self) -> None:
        self.start()
        for payload in (b"", b"\xff", json.dumps([1]).encode()):
            self.nodes.bus.publish("node/a", payload)
        self.nodes.clock.advance(0)
        self.assertEqual([event["@nv"] for event in self.bob.order("NOOP")], ["OK - NOOP received!"])

    def test_what_fails_for_one_ends_it_for_them_alone(self) -> None:
        self.start()
        eve: Browser = self.nodes.browsing("eve")
        eve.join("g", "-visitor", "true")
        (seat,) = [seat for seat in self.match.seats() if seat.participant.nickname == "bob"]
        self.patch(seat.receiver, "act", lambda _: 1 / 0)
        self.bob.order("DRAW_CARD")
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 1)
        self.assertTrue(self.bob.ended)
        self.assertEqual(self.seats(), [("anne", True), ("bob", False), ("eve", True)])


class Listed(SynchronousTestCase):
    """What is at one node is shown at the other."""

    def setUp(self) -> None:
        self.nodes = TwoNodes(limits=Limits(messages_per_second=1000, burst=1000))
        self.anne, self.bob = self.nodes.user("anne"), self.nodes.browsing("bob")

    def check_same(self, *lines: str) -> None:
        """Check what LIST GAMES answers at both nodes."""
        for client in (self.anne, self.bob):
            self.assertEqual(client.ask("LIST GAMES"), [*lines, "OK"])

    def line(self, name: str, events: int, players: int, status: str = "JOINING") -> str:
        return f"GAME NAME={name} EVENTS={events} PLAYERS={players}/2 STATUS={status} TESTGAME=false"

    def test_games_from_their_beginning_to_their_end(self) -> None:
        self.anne.ask("CREATE GAME g -maxPlayers 2")
        self.check_same(self.line("g", 0, 0))
        self.anne.join("g")
        self.bob.join("g")
        self.anne.order("START_GAME")
        self.nodes.clock.advance(TOLD_WITHIN)
        events = self.nodes.matches.every()[0].events
        carl, dora = self.nodes.user("carl"), self.nodes.browsing("dora")
        for client in (carl, dora):
            self.assertEqual(client.ask("LIST GAMES"), [self.line("g", events, 2, "RUNNING"), "OK"])
        self.bob.order("LEAVE_GAME")
        self.anne.order("LEAVE_GAME")
        self.check_same("NO GAMES IN PROGRESS")

    def test_the_site_lists_them_too(self) -> None:
        self.anne.ask("CREATE GAME g -maxPlayers 2")
        self.anne.join("g")
        self.nodes.clock.advance(TOLD_WITHIN)
        for node in (self.nodes, self.nodes.other):
            found = node.kassel.pages["api/matches"]
            assert isinstance(found, MatchPages)
            (shown,) = self.successResultOf(deferred(found._list("ss14", "open")))
            self.assertEqual((shown["name"], shown["players"]), ("g", ["anne"]))

    def test_operators_see_them_all(self) -> None:
        self.anne.ask("CREATE GAME g -maxPlayers 2")
        self.bob.ask("CREATE GAME h -maxPlayers 2")
        self.bob.join("g")
        self.nodes.clock.advance(TOLD_WITHIN)
        for node in (self.nodes, self.nodes.other):
            shown = {match["name"]: match["players"] for match in node.kassel.open_matches()}
            self.assertEqual(shown, {"g": ["bob"], "h": []})

    def test_people_who_play(self) -> None:
        self.anne.ask("CREATE GAME g -maxPlayers 2")
        carl, dora = self.nodes.user("carl"), self.nodes.browsing("dora")
        for state in ("INGAME", "LOBBY"):
            if state == "INGAME":
                self.anne.join("g")
                self.bob.join("g")
            else:
                self.bob.order("LEAVE_GAME")
                self.anne.order("LEAVE_GAME")
            for client in (carl, dora):
                states = {line.split()[1]: line.rpartition("=")[2] for line in client.ask("LIST USERS")[:-1]}
                self.assertEqual((states["NICK=anne"], states["NICK=bob"]), (state, state))

    def test_by_which_protocols_people_are_there(self) -> None:
        at_other = self.nodes.user("bob", "ss13")
        everywhere = {"anne": ["kassel-ss14"], "bob": ["kassel-ss13", "kassel-ss14"]}
        for node in (self.nodes, self.nodes.other):
            shown = people(node.sessions, node.context.directory)
            self.assertEqual({one.name: sorted(one.protocols) for one in shown}, everywhere)
        at_other.hang_up()
        self.anne.hang_up()
        for node in (self.nodes, self.nodes.other):
            shown = people(node.sessions, node.context.directory)
            self.assertEqual({one.name: one.protocols for one in shown}, {"bob": ["kassel-ss14"]})

    def test_what_a_silent_node_had_is_gone_and_comes_back_with_it(self) -> None:
        self.anne.ask("CREATE GAME g -maxPlayers 2")
        for _ in range(6):
            self.nodes.beat(self.nodes.other)
        self.assertEqual(self.bob.ask("LIST GAMES"), ["NO GAMES IN PROGRESS", "OK"])
        self.nodes.beat(self.nodes)
        self.check_same(self.line("g", 0, 0))
        deferred(self.nodes.members[self.nodes].stop())
        self.nodes.clock.advance(0)
        self.assertEqual(self.bob.ask("LIST GAMES"), ["NO GAMES IN PROGRESS", "OK"])

    def test_what_was_lost_on_the_way_is_asked_for(self) -> None:
        self.nodes.bus.loses = "directory".__eq__
        self.anne.ask("CREATE GAME g -maxPlayers 2")
        self.anne.ask("CREATE GAME h -maxPlayers 2")
        # The first request is lost as well.
        self.nodes.beat(self.nodes)
        self.nodes.bus.loses = lambda _: False
        self.nodes.beat(self.nodes)
        self.check_same(self.line("g", 0, 0), self.line("h", 0, 0))

    def test_damage_and_other_versions_are_passed_over(self) -> None:
        for payload in (b"", b"\xff", json.dumps([1]).encode()):
            self.nodes.bus.publish("directory", payload)
        self.anne.ask("CREATE GAME g -maxPlayers 2")
        self.check_same(self.line("g", 0, 0))
