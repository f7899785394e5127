"""From JOIN GAME on: dumps, events, commands, chat, leaving, coming back, watching, resuming."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Sequence

from twisted.internet.defer import Deferred, ensureDeferred
from twisted.trial.unittest import SynchronousTestCase

from gameserver.cluster.community import ON_ITS_WAY
from gameserver.config.tree import Limits
from gameserver.games.api import Command
from gameserver.games.carcassonne.game import Carcassonne
from gameserver.games.carcassonne.reading import COLLECTIONS
from gameserver.games.catan.game import Catan
from gameserver.games.entity import dump
from gameserver.games.replica import Replica
from gameserver.matches.match import Match
from gameserver.matches.store import LogLine
from gameserver.matches.wire import change_line
from gameserver.protocols.kassel.part import OWNERS
from gameserver.testing.game_events import knowledge
from tests.protocols.kassel.services import Client, ClockServices
from tests.typed import deferred, the

#: The to-many properties of CreepSmash.
COLLECTIONS_SS12 = frozenset(
    {"users", "tiles", "towers", "cells", "waypoints", "elements", "creepDescriptions", "towerDescriptions", "value"}
)

EVENT = re.compile(r'\{"@ts":"\d{13}","@src":"[^"]+","@prop":"\w+"(,"@ov":"[^"]*")?(,"@nv":"[^"]*")?\}')


def said(events: list[dict[str, str]], source: str = "SERVER") -> list[str]:
    return [event["@nv"] for event in events if event["@src"] == source]


def model(events: list[dict[str, str]]) -> list[dict[str, str]]:
    return [event for event in events if "@" in event["@src"]]


class Playing(SynchronousTestCase):
    #: Makes what is tested; another module has two nodes.
    Services: type[ClockServices] = ClockServices

    def setUp(self) -> None:
        self.services = self.Services()
        self.anne = self.services.user("anne")
        self.bob = self.services.browsing("bob")
        self.anne.ask("CREATE GAME g -maxPlayers 2")

    def both(self) -> None:
        self.anne.join("g")
        self.bob.join("g")
        self.anne.lines()

    def start(self) -> None:
        self.both()
        self.anne.order("START_GAME")
        self.bob.lines()

    def test_the_join_announces_exactly_the_dump(self) -> None:
        for client in (self.anne, self.bob):
            lines = client.ask("JOIN GAME g")
            count = int(the(re.fullmatch(r"SENDING (\d+) EVENTS", lines[0]))[1])
            self.assertEqual(lines[1], "OK")
            self.assertEqual(len(lines) - 2, count)
            for line in lines[2:]:
                self.assertRegex(line, f"^{EVENT.pattern}$")
            events = [json.loads(line) for line in lines[2:]]
            self.assertEqual(len({event["@ts"] for event in events}), 1)
            self.assertRegex(events[0]["@src"], r"^CarcassonneGame@[1-9a-f][0-9a-f]{0,7}$")

    def test_the_others_hear_of_a_join_before_they_hear_of_anything_of_it(self) -> None:
        self.anne.join("g")
        dump = self.bob.join("g")
        news = model(self.anne.events())
        self.assertEqual(news[-1]["@prop"], "users")
        known = Replica(COLLECTIONS)
        for event in news:
            known.apply(event["@src"], event["@prop"], event.get("@ov"), event.get("@nv"))
        whole = Replica(COLLECTIONS)
        for event in dump:
            whole.apply(event["@src"], event["@prop"], event.get("@ov"), event.get("@nv"))
        self.assertEqual(whole.many(dump[0]["@src"], "users")[-1], news[-1]["@nv"])

    def test_starting_and_the_first_turn(self) -> None:
        self.anne.join("g")
        self.assertEqual(
            said(self.anne.order("START_GAME")),
            ["ERROR: startGame - There must at least 2 players participate to start the game."],
        )
        self.bob.join("g")
        self.anne.lines()
        events = self.anne.order("START_GAME")
        self.assertEqual(
            {k: events[0].get(k) for k in ("@prop", "@ov", "@nv")},
            {"@prop": "running", "@ov": "false", "@nv": "true"},
        )
        self.assertEqual(said(events), ["OK - drawCard"])
        self.assertEqual(said(self.bob.events()), [])
        self.assertEqual(said(self.bob.order("DRAW_CARD"))[0][:18], "ERROR: drawCard - ")
        self.assertEqual(said(self.anne.order("END_TURN"))[0][:17], "ERROR: endTurn - ")
        events = self.anne.order("DRAW_CARD")
        self.assertEqual([event["@prop"] for event in events[:3]], ["rotation", "name", "meeplePositions"])
        self.assertEqual(events[0]["@nv"], "R0")
        self.assertEqual(said(events), ["OK - placeCard"])
        self.assertEqual(len(model(self.bob.events())), len(model(events)))

    def test_answers_to_what_changes_nothing(self) -> None:
        self.both()
        self.assertEqual(said(self.anne.order("NOOP")), ["OK - NOOP received!"])
        self.assertEqual(said(self.anne.order("DANCE"))[0][:15], "ERROR: dance - ")
        for line, answer in (
            ("LIST GAMES", "ERROR: command - "),
            ('{"@action":}', "ERROR: command - "),
            ('{"@action":"PLACE_CARD","properties":[]}', "ERROR: placeCard - "),
        ):
            found = [json.loads(item)["@nv"] for item in self.anne.ask(line)]
            self.assertEqual([item[: len(answer)] for item in found], [answer])

    def test_a_command_over_several_lines_and_one_that_breaks_off(self) -> None:
        self.both()
        self.anne.say('{"@action":')
        self.assertEqual(self.anne.lines(), [])
        self.assertEqual(said([json.loads(line) for line in self.anne.ask('"NOOP"}')]), ["OK - NOOP received!"])
        self.anne.say('{"@action":"NO')
        answers = said([json.loads(line) for line in self.anne.ask('{"@action":"NOOP"}')])
        self.assertEqual(answers[-1], "OK - NOOP received!")
        self.assertEqual(answers[0][:17], "ERROR: command - ")
        # A whole command is one, even where JSON would allow it as a value of the one that breaks off.
        for beginning in ('{"@action":', '{"@action":"DRAW_CARD","properties":', '{"@action":"X","y":['):
            self.anne.say(beginning)
            self.assertEqual(
                said([json.loads(line) for line in self.anne.ask('{"@action":"NOOP"}')]),
                ["ERROR: command - The JSON object is not complete.", "OK - NOOP received!"],
            )
        for line in ('{"@action":"NOOP",', '"properties":', "{"):
            self.anne.say(line)
        self.assertEqual(said([json.loads(line) for line in self.anne.ask("}}")]), ["OK - NOOP received!"])
        self.anne.say('{"@action":"NOOP"')
        self.services.clock.advance(0.6)
        self.assertEqual(said(self.anne.events()), ["ERROR: command - The JSON object is not complete."])

    def test_colours(self) -> None:
        self.both()
        events = self.anne.order("CHANGE_USER_COLOR", color="FFFF00")
        self.assertEqual((events[0]["@prop"], events[0]["@nv"]), ("color", "FFFF00"))
        self.assertEqual(
            said(self.anne.order("CHANGE_USER_COLOR", color="FFFF00")), ["OK - CHANGE_USER_COLOR received!"]
        )
        self.assertEqual(said(self.anne.order("CHANGE_USER_COLOR", color="red"))[0][:24], "ERROR: changeUserColor -")
        # The next game of this session gets it at once.
        self.anne.order("LEAVE_GAME")
        self.assertEqual(self.anne.ask("CREATE GAME h -maxPlayers 2"), ["OK"])
        self.assertIn("FFFF00", [event.get("@nv") for event in self.anne.join("h")])

    def test_messages_by_the_published_table(self) -> None:
        eve = self.services.user("eve", team="Blue")
        self.both()
        eve.join("g", "-visitor", "true")
        self.anne.lines(), self.bob.lines()
        everybody: list[Client] = [self.anne, self.bob, eve]
        nobody: list[Client] = []
        for arguments, kind, hearers in (
            ({}, "PUBLIC_MESSAGE", everybody),
            ({"recipient": "bob"}, "", nobody),
            ({"audience": "ALL"}, "PUBLIC_MESSAGE", everybody),
            ({"audience": "all"}, "PUBLIC_MESSAGE", everybody),
            ({"audience": "ALL", "recipient": "bob"}, "", nobody),
            ({"audience": "USER"}, "", nobody),
            ({"audience": "USER", "recipient": "Bob"}, "USER_MESSAGE", [self.anne, self.bob]),
            ({"audience": "USER", "recipient": "anne"}, "USER_MESSAGE", [self.anne]),
            ({"audience": "USER", "recipient": "nobody"}, "", nobody),
            ({"audience": "TEAM"}, "TEAM_MESSAGE", [self.anne, self.bob]),
            ({"audience": "TEAM", "recipient": "blue"}, "TEAM_MESSAGE", [self.anne, eve]),
            ({"audience": "TEAM", "recipient": "Green"}, "", nobody),
            ({"audience": "FRIENDS"}, "", nobody),
        ):
            own = self.anne.order("MESSAGE", message='hi "you" ü', **arguments)
            # That somebody is nowhere is not known at once where there are other nodes.
            self.services.clock.advance(ON_ITS_WAY)
            own += self.anne.events()
            heard = {self.anne: own, self.bob: self.bob.events(), eve: eve.events()}
            for client in everybody:
                if client in hearers:
                    self.assertEqual(
                        [(e["@src"], e["@prop"], e["@nv"]) for e in heard[client]],
                        [("anne", kind, 'hi "you" ü')],
                        arguments,
                    )
                elif client is self.anne:
                    self.assertEqual(said(own)[0][:17], "ERROR: message - ", arguments)
                else:
                    self.assertEqual(heard[client], [], arguments)
        self.assertEqual(said(self.anne.order("MESSAGE"))[0][:17], "ERROR: message - ")
        self.assertEqual(said(self.anne.order("MESSAGE", message=""))[0][:17], "ERROR: message - ")

    def test_messages_between_game_and_lobby(self) -> None:
        eve = self.services.user("eve")
        self.both()
        self.assertEqual(eve.ask("MSG USER anne hello"), ['MSG FROM ME TO anne: "hello"', "OK"])
        event = self.anne.events()[0]
        self.assertEqual((event["@src"], event["@prop"], event["@nv"]), ("eve", "USER_MESSAGE", "hello"))
        self.anne.order("MESSAGE", message="hi", audience="USER", recipient="eve")
        self.assertEqual(eve.lines(), ['MSG FROM anne TO YOU: "hi"'])
        eve.ask("MSG to the lobby")
        self.assertEqual(self.anne.lines(), [])

    def test_leaving(self) -> None:
        self.start()
        events = self.anne.order("LEAVE_GAME")
        self.assertEqual([e["@prop"] for e in events[:2]], ["users", "game"])
        self.assertEqual({len(e) for e in events[:2]}, {4})
        self.assertEqual(events[0]["@ov"], events[1]["@src"])
        self.assertEqual([e["@prop"] for e in events[-2:]], ["winner", "running"])
        self.assertEqual(model(self.bob.events()), model(events))
        # JSON until the first command of the lobby.
        self.assertEqual(said(self.anne.order("NOOP")), ["OK - NOOP received!"])
        self.assertEqual(said(self.anne.order("DRAW_CARD"))[0], "ERROR: drawCard - You have left the game.")
        self.assertEqual(self.anne.ask("LIST GAMES"), ["NO GAMES IN PROGRESS", "OK"])
        self.assertEqual(self.anne.ask("LIST USERS")[0], "USER NICK=anne TEAM=SE STATE=LOBBY")
        self.assertEqual(self.bob.order("LEAVE_GAME")[0]["@prop"], "users")

    def test_a_game_that_everybody_has_left_is_gone(self) -> None:
        self.anne.join("g")
        self.anne.order("LEAVE_GAME")
        self.assertEqual(self.anne.ask("LIST GAMES"), ["NO GAMES IN PROGRESS", "OK"])
        self.assertEqual(self.anne.ask("CREATE GAME g -maxPlayers 2"), ["OK"])

    def test_a_lost_connection_keeps_its_seat(self) -> None:
        self.start()
        mine = self.anne.order("CHANGE_USER_COLOR", color="123456")[0]["@src"]
        self.anne.hang_up()
        self.bob.lines()
        self.services.clock.advance(100)
        again = self.services.user("anne")
        events = again.join("g")
        users = [e["@nv"] for e in events if e["@prop"] == "users" and e["@src"].startswith("CarcassonneGame")]
        self.assertEqual(len(users), 2)
        self.assertIn(mine, users)
        self.assertEqual(said(events), ["OK - drawCard"])
        self.assertEqual(said(again.order("DRAW_CARD")), ["OK - placeCard"])
        self.services.clock.advance(100)
        self.assertEqual(said(again.order("NOOP")), ["OK - NOOP received!"])

    def test_a_lost_connection_loses_its_seat_in_the_end(self) -> None:
        self.start()
        self.bob.lines()
        self.anne.hang_up()
        self.services.clock.advance(119)
        self.assertEqual(self.bob.lines(), [])
        self.services.clock.advance(2)
        self.assertEqual(self.bob.events()[0]["@prop"], "users")
        self.assertEqual(len(self.services.matches), 0)

    def test_the_last_who_joins_has_the_seat(self) -> None:
        self.start()
        other = self.services.user("anne")
        events = other.join("g")
        self.assertEqual(said(events), ["OK - drawCard"])
        self.assertTrue(self.anne.ended)
        self.anne.hang_up()
        self.services.clock.advance(200)
        self.assertEqual(said(other.order("DRAW_CARD")), ["OK - placeCard"])

    def test_visitors_see_everything_public_and_do_nothing(self) -> None:
        self.start()
        eve = self.services.user("eve")
        dump = eve.join("g", "-visitor", "true")
        visitors = [e["@src"] for e in dump if e["@prop"] == "visitor" and e["@nv"] == "true"]
        self.assertEqual(len(visitors), 1)
        self.assertEqual(self.services.user("fred").ask("LIST GAMES")[0].split()[3], "PLAYERS=2/2")
        self.anne.lines(), self.bob.lines()
        self.assertEqual(model(self.anne.order("DRAW_CARD")), eve.events())
        self.assertEqual(said(eve.order("START_GAME"))[0][:19], "ERROR: startGame - ")
        self.assertEqual(said(eve.order("DRAW_CARD"))[0][:18], "ERROR: drawCard - ")
        self.assertEqual(eve.order("CHANGE_USER_COLOR", color="010203")[0]["@nv"], "010203")
        eve.hang_up()
        self.assertEqual(
            [(e["@prop"], len(e)) for e in self.anne.events()], [("color", 5), ("users", 4), ("game", 4)]
        )

    def test_a_player_cannot_watch_their_own_game(self) -> None:
        self.start()
        self.anne.hang_up()
        again = self.services.user("anne")
        self.assertEqual(again.ask("JOIN GAME g -visitor true")[0][:6], "ERROR:")
        self.assertEqual(said(again.join("g", "-visitor", "false")), ["OK - drawCard"])

    def test_who_watched_may_take_a_seat(self) -> None:
        eve = self.services.user("eve")
        eve.join("g", "-visitor", "true")
        again = self.services.user("eve")
        dump = again.join("g", "-visitor", "false")
        self.assertTrue(eve.ended)
        self.assertEqual(self.anne.ask("LIST GAMES")[0].split()[3], "PLAYERS=1/2")
        self.assertEqual([e["@prop"] for e in dump[-2:]], ["users", "game"])
        self.assertIn(("visitor", "false"), [(e["@prop"], e.get("@nv")) for e in dump])

    def test_who_leaves_before_the_start_has_not_played(self) -> None:
        self.both()
        self.bob.order("LEAVE_GAME")
        self.assertEqual(list(self.services.matches.every()[0].players), ["anne"])

    def test_floods_in_a_game_are_warned_as_recorded(self) -> None:
        self.services = self.Services(limits=Limits(messages_per_second=1, burst=10))
        anne = self.services.user("anne")
        anne.ask("CREATE GAME g -maxPlayers 2")
        anne.join("g")
        for _ in range(7):
            self.assertEqual(said(anne.order("NOOP")), ["OK - NOOP received!"])
        # Nothing is lost: it is only done later, and who sends on and on is told so, at most once a second.
        anne.say('{"@action":"NOOP"}\r\n' * 30)
        answers = said(anne.events())
        for _ in range(35):
            self.services.clock.advance(1)
            answers += said(anne.events())
        self.assertEqual(answers.count("OK - NOOP received!"), 30)
        warnings = [answer for answer in answers if answer.startswith("FLOOD")]
        self.assertEqual(warnings[:2], ["FLOOD DETECTED! This is warning #0!", "FLOOD DETECTED! This is warning #1!"])
        self.assertTrue(all(answer == "OK - NOOP received!" or answer in warnings for answer in answers))
        self.assertFalse(anne.ended)

    def test_a_flood_in_a_game_ends_in_the_end(self) -> None:
        self.services = self.Services(limits=Limits(messages_per_second=1, burst=10))
        anne = self.services.user("anne")
        anne.ask("CREATE GAME g -maxPlayers 2")
        anne.join("g")
        anne.say('{"@action":"NOOP"}\r\n' * 1000)
        for _ in range(120):
            self.services.clock.advance(1)
        self.assertTrue(anne.ended)

    def test_several_commands_in_a_line(self) -> None:
        self.both()
        answers = said(
            [
                json.loads(line)
                for line in self.anne.ask('{"@action":"NOOP"}{"@action":"FLY"} {"@action":"NOOP"} {"@act')
            ]
        )
        self.assertEqual([answer[:9] for answer in answers], ["OK - NOOP", "ERROR: fl", "OK - NOOP"])
        self.assertEqual(said(self.anne.order("NOOP"))[-1], "OK - NOOP received!")
        text = self.anne.ask('{"@action":"MESSAGE","properties":{"entry":{"key":"message","value":"a} {b"}}}')
        self.assertIn('"@nv":"a} {b"', text[0])

    def test_of_a_large_team_thirty_members_besides_the_players_are_in_a_dump(self) -> None:
        for number in range(40):
            self.services.user(f"member{number}", team="Big")
        eve = self.services.user("eve", team="Big")
        eve.ask("CREATE GAME b -maxPlayers 2")
        dump = eve.join("b")
        (team,) = {e["@src"] for e in dump if e["@prop"] == "name" and e.get("@nv") == "Big"}
        members = [e["@nv"] for e in dump if e["@src"] == team and e["@prop"] == "users"]
        self.assertIn(len(members), (30, 31))
        nicknames = {e["@nv"] for e in dump if e["@prop"] == "nickname"}
        self.assertIn("eve", nicknames)

    def test_computer_players_fill_a_test_game(self) -> None:
        fred = self.services.user("fred")
        fred.ask("CREATE GAME t -maxPlayers 3 -testgame")
        fred.join("t")
        events = fred.order("START_GAME")
        self.assertEqual([e["@nv"] for e in events if e["@prop"] == "nickname"], ["computer1", "computer2"])
        self.assertEqual(said(events), ["OK - drawCard"])
        fred.order("DRAW_CARD")
        match = self.services.matches.open("carcassonne")[-1]
        placing = match.game.legal(0)[0]
        fred.order(placing.action, **placing.arguments)
        fred.order("END_TURN")
        for _ in range(20):
            self.services.clock.advance(0.3)
        self.assertIn("OK - drawCard", said(fred.events()))

    def test_an_achievement_is_told_once_and_kept(self) -> None:
        self.anne.ask("CREATE ACHIEVEMENT Settled You have all played meeples in less than 9 meadow")
        self.anne.ask("CREATE ACHIEVEMENT Never You have received city with more than 9999 points")
        self.start()
        match = self.services.matches.every()[0]
        self.anne.order("DRAW_CARD")
        placing = match.game.legal(0)[0]
        self.anne.order(placing.action, **placing.arguments)
        meadow = next(
            command
            for command in match.game.legal(0)
            if command.action == "PLACE_MEEPLE" and self._terrain(match, command) == "meadow"
        )
        events = self.anne.order(meadow.action, **meadow.arguments)
        self.assertIn("ACHIEVEMENT Settled: You have all played meeples in less than 9 meadow", said(events))
        self.bob.order("DRAW_CARD")
        self.assertNotIn("ACHIEVEMENT", str(said(self.anne.events())))
        lines = self.services.user("anne").ask("LIST ACHIEVEMENTS")
        self.assertEqual(["REACHED=true" in line for line in lines], [True, False, False])

    @staticmethod
    def _terrain(match: Match, command: Command) -> str:
        assert isinstance(match.game, Carcassonne)
        laid = the(match.game._table.last)
        return str(laid.tile.places[int(command.arguments["position"]) - 1].terrain.value)

    def test_a_match_goes_on_after_a_restart(self) -> None:
        self.start()
        self.anne.order("DRAW_CARD")
        before = self.services.matches.every()[0]
        dump = [str(change) for change in _dump(before)]
        successor = ClockServices(store=self.services.store, accounts=self.services.account_store)
        after = successor.matches.every()[0]
        self.assertEqual([str(change) for change in _dump(after)], dump)
        self.assertEqual(after.events, before.events)
        anne = successor.user("anne")
        self.assertIn("STATUS=RUNNING", anne.ask("LIST GAMES")[0])
        self.assertEqual(said(anne.join("g")), ["OK - placeCard"])
        successor.clock.advance(130)
        # Bob has not come back in time: anne is alone and has won.
        self.assertEqual([e["@prop"] for e in anne.events()][-2:], ["winner", "running"])
        self.assertEqual(ensureDeferred(successor.store.take_own()).result, [])

    def test_nothing_is_told_before_it_is_on_disk(self) -> None:
        self.both()
        store = self.services.store
        held: list[Deferred[None]] = []

        async def slowly(lines: Sequence[LogLine]) -> frozenset[int]:
            gate: Deferred[None] = Deferred()
            held.append(gate)
            await gate
            return await type(store).append(store, lines)

        self.patch(store, "append", slowly)
        self.assertEqual(self.anne.order("START_GAME"), [])
        self.assertEqual(self.bob.lines(), [])
        self.assertEqual(self.anne.order("NOOP"), [], "answers keep their order")
        held.pop().callback(None)
        self.assertEqual(said(self.anne.events()), ["OK - drawCard", "OK - NOOP received!"])
        self.assertEqual(self.bob.events()[0]["@prop"], "running")

    def test_who_plays_what_another_node_has_taken_over_is_told_nothing_and_sent_away(self) -> None:
        self.start()
        match = self.services.matches.every()[0]
        # Another node resumes it while this one stands still.
        [taken] = self.successResultOf(ensureDeferred(self.services.store.take_own()))
        goodbye = "This game goes on at another server of this community; please come back."
        self.assertEqual(said(self.anne.order("DRAW_CARD")), [goodbye])
        self.assertEqual(said(self.bob.events()), [goodbye])
        self.assertTrue(match.ended)
        self.assertEqual(self.services.matches.every(), [])
        for player in (self.anne, self.bob):
            self.assertTrue(player.ended)
            self.assertEqual(player.lines(), [])
        lines = self.successResultOf(ensureDeferred(self.services.store.lines(taken.id)))
        self.assertNotIn("DRAW_CARD", str(lines))
        self.assertEqual(self.services.user("carl").ask("LIST GAMES")[0], "NO GAMES IN PROGRESS")

    def test_who_only_waits_there_is_sent_away_as_well(self) -> None:
        self.start()
        self.successResultOf(ensureDeferred(self.services.store.take_own()))
        (look,) = [task for task in self.services.kassel.periodic if task.seconds == OWNERS]
        self.successResultOf(deferred(look.run()))
        self.assertTrue(self.anne.ended)
        self.assertTrue(self.bob.ended)


def _dump(match: Match) -> list[bytes]:
    return [change_line(0, change) for change in dump(match.game.root, None)]


class Seasons(SynchronousTestCase):
    def test_ss13_pauses_before_the_events(self) -> None:
        services = ClockServices()
        anne = services.user("anne", "ss13")
        anne.ask("CREATE GAME g -maxPlayers 2")
        self.assertEqual(anne.ask("JOIN GAME g -visitor false"), ["OK"])
        other = services.user("bob", "ss13")
        other.ask("MSG USER anne hello")
        self.assertEqual(anne.lines(), [])
        services.clock.advance(0.29)
        self.assertEqual(anne.lines(), [])
        services.clock.advance(0.02)
        events = anne.events()
        self.assertTrue(events[0]["@src"].startswith("SettlersOfCatanGame@"))
        self.assertEqual((events[-1]["@src"], events[-1]["@nv"]), ("bob", "hello"))

    def test_ss13_join_that_breaks_off_in_the_pause(self) -> None:
        services = ClockServices()
        anne = services.user("anne", "ss13")
        anne.ask("CREATE GAME g -maxPlayers 2")
        anne.ask("JOIN GAME g")
        anne.hang_up()
        services.clock.advance(1)
        self.assertEqual(len(services.matches), 1)
        services.clock.advance(200)
        self.assertEqual(len(services.matches), 0)

    def test_ss13_hands_are_hidden(self) -> None:
        services = ClockServices()
        players = [services.user(name, "ss13") for name in ("anne", "bob")]
        eve = services.user("eve", "ss13")
        players[0].ask("CREATE GAME g -maxPlayers 2 -testgame")
        for client, visitor in ((players[0], "false"), (players[1], "false"), (eve, "true")):
            client.ask(f"JOIN GAME g -visitor {visitor}")
            services.clock.advance(0.4)
        players[0].order("START_GAME")
        match = services.matches.every()[0]
        chance = random.Random(3)
        seen: dict[Client, set[str]] = {client: set() for client in (*players, eve)}
        for _ in range(120):
            seat = next((seat for seat in (0, 1) if match.game.legal(seat)), None)
            if seat is None:
                break
            command = chance.choice(list(match.game.legal(seat)))
            own = players[seat].order(command.action, **command.arguments)
            seen[players[seat]] |= {e["@src"] for e in own if e["@src"].startswith("Card@")}
            for hearer, ids in seen.items():
                ids |= {e["@src"] for e in hearer.events() if e["@src"].startswith("Card@")}
        assert isinstance(match.game, Catan)
        hands = [{card.id for card in match.game._seats[seat].cards} for seat in (0, 1)]
        self.assertTrue(all(hands))
        self.assertEqual(seen[players[0]] & hands[1], set())
        self.assertEqual(seen[players[1]] & hands[0], set())
        self.assertEqual(seen[eve] & (hands[0] | hands[1]), set())
        # Who joins late is told no more.
        fred = services.user("fred", "ss13")
        fred.ask("JOIN GAME g -visitor true")
        services.clock.advance(0.4)
        self.assertEqual({e["@src"] for e in fred.events()} & (hands[0] | hands[1]), set())

    def test_creepsmash_runs_by_the_clock(self) -> None:
        services = ClockServices()
        anne = services.user("anne", "ss12")
        anne.ask("CREATE GAME g -players 2 -testgame")
        dump = anne.join("g")
        self.assertEqual(dump[-1]["@prop"], "speed")
        tile = next(e["@nv"] for e in dump if e["@prop"] == "tiles")
        self.assertEqual(
            said(anne.order("START_GAME")), ["ERROR: startGame - Not all players have chosen a start tile."]
        )
        anne.order("CHOOSE_TILE", tile=tile)
        events = anne.order("START_GAME")
        self.assertIn(("running", "true"), [(e["@prop"], e.get("@nv")) for e in events])
        self.assertEqual(len(services.matches.ticks), 1)
        for _ in range(40):
            services.clock.advance(0.05)
        told = anne.events()
        self.assertTrue(told)
        anne.hang_up()
        match = services.matches.every()[0]
        standing = match.events
        for _ in range(40):
            services.clock.advance(0.05)
        self.assertEqual(match.events, standing, "time stands still while nobody is there")
        again = services.user("anne", "ss12")
        again.join("g")
        for _ in range(40):
            services.clock.advance(0.05)
        self.assertGreater(match.events, standing)
        again.order("LEAVE_GAME")
        self.assertEqual(len(services.matches.ticks), 0)

    def test_a_creepsmash_match_goes_on_after_a_restart(self) -> None:
        services = ClockServices()
        anne = services.user("anne", "ss12")
        anne.ask("CREATE GAME g -players 2 -testgame")
        tile = next(e["@nv"] for e in anne.join("g") if e["@prop"] == "tiles")
        anne.order("CHOOSE_TILE", tile=tile)
        anne.order("START_GAME")
        for _ in range(100):
            services.clock.advance(0.05)
        before = services.matches.every()[0]
        deferred(services.kassel.stop())
        successor = ClockServices(store=services.store, accounts=services.account_store)
        after = successor.matches.every()[0]
        self.assertEqual(_dump(after), _dump(before))


class Slow(SynchronousTestCase):
    def test_a_slow_reader_is_told_less_and_ends_with_the_same_picture(self) -> None:
        services = ClockServices(limits=Limits(messages_per_second=1000, burst=1000))
        anne = services.user("anne", "ss12")
        bob = services.browsing("bob", "ss12")
        anne.ask("CREATE GAME g -players 2 -testgame")
        tiles = [e["@nv"] for e in anne.join("g") if e["@prop"] == "tiles"]
        pictures: dict[Client, Replica] = {anne: Replica(COLLECTIONS_SS12), bob: Replica(COLLECTIONS_SS12)}
        heard = dict.fromkeys(pictures, 0)

        def hear(client: Client, events: list[dict[str, str]]) -> None:
            heard[client] += len(events)
            for event in model(events):
                pictures[client].apply(event["@src"], event["@prop"], event.get("@ov"), event.get("@nv"))

        hear(bob, bob.join("g"))
        services.user("eve", "ss12")
        anne.lines()
        anne.order("LEAVE_GAME")
        hear(anne, anne.join("g"))
        hear(bob, bob.events())
        for client, tile in zip((anne, bob), tiles, strict=False):
            hear(client, client.order("CHOOSE_TILE", tile=tile))
        hear(anne, anne.order("START_GAME"))
        hear(bob, bob.events())
        bob.wire.waiting = 1_000_000
        for turn in range(500):
            if turn % 40 == 0:
                hear(anne, anne.order("CREATE_CREEP", creeptype="MERCURY"))
            services.clock.advance(0.05)
            if turn == 490:
                bob.wire.waiting = 0
        hear(anne, anne.events())
        hear(bob, bob.events())
        self.assertLess(heard[bob], heard[anne])
        ids = [name for name in pictures[anne].objects if not name.startswith(("User@", "Team@"))]
        self.assertGreater(len(ids), 1000)
        self.assertEqual(
            knowledge(pictures[bob], ids, COLLECTIONS_SS12), knowledge(pictures[anne], ids, COLLECTIONS_SS12)
        )
