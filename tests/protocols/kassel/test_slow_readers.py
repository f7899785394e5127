"""Who does not read as fast as things happen, and a game that ends meanwhile."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from gameserver.config.tree import Limits
from gameserver.games.creepsmash.game import CreepSmash
from gameserver.games.replica import Replica
from gameserver.testing.game_events import knowledge
from tests.protocols.kassel.services import Client, ClockServices
from tests.protocols.kassel.test_game import COLLECTIONS_SS12, model
from tests.typed import the


class AtTheEnd(SynchronousTestCase):
    def setUp(self) -> None:
        self.services = ClockServices(limits=Limits(messages_per_second=1000, burst=1000))
        self.anne = self.services.user("anne", "ss12")
        self.bob = self.services.user("bob", "ss12")
        self.slow = self.services.browsing("eve", "ss12")
        self.anne.ask("CREATE GAME g -players 2 -map map_sprint")
        self.pictures: dict[Client, Replica] = {}
        tiles = [event["@nv"] for event in self.join(self.anne) if event["@prop"] == "tiles"]
        self.join(self.bob)
        self.join(self.slow, " -visitor true")
        for client, tile in zip((self.anne, self.bob), tiles, strict=False):
            self.hear(client, client.order("CHOOSE_TILE", tile=tile))
        self.hear(self.anne, self.anne.order("START_GAME"))

    def join(self, client: Client, option: str = "") -> list[dict[str, str]]:
        events = client.join(f"g{option}")
        self.pictures[client] = Replica(COLLECTIONS_SS12)
        self.hear(client, events)
        return events

    def hear(self, client: Client, events: list[dict[str, str]]) -> None:
        for event in model(events):
            self.pictures[client].apply(event["@src"], event["@prop"], event.get("@ov"), event.get("@nv"))

    def test_the_last_picture_is_whole(self) -> None:
        """The last life is lost in a tick like any other; nothing comes after it that could settle what is owed."""
        game = self.services.matches.open("creepsmash")[0].game
        assert isinstance(game, CreepSmash)
        the(game.assets(1)).lives = 1
        for client in self.pictures:
            self.hear(client, client.events())
        for _ in range(3):
            self.hear(self.anne, self.anne.order("CREATE_CREEP", creeptype="MERCURY"))
            self.hear(self.bob, self.bob.order("CREATE_CREEP", creeptype="MERCURY"))
        self.slow.wire.waiting = 1_000_000
        while game.running:
            self.services.clock.advance(0.05)
        self.slow.wire.waiting = 0
        for _ in range(40):
            self.services.clock.advance(0.05)
        for client in self.pictures:
            self.hear(client, client.events())
        whole, thinned = self.pictures[self.anne], self.pictures[self.slow]
        ids = [name for name in whole.objects if not name.startswith(("User@", "Team@"))]
        self.assertTrue(any(name.startswith("Creep@") for name in ids))
        self.assertEqual(knowledge(thinned, ids, COLLECTIONS_SS12), knowledge(whole, ids, COLLECTIONS_SS12))
