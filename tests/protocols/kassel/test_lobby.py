"""The lobby's contract, held over telnet and over a WebSocket."""

from __future__ import annotations

import hashlib
import re

from twisted.trial.unittest import SynchronousTestCase

from gameserver.app.games import installed_kinds
from gameserver.config.tree import Limits
from gameserver.protocols.kassel.lobby.commands import offered
from tests.protocols.kassel.services import Browser, Client, ClockServices, Telnet, section
from tests.typed import TestMixin, deferred

HELP = [
    "Available commands after greeting: LOGIN, LOGOUT",
    "User commands: ID, LIST USERS",
    "Game management: LIST MAPS, CREATE GAME, LIST GAMES, JOIN GAME, UPLOAD MAP, DOWNLOAD MAP",
    "Team management: LIST TEAMS",
    "Other commands: CREATE TESTPLAYER, MSG, CHANGELOG, UPLOAD MAP, NOOP, HELP",
    "send 'HELP <command>' for details",
    "a successfull command will be acknowledged with an 'OK' line",
    "an unsuccessfull command will be acknowledged with an 'ERROR' line",
    "OK",
]


class Contract(TestMixin):
    """What every transport must do."""

    def setUp(self) -> None:
        self.services = ClockServices()

    def client(self, season: str = "ss14") -> Client:
        """Return a new connection."""
        raise NotImplementedError

    def user(self, name: str, season: str = "ss14", **more: str) -> Client:
        """Return somebody who has logged in."""
        raise NotImplementedError

    def assertError(self, lines: list[str], *words: str) -> None:
        self.assertEqual(len(lines), 1, lines)
        self.assertTrue(lines[0].startswith("ERROR: "), lines)
        for word in words:
            self.assertIn(word, lines[0])

    def test_greetings(self) -> None:
        self.assertEqual(self.client("ss14").lines(), ["SE1-Server 1.0, Timeout set to 3600000ms"])
        self.assertEqual(self.client("ss13").lines(), ["SE1 SettlersOfCatan-Server 1.0, Timeout set to 3600000ms"])
        self.assertEqual(self.client("ss12").lines(), ["SE1 CreepSmash-Server 1.0, Timeout set to 600000ms"])

    def test_help_is_as_published(self) -> None:
        for season in ("ss14", "ss13"):
            client = self.client(season)
            client.lines()
            self.assertEqual(client.ask("help"), HELP)
        client = self.client("ss12")
        client.lines()
        self.assertEqual(client.ask("HELP")[1], "User commands: ID, CHANGE PASSWORD, LIST USERS")
        self.assertEqual(
            client.ask("help create testplayer"),
            [
                "Creates a temporary user e.g. for testing purposes. "
                "This user exists at least for 24h hours or until the next server restart",
                'Usage: "CREATE TESTPLAYER"',
                "OK",
            ],
        )

    def test_help_of_every_command_has_usage_and_example(self) -> None:
        for season in (kind.season for kind in installed_kinds().values()):
            client = self.client(season.name)
            client.lines()
            for words, command in offered(season).items():
                lines = client.ask(f"HELP {words}")
                self.assertEqual(lines[-1], "OK", words)
                self.assertTrue(any(line.startswith(f'Usage: "{words}') for line in lines), lines)
                # The published text of CREATE TESTPLAYER has none.
                if words != "CREATE TESTPLAYER":
                    end = " " if "<" in command.usage else '"'
                    self.assertTrue(any(line.startswith(f'Example: "{words}{end}') for line in lines), lines)
        self.assertError(client.ask("HELP ME"), "unknown command ME")

    def test_the_usage_of_each_command_is_the_published_grammar(self) -> None:
        everywhere = (
            "HELP (<command>)?",
            "NOOP",
            "LOGIN (<login>|<email>) <password>",
            "LOGOUT",
            "LIST USERS",
            "LIST GAMES",
            "JOIN GAME <gamename> (-visitor [true|false])?",
            "MSG (ALL | ( ( USER | TEAM ) <recipient> ) )? <message>",
            "CREATE TESTPLAYER",
        )
        with_maps = ("LIST MAPS", "DOWNLOAD MAP <mapname>", "UPLOAD MAP <mapname>")
        for season, more in (
            ("ss14", ("CREATE GAME <gamename> -maxPlayers <count> (-testgame)?",)),
            ("ss13", ("CREATE GAME <gamename> -maxPlayers <count> (-map <mapname>)? (-testgame)?", *with_maps)),
            (
                "ss12",
                (
                    "CREATE GAME <gamename> -players <count> (-map <mapname>)? (-testgame)?",
                    "CHANGE PASSWORD <newPassword> <newPassword>",
                    *with_maps,
                ),
            ),
        ):
            client = self.client(season)
            client.lines()
            for usage in (*everywhere, *more):
                words = " ".join(word for word in usage.split("<")[0].split(" (")[0].split() if word[0].isalpha())
                self.assertIn(f'Usage: "{usage}"', client.ask(f"HELP {words}"), (season, words))

    def test_a_wrong_command_names_the_nearest(self) -> None:
        client = self.user("anne")
        for wrong, right in (
            ("LIGIN a b", "LOGIN"),
            ("LIST GAME", "LIST GAMES"),
            ("CREATE GAMES x", "CREATE GAME"),
            ("creategame x -maxPlayers 2", "CREATE GAME"),
            ("JOIN x", "JOIN GAME"),
            ("NOP", "NOOP"),
            # What people type who know other servers.
            ("quit", "LOGOUT"),
            ("EXIT", "LOGOUT"),
            ("bye", "LOGOUT"),
            ("?", "HELP"),
            ("who", "LIST USERS"),
            ("say hello all", "MSG"),
            ("register anne secret", "CREATE TESTPLAYER"),
        ):
            self.assertError(client.ask(wrong), f"Did you mean {right}?")
        self.assertError(client.ask("xyzzy"), "Send HELP")

    def test_before_the_login(self) -> None:
        client = self.client()
        client.lines()
        self.assertEqual(client.ask("NOOP"), ["OK"])
        self.assertEqual(client.ask("changelog")[-1], "OK")
        for command in ("ID", "LIST USERS", "LIST GAMES", "MSG hello", "CREATE GAME g -maxPlayers 2", "JOIN GAME g"):
            self.assertError(client.ask(command), "Log in first")
        answer = client.ask("create testplayer")
        found = re.fullmatch(r"TEMPORARY USER NICK=(tempUser0) PASSWORD=([a-z0-9]{6})", answer[0])
        assert found is not None, answer
        self.assertEqual(answer[1:], ["OK"])
        self.assertEqual(
            client.ask(f"LOGIN {found[1]} {found[2]}")[0],
            "USER NICK=tempUser0 EMAIL=tempUser0@se1.invalid ROLE=STUDENT",
        )
        self.assertEqual(client.ask("CREATE TESTPLAYER")[0].split()[2], "NICK=tempUser1")

    def test_login_by_name_by_mail_plain_and_hashed(self) -> None:
        self.services.register("akoch", "BLABLA", email="andreas@example.org", role="admin", team="SE")
        hashed = hashlib.sha1(b"BLABLA").hexdigest()
        self.assertEqual(hashed, "b8ae8d86daa90b41f2c7b0f4a4809e86309960f8")
        for login in ("akoch", "AKoch", "andreas@example.org"):
            for password in ("BLABLA", hashed):
                client = self.client()
                client.lines()
                lines = client.ask(f"login {login} {password}")
                self.assertEqual(lines[0], "USER NICK=akoch EMAIL=andreas@example.org ROLE=SE")
                self.assertRegex(lines[1], r"^TEAM NAME=SE ID=[0-9a-f]{8}$")
                self.assertEqual(lines[2:], ["OK"])
                self.assertEqual(client.ask("ID"), lines)
        client = self.client()
        client.lines()
        self.assertEqual(client.ask("LOGIN akoch wrong"), ["ERROR: unknown user"])
        self.assertEqual(client.ask("LOGIN nobody BLABLA"), ["ERROR: unknown user"])
        self.assertError(client.ask("LOGIN akoch"), "Usage")
        self.assertEqual(client.ask("LOGIN akoch BLABLA")[-1], "OK")
        self.assertError(client.ask("LOGIN akoch BLABLA"), "already")

    def test_logout_ends_the_connection_before_and_after_the_login(self) -> None:
        for client in (self.client(), self.user("anne")):
            client.lines()
            self.assertEqual(client.ask("logout"), ["OK"])
            self.assertTrue(client.ended)
            client.hang_up()
        self.assertEqual(len(self.services.sessions), 0)

    def test_a_player_may_have_several_connections(self) -> None:
        first, second = self.user("anne"), self.user("anne")
        self.assertFalse(first.ended)
        self.assertEqual(first.ask("LIST USERS"), ["USER NICK=anne TEAM=SE STATE=LOBBY", "OK"])
        self.assertEqual(second.ask("MSG hi"), ['MSG FROM anne TO ALL: "hi"', "OK"])
        self.assertEqual(first.lines(), ['MSG FROM anne TO ALL: "hi"'])

    def test_who_is_put_out_learns_why(self) -> None:
        anne = self.user("anne")
        self.services.sessions.disconnect(self.services.sessions.find("anne"), "kicked", "You have been kicked.")
        self.assertEqual(anne.lines(), ['MSG FROM SERVER TO YOU: "You have been kicked."'])
        self.assertTrue(anne.ended)

    def test_users_and_teams(self) -> None:
        anne = self.user("anne", team="Red")
        bob = self.user("bob")
        anne.ask("CREATE GAME g -maxPlayers 2")
        bob.join("g")
        self.assertEqual(
            anne.ask("list users"),
            ["USER NICK=anne TEAM=Red STATE=LOBBY", "USER NICK=bob TEAM=SE STATE=INGAME", "OK"],
        )
        teams = anne.ask("LIST TEAMS")
        self.assertRegex(teams[0], r"^TEAM NAME=Red ID=[0-9a-f]{8}$")
        self.assertEqual(len(teams), 3)

    def test_games_are_listed_by_season(self) -> None:
        anne = self.user("anne")
        self.assertEqual(anne.ask("LIST GAMES"), ["NO GAMES IN PROGRESS", "OK"])
        self.assertEqual(anne.ask("CREATE GAME g -maxPlayers 3"), ["OK"])
        self.assertEqual(
            anne.ask("LIST GAMES"), ["GAME NAME=g EVENTS=0 PLAYERS=0/3 STATUS=JOINING TESTGAME=false", "OK"]
        )
        dump = anne.join("g")
        bob = self.user("bob")
        self.assertEqual(
            bob.ask("LIST GAMES")[0],
            f"GAME NAME=g EVENTS={len(dump)} PLAYERS=1/3 STATUS=JOINING TESTGAME=false",
        )
        bob.join("g")
        anne.order("START_GAME")
        self.assertRegex(
            self.user("eve").ask("LIST GAMES")[0],
            r"^GAME NAME=g EVENTS=\d+ PLAYERS=2/3 STATUS=RUNNING TESTGAME=false$",
        )
        for season, options in (("ss13", "-maxPlayers 2"), ("ss12", "-players 2")):
            user = self.user(f"fred{season}", season)
            self.assertEqual(user.ask(f"CREATE GAME g {options} -testgame"), ["OK"])
            self.assertRegex(
                user.ask("LIST GAMES")[0],
                r"^GAME NAME=g EVENTS=0 MAPNAME=map_\w+ PLAYERS=0/2 STATUS=JOINING TESTGAME=true$",
            )

    def test_the_bounds_of_a_creation(self) -> None:
        anne = self.user("anne")
        self.assertError(
            anne.ask("CREATE GAME one -maxPlayers 1"), "can never start: it takes 2 players, or -testgame"
        )
        self.assertEqual(anne.ask("CREATE GAME one -maxPlayers 1 -testgame"), ["OK"])
        self.assertEqual(anne.ask("CREATE GAME hundred -maxPlayers 100"), ["OK"])
        self.assertError(anne.ask("CREATE GAME more -maxPlayers 101"), "1 to 100")
        self.assertEqual(anne.ask(f"CREATE GAME {'x' * 256} -maxPlayers 2"), ["OK"])
        self.assertError(anne.ask(f"CREATE GAME {'x' * 257} -maxPlayers 2"), "256")

    def test_wrong_creations(self) -> None:
        users = {season: self.user(f"u{season}", season) for season in ("ss14", "ss13", "ss12")}
        users["ss14"].ask("CREATE GAME there -maxPlayers 2")
        for season, arguments in (
            ("ss14", ""),
            ("ss14", "g"),
            ("ss14", "-maxPlayers 2"),
            ("ss14", "g -maxPlayers"),
            ("ss14", "g -maxPlayers 0"),
            ("ss14", "g -maxPlayers -1"),
            ("ss14", "g -maxPlayers two"),
            ("ss14", "g -maxPlayers 2 -map map_balanced"),
            ("ss14", "g -players 2"),
            ("ss14", "g -maxPlayers 2 -maxPlayers 3"),
            ("ss14", "g -maxPlayers 2 -fast"),
            ("ss14", "g=h -maxPlayers 2"),
            ("ss14", "there -maxPlayers 2"),
            ("ss13", "g -players 2"),
            ("ss13", "g -maxPlayers 2 -map map_nowhere"),
            ("ss13", "g -maxPlayers 99"),
            ("ss12", "g -maxPlayers 2"),
            ("ss12", "g -players 2 -map map_nowhere"),
            ("ss12", "g -players 9"),
        ):
            self.assertError(users[season].ask(f"CREATE GAME {arguments}"))
        self.assertEqual(users["ss13"].ask("LIST GAMES"), ["NO GAMES IN PROGRESS", "OK"])
        # Options in any order and any case.
        self.assertEqual(users["ss13"].ask("create game g -TESTGAME -map map_balanced -maxplayers 2"), ["OK"])

    def test_names_are_opaque(self) -> None:
        anne = self.user("anne")
        for name in ("my\\u00A0game", "a\u00a0b", 'q\\"q', "größe", "G", "g"):
            self.assertEqual(anne.ask(f"CREATE GAME {name} -maxPlayers 2"), ["OK"])
            self.assertTrue(anne.ask("LIST GAMES")[-2].startswith(f"GAME NAME={name} EVENTS=0 "), name)
        anne.join("my\\u00A0game")

    def test_wrong_joins(self) -> None:
        anne, bob, eve = self.user("anne"), self.user("bob"), self.user("eve")
        anne.ask("CREATE GAME g -maxPlayers 2")
        options = ("-visitor perhaps", "now", "-watcher", "-watcher true", "-visitor true true")
        for command in ("JOIN GAME", "JOIN GAME h", "JOIN GAME G", *(f"JOIN GAME g {option}" for option in options)):
            self.assertError(anne.ask(command))
        anne.join("g")
        bob.join("g", "-visitor", "false")
        self.assertError(eve.ask("JOIN GAME g"), "taken")
        self.assertEqual(eve.ask("NOOP"), ["OK"])
        eve.join("g", "-VISITOR")

    def test_messages(self) -> None:
        anne, bob, eve = self.user("anne", team="Red"), self.user("bob", team="Red"), self.user("eve")
        everybody = ['MSG FROM anne TO ALL: "hi  all"']
        self.assertEqual(anne.ask("msg all hi  all"), [*everybody, "OK"])
        self.assertEqual((bob.lines(), eve.lines()), (everybody, everybody))
        self.assertEqual(anne.ask('MSG he said "x"'), ['MSG FROM anne TO ALL: "he said "x""', "OK"])
        bob.lines(), eve.lines()
        self.assertEqual(anne.ask("MSG USER Bob psst"), ['MSG FROM ME TO bob: "psst"', "OK"])
        self.assertEqual((bob.lines(), eve.lines()), (['MSG FROM anne TO YOU: "psst"'], []))
        self.assertEqual(
            anne.ask("MSG USER anne me"), ['MSG FROM ME TO anne: "me"', 'MSG FROM anne TO YOU: "me"', "OK"]
        )
        self.assertEqual(anne.ask("MSG TEAM red go"), ['MSG FROM anne TO TEAM: "go"', "OK"])
        self.assertEqual((bob.lines(), eve.lines()), (['MSG FROM anne TO TEAM: "go"'], []))
        self.assertEqual(eve.ask("MSG TEAM Red hey"), ['MSG FROM ME TO Red: "hey"', "OK"])
        self.assertEqual(anne.lines(), ['MSG FROM eve TO TEAM: "hey"'])
        bob.lines()
        for wrong in (
            "MSG",
            "MSG ALL",
            "MSG USER",
            "MSG USER bob",
            "MSG TEAM",
            "MSG TEAM Red",
            "MSG USER no x",
            "MSG TEAM Blue x",
        ):
            self.assertError(anne.ask(wrong))
        self.assertEqual(self.client().lines()[0][:3], "SE1")
        outsider = self.client()
        outsider.lines()
        anne.ask("MSG ALL still there?")
        self.assertEqual(outsider.lines(), [])

    def test_other_protocols_are_heard(self) -> None:
        from gameserver.sessions.events import ServerNotice
        from gameserver.sessions.manager import COMMUNITY
        from gameserver.sessions.players import Player

        anne = self.user("anne")
        zoe = Player("zoe")
        self.services.rooms.say(COMMUNITY, zoe, "two\r\nlines")
        self.assertTrue(self.services.rooms.tell(COMMUNITY, zoe, "anne", "psst\n"))
        # What would move a cursor or clear a screen never gets into a terminal; a tab is a blank.
        self.services.rooms.say(COMMUNITY, zoe, "a\x1b[2J\x00b\x08\x7f\x9b2Jc\td\x85e")
        self.services.sessions.find("anne")[0].emit(ServerNotice("tea time"))
        self.assertEqual(
            anne.lines(),
            [
                'MSG FROM zoe TO ALL: "two lines"',
                'MSG FROM zoe TO YOU: "psst"',
                'MSG FROM zoe TO ALL: "a[2Jb2Jc\td e"',
                'MSG FROM SERVER TO ALL: "tea time"',
            ],
        )
        self.services.rooms.muted = lambda player: player.name == "anne"
        for command in ("MSG hi", "MSG USER anne hi", "MSG TEAM SE hi"):
            self.assertError(anne.ask(command), "may not speak")

    def test_the_seasons_may_stay_alone(self) -> None:
        from gameserver.sessions.manager import COMMUNITY
        from gameserver.sessions.players import Player

        self.services = ClockServices(section(community=False))
        anne, bob = self.user("anne"), self.user("bob", "ss12")
        self.services.rooms.say(COMMUNITY, Player("zoe"), "hello")
        self.assertEqual(anne.lines(), [])
        anne.ask("MSG seasons talk")
        self.assertEqual(bob.lines(), ['MSG FROM anne TO ALL: "seasons talk"'])

    def test_passwords_change_in_ss12_only(self) -> None:
        anne = self.user("anne", "ss12")
        self.assertError(anne.ask("CHANGE PASSWORD one two"), "not the same")
        self.assertError(anne.ask("CHANGE PASSWORD one"), "Usage")
        self.assertEqual(anne.ask("change password new1 new1"), ["OK"])
        client = self.client()
        client.lines()
        self.assertEqual(client.ask("LOGIN anne secret"), ["ERROR: unknown user"])
        self.assertEqual(client.ask("LOGIN anne new1")[-1], "OK")
        self.assertError(client.ask("CHANGE PASSWORD a a"), "unknown command")

    def test_only_the_connection_that_changed_the_password_goes_on(self) -> None:
        anne, other, bob = self.user("anne", "ss12"), self.user("anne", "ss12"), self.user("bobby", "ss12")
        self.assertEqual(anne.ask("CHANGE PASSWORD new1 new1"), ["OK"])
        self.assertIn("Your login has ended; please log in again.", other.lines()[-1])
        self.assertEqual((anne.ended, other.ended, bob.ended), (False, True, False))
        assert deferred(self.services.context.moderation.refresh()).called
        self.assertEqual(anne.ask("NOOP"), ["OK"])
        self.assertEqual(anne.ask("change password new2 new2"), ["OK"])
        assert deferred(self.services.context.moderation.refresh()).called
        self.assertEqual((anne.ask("NOOP"), bob.ask("NOOP")), (["OK"], ["OK"]))

    def test_empty_lines_are_ignored(self) -> None:
        client = self.client()
        client.lines()
        self.assertEqual(client.ask(""), [])
        self.assertEqual(client.ask("   \t "), [])
        self.assertEqual(client.ask("  NOOP  "), ["OK"])

    def test_pipelined_commands_are_answered_in_order(self) -> None:
        client = self.client()
        client.lines()
        self.services.register("anne", "secret")
        for command in ("LOGIN anne secret", *["ID", "NOOP"] * 11, "LOGOUT"):
            client.say(command)
        lines = client.lines()
        self.assertEqual(len(lines), 3 + 11 * 4 + 1)
        self.assertEqual(lines[2], "OK")
        self.assertTrue(client.ended)

    def test_silence_ends_the_connection_as_greeted(self) -> None:
        client, other = self.user("anne", "ss12"), self.user("bob", "ss12")
        self.services.clock.advance(599)
        self.assertFalse(client.ended)
        other.say("NOOP")
        self.services.clock.advance(2)
        self.assertTrue(client.ended)
        self.assertFalse(other.ended)

    def test_floods_are_warned_before_they_are_ended(self) -> None:
        self.services = ClockServices(limits=Limits(messages_per_second=1, burst=5))
        client = self.client()
        client.lines()
        for _ in range(5):
            self.assertEqual(client.ask("NOOP"), ["OK"])
        # A client that waits for its answer gets it later; one that goes on is refused, a line for a line.
        self.assertEqual(client.ask("NOOP"), [])
        self.assertEqual(client.ask("HELP"), [])
        self.assertEqual(client.ask("NOOP"), [])
        self.services.clock.advance(0.2)
        answers = client.lines()
        self.assertEqual(answers[0], "OK")
        self.assertError(answers[1:], "FLOOD DETECTED")
        self.services.clock.advance(0.2)
        self.assertEqual(client.lines(), ["OK"])
        client.say("\r\n".join(["NOOP"] * 30))
        self.services.clock.advance(1)
        self.assertTrue(client.ended)

    def test_empty_lines_are_ignored_above_the_limit_too(self) -> None:
        self.services = ClockServices(limits=Limits(messages_per_second=1, burst=2))
        client = self.client()
        client.lines()
        for _ in range(20):
            self.assertEqual(client.ask(" "), [])
        self.assertFalse(client.ended)

    def test_who_waits_for_each_answer_loses_none(self) -> None:
        self.services = ClockServices(limits=Limits(messages_per_second=10, burst=5))
        client = self.client()
        client.lines()
        for _ in range(50):
            answer = client.ask("NOOP")
            while not answer:
                self.services.clock.advance(0.1)
                answer = client.lines()
            self.assertEqual(answer, ["OK"])

    def test_a_delayed_command_of_a_connection_that_has_ended(self) -> None:
        self.services = ClockServices(limits=Limits(messages_per_second=1, burst=1))
        client = self.client()
        client.say("NOOP")
        client.say("CREATE TESTPLAYER")
        client.hang_up()
        self.services.clock.advance(5)
        self.assertEqual(len(self.services.sessions), 0)

    def test_a_stopping_server_says_goodbye(self) -> None:
        anne = self.user("anne")
        stopping = deferred(self.services.kassel.stop())
        self.assertEqual(anne.lines(), ['MSG FROM SERVER TO YOU: "The server is stopping."'])
        self.assertTrue(anne.ended)
        anne.hang_up()
        self.assertTrue(stopping.called)

    def test_achievements_belong_to_ss14(self) -> None:
        anne = self.user("anne")
        sentence = "You have received abbey with less than 20 points"
        self.assertEqual(anne.ask("LIST ACHIEVEMENTS"), ["NO ACHIEVEMENTS", "OK"])
        self.assertEqual(anne.ask(f"CREATE ACHIEVEMENT Abbot {sentence}"), ["OK"])
        self.assertEqual(
            anne.ask("LIST ACHIEVEMENTS"),
            [f"ACHIEVEMENT NAME=Abbot CREATOR=anne REACHED=false CONDITION={sentence}", "OK"],
        )
        self.assertError(anne.ask(f"CREATE ACHIEVEMENT abbot {sentence}"), "already")
        self.assertError(anne.ask("CREATE ACHIEVEMENT Other You have fun"), "condition")
        self.assertError(anne.ask(f"CREATE ACHIEVEMENT Ab=bot {sentence}"), "name")
        self.assertEqual(anne.ask("UPDATE ACHIEVEMENT Abbot you have 5 of your meeples in more than 1 abbey"), ["OK"])
        listed = anne.ask("LIST ACHIEVEMENTS")
        self.assertIn("CONDITION=you have 5 of your meeples in more than 1 abbey", listed[0])
        eve = self.user("eve", team="Blue")
        self.assertError(eve.ask("DELETE ACHIEVEMENT Abbot"), "belongs")
        self.assertError(eve.ask(f"UPDATE ACHIEVEMENT Abbot {sentence}"), "belongs")
        self.assertEqual(anne.ask("LIST ACHIEVEMENTS"), listed)
        self.assertEqual(anne.ask("DELETE ACHIEVEMENT Abbot"), ["OK"])
        self.assertError(anne.ask("DELETE ACHIEVEMENT Abbot"), "no achievement")
        self.assertError(self.user("fred", "ss13").ask("LIST ACHIEVEMENTS"), "unknown command")


class TelnetContract(Contract, SynchronousTestCase):
    def client(self, season: str = "ss14") -> Telnet:
        return self.services.telnet(season)

    def user(self, name: str, season: str = "ss14", **more: str) -> Telnet:
        return self.services.user(name, season, **more)


class WebSocketContract(Contract, SynchronousTestCase):
    def client(self, season: str = "ss14") -> Browser:
        return self.services.browser(season)

    def user(self, name: str, season: str = "ss14", **more: str) -> Browser:
        return self.services.browsing(name, season, **more)

    def test_close_codes(self) -> None:
        anne, bob, carl = self.user("anne"), self.user("bob"), self.user("carl")
        anne.ask("LOGOUT")
        self.services.sessions.disconnect(self.services.sessions.find("bob"), "kicked", "You have been kicked.")
        deferred(self.services.kassel.stop())
        self.assertEqual(
            [client.wire.closed for client in (anne, bob, carl)],
            [(1000, ""), (4001, "You have been kicked."), (1001, "The server is stopping.")],
        )


class Limits_(SynchronousTestCase):
    def test_open_games_of_one_creator_are_limited(self) -> None:
        services = ClockServices(section(games_per_player=2))
        anne = services.user("anne")
        self.assertEqual(
            [anne.ask(f"CREATE GAME g{n} -maxPlayers 2")[0][:5] for n in range(3)], ["OK", "OK", "ERROR"]
        )
        self.assertEqual(services.user("bob").ask("CREATE GAME g3 -maxPlayers 2"), ["OK"])

    def test_too_many_connections_are_told(self) -> None:
        services = ClockServices(limits=Limits(connections_per_address=1))
        services.telnet()
        second = services.telnet()
        self.assertEqual(second.lines(), ["ERROR: Too many connections from your address."])
        self.assertTrue(second.ended)
