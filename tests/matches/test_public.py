"""The public story of a match: it ends with the game; of a real-time match it is a summary with the true picture."""

from __future__ import annotations

import json
from typing import Any
from unittest.mock import patch

from twisted.internet.defer import ensureDeferred
from twisted.trial.unittest import SynchronousTestCase

from gameserver.games.entity import dump
from gameserver.games.replica import Replica
from gameserver.matches import public
from gameserver.matches.match import Match
from gameserver.matches.wire import change_line
from gameserver.testing.game_events import knowledge
from tests.protocols.kassel.services import ClockServices
from tests.protocols.kassel.test_game import COLLECTIONS_SS12


def story_of(services: ClockServices, match: Match) -> list[dict[str, str]]:
    lines: Any = ensureDeferred(services.store.lines(match.header.id))
    pieces = public.public_events(match.header, match.kind, lines.result)
    return [json.loads(line) for piece in pieces for line in piece]


class EndOfStory(SynchronousTestCase):
    def test_who_leaves_after_the_end_is_still_there_in_the_end(self) -> None:
        services = ClockServices()
        anne, bob, carl = (services.user(name) for name in ("anne", "bob", "carl"))
        anne.ask("CREATE GAME g -maxPlayers 3")
        for client in (anne, bob, carl):
            client.join("g")
        anne.order("START_GAME")
        match = services.matches.every()[0]
        # Who leaves before the end has left; what the others had, they have in the last picture.
        carl.order("LEAVE_GAME")
        anne.order("LEAVE_GAME")
        self.assertTrue(match.game.over)
        bob.order("LEAVE_GAME")
        lines: Any = ensureDeferred(services.store.lines(match.header.id))
        self.assertIn("leave", lines.result[-1].text)
        story = story_of(services, match)
        self.assertEqual((story[-1]["@prop"], story[-1].get("@nv")), ("running", "false"))
        gone = [e["@ov"] for e in story if e["@prop"] == "users" and "@ov" in e]
        self.assertEqual(len(gone), 2)


class Story(SynchronousTestCase):
    def setUp(self) -> None:
        self.services = ClockServices()
        anne = self.services.user("anne", "ss12")
        bob = self.services.user("bob", "ss12")
        anne.ask("CREATE GAME g -players 2 -testgame")
        tiles = [e["@nv"] for e in anne.join("g") if e["@prop"] == "tiles"]
        bob.join("g")
        for client, tile in ((anne, tiles[0]), (bob, tiles[1])):
            client.order("CHOOSE_TILE", tile=tile)
        anne.order("START_GAME")
        cells = [e["@nv"] for e in anne.events() if e["@prop"] == "cell"]
        for turn in range(900):
            if turn % 30 == 0:
                anne.order("CREATE_CREEP", creeptype="MERCURY")
            if turn % 200 == 0 and cells:
                bob.order("CREATE_TOWER", towertype="BASIC", cell=cells[0])
            self.services.clock.advance(0.05)
        self.match: Match = self.services.matches.every()[0]
        self.match.remember()

    def story(self) -> list[dict[str, str]]:
        return story_of(self.services, self.match)

    def test_it_ends_with_the_true_picture_and_does_not_grow_with_the_length(self) -> None:
        truth = Replica(COLLECTIONS_SS12)
        for change in dump(self.match.game.root, None):
            event = json.loads(change_line(0, change))
            truth.apply(event["@src"], event["@prop"], event.get("@ov"), event.get("@nv"))
        wanted = knowledge(truth, truth.objects, COLLECTIONS_SS12)
        sizes = []
        for limit in (public.EVENTS, 6000):
            with patch.object(public, "EVENTS", limit):
                story = self.story()
            sizes.append(len(story))
            told = Replica(COLLECTIONS_SS12)
            for event in story:
                told.apply(event["@src"], event["@prop"], event.get("@ov"), event.get("@nv"))
            self.assertEqual(knowledge(told, truth.objects, COLLECTIONS_SS12), wanted)
        beginning = len(dump(self.match.game.root, None))
        self.assertLess(sizes[0], self.match.events)
        self.assertLessEqual(sizes[1], sizes[0])
        self.assertGreater(sizes[1], beginning // 2)
