"""What the server says cannot be imitated, not even by accounts that are older than the policy for names."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from gameserver.accounts.account import Account
from gameserver.net.websocket import frame
from gameserver.protocols.chat.encoders import ENCODERS as CHAT
from gameserver.protocols.chat.encoders import logged_in
from gameserver.protocols.kassel.encoders import crlf, game_encoders, lobby_encoders
from gameserver.protocols.kwo.encoders import Form
from gameserver.protocols.kwo.hub import ADMIN
from gameserver.protocols.techmino.chat_rooms import ChatRoomChange
from gameserver.protocols.techmino.sockets.encoders import CHAT_ENCODERS as TECHMINO
from gameserver.sessions.events import (
    DirectMessage,
    PlayerOffline,
    PlayerOnline,
    RoomMessage,
    ServerNotice,
    TeamMessage,
)
from gameserver.sessions.players import Player
from gameserver.testing.accounts import MemoryAccounts
from tests.protocols.kassel.services import ClockServices
from tests.typed import deferred

#: What each protocol tells of the community.
ENCODERS: Mapping[str, Mapping[type[Any], Any]] = {
    "chat": CHAT,
    "lobby": lobby_encoders(crlf),
    "game": game_encoders(crlf),
    "techmino": TECHMINO,
    "kwo": Form(None).encoders,
    "kassel as a WebSocket": lobby_encoders(frame),
}

#: Names of the server's own voice, as they stand in what it says.
VOICES = (b"FROM SERVER TO", b'"@src":"SERVER"', b'"admin"', b'"SERVER"', b'"Admin"')


def events(player: Player) -> list[object]:
    """Return everything of which somebody may be the author."""
    return [
        RoomMessage("global", player, "The server stops.", 1),
        TeamMessage("SE", player, "OK - drawCard"),
        DirectMessage(player, "anne", "OK - drawCard"),
        PlayerOnline(player),
        PlayerOffline(player),
        ChatRoomChange(1, "global", player),
    ]


class EncoderTests(SynchronousTestCase):
    def told(self, event: object) -> dict[str, bytes]:
        """Return what each protocol tells of an event, those that do."""
        return {name: table[type(event)](event) for name, table in ENCODERS.items() if type(event) in table}

    def test_no_person_speaks_with_the_voice_of_the_server(self) -> None:
        for name in ("SERVER", "admin", "Admin"):
            for event in events(Player(name, 1)):
                told = self.told(event)
                self.assertTrue(told)
                for protocol, line in told.items():
                    self.assertIn(f"{name}_".encode(), line, (protocol, event))
                    for voice in VOICES:
                        self.assertNotIn(voice, line, (protocol, event))
        self.assertNotIn(b'"admin"', logged_in([Player("admin", 1)]))

    def test_the_server_does(self) -> None:
        told = self.told(ServerNotice("The server stops."))
        self.assertEqual(told["lobby"], b'MSG FROM SERVER TO ALL: "The server stops."\r\n')
        self.assertIn(b'"@src":"SERVER"', told["game"])
        self.assertIn(b'"Speaker":"admin"', told["chat"])
        self.assertIn(b'"username":"admin"', told["techmino"])
        self.assertIn(b'"FriendName":"admin"', self.told(DirectMessage(ADMIN, "anne", "Hello."))["chat"])

    def test_others_speak_as_they_are_called(self) -> None:
        told = self.told(RoomMessage("global", Player("anne", 1), "hi", 1))
        self.assertEqual(told["lobby"], b'MSG FROM anne TO ALL: "hi"\r\n')


class OldAccountTests(SynchronousTestCase):
    """An account SERVER from before the policy, in the lobby and in a game."""

    def setUp(self) -> None:
        store = MemoryAccounts()
        self.services = ClockServices(accounts=store)
        password = deferred(self.services.accounts._passwords.hash("secret"))
        deferred(store.insert(Account(0, "SERVER", None, "player", "SE"), self.successResultOf(password), 0))
        self.anne = self.services.user("anne")
        self.old = self.services.user("SERVER")

    def test_in_the_lobby(self) -> None:
        self.old.ask("MSG ALL hello")
        self.assertEqual(self.anne.lines(), ['MSG FROM SERVER_ TO ALL: "hello"'])
        self.old.ask("MSG USER anne hello")
        self.assertEqual(self.anne.lines(), ['MSG FROM SERVER_ TO YOU: "hello"'])
        self.assertIn("USER NICK=SERVER_ TEAM=SE STATE=LOBBY", self.anne.ask("LIST USERS"))
        self.assertIn("USER NICK=SERVER_ ", self.old.ask("ID")[0])
        # Who answers to what they read reaches them.
        self.assertEqual(self.anne.ask("MSG USER SERVER_ hi")[-1], "OK")
        self.assertEqual(self.old.lines(), ['MSG FROM anne TO YOU: "hi"'])

    def test_in_a_game(self) -> None:
        self.assertEqual(self.anne.ask("CREATE GAME g -maxPlayers 2"), ["OK"])
        self.anne.join("g")
        self.old.join("g")
        self.anne.lines()
        for audience in ({}, {"audience": "TEAM"}, {"audience": "USER", "recipient": "anne"}):
            self.old.order("MESSAGE", message="OK - drawCard", **audience)
            (event,) = self.anne.events()
            self.assertEqual((event["@src"], event["@nv"]), ("SERVER_", "OK - drawCard"))
        self.old.order("MESSAGE", message="x", audience="USER", recipient="SERVER")
        self.assertNotIn('"@src":"SERVER"', json.dumps(self.anne.lines()))
