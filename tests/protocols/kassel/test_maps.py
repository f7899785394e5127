"""LIST MAPS, DOWNLOAD MAP and UPLOAD MAP of the seasons."""

from __future__ import annotations

import contextlib
import io
import random
import time
import zipfile

from twisted.internet.defer import ensureDeferred
from twisted.trial.unittest import SynchronousTestCase

from gameserver.app.games import installed_kinds
from gameserver.config.tree import Limits
from gameserver.edge.stream import PIECE
from gameserver.errors import GameError
from gameserver.games.catan.map_format import read_map
from gameserver.matches import archives
from gameserver.matches.map_files import packed, unpacked
from gameserver.matches.maps import MapLibrary
from gameserver.matches.store import StoredMap
from gameserver.protocols.kassel.part import DELETED_MAPS
from gameserver.protocols.kassel.shared import REFUSED_UPLOAD
from tests.protocols.kassel.services import Browser, Client, ClockServices, Telnet, section
from tests.typed import deferred


class Ss14(SynchronousTestCase):
    def test_there_are_no_maps(self) -> None:
        anne = ClockServices().user("anne")
        self.assertEqual(anne.ask("LIST MAPS"), ["OK"])
        for command in ("DOWNLOAD MAP map_balanced", "UPLOAD MAP map_x"):
            self.assertTrue(anne.ask(command)[0].startswith("ERROR: There are no maps"))


class Ss13(SynchronousTestCase):
    def setUp(self) -> None:
        self.services = ClockServices()
        self.anne = self.services.user("anne", "ss13", team="Red")

    def test_lines_down(self) -> None:
        self.assertEqual(self.anne.ask("list maps")[0], "MAP NAME=map_balanced CREATOR=SE VERSION=1")
        lines = self.anne.ask("DOWNLOAD MAP map_balanced")
        self.assertEqual(lines[-1], "OK")
        self.assertEqual(read_map("\n".join(lines[:-1])).creator, "SE")
        self.assertTrue(self.anne.ask("DOWNLOAD MAP map_nowhere")[0].startswith("ERROR: There is no map"))
        self.assertTrue(self.anne.ask("DOWNLOAD MAP")[0].startswith("ERROR: "))

    def test_lines_up(self) -> None:
        text = self.anne.ask("DOWNLOAD MAP map_balanced")[:-1]
        self.assertEqual(self.anne.ask("UPLOAD MAP map_mine"), ["READY send the map, then a line EOT"])
        for line in text:
            self.assertEqual(self.anne.ask(line), [])
        self.assertEqual(self.anne.ask("EOT"), ["OK"])
        self.assertIn("MAP NAME=map_mine CREATOR=Red VERSION=1", self.anne.ask("LIST MAPS"))
        self.assertEqual(self.anne.ask("CREATE GAME g -maxPlayers 2 -map map_mine"), ["OK"])
        self.assertIn("MAPNAME=map_mine", self.anne.ask("LIST GAMES")[0])
        # The next version is the next number, and another team has no say.
        self.anne.ask("UPLOAD MAP map_mine")
        self.assertIn("the next one must be 2", self.anne.ask("\r\n".join([*text, "EOT"]))[0])
        self.anne.ask("UPLOAD MAP map_mine")
        raised = [line.replace("VERSION: 1", "VERSION: 2") for line in text]
        self.assertEqual(self.anne.ask("\r\n".join([*raised, "EOT"])), ["OK"])
        bob = self.services.browsing("bob", "ss13", team="Blue")
        self.assertIn("belongs to the team Red", bob.ask("UPLOAD MAP map_mine")[0])
        self.assertEqual(bob.ask("UPLOAD MAP map_his")[0][:5], "READY")
        for line in text:
            bob.say(line)
        self.assertEqual(bob.ask("EOT"), ["OK"])
        # It is in the store, not only here.
        library = MapLibrary(self.services.map_store, self.services.clock, installed_kinds())
        ensureDeferred(library.load())
        self.assertEqual(library.one("catan", "map_mine").version, 2)

    def test_wrong_uploads(self) -> None:
        for name in ("", "mine", "map_balanced", "map_x y", "map_" + "x" * 50):
            self.assertTrue(self.anne.ask(f"UPLOAD MAP {name}")[0].startswith("ERROR: "), name)
        self.anne.ask("UPLOAD MAP map_bad")
        answer = self.anne.ask("CREATOR: me\r\nVERSION: 1\r\n1;LAVA;0;N,2;\r\nEOT")
        self.assertIn("line 3", answer[0])
        self.assertEqual(self.anne.ask("NOOP"), ["OK"])

    def test_an_upload_that_is_too_long(self) -> None:
        services = ClockServices(section(map_bytes=1024))
        anne = services.user("anne", "ss13")
        anne.ask("UPLOAD MAP map_long")
        anne.ask("# " + "x" * 3000)
        self.assertEqual(anne.ask("EOT"), ["ERROR: A map has at most 1024 bytes."])
        self.assertEqual(anne.ask("NOOP"), ["OK"])

    def test_an_upload_of_a_browser_that_is_too_long(self) -> None:
        services = ClockServices(section(map_bytes=1024))
        anne = services.browsing("anne", "ss13")
        for lines in (["x" * 500] * 3, [""] * 2000):
            anne.ask("UPLOAD MAP map_long")
            anne.say("\n".join(["# mine", *lines, "# end"]))
            self.assertEqual(anne.ask("EOT"), ["ERROR: A map has at most 1024 bytes."])
        anne.ask("UPLOAD MAP map_long")
        anne.channel.received(bytes(1025), True)
        self.assertEqual(anne.lines(), ["ERROR: A map has at most 1024 bytes."])
        self.assertEqual(anne.ask("NOOP"), ["OK"])

    def test_teams_have_room_for_some_maps(self) -> None:
        services = ClockServices(section(maps_per_team=0))
        self.assertIn("at most 0", services.user("anne", "ss13").ask("UPLOAD MAP map_x")[0])


class Ss12(SynchronousTestCase):
    def setUp(self) -> None:
        self.services = ClockServices()
        self.anne = self.services.user("anne", "ss12", team="Red")

    def download(self, name: str) -> bytes:
        data = self.anne.raw(f"DOWNLOAD MAP {name}\r\n".encode())
        head, _, rest = data.partition(b"\r\n")
        words = head.split()
        self.assertEqual((words[0], words[2]), (b"SENDING", b"BYTES"))
        size = int(words[1])
        self.assertEqual(rest[size:], b"EOT\r\nOK\r\n")
        return rest[:size]

    def test_zip_files_down_and_up(self) -> None:
        text, picture = unpacked("map_meadow", self.download("map_meadow"), 1 << 20)
        self.assertTrue(picture.startswith(b"\xff\xd8\xff"))
        self.assertEqual(self.anne.ask("UPLOAD MAP map_mine"), ["READY send the map, then a line EOT"])
        data = packed("map_mine", text, picture + b"EOT\r\n\xff\xfa EOT\r\n")
        self.assertEqual(self.anne.raw(data + b"EOT\r\nNOOP\r\n"), b"OK\r\nOK\r\n")
        self.assertIn("MAP NAME=map_mine CREATOR=Red VERSION=1", self.anne.ask("LIST MAPS"))
        again, same = unpacked("map_mine", self.download("map_mine"), 1 << 20)
        self.assertIn("OWNER: Red", again)
        self.assertEqual(same, picture + b"EOT\r\n\xff\xfa EOT\r\n")
        browser = self.services.browsing("bob", "ss12", team="Blue")
        browser.ask("UPLOAD MAP map_his")
        browser.channel.received(packed("map_his", text, picture), True)
        self.assertEqual(browser.lines(), ["OK"])

    def test_texts_up(self) -> None:
        self.anne.ask("UPLOAD MAP map_text")
        self.assertEqual(self.anne.ask("0,0\n0,15\nEOT"), ["OK"])
        # Clients expect a picture in every file.
        text, picture = unpacked("map_text", self.download("map_text"), 1 << 20)
        self.assertIn("OWNER: Red", text)
        self.assertEqual(picture, self.services.maps.one("creepsmash", "map_meadow").picture)
        self.anne.ask("UPLOAD MAP map_text2")
        self.assertIn("line 2", self.anne.ask("0,0\n3,15\nEOT")[0])

    def test_files_that_say_their_name(self) -> None:
        for data, answer in (
            (packed("map_zip", "0,0\n0,15\n", b""), "OK"),
            (b"# mine\nmap_named.jpg\n0,0\n0,15\n", "OK"),
            (b"0,0\n0,15\n", "ERROR: The map has no name"),
            (b"../x.jpg\n0,0\n0,15\n", "ERROR: The map has no name"),
            (b"map_meadow.jpg\n0,0\n0,15\n", "ERROR: map_meadow comes with the server"),
            (packed("evil", "0,0\n0,15\n", b""), "ERROR: The name of a map"),
            (b"PK\x03\x04\nPK\x05\x06" + bytes(18), "ERROR: "),
        ):
            self.anne.ask("UPLOAD MAP")
            answered = self.anne.raw(data + b"EOT\r\n").decode()
            self.assertTrue(answered.startswith(answer), (data, answered))
        names = [line.split()[1] for line in self.anne.ask("LIST MAPS")[:-1]]
        self.assertIn("NAME=map_zip", names)
        self.assertIn("NAME=map_named", names)

    def test_uploads_that_only_look_over(self) -> None:
        for data, answer in (
            (b"0,0\n0,15EOT\r\n", "OK"),
            (b"PK\x03\x04 this is no zip file\nEOT\r\n", "ERROR: The zip"),
        ):
            self.anne.ask("UPLOAD MAP map_late")
            self.assertEqual(self.anne.raw(data), b"")
            self.services.clock.advance(0.4)
            self.assertEqual(self.anne.lines(), [])
            self.services.clock.advance(0.2)
            self.assertTrue(self.anne.lines()[0].startswith(answer))
            self.assertEqual(self.anne.ask("NOOP"), ["OK"])

    def test_damaged_zip_files_are_refused(self) -> None:
        text = self.services.maps.one("creepsmash", "map_meadow").text
        chance = random.Random(3)
        for method in (zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED):
            buffer = io.BytesIO()
            with zipfile.ZipFile(buffer, "w", method) as archive:
                archive.writestr("map_x.map", text)
            whole = buffer.getvalue()
            self.assertEqual(unpacked("map_x", whole, 1 << 20), (text, b""))
            for _ in range(400):
                damaged = bytearray(whole)
                for _ in range(chance.randint(1, 6)):
                    damaged[chance.randrange(2, len(damaged))] = chance.randrange(256)
                with contextlib.suppress(GameError):
                    unpacked("map_x", bytes(damaged), 1 << 20)

    def test_other_ways_to_pack_are_refused_in_one_line(self) -> None:
        for method in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
            buffer = io.BytesIO()
            with zipfile.ZipFile(buffer, "w", method) as archive:
                archive.writestr("map_x.map", bytes(1 << 20))
            for announced in ("UPLOAD MAP map_x", "UPLOAD MAP"):
                self.anne.ask(announced)
                answer = self.anne.raw(buffer.getvalue() + b"EOT\r\n").decode()
                self.assertIn("stored or deflated", answer)
                self.assertEqual((answer[:7], answer.count("\r\n")), ("ERROR: ", 1))

    def test_end_marks_without_number_in_a_zip_file_cost_nothing(self) -> None:
        self.anne.ask("UPLOAD MAP map_x")
        since = time.monotonic()
        self.assertEqual(self.anne.raw(b"PK" + b"EOT\n" * 250_000), b"")
        self.assertLess(time.monotonic() - since, 3)

    def test_a_picture_is_kept_in_the_store_and_with_the_next_version(self) -> None:
        jpeg = b"\xff\xd8\xff mine"
        for text, picture in (("VERSION: 1\n0,0\n0,15\n", jpeg), ("VERSION: 2\n0,0\n0,15\n", b"")):
            self.anne.ask("UPLOAD MAP map_mine")
            self.assertEqual(self.anne.raw(packed("map_mine", text, picture) + b"EOT\r\n"), b"OK\r\n")
            self.assertEqual(self.services.maps.one("creepsmash", "map_mine").picture, b"")
            self.assertEqual(unpacked("map_mine", self.download("map_mine"), 1 << 20)[1], jpeg)

    def test_archives_are_made_once_and_bounded(self) -> None:
        made: list[str] = []
        pack = packed

        def counted(name: str, text: str, picture: bytes) -> bytes:
            made.append(name)
            return pack(name, text, picture)

        self.patch(archives, "packed", counted)
        first = self.download("map_meadow")
        self.assertEqual([self.download("map_meadow") for _ in range(3)], [first] * 3)
        self.assertEqual(made, ["map_meadow"])

        async def picture(_found: StoredMap) -> bytes:
            return b"p" * 100

        small = archives.Archives(picture, 3 * len(pack("map_0", "x", b"p" * 100)))
        maps = [StoredMap("creepsmash", f"map_{number}", "Red", 1, "x") for number in range(5)]
        for one in maps:
            ensureDeferred(small.of(one))
        self.assertLessEqual(small.size, 3 * len(pack("map_0", "x", b"p" * 100)))
        made.clear()
        for number in (4, 3, 2, 0):
            ensureDeferred(small.of(maps[number]))
        self.assertEqual(made, ["map_0"])
        # Another version is another map.
        ensureDeferred(small.of(StoredMap("creepsmash", "map_0", "Red", 2, "y")))
        self.assertEqual(made, ["map_0", "map_0"])


class Room(SynchronousTestCase):
    def upload(self, client: Client, name: str, size: int = 0) -> list[str]:
        return client.ask(f"UPLOAD MAP {name}") + client.ask(f"# {'x' * size}\r\n0,0\r\n0,15\r\nEOT")

    def test_the_maps_of_a_team_have_so_many_bytes(self) -> None:
        services = ClockServices(section(map_bytes_per_team=4000))
        anne = services.user("anne", "ss12", team="Red")
        self.assertEqual(self.upload(anne, "map_a", 3000)[-1], "OK")
        self.assertEqual(self.upload(anne, "map_b", 3000)[-1], "ERROR: The maps of a team have at most 4000 bytes.")
        self.assertEqual(self.upload(services.user("bob", "ss12", team="Blue"), "map_b", 3000)[-1], "OK")

    def test_so_many_uploads_a_day(self) -> None:
        services = ClockServices(section(uploads_per_day=2))
        anne = services.user("anne", "ss12", team="Red")
        for name in ("map_a", "map_b"):
            self.assertEqual(self.upload(anne, name)[-1], "OK")
        self.assertEqual(self.upload(anne, "map_c"), ["ERROR: At most 2 uploads a day: try again later."])
        # Nor on another connection.
        again = services.user("anne", "ss12")
        self.assertEqual(self.upload(again, "map_c"), ["ERROR: At most 2 uploads a day: try again later."])
        services.clock.pump([60.0] * (12 * 60))
        self.assertEqual(self.upload(services.user("anne", "ss12"), "map_c")[-1], "OK")

    def test_a_map_that_an_operator_has_deleted_is_gone(self) -> None:
        services = ClockServices()
        anne = services.user("anne", "ss12", team="Red")
        self.upload(anne, "map_a")
        self.assertTrue(deferred(services.map_store.remove("creepsmash", "map_a")).called)
        (look,) = [task for task in services.kassel.periodic if task.seconds == DELETED_MAPS]
        deferred(look.run())
        self.assertTrue(anne.ask("DOWNLOAD MAP map_a")[0].startswith("ERROR: There is no map"))
        self.assertEqual(self.upload(services.user("bob", "ss12", team="Blue"), "map_a")[-1], "OK")


class RefusedUploads(SynchronousTestCase):
    """What comes behind an UPLOAD MAP that is refused is no command."""

    MAP = ("# mine", "MSG ALL I am a line of a map", "0,0", "LOGOUT", "0,15")

    def setUp(self) -> None:
        self.services = ClockServices()
        self.bob = self.services.user("bob", "ss12", team="Blue")

    def clients(self, season: str = "ss12") -> list[Telnet | Browser]:
        found: list[Telnet | Browser] = [self.services.user("anne", season), self.services.browsing("carl", season)]
        self.bob.lines()
        return found

    def say_at_once(self, client: Client, *lines: str) -> list[str]:
        return client.ask("\n".join(lines) if isinstance(client, Browser) else "\r\n".join(lines))

    def test_one_error_and_everything_up_to_eot_is_swallowed(self) -> None:
        for season, command in (
            ("ss12", "UPLOAD MAP map_meadow"),
            ("ss12", "upload map a b"),
            ("ss12", "UPLOAD MAP mine"),
            ("ss13", "UPLOAD MAP"),
            ("ss14", "UPLOAD MAP map_x"),
        ):
            for client in self.clients(season):
                answer = self.say_at_once(client, command, *self.MAP, "EOT", "NOOP")
                self.assertEqual([line[:6] for line in answer], ["ERROR:", "OK"], (command, answer))
                self.assertEqual(self.bob.lines(), [])
                client.hang_up()
                self.bob.lines()

    def test_a_line_that_is_cut_off_from_what_follows_is_no_command(self) -> None:
        anne = self.services.user("anne", "ss12")
        self.bob.lines()
        # What comes at once is looked at in pieces, and the first one ends behind the first line of the map.
        refused, first = b"UPLOAD MAP mine\r\n", b"MSG ALL I am a line of a map\r\n"
        before = b"NOOP".ljust(PIECE - len(refused) - len(first) - 2) + b"\r\n"
        told = anne.raw(before + refused + first + b"MSG ALL and I am another\r\nEOT\r\nNOOP\r\n")
        self.assertEqual([line[:6] for line in told.split(b"\r\n")], [b"OK", b"ERROR:", b"OK", b""])
        self.assertEqual(self.bob.lines(), [])

    def test_lines_that_come_one_by_one(self) -> None:
        for client in self.clients():
            self.assertEqual(client.ask("UPLOAD MAP mine")[0][:6], "ERROR:")
            for line in (*self.MAP, "EOT"):
                self.assertEqual(client.ask(line), [])
            self.assertEqual((client.ask("NOOP"), self.bob.lines()), (["OK"], []))

    def test_a_zip_file_is_swallowed(self) -> None:
        data = packed("mine", "0,0\n0,15\n", b"\xff\xd8\xff MSG ALL x\r\nEOT\r\nMSG ALL y\r\n")
        telnet, browser = self.services.user("anne", "ss12"), self.services.browsing("carl", "ss12")
        self.bob.lines()
        answer = telnet.raw(b"UPLOAD MAP mine\r\n" + data + b"EOT\r\nNOOP\r\n")
        self.assertEqual([line[:6] for line in answer.split(b"\r\n")], [b"ERROR:", b"OK", b""])
        browser.ask("UPLOAD MAP mine")
        assert isinstance(browser, Browser)
        browser.channel.received(data, True)
        self.assertEqual((browser.ask("NOOP"), self.bob.lines()), (["OK"], []))

    def test_before_the_login_too(self) -> None:
        client = self.services.telnet("ss12")
        client.lines()
        answer = self.say_at_once(client, "UPLOAD MAP map_x", *self.MAP, "EOT", "NOOP")
        self.assertEqual([line[:6] for line in answer], ["ERROR:", "OK"])

    def test_a_client_that_waits_for_its_answers_and_sends_no_map_goes_on_at_once(self) -> None:
        for client in self.clients():
            for _ in range(3):
                self.assertEqual(client.ask("UPLOAD MAP mine")[0][:6], "ERROR:")
                self.assertEqual(client.ask("NOOP"), ["OK"])
            self.assertEqual(client.ask("UPLOAD MAP mine")[0][:6], "ERROR:")
            self.assertEqual(client.ask(f"UPLOAD MAP map_{type(client).__name__}")[0][:5], "READY")
            # What has been announced well may come late.
            self.services.clock.advance(5)
            self.assertEqual(client.ask("0,0"), [])
            self.services.clock.advance(5)
            self.assertEqual(self.say_at_once(client, "0,15", "EOT"), ["OK"])

    def test_without_an_end_it_is_over_after_a_pause(self) -> None:
        for client in self.clients():
            self.assertEqual(len(self.say_at_once(client, "UPLOAD MAP mine", *self.MAP)), 1)
            for _ in range(3):
                self.services.clock.advance(REFUSED_UPLOAD - 0.5)
                self.assertEqual(client.ask("0,7"), [])
            self.services.clock.advance(REFUSED_UPLOAD + 0.1)
            self.assertEqual(client.ask("NOOP"), ["OK"])
            self.assertEqual(self.bob.lines(), [])

    def test_half_a_line_is_waited_for(self) -> None:
        anne = self.services.user("anne", "ss12")
        anne.ask("UPLOAD MAP mine")
        self.assertEqual((anne.raw(b"\r\nNO"), anne.raw(b"OP\r\n")), (b"", b"OK\r\n"))

    def test_an_upload_above_the_rate_limit_is_swallowed_too(self) -> None:
        services = ClockServices(limits=Limits(messages_per_second=5, burst=10))
        bob, anne = services.user("bob", "ss12"), services.user("anne", "ss12")
        bob.lines()
        answer = self.say_at_once(anne, *["NOOP"] * 15, "UPLOAD MAP map_x", *self.MAP, "EOT", "NOOP")
        refused = "ERROR: FLOOD DETECTED! Too many commands; wait a moment."
        accepted = answer.count("OK")
        self.assertEqual(answer, ["OK"] * accepted + [refused] * (16 - accepted))
        # The last one has nothing behind it, so it is only late.
        services.clock.advance(60)
        self.assertEqual((anne.lines(), bob.lines()), (["OK"], []))
