"""LIST MAPS, DOWNLOAD MAP and UPLOAD MAP of the seasons."""

from __future__ import annotations

import contextlib
import io
import random
import zipfile

from twisted.internet.defer import ensureDeferred
from twisted.trial.unittest import SynchronousTestCase

from gameserver.app.games import installed_kinds
from gameserver.errors import GameError
from gameserver.games.catan.map_format import read_map
from gameserver.matches.map_files import packed, unpacked
from gameserver.matches.maps import MapLibrary
from tests.protocols.kassel.services import ClockServices, section


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
        for method in (zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2):
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
