"""The coding of events and the order of a dump, on a graph like those of the recordings, made here."""

from __future__ import annotations

import json

from twisted.trial.unittest import SynchronousTestCase

from gameserver.games.entity import Attribute, Entity, Message, Model, ToMany, ToOne, dump
from gameserver.matches.batch import Batch, Chat
from gameserver.matches.wire import change_line, item_line
from gameserver.protocols.kassel.encoders import batch_bytes, crlf


class Sector(Entity):
    map = ToOne["Map"]("sectors")
    x = Attribute(0)
    rich = Attribute(False)
    yield_ = Attribute(0.0)
    owner = ToOne["Assets"]("start_sector")


class Map(Entity):
    sectors = ToMany[Sector]("map")
    name = Attribute[str]("")
    game = ToOne["Game"]("map")


class Assets(Entity):
    start_sector = ToOne[Sector]("owner")
    game = ToOne["Game"]("user_assets")
    gold = Attribute(0)

    def audience(self, name: str) -> int | None:
        return 7 if name == "gold" else None


class Game(Entity):
    map = ToOne[Map]("game")
    name = Attribute[str]("")
    winner = ToOne[Assets]()
    running = Attribute(False)
    user_assets = ToMany[Assets]("game")


def graph() -> tuple[Model, Game, dict[str, Entity]]:
    model = Model(5)
    game = Game(model, name="g")
    board = Map(model, name='A "b"\\ ü', game=game)
    first, second = Sector(model, map=board, yield_=0.6), Sector(model, map=board, x=1, rich=True)
    mine, other = Assets(model, game=game, gold=3), Assets(model, game=game)
    mine.start_sector = second
    game.announce()
    model.take()
    return model, game, {"map": board, "s1": first, "s2": second, "a1": mine, "a2": other}


class Dump(SynchronousTestCase):
    def test_order_and_forms(self) -> None:
        _, game, by = graph()
        names = {entity.id: name for name, entity in by.items()} | {game.id: "game"}
        lines = []
        for change in dump(game, 7):
            event = json.loads(change_line(1332460429044, change))
            self.assertEqual(list(event)[:3], ["@ts", "@src", "@prop"])
            self.assertEqual(event["@ts"], "1332460429044")
            self.assertNotIn("@ov", event)
            value = event.get("@nv", "-")
            lines.append(f"{names[event['@src']]}.{event['@prop']}={names.get(value, value)}")
        self.assertEqual(
            lines,
            [
                "game.map=map",
                "map.sectors=s1",
                "map.sectors=s2",
                "s1.map=map",
                "s1.x=0",
                "s1.rich=false",
                "s1.yield=0.6",
                "s1.owner=-",
                "s2.map=map",
                "s2.x=1",
                "s2.rich=true",
                "s2.yield=0.0",
                "s2.owner=a1",
                "a1.startSector=s2",
                "a1.game=game",
                "a1.gold=3",
                'map.name=A "b"\\ ü',
                "map.game=game",
                "game.name=g",
                "game.winner=-",
                "game.running=false",
                "game.userAssets=a1",
                "game.userAssets=a2",
                "a2.startSector=-",
                "a2.game=game",
                "a2.gold=0",
            ],
        )

    def test_exact_bytes_of_every_form(self) -> None:
        model, game, by = graph()
        game.running = True
        game.name = "x\u2028\x9b\t\ud800"
        mine = by["a1"]
        assert isinstance(mine, Assets)
        mine.start_sector = None
        game.winner = mine
        lines = [change_line(1, change) for change in model.take()]  # type: ignore[arg-type]
        self.assertEqual(
            lines,
            [
                f'{{"@ts":"1","@src":"{game.id}","@prop":"running","@ov":"false","@nv":"true"}}'.encode(),
                f'{{"@ts":"1","@src":"{game.id}","@prop":"name","@ov":"g","@nv":"x\\u2028\\u009b\\t?"}}'.encode(),
                f'{{"@ts":"1","@src":"{mine.id}","@prop":"startSector","@ov":"{by["s2"].id}"}}'.encode(),
                f'{{"@ts":"1","@src":"{by["s2"].id}","@prop":"owner","@ov":"{mine.id}"}}'.encode(),
                f'{{"@ts":"1","@src":"{game.id}","@prop":"winner","@nv":"{mine.id}"}}'.encode(),
            ],
        )

    def test_messages(self) -> None:
        self.assertEqual(
            item_line(5, Message(3, "OK - drawCard")),
            b'{"@ts":"5","@src":"SERVER","@prop":"USER_MESSAGE","@nv":"OK - drawCard"}',
        )
        self.assertEqual(
            item_line(5, Chat("PUBLIC_MESSAGE", "anne", 'say "hi"')),
            b'{"@ts":"5","@src":"anne","@prop":"PUBLIC_MESSAGE","@nv":"say \\"hi\\""}',
        )

    def test_everybody_gets_the_same_bytes_and_only_what_they_may_see(self) -> None:
        model, game, by = graph()
        game.running = True
        mine = by["a1"]
        assert isinstance(mine, Assets)
        mine.gold = 9
        model.say(7, "psst")
        batch = Batch(1, model.take())
        own, other, visitor = (batch_bytes(batch, seat, crlf) for seat in (7, 8, None))
        self.assertEqual(own.count(b"\r\n"), 3)
        self.assertEqual(other.count(b"\r\n"), 1)
        self.assertIs(other, visitor)
        self.assertIs(batch_bytes(batch, 7, crlf), own)
