"""Lines of the servers that people run, and what must not pass for an event."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from gameserver.consoles.dialects import DIALECTS, Rule, own_dialect
from gameserver.consoles.events import Joined, Left, Printed, Roster, Said
from gameserver.consoles.patterns import PatternError, pattern
from tests.typed import the

NOTHING = "nothing"
NOISE = "noise"
READY = "ready"

LINES: dict[str, list[tuple[str, Any]]] = {
    "bedrock": [
        ("[2026-11-20 21:16:35:565 INFO] Server started.", READY),
        ("[2026-11-20 21:16:42:025 INFO] Player connected: lition, xuid: 0", Joined("lition")),
        ("[2019-01-01 10:00:00 INFO] Player connected: nod dd, xuid:", Joined("nod dd")),
        ("[INFO] Player connected: Steve, xuid: 2535457893448396", Joined("Steve")),
        ("NO LOG FILE! - [INFO] Player connected: Steve, xuid: 1", Joined("Steve")),
        ("[2026-11-20 21:16:42:025 INFO] Player disconnected: Bob, xuid: 1, pfid: a12", Left("Bob")),
        ("[2026-11-20 21:16:42:025 INFO] Player Spawned: Bob xuid: 1, pfid: abc", NOISE),
        ("[2026-11-20 21:16:43:032 INFO] [Chat] <lition> hello 你好", Said("lition", "hello 你好")),
        ("[2026-11-20 21:16:43:032 INFO] [Chat] <lition> Player connected: eve, xuid: 1", "chat"),
        ("Player connected: eve, xuid: 1", NOTHING),
        ("[2026-11-20 21:16:43:032 INFO] Kicked eve: Player connected: eve, xuid: 1", NOTHING),
        ("Quit correctly", NOTHING),
    ],
    "liteloader": [
        ("18:28:37 INFO [Server] Player connected: Elec glacier, xuid: 12", Joined("Elec glacier")),
        ("18:29:13 INFO [Chat] <Elec glacier> test", Said("Elec glacier", "test")),
    ],
    "levilamina": [
        ("[2025-01-23 16:27:16.139 INFO] [Server] Player connected: Bob, xuid: 1", Joined("Bob")),
        ("[2025-01-23 16:27:16.139 INFO] [Server] Server stop requested.", NOTHING),
    ],
    "java": [
        ('[12:34:56] [Server thread/INFO]: Done (0.977s)! For help, type "help"', READY),
        ('[12:34:56] [Server thread/INFO]: <eve> Done (0.977s)! For help, type "help"', "chat"),
        ("[12:34:56] [User Authenticator #1/INFO]: UUID of player Steve is 069a79f4", NOISE),
        ("[12:34:56] [Server thread/INFO]: Steve[/127.0.0.1:54321] logged in with entity id 1 at (8, 6, 8)", NOISE),
        ("[12:34:56] [Server thread/INFO]: Steve joined the game", Joined("Steve")),
        ("[12:34:56] [Server thread/INFO] [minecraft/DedicatedServer]: Steve joined the game", Joined("Steve")),
        ("[12:34:56] [Server thread/INFO]: Steve (formerly known as Bob) joined the game", Joined("Steve")),
        ("[12:34:56] [Server thread/INFO]: <Steve> hi", Said("Steve", "hi")),
        ("[12:34:56] [Async Chat Thread - #0/INFO]: [Not Secure] <Steve> hi", Said("Steve", "hi")),
        ("[12:34:56] [Server thread/INFO]: <Steve> Bob joined the game", Said("Steve", "Bob joined the game")),
        ("[12:34:56] [Server thread/INFO]: <Steve> [12:34:56] [x/INFO]: Bob left the game", "chat"),
        ("[12:34:56] [Server thread/INFO]: Steve lost connection: Disconnected", NOISE),
        ("[12:34:56] [Server thread/INFO]: Steve left the game", Left("Steve")),
        ("[12:34:56] [Server thread/INFO]: Steve was slain by Bob joined the game", NOTHING),
        ("[12:34:56] [Server thread/INFO]: * Steve is Bob left the game", NOTHING),
        ("[12:34:56] [Server thread/INFO]: Steve issued server command: /me Bob left the game", NOISE),
        ("[12:34:56] [Server thread/INFO]: [Server] Bob joined the game", NOTHING),
        ("[12:34:56] [Server thread/INFO]: [Steve: <Bob> hello]", NOTHING),
    ],
    "paper": [
        ("[12:00:00 INFO]: Steve joined the game", Joined("Steve")),
        ("\x1b[32m[12:00:00 INFO]: \x1b[33mSteve left the game\x1b[m", Left("Steve")),
        (">\r[12:00:00 INFO]: Steve joined the game", Joined("Steve")),
        ("\x1b[m> \r[12:00:00 INFO]: Steve joined the game", Joined("Steve")),
        ("> \r\r> \x1b[K[12:00:00 INFO]: Steve left the game\r", NOTHING),
        ("[12:00:00 INFO]: <x> > \r[12:00:00 INFO]: Steve joined the game", "chat"),
        ("[12:00:00 INFO]: <x> hi\r[12:00:00 INFO]: Steve joined the game", "chat"),
        ("> \x1b[1G[12:00:00 INFO]: <Steve> §ahi", Said("Steve", "hi")),
        ("[12:00:00 INFO]: Steve[/1.2.3.4:5] logged in with entity id 1 at ([world]8.5, 64.0, 8.5)", NOISE),
    ],
    "pocketmine": [
        ("[11:30:40.976] [Server thread/INFO]: This server is running PocketMine-MP version 5.27.1", NOTHING),
        (
            "[11:30:40.976] [Server thread/INFO]: Steve[/1.2.3.4:5] logged in with entity id 1 at (world, 1, 2, 3)",
            "join",
        ),
        (
            "[11:30:40] [Server thread/INFO]: [Player: A B] A B[/::1:5] logged in with entity id 1 at (w, 1, 2, 3)",
            "join",
        ),
        (
            "[11:30:40.976] [Server thread/INFO]: <Steve> x logged out due to y",
            Said("Steve", "x logged out due to y"),
        ),
        (
            "[11:30:40.976] [Server thread/INFO]: * eve Bob[/1.2.3.4:5] logged in with entity id 1 at (w, 1, 2, 3)",
            NOTHING,
        ),
        ("[11:30:40.976] [Server thread/INFO]: * eve Bob[/1.2.3.4:5] logged out due to boredom", NOTHING),
        ("[11:30:40.976] [Server thread/INFO]: Steve[/1.2.3.4:5] logged out due to client disconnect", Left("Steve")),
    ],
    "nukkit": [
        (
            "19:31:17 [Netty Server IO #1] [INFO] §belPTFO§f[/127.0.0.1:56926] logged in with entity id 1 at (w, 1)",
            Joined("elPTFO"),
        ),
        ("19:31:18 [INFO] elPTFO[/127.0.0.1:56926] logged out due to Server closed", Left("elPTFO")),
        ("19:31:18 [INFO ] <elPTFO> hi", Said("elPTFO", "hi")),
    ],
    "terraria": [
        (": Server started", READY),
        ("Alice has joined.", Joined("Alice")),
        (": Alice has left.", Left("Alice")),
        ("<Alice> Bob has joined.", Said("Alice", "Bob has joined.")),
        ("*Alice says Bob has left.", NOTHING),
        ("Alice was slain by eve; Bob has joined.", NOTHING),
        ("1.2.3.4:5678 is connecting...", NOISE),
    ],
    "openttd": [
        ("\u200e*** lition has joined the game (Client #2)", Joined("lition")),
        ("\u200e*** lition has left the game (kicked by server)", Left("lition")),
        ("\u200e*** Game paused (connecting clients)", NOISE),
        ("\u200e[All] server: hello 你好", Said("server", "hello 你好")),
        ("\u200e[All] eve: *** bob has left the game (leaving)", Said("eve", "*** bob has left the game (leaving)")),
        ("\u200e[Private] eve: psst", NOISE),
        ("\u200e*** eve has changed his/her name to x has joined the game", NOISE),
        ("\u200e*** eve has changed their name to x has left the game", NOISE),
        ("\u200e*** x has joined the game has left the game (leaving)", Left("x has joined the game")),
        ("Command 'nosuch' not found.", NOTHING),
        ("dbg: [net] Map generated, starting game", READY),
        ("[2026-11-30 20:14:54] dbg: [net] Map generated, starting game", READY),
        ("[2026-11-30 14:51:42] \u200e*** lition has joined the game (Client #2)", Joined("lition")),
        ("[2026-11-30 14:51:42] \u200e[All] lition: hi", Said("lition", "hi")),
        ("[2026-11-30 14:51:42] \u200e[All] eve: [2026-11-30 14:51:42] *** bob has left the game", "chat"),
        ("[2026-11-30 14:51:42] Command 'nosuch' not found.", NOTHING),
    ],
    "forge": [
        (
            "[14Dec2023 07:29:06.982] [Server thread/INFO] [net.minecraft.server.dedicated.DedicatedServer/]: <X> hi",
            Said("X", "hi"),
        ),
        (
            "[14Dec2023 07:29:06.982] [Server thread/INFO] [net.minecraft.server.PlayerList/]: X joined the game",
            Joined("X"),
        ),
        ("[14déc.2023 07:29:06.982] [Server thread/INFO] [minecraft/MinecraftServer]: X left the game", Left("X")),
        ('[14Dec2023 07:29:06.982] [Server thread/INFO] [a.b/]: Done (31.2s)! For help, type "help"', READY),
        ("[14Dec2023 07:29:06.982] [main/WARN] [a.b/]: X joined the game", NOTHING),
    ],
    "fabric": [
        ("[18:53:29] [Server thread/INFO] (Minecraft) X joined the game", Joined("X")),
        ("[18:53:29] [Server thread/INFO] (Minecraft) <X> (y) Z joined the game", Said("X", "(y) Z joined the game")),
        ("[18:53:29] [Server thread/INFO]: X left the game", Left("X")),
    ],
    "flying-squid": [
        (
            "> \x1b[1GNovember 30th 2026, 20:13:56 [\x1b[32mINFO\x1b[39m]: Server listening on port 25571, "
            "version 1.16.1 (path: world)",
            READY,
        ),
        (
            "> > \x1b[1GNovember 30th 2026, 20:14:01 [\x1b[32mINFO\x1b[39m]: lition (::ffff:127.0.0.1) connected",
            Joined("lition"),
        ),
        ("\x1b[1GNov 30th 2026, 14:33:12 [\x1b[32mINFO\x1b[39m]: <lition> hello", Said("lition", "hello")),
        ("Nov 30th 2026, 14:33:12 [INFO]: <eve> bob disconnected", Said("eve", "bob disconnected")),
        ("Nov 30th 2026, 14:33:12 [INFO]: lition disconnected", Left("lition")),
        ("Nov 30th 2026, 14:33:12 [INFO]: lition issued command: /list", NOISE),
        ("Nov 30th 2026, 14:33:12 [INFO]: [CHAT]: [Server] bob disconnected", NOISE),
        ("Nov 30th 2026, 14:33:12 [ERROR]: Command not found", NOTHING),
        ("Nov 30th 2026, 14:33:12 Kicking lition for 'Server closed'", NOTHING),
    ],
    "velocity": [
        ("[17:39:55 INFO]: Done (1.31s)!", READY),
        ("[17:39:56 INFO]: [connected player] lition (/127.0.0.1:3108) has connected", Joined("lition")),
        ("[17:39:56 INFO]: [server connection] lition -> lobby has connected", NOISE),
        (
            "[17:39:57 INFO]: [connected player] lition (/127.0.0.1:3108) has disconnected: Server closed",
            Left("lition"),
        ),
        (
            "[18:00:30] [Netty epoll Worker #24/INFO] [com.velocitypowered.proxy.connection.client.ConnectedPlayer]: "
            "[connected player] lition (<ip address withheld>) has disconnected",
            Left("lition"),
        ),
        ("[17:39:57 INFO]: [connected player] lition (/1.2.3.4:5) -> executed command /server x", NOISE),
        ("[17:39:57 INFO]: There are 0 players online.", NOTHING),
    ],
    "bungeecord": [
        ("09:00:02 [INFO] Listening on /0.0.0.0:25565", READY),
        ("00:20:34 [INFO] [/198.51.100.0:50677] <-> InitialHandler has connected", NOISE),
        ("00:20:34 [INFO] [lition] <-> ServerConnector [lobby] has connected", Joined("lition")),
        ("[02:19:04 INFO]: [lition|/127.0.0.1:14426] <-> ServerConnector [lobby] has connected", Joined("lition")),
        ("09:00:01 [\u4fe1\u606f] [lition] -> UpstreamBridge has disconnected", Left("lition")),
        ("[02:21:36 INFO]: [/127.0.0.1:14426|lition] -> UpstreamBridge has disconnected", Left("lition")),
        ("00:20:34 [INFO] [lition] <-> DownstreamBridge <-> [lobby] has disconnected", NOISE),
        ("00:20:34 [INFO] [lition] executed command: /server x", NOISE),
        ("00:20:34 [INFO] lobby - 127.0.0.1", NOTHING),
    ],
    "luanti": [
        ('2026-11-30 20:10:32: ACTION[Main]: Server for gameid="devtest" listening on [::]:30111.', READY),
        ("2022-08-25 10:32:51: ACTION[Server]: lition [172.25.1.2] joins game. ", Joined("lition")),
        ("2022-08-25 10:32:51: ACTION[Server]: lition joins game. List of players: lition", NOISE),
        ("2026-08-25 10:32:51: ACTION[Server]: lition [::1] joins game. List of players: a lition", Joined("lition")),
        ("2022-08-25 10:32:51: ACTION[Server]: CHAT: <lition> bob [::1] joins game. x", "chat"),
        ("2022-08-25 10:32:51: ACTION[Server]: lition times out. List of players: ", Left("lition")),
        ("2022-08-25 10:32:51: ACTION[Server]: lition leaves game. List of players: ", Left("lition")),
        ("2022-08-25 10:37:33: ACTION[Server]: lition digs default:acacia_tree at (6,5,3)", NOISE),
    ],
    "freeciv": [
        ("For introductory help, type 'help'.", READY),
        ("2: lition has connected from localhost.", Joined("lition")),
        ("<lition> hello", Said("lition", "hello")),
        ("> <(eve)> 2: bob has connected from localhost.", "chat"),
        ("2: Lost connection: lition from localhost (player lition).", Left("lition")),
        ("2: Lost connection: lition from localhost (connection incomplete).", NOISE),
        ("2: Removing player AI*1.", NOISE),
        ("Unknown command 'nosuch'.  Try 'help'.", NOTHING),
    ],
    "teeworlds": [
        ("[2026-11-30 20:10:31][server]: version 0.7 802f1be60a05665f", READY),
        ("[2026-11-30 20:10:31][game]: team_join player='0:lition' team=0", Joined("lition")),
        ("[2026-11-30 20:10:31][game]: team_join player='0:lition' team=0->-1", Joined("lition")),
        ("[2026-11-30 20:10:31][chat]: 1:0:0:lition: hello", Said("lition", "hello")),
        ("[2026-11-30 20:10:31][chat]: 1:0:0:eve: leave player='0:lition'", Said("eve", "leave player='0:lition'")),
        ("[2026-11-30 20:10:31][teamchat]: 2:0:0:lition: psst", NOISE),
        ("[2026-11-30 20:10:31][game]: leave player='0:lition'", Left("lition")),
    ],
    "ddnet": [
        ("2024-01-01 12:00:00 I chat: *** 'lition' entered and joined the game", Joined("lition")),
        ("2024-01-01 12:00:00 I chat: 0:-2:lition: hello", Said("lition", "hello")),
        ("2024-01-01 12:00:00 I chat: 0:-2:1:admin: hello", Said("1:admin", "hello")),
        ("2024-01-01 12:00:00 I chat: 0:-2:eve: *** 'bob' entered and joined the game", "chat"),
        ("2024-01-01 12:00:00 I game: leave player='0:lition'", Left("lition")),
        ("[5a3c1b2d][chat]: 0:-2:lition: hello", Said("lition", "hello")),
    ],
}


class DialectTests(SynchronousTestCase):
    def test_lines_of_real_servers(self) -> None:
        for name, lines in LINES.items():
            dialect = DIALECTS[name]
            for line, expected in lines:
                # A name that has a colon in it is known from the players.
                reading = dialect.read(dialect.clean(line), ("1:admin",))
                if expected in (NOTHING, NOISE, READY):
                    self.assertIsNone(reading.event, line)
                    self.assertEqual(
                        (reading.is_event, reading.ready), (expected != NOTHING, expected == READY), line
                    )
                elif isinstance(expected, str):
                    kind = {"chat": Said, "join": Joined}[expected]
                    self.assertIsInstance(reading.event, kind, line)
                else:
                    self.assertEqual(reading.event, expected, line)

    def test_the_prefix_is_no_part_of_an_answer(self) -> None:
        line = "[2026-11-20 21:16:40:296 INFO] There are 0/10 players online:"
        self.assertEqual(DIALECTS["bedrock"].read(line).body, "There are 0/10 players online:")
        self.assertEqual(DIALECTS["java"].body("[12:34:56] [Server thread/INFO]: x"), "x")

    def test_openttd_names_with_colons_are_known_from_the_players(self) -> None:
        dialect = DIALECTS["openttd"]
        self.assertEqual(dialect.read("[All] admin: x: hi", ["admin: x", "admin"]).event, Said("admin: x", "hi"))
        self.assertEqual(dialect.read("[All] admin: x: hi").event, Said("admin", "x: hi"))

    def test_an_openttd_player_who_takes_another_name(self) -> None:
        dialect = DIALECTS["openttd"]
        line = "*** lition has changed his/her name to foo has left the game (x)"
        self.assertEqual(dialect.read(line, ["lition"]).renamed, ("lition", "foo has left the game (x)"))
        self.assertIsNone(dialect.read("*** eve has changed their name to bob", ["lition"]).event)

    def test_own_rules(self) -> None:
        rules = (
            Rule.of("join", r"(\w+) in"),
            Rule.of("chat", r"(?P<text>.*) by (?P<sender>\w+)"),
            Rule.of("plantext", r"show (.*)"),
            Rule.of("plantext", r"ping"),
            Rule.of("noise", r"debug .*"),
        )
        read = {line: next((r.read(line, ()) for r in rules if r.read(line, ())), None) for line in OWN}
        self.assertEqual({line: reading.event if reading else None for line, reading in read.items()}, OWN)

    def test_an_expression_that_is_none_or_could_stall(self) -> None:
        for source in ("(", "(?=x)y", r"(\w+)\1", "x{1001}", "*"):
            self.assertRaises(PatternError, pattern, source)
        self.assertIsNone(pattern(r"(a+)+(a|aa)+$").fullmatch("a" * 8000 + "b"))


OWN = {
    "anne in": Joined("anne"),
    "anne in it": None,
    "hello by anne": Said("anne", "hello"),
    "show me": Printed("me"),
    "ping": Printed("ping"),
    "debug x": None,
    "other": None,
}


def said(name: str) -> Callable[[str, str], list[str]]:
    """Return how a dialect shows a text."""
    return the(DIALECTS[name].say)


class SayingTests(SynchronousTestCase):
    NASTY = 'a"b\\c\n@e §c 你好 \U0001f600 %s {text} $(x)\x1b[1m\u2028\r/stop'

    def test_no_text_breaks_out_of_its_line(self) -> None:
        dialects = [*DIALECTS.values(), own_dialect("say {text}", "> ")]
        for dialect in dialects:
            for line in dialect.say(self.NASTY, "utf-8") if dialect.say is not None else ():
                self.assertNotRegex(line, "[\x00-\x1f\x7f-\x9f\u2028\u2029]")
                self.assertRegex(line, "^(say|alert|wall|tellraw @a) ")

    def test_every_known_dialect_tells_when_it_is_ready_and_what_it_cannot_tell(self) -> None:
        for name, dialect in DIALECTS.items():
            kinds = {rule.kind for rule in dialect.rules}
            self.assertLessEqual({"join", "left", "ready"}, kinds, name)
            if not kinds & {"chat", "spoken"} or dialect.say is None or not dialect.reads:
                self.assertTrue(dialect.hint, name)
            self.assertNotEqual(bool(dialect.stop), bool(dialect.stop_signal), name)

    def test_tellraw_escapes_every_unit(self) -> None:
        for name, text in (("bedrock", lambda said: said["rawtext"][0]["text"]), ("java", lambda said: said["text"])):
            (line,) = said(name)(self.NASTY, "utf-8")
            self.assertTrue(line.isascii())
            self.assertNotIn("stop", line)
            self.assertEqual(text(json.loads(line.removeprefix("tellraw @a "))), self.NASTY)

    def test_long_texts_are_cut_into_lines_the_program_can_read(self) -> None:
        text = "你" * 3000
        lines = said("openttd")(text, "utf-8")
        self.assertEqual("".join(line[5:-1] for line in lines), text)
        self.assertLess(max(len(line.encode()) for line in lines), 900)
        lines = said("terraria")(text, "utf-8")
        self.assertEqual("".join(line[4:] for line in lines), text)
        self.assertLessEqual(max(len(line.encode()) for line in lines), 4000)
        quotes = said("openttd")('"' * 800, "utf-8")
        self.assertLess(max(len(line.encode()) for line in quotes), 900)
        self.assertEqual(said("openttd")("a\\", "utf-8"), ['say "a\\ "'])


class RosterTests(SynchronousTestCase):
    def test_a_program_that_tells_everything_twice(self) -> None:
        roster = Roster(paired=True)
        news = [roster.note(event) for event in (Joined("a"), Joined("a"), Left("a"), Left("a"), Said("a", "x"))]
        self.assertEqual(news, [True, False, True, False, True])

    def test_a_program_that_tells_everything_once(self) -> None:
        roster = Roster()
        self.assertTrue(roster.note(Left("a")))
        self.assertTrue(roster.note(Joined("a")) and roster.note(Joined("a")))
        roster.rename("a", "b")
        roster.rename("x", "y")
        self.assertEqual(list(roster), ["b"])
        for number in range(2000):
            roster.note(Joined(str(number)))
        self.assertEqual(len(roster), 1000)
