"""Rooms and rounds of generation 3: what its clients stumble over, and that every round ends."""

from __future__ import annotations

import itertools
import json
import random
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from gameserver.config.tree import Limits
from gameserver.protocols.techmino.config import Techmino
from gameserver.rooms.rooms import told as shown
from gameserver.testing.techmino import PING
from gameserver.testing.techmino_generation3 import asked, get
from tests.protocols.techmino.generation3 import (
    RULES,
    Generation3Services,
    Player,
    actions,
    inner,
    refusals,
    same_json,
)
from tests.protocols.techmino.services import CONFIG


class RoomTests(SynchronousTestCase):
    SERVICES: type[Generation3Services] = Generation3Services

    def setUp(self) -> None:
        self.services = self.SERVICES(self)
        self.anna, self.bert, self.carl = (self.services.player(name) for name in ("anna", "bert", "carl"))

    def together(self, *players: Player) -> str:
        """Put players into a room of the first and return its number; nothing is left to be read."""
        host, *others = players
        room = host.create()
        for other in others:
            other.join(room)
        for player in players:
            player.heard()
        return room

    def start(self, *players: Player) -> int:
        """Let players begin a round and return its seed."""
        for player in players:
            player.ready()
        self.services.pass_time(3.01, *players)
        seeds = [[one["data"]["seed"] for one in player.heard() if one["action"] == 1102] for player in players]
        self.assertEqual(len(seeds[0]), 1)
        self.assertEqual(seeds, [seeds[0]] * len(players))
        return int(seeds[0][0])

    # Rooms.

    def test_rules_come_back_to_the_byte_with_numbers_beyond_every_integer(self) -> None:
        room = self.anna.create()
        raw = self.raw_join(self.bert, room)
        self.assertIn(b'"data":' + RULES, raw)
        self.assertIn(b"1e+99", raw)

    def raw_join(self, player: Player, room: str) -> bytes:
        """Return the bytes that somebody gets who joins."""
        for piece in asked(1306, {"roomId": room}):
            player.wired.protocol.dataReceived(piece)
        return player.wired.raw()

    def test_rules_that_no_client_could_read_are_refused(self) -> None:
        deep = b'{"a":' * 5000 + b"1" + b"}" * 5000
        for rules in (b"1e+999", b'{"a":1e+999}', b"[]", b'"x"', b'{"a":"\\q"}', b'{"a":01}', b'{"a":"\x01"}', deep):
            info = b'{"name":"x","type":"normal","version":"v"}'
            answers = self.anna.say(b'{"action":1301,"data":{"capacity":3,"info":%b,"data":%b}}' % (info, rules))
            self.assertEqual([actions(answers)[0] in (-1301, 0), len(answers)], [True, 1], rules[:20])
            self.assertTrue(refusals(answers)[0].startswith("Techrater."), answers)
        self.assertEqual(inner(self.bert.ask(1309, {"pageIndex": 0, "pageSize": 26})), [[]])

    def test_rules_have_a_limit(self) -> None:
        rules = json.dumps({"a": "x" * Techmino().room_data_bytes}).encode()
        info = b'{"name":"x","type":"normal","version":"v"}'
        answers = self.anna.say(b'{"action":1301,"data":{"capacity":3,"info":%b,"data":%b}}' % (info, rules))
        self.assertIn(" ", refusals(answers)[0])

    def test_who_has_not_said_how_they_play_comes_into_no_room(self) -> None:
        room = self.anna.create()
        dora = Player(self.services, "dora").connect(config=None)
        self.assertEqual(refusals(dora.join(room)), ["Techrater.RoomJoin.notAvailable"])
        self.assertEqual(inner(dora.ask(1200, "{}")), ["{}"])
        self.assertEqual(actions(dora.join(room)), [1306])

    def test_a_configuration_is_told_to_the_room_and_to_oneself(self) -> None:
        self.together(self.anna, self.bert)
        wanted = [{"playerId": self.bert.uid, "config": '{"das":3}'}]
        self.assertEqual(inner(self.bert.ask(1200, '{"das":3}')), wanted)
        self.assertEqual(inner(self.anna.heard()), wanted)

    def test_the_list_shows_other_generations_with_a_version_nobody_has(self) -> None:
        gen1 = self.services.person("gena").play()
        gen1.send(1, type="solo", name="old one", config=CONFIG)
        (rooms,) = inner(self.anna.ask(1309, {"pageIndex": 0, "pageSize": 26}))
        self.assertEqual(rooms[0]["info"]["name"], "old one")
        self.assertEqual(rooms[0]["count"], {"Gamer": 1, "Spectator": 0})
        self.assertNotRegex(rooms[0]["info"]["version"], "^ver ")
        (reason,) = refusals(self.anna.join(rooms[0]["roomId"]))
        self.assertIn(" ", reason)
        # And the other way round.
        room = self.anna.create()
        (warned,) = gen1.send(3) and gen1.send(2, rid=room, config=CONFIG)
        self.assertEqual(warned["type"], "Warn")

    def test_the_standing_rooms_are_those_of_other_clients(self) -> None:
        self.assertEqual(refusals(self.anna.join("ffa")), ["Techrater.RoomManager.roomNotFound"])
        gen1 = self.services.person("gena").play()
        (joined,) = gen1.send(2, rid="ffa", config=CONFIG)
        self.assertEqual(joined["type"], "Self")
        self.assertIn(" ", refusals(self.anna.join("ffa"))[0])

    def test_pages_of_the_list(self) -> None:
        self.anna.create()
        self.services.wait(0.001)
        newest = self.bert.create()
        (first,) = inner(self.carl.ask(1309, {"pageIndex": 0, "pageSize": 1}))
        self.assertEqual([room["roomId"] for room in first], [newest])
        self.assertEqual(inner(self.carl.ask(1309, {"pageIndex": 2, "pageSize": 1})), [[]])

    def test_a_password_is_never_sent_back(self) -> None:
        room = self.anna.create(password="secret9")
        self.assertEqual(refusals(self.bert.join(room)), ["Techrater.RoomJoin.wrongPassword"])
        self.assertEqual(refusals(self.bert.join(room, password="")), ["Techrater.RoomJoin.wrongPassword"])
        (joined,) = self.bert.join(room, password="secret9")
        self.anna.heard()
        self.assertTrue(joined["data"]["private"])
        told = [*self.anna.ask(1310, {"password": "secret8"}), *self.bert.heard(), joined]
        self.assertEqual(inner(told)[:2], [{"playerId": self.anna.uid}] * 2)
        self.assertNotIn("secret", json.dumps(told))
        self.assertEqual(refusals(self.bert.ask(1310, {"password": "x"})), ["Techrater.RoomPassword.noPermission"])
        self.anna.ask(1310, {"password": ""})
        self.assertEqual(actions(self.carl.join(room)), [1306])

    def test_a_full_room_lets_watchers_in(self) -> None:
        room = self.anna.create(capacity=1)
        (joined,) = self.bert.join(room)
        self.assertEqual(joined["data"]["count"], {"Gamer": 1, "Spectator": 1})
        self.assertEqual(joined["data"]["players"][1]["type"], "Spectator")
        self.assertEqual(refusals(self.bert.ask(1207, "Gamer")), ["Techrater.PlayerType.roomFull"])
        self.assertEqual(refusals(self.bert.ask(1203, True)), ["Techrater.PlayerReady.notAvailable"])

    def test_the_new_host_is_told_before_the_old_one_leaves(self) -> None:
        self.together(self.anna, self.bert, self.carl)
        self.assertEqual(actions(self.anna.ask(1308)), [1308])
        told = self.bert.heard()
        self.assertEqual(actions(told), [1204, 1308])
        self.assertEqual(inner(told), [{"playerId": self.bert.uid, "role": "Admin"}, {"playerId": self.anna.uid}])

    def test_a_host_hands_over_kicks_and_dissolves_and_nobody_else_does(self) -> None:
        self.together(self.anna, self.bert, self.carl)
        for action, data, area in (
            (1204, {"playerId": self.carl.uid, "role": "Admin"}, "PlayerRole"),
            (1307, {"playerId": self.anna.uid}, "RoomKick"),
            (1311, [], "RoomRemove"),
        ):
            self.assertEqual(refusals(self.bert.ask(action, data)), [f"Techrater.{area}.noPermission"])
        told = self.anna.ask(1204, {"playerId": self.bert.uid, "role": "Admin"})
        self.assertEqual(
            inner(told),
            [{"playerId": self.bert.uid, "role": "Admin"}, {"playerId": self.anna.uid, "role": "Normal"}],
        )
        self.bert.heard()
        self.carl.heard()
        kicked = [{"executorId": self.bert.uid, "playerId": self.carl.uid}]
        # Nobody is told a second time that they have gone.
        self.assertEqual(inner(self.bert.ask(1307, {"playerId": self.carl.uid})), kicked)
        self.assertEqual((inner(self.anna.heard()), inner(self.carl.heard())), (kicked, kicked))
        self.assertEqual(refusals(self.carl.ask(1308)), ["Techrater.RoomLeave.notAvailable"])
        self.assertEqual(
            refusals(self.bert.ask(1307, {"playerId": self.carl.uid})), ["Techrater.RoomKick.notAvailable"]
        )
        self.assertEqual(self.bert.ask(1311, []), [{"action": 1311, "errno": 0}])
        self.assertEqual(self.anna.heard(), [{"action": 1311, "errno": 0}])
        self.assertEqual(self.services.lobby.rooms, {})

    def test_what_is_said_comes_back_and_to_those_who_come_later(self) -> None:
        room = self.together(self.anna)
        line = {"playerId": self.anna.uid, "message": "hello"}
        self.assertEqual(inner(self.anna.ask(1300, {"message": "hello"})), [line])
        (joined,) = self.bert.join(room)
        self.assertEqual(joined["data"]["chats"], [line])
        long = "x" * (Techmino().message_length + 1)
        self.assertIn("characters", refusals(self.bert.ask(1300, {"message": long}))[0])
        self.services.rooms.muted = lambda player: player.name == "bert"
        self.assertIn("may not speak", refusals(self.bert.ask(1300, {"message": "hello"}))[0])

    # Rounds.

    def test_nobody_is_started_into_a_room_whose_screen_is_not_there_yet(self) -> None:
        """For half a second after coming in a client drops what its room says, and a start is undone for 2.6 s."""
        room = self.together(self.anna, self.bert)
        self.anna.ready()
        self.assertEqual(actions(self.bert.ready())[-1], 1101)
        self.services.pass_time(2.5, self.anna, self.bert)
        self.carl.join(room)
        self.services.pass_time(5, self.anna, self.bert, self.carl)
        self.assertNotIn(1102, actions(self.anna.heard()))
        # Both are ready still; when the newcomer watches, or is ready, it begins three seconds later.
        self.carl.ask(1207, "Spectator")
        self.services.pass_time(2.9, self.anna, self.bert, self.carl)
        self.assertNotIn(1102, actions(self.carl.heard()))
        self.services.pass_time(0.2, self.anna, self.bert, self.carl)
        for player in (self.anna, self.bert, self.carl):
            self.assertEqual(actions(player.heard())[-1], 1102)

    def test_a_round_is_not_begun_at_once_after_another(self) -> None:
        self.together(self.anna, self.bert)
        self.start(self.anna, self.bert)
        self.anna.lose()
        self.services.wait(0.01)
        self.assertEqual(actions(self.bert.heard()), [1201, 1100])
        self.anna.ready()
        self.bert.ready()
        self.services.pass_time(2.7, self.anna, self.bert)
        self.assertNotIn(1102, actions(self.bert.heard()))

    def test_who_comes_late_watches_and_has_no_board(self) -> None:
        room = self.together(self.anna, self.bert)
        seed = self.start(self.anna, self.bert)
        for piece in ("CQAAAAAA", "CAYAJgAA"):
            self.assertEqual(self.anna.ask(1206, piece), [])
        told = inner(self.bert.heard())
        self.assertEqual(told, [{"playerId": self.anna.uid, "data": piece} for piece in ("CQAAAAAA", "CAYAJgAA")])
        (joined,) = self.carl.join(room)
        data = joined["data"]
        self.assertEqual((data["state"], data["seed"]), ("Playing", seed))
        shown = {one["playerId"]: (one["type"], one["state"], one["history"]) for one in data["players"]}
        self.assertEqual(shown[self.anna.uid], ("Gamer", "Playing", "CQAAAAAACAYAJgAA"))
        self.assertEqual(shown[self.carl.uid], ("Spectator", "Standby", ""))
        # No seed comes by itself, which would open a board.
        self.services.pass_time(2, self.anna, self.bert, self.carl)
        self.assertEqual(self.carl.heard(), [])
        self.assertEqual(refusals(self.carl.ask(1206, "CQAAAAAA")), ["Techrater.PlayerStream.notAvailable"])
        self.assertEqual(self.carl.ask(1201, {"reason": "desync"}), [])
        self.assertEqual(refusals(self.carl.ask(1207, "Gamer")), ["Techrater.PlayerType.notAvailable"])
        self.bert.lose()
        self.services.wait(0.01)
        self.assertEqual(actions(self.carl.heard()), [1201, 1100])
        # They watch until they want to play.
        (rooms,) = inner(self.anna.ask(1309, {"pageIndex": 0, "pageSize": 26}))[-1:]
        self.assertEqual(rooms[0]["count"], {"Gamer": 2, "Spectator": 1})
        self.assertEqual(actions(self.carl.ready())[:2], [1207, 1203])

    def test_what_a_client_sends_behind_the_end_is_no_mistake(self) -> None:
        self.together(self.anna, self.bert)
        self.start(self.anna, self.bert)
        self.anna.lose()
        self.services.wait(0.01)
        self.bert.heard()
        # For this one name the client says nothing.
        self.assertEqual(refusals(self.bert.ask(1206, "CQAAAAAA")), ["Techrater.PlayerStream.notAvailable"])
        self.assertEqual(self.bert.lose(), [])

    def test_a_lone_player_plays_until_they_lose(self) -> None:
        self.together(self.anna)
        self.start(self.anna)
        self.services.pass_time(20, self.anna)
        self.assertEqual(self.anna.heard(), [])
        told = self.anna.ask(1201, {"reason": "desync"})
        self.services.wait(0.01)
        self.assertEqual(actions([*told, *self.anna.heard()]), [1201, 1100])
        self.assertEqual(told[0]["data"], {"playerId": self.anna.uid, "data": {"reason": "desync"}})

    def test_a_team_is_one_side(self) -> None:
        dora = self.services.player("dora")
        self.services.lobby.rooms.clear()
        room = self.anna.create(capacity=4)
        for other in (self.bert, self.carl, dora):
            other.join(room)
        players = (self.anna, self.bert, self.carl, dora)
        for player, group in zip(players, (1, 1, 2, 2), strict=True):
            self.assertEqual(inner(player.ask(1202, group))[-1], {"playerId": player.uid, "group": group})
        self.assertEqual(refusals(dora.ask(1202, 7)), ["Techrater.PlayerGroup.invalidArguments"])
        self.start(*players)
        self.anna.lose()
        self.carl.lose()
        self.services.wait(0.1)
        self.assertNotIn(1100, actions(dora.heard()))
        self.bert.lose()
        self.services.wait(0.1)
        self.assertIn(1100, actions(dora.heard()))
        (record,) = self.services.store._kept.values()
        self.assertEqual([player.username for player in record.players], ["dora", "bert", "carl", "anna"])

    def test_a_round_is_kept_before_its_end_is_told_and_can_be_downloaded(self) -> None:
        self.together(self.anna, self.bert)
        seed = self.start(self.anna, self.bert)
        self.anna.ask(1206, "CQAAAAAA")
        self.anna.lose()
        self.services.wait(0.01)
        (record,) = self.services.store._kept.values()
        self.assertEqual((record.seed, record.type, record.room), (seed, "normal", "anna's room"))
        self.assertEqual([(one.username, one.place) for one in record.players], [("bert", 1), ("anna", 2)])
        # What the site's page plays again, for both; for nobody else.
        for player in (self.anna, self.bert):
            token = self.services.token(player.account)
            status, listed = self.services.http(get(f"/techmino/replays?accessToken={token}"))
            self.assertEqual((status, [one["version"] for one in listed["replays"]]), (200, ["ver A-13"]))
            _, replay = self.services.http(get(f"/techmino/replays/{record.id}?accessToken={token}"))
            streams = {one["username"]: one["stream"] for one in replay["players"]}
            self.assertEqual(streams, {"bert": [], "anna": ["CQAAAAAA"]})
        token = self.services.token(self.carl.account)
        self.assertEqual(self.services.http(get(f"/techmino/replays/{record.id}?accessToken={token}"))[0], 404)

    def test_a_lost_connection_is_the_end_of_its_place(self) -> None:
        self.together(self.anna, self.bert)
        self.start(self.anna, self.bert)
        self.anna.wired.hang_up()
        self.services.wait(0.01)
        told = self.bert.heard()
        self.assertEqual(actions(told), [1204, 1308, 1100])
        self.anna.connect()
        self.assertEqual(refusals(self.anna.ask(1206, "CQAAAAAA")), ["Techrater.PlayerStream.notAvailable"])

    def test_other_endpoints_of_the_same_account_do_not_take_the_place_over(self) -> None:
        room = self.together(self.anna, self.bert)
        person = self.services.person("gena")
        person.uid, person.access = self.anna.uid, self.services.token(self.anna.account)
        play = person.play()
        (warned,) = play.send(1, type="solo", name="mine", config=CONFIG)
        self.assertEqual(warned["type"], "Warn")
        self.assertEqual(inner(self.bert.ask(1300, {"message": "still here"})), inner(self.anna.heard()))
        play.close()
        self.assertEqual(len(self.services.lobby.rooms[room].members), 2)

    def test_ten_rounds_with_random_ends_all_end(self) -> None:
        """Two players and a watcher; they leave, die, lose their connection, come back."""
        for number in range(6):
            with self.subTest(number):
                self.random_rounds(random.Random(number))

    def random_rounds(self, dice: random.Random, rounds: int = 10) -> None:
        players = (self.anna, self.bert, self.carl)
        kept = len(self.services.store._kept)
        ended = 0
        for _ in range(rounds):
            for player in players:
                if player.socket is None or player.socket.gone or dice.random() < 0.2:
                    if player.socket is not None:
                        player.socket.hang_up()
                    player.connect()
            first, second, watcher = dice.sample(players, 3)
            for player in players:
                player.ask(1308)
            room = first.create()
            second.join(room)
            early = dice.random() < 0.5
            if early:
                watcher.join(room)
                watcher.ask(1207, "Spectator")
            for player in players:
                player.heard()
            self.start(*dice.sample([first, second], 2))
            if not early:
                watcher.join(room)
            for _ in range(dice.randrange(10)):
                dice.choice((first, second)).ask(1206, "CQAAAAAA")
                self.services.pass_time(dice.random(), *players)
            self.ending(dice, first, second, watcher)
            self.services.pass_time(0.1, *[player for player in players if not player.wired.gone])
            ended += 1
            self.assertEqual(self.services.lobby.rounds, {})
            watching = self.services.lobby.rooms.get(room)
            if watching is not None and watcher.uid in watching.members:
                self.assertIn(1100, actions(watcher.heard()))
        self.assertEqual(len(self.services.store._kept) - kept, ended)

    def ending(self, dice: random.Random, first: Player, second: Player, watcher: Player) -> None:
        """End a round in one of many ways."""
        loser = dice.choice((first, second))

        def dissolve() -> Any:
            return first.ask(1311, [])

        def kicked() -> Any:
            return first.ask(1307, {"playerId": second.uid})

        def again() -> Any:
            return loser.connect()

        def watcher_too() -> Any:
            watcher.wired.hang_up()
            return loser.lose()

        ways: list[Any] = [
            loser.lose,
            lambda: loser.ask(1201, {"reason": "desync"}),
            lambda: loser.ask(1308),
            loser.wired.hang_up,
            dissolve,
            kicked,
            again,
            watcher_too,
        ]
        dice.choice(ways)()

    # The connection.

    def test_there_is_a_ping_in_time_for_who_gives_up_after_18_seconds(self) -> None:
        wire, pings = self.anna.wired.wire, []
        for second in range(60):
            self.services.clock.advance(1)
            if wire.value().startswith(bytes((0x80 | PING,))):
                pings.append(second)
            self.anna.wired.settle()
        gaps = [later - earlier for earlier, later in itertools.pairwise(pings)]
        self.assertGreaterEqual(len(pings), 9)
        self.assertLessEqual(max(gaps), 6)
        self.assertFalse(self.anna.wired.ended)

    def test_the_number_of_those_online(self) -> None:
        self.services.tell_counts()
        self.assertEqual(inner(self.anna.ask(1000)), [3])
        self.carl.wired.hang_up()
        self.assertEqual(inner(self.anna.ask(1000)), [2])

    def test_a_second_connection_ends_the_first_and_its_place(self) -> None:
        room = self.together(self.anna, self.bert)
        first = self.bert.wired
        self.bert.connect()
        self.assertEqual(first.closed, 1008)
        self.assertEqual(actions(self.anna.heard()), [1308])
        self.assertEqual(actions(self.bert.join(room)), [1306])

    def test_what_is_said_elsewhere_is_shown_as_it_stands(self) -> None:
        """The client has no place for it, but shows a reason with a blank in it."""
        self.services.result(self.say_to_anna("psst"))
        self.assertEqual(refusals(self.anna.heard()), ["bert: psst"])

    async def say_to_anna(self, text: str) -> None:
        shared = self.services.shared
        self.assertTrue(
            await shown(self.services.rooms.tell(shared.namespace, self.bert.account.player, "anna", text))
        )

    def test_damage_is_refused_and_the_connection_stays(self) -> None:
        deep = b'{"action":1000,"x":' + b"[" * 100_000
        for payload, action, reason in (
            (b"", 0, "HandlerManager.invalidFormat"),
            (b"no JSON", 0, "HandlerManager.invalidFormat"),
            (deep, 0, "HandlerManager.invalidFormat"),
            (b'{"action":1000,"x":"\xff"}', 0, "HandlerManager.invalidFormat"),
            (b"[]", 0, "HandlerManager.invalidArguments"),
            (b"{}", 0, "HandlerManager.invalidArguments"),
            (b'{"action":true}', 0, "HandlerManager.invalidArguments"),
            (b'{"action":1.5}', 0, "HandlerManager.invalidArguments"),
            (b'{"action":99999999999999999999999}', 0, "HandlerManager.invalidArguments"),
            (b'{"action":1999,"data":[]}', 1999, "HandlerManager.invalidArguments"),
            (b'{"action":1205}', 1205, "HandlerManager.invalidArguments"),
            (b'{"action":1200}', 1200, "PlayerConfig.invalidArguments"),
            (b'{"action":1200,"data":{}}', 1200, "PlayerConfig.invalidArguments"),
            (b'{"action":1203,"data":1}', 1203, "PlayerReady.invalidArguments"),
            (b'{"action":1203,"data":true}', 1203, "PlayerReady.notAvailable"),
            (b'{"action":1204,"data":{"playerId":1,"role":"Super"}}', 1204, "PlayerRole.invalidArguments"),
            (b'{"action":1206,"data":5}', 1206, "PlayerStream.invalidArguments"),
            (b'{"action":1207,"data":"gamer"}', 1207, "PlayerType.invalidArguments"),
            (b'{"action":1300,"data":"hello"}', 1300, "RoomChat.invalidArguments"),
            (b'{"action":1306,"data":{"roomId":7}}', 1306, "RoomJoin.invalidArguments"),
            (b'{"action":1306,"data":{"roomId":"NOPE"}}', 1306, "RoomManager.roomNotFound"),
            (b'{"action":1307,"data":{"playerId":-1}}', 1307, "RoomKick.invalidArguments"),
            (b'{"action":1308}', 1308, "RoomLeave.notAvailable"),
            (b'{"action":1309,"data":{"pageIndex":-1}}', 1309, "RoomList.invalidArguments"),
            (b'{"action":1309,"data":{"pageSize":1e9}}', 1309, "RoomList.invalidArguments"),
        ):
            answers = self.anna.say(payload)
            self.assertEqual(
                answers, [{"errno": 1, "action": action, "message": f"Techrater.{reason}"}], payload[:60]
            )
        self.assertEqual(actions(self.anna.ask(1000)), [1000])

    def test_a_name_that_is_no_text_of_the_clients_reaches_everybody_as_json(self) -> None:
        name = "a\"\\ \u2028\U0001f600'"
        info = {"name": name, "type": "normal", "version": "v"}
        payload = json.dumps({"action": 1301, "data": {"capacity": 2, "info": info, "data": {}}}).encode()
        (made,) = self.anna.say(payload)
        self.assertEqual(made["data"]["info"]["name"], name)
        self.assertTrue(same_json(b"{}", made["data"]["data"]))

    def test_too_many_messages_are_refused(self) -> None:
        services = Generation3Services(self, limits=Limits(messages_per_second=1, burst=5))
        anna = services.player("anna")
        for _ in range(4):
            anna.ask(1000)
        self.assertEqual(refusals(anna.ask(1000)), ["Techrater.HandlerManager.tooFrequent"])
