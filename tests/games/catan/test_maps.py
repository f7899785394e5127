"""The map format: what it takes, what it refuses and in which line; the maps that come with the server."""

from collections.abc import Callable

from twisted.trial.unittest import SynchronousTestCase

from gameserver.games.catan.geometry import Direction, Point, corners, edge, ends, opposite, step, turned
from gameserver.games.catan.goods import HARBORS, LAND, Terrain
from gameserver.games.catan.map_format import parse_map, read_map
from gameserver.games.maps import BadMap
from tests.games.catan.playing import map_text

MAPS = ("map_balanced", "map_highlands", "map_lake", "map_long_island")

SMALL = """CREATOR: tux
VERSION: 3
1;DESERT;0;N,2;
2;MOUNTAIN;360;S,1;
"""


class TestForm(SynchronousTestCase):
    def complaint(self, text: str, read: Callable[[str], object] = parse_map) -> tuple[int, str]:
        with self.assertRaises(BadMap) as caught:
            read(text)
        return caught.exception.line, str(caught.exception)

    def test_a_small_one(self) -> None:
        found = parse_map(SMALL)
        self.assertEqual((found.creator, found.version), ("tux", 3))
        one, two = found.fields
        self.assertEqual((one.terrain, one.rotation, two.terrain, two.rotation), (Terrain.DESERT, 0, "MOUNTAIN", 0))
        # Field 2 lies south of field 1, as its line says.
        self.assertEqual(two.point, step(one.point, Direction.S))
        self.assertEqual((one.neighbours, two.neighbours), ({Direction.S: 2}, {Direction.N: 1}))
        self.assertEqual([one.line, two.line], [3, 4])

    def test_comments_other_headers_blank_lines_carriage_returns(self) -> None:
        text = "# my map\r\n\r\nVERSION: 7\r\nCOMMENT: nice\r\n" + "".join(
            f"{line}\r\n" for line in SMALL.splitlines()[2:]
        )
        found = parse_map(text)
        self.assertEqual((found.creator, found.version, len(found.fields)), ("", 7, 2))

    def test_neighbours_with_greater_ids_may_be_left_out(self) -> None:
        text = "VERSION: 1\n1;DESERT;0;N,2;\n2;HILL;0;S,1;\n3;HILL;0;NE,1;\n"
        self.assertEqual(parse_map(text).fields[0].neighbours, {Direction.S: 2, Direction.NE: 3})

    def test_complaints_name_the_line(self) -> None:
        head = "CREATOR: tux\nVERSION: 3\n"
        one = "1;DESERT;0;N,2;\n"
        for text, line, part in (
            ("", 1, "VERSION"),
            ("CREATOR: tux\n" + one, 3, "VERSION: <number>' is missing"),
            ("VERSION: 0\n" + one, 1, "from 1 to 999999"),
            ("VERSION: two\n" + one, 1, "from 1 to 999999"),
            ("VERSION: 1234567\n" + one, 1, "from 1 to 999999"),
            ("VERSION: 1\nVERSION: 2\n" + one, 2, "VERSION is given twice"),
            (head, 3, "no fields"),
            (head + "1;DESERT;0;N,2\n", 3, "ends with a semicolon"),
            (head + "hello\n", 3, "ends with a semicolon"),
            (head + "1;DESERT;0;\n", 3, "at least one neighbour"),
            (head + "x;DESERT;0;N,2;\n", 3, "field id is a whole number"),
            (head + "\u0661;DESERT;0;N,2;\n", 3, "field id is a whole number"),
            (head + "1;GOLD;0;N,2;\n", 3, "unknown field type; known are FIELD, PASTURE"),
            (head + "1;DESERT;50;N,2;\n", 3, "multiple of 60"),
            (head + "1;DESERT;-60;N,2;\n", 3, "multiple of 60"),
            (head + "1;DESERT;0;E,2;\n", 3, "directions N, NE, SE, S, SW, NW"),
            (head + "1;DESERT;0;N2;\n", 3, "DIRECTION,id"),
            (head + "1;DESERT;0;N,2;N,3;\n", 3, "direction N is given twice"),
            (head + "1;DESERT;0;N,2;S,2;\n", 3, "named twice"),
            (head + "1;DESERT;0;N,1;\n", 3, "no neighbour of itself"),
            (head + one + one, 4, "already given in line 3"),
            (head + one, 3, "neighbour 2 is no field of this map"),
            (head + one + "2;HILL;0;S,1;\n3;HILL;0;N,4;\n4;HILL;0;S,3;\n", 5, "no neighbour with a smaller id"),
            (head + one + "2;HILL;0;S,1;\n3;HILL;0;S,1;\n", 5, "would lie on field 2"),
            (head + one + "2;HILL;0;N,1;\n", 3, "field 1 does not lie N of field 2"),
            (head + one + "2;HILL;0;S,1;\n3;HILL;0;SE,1;N,2;\n", 5, "does not lie N of field 2"),
            (head + "1;DESERT;0;N,2;\x00\n", 3, "control characters"),
            (head + "# a\u2028b\n" + one, 3, "control characters"),
            ("VERSION: 1\n" + "#" * 65_536, 1, "at most"),
        ):
            found, sentence = self.complaint(text)
            self.assertIn(part, sentence)
            self.assertEqual(found, line, sentence)
            self.assertTrue(sentence.startswith(f"line {line}: "))

    def test_too_many_fields(self) -> None:
        rows = [f"{n};WATER;0;S,{n - 1};" for n in range(2, 152)]
        line, sentence = self.complaint("VERSION: 1\n1;WATER;0;N,2;\n" + "\n".join(rows))
        self.assertIn("at most 150 fields", sentence)
        self.assertEqual(line, 152)


class TestPlayable(SynchronousTestCase):
    """Each refusal by spoiling the classic island in one place."""

    def spoil(self, *changes: tuple[str, str]) -> str:
        text = map_text("map_balanced")
        for old, new in changes:
            self.assertIn(old, text)
            text = text.replace(old, new)
        with self.assertRaises(BadMap) as caught:
            read_map(text)
        return str(caught.exception)

    def test_small_maps_are_refused(self) -> None:
        with self.assertRaises(BadMap) as caught:
            read_map(SMALL)
        self.assertIn("no FIELD field, so its resource could not be earned", str(caught.exception))

    def test_every_resource(self) -> None:
        for terrain in ("HILL", "FOREST", "PASTURE", "FIELD", "MOUNTAIN"):
            self.assertIn(f"no {terrain} field", self.spoil((f";{terrain};", ";DESERT;")))

    def test_a_desert(self) -> None:
        self.assertIn("no DESERT field for the robber", self.spoil((";DESERT;", ";HILL;")))

    def test_one_piece_of_land(self) -> None:
        self.assertIn("not in one piece", self.spoil(("38;BAR", "39;HILL;0;N,38;\n38;BAR")))

    def test_room_for_six(self) -> None:
        rows = [("2;FIELD", "2;WATER"), ("8;PASTURE", "8;WATER"), ("9;MOUNTAIN", "9;WATER"), ("10;FIELD", "10;WATER")]
        rows += [("19;FOREST", "19;WATER"), ("11;FIELD", "11;WATER"), ("22;PORT_3TO1", "22;WATER")]
        rows += [("21;PORT_3TO1", "21;WATER"), ("25;PORT_GRAIN", "25;WATER"), ("37;PORT_LUMBER", "37;WATER")]
        self.assertRegex(self.spoil(*rows), r"the land has \d+ intersections, six players need 48")

    def test_harbors(self) -> None:
        self.assertIn("edge N does not touch land; turn it", self.spoil(("27;PORT_ORE;60", "27;PORT_ORE;180")))
        self.assertIn("shares an intersection with harbour", self.spoil(("30;WATER;0", "30;PORT_WOOL;180")))

    def test_the_barbarians(self) -> None:
        self.assertIn("exactly one BARBARIAN_START", self.spoil(("BARBARIAN_START", "WATER")))
        self.assertIn(
            "exactly one BARBARIAN_START and one BARBARIAN_END", self.spoil(("23;WATER", "23;BARBARIAN_END"))
        )
        self.assertIn("BARBARIAN_END must lie N of", self.spoil(("38;BARBARIAN_START;0", "38;BARBARIAN_START;180")))
        self.assertIn("turn it like the start", self.spoil(("20;BARBARIAN_END;0", "20;BARBARIAN_END;60")))


class TestOwnMaps(SynchronousTestCase):
    def test_all_can_be_played_and_say_whose_they_are(self) -> None:
        for name in MAPS:
            found = read_map(map_text(name))
            self.assertEqual((found.creator, found.version), ("SE", 1))
            self.assertGreaterEqual(len(found.fields), 37)

    def test_a_simple_reader_places_every_field(self) -> None:
        """The reader of the season's known client: ascending ids, the first neighbour with a smaller id counts."""
        for name in MAPS:
            rows = {}
            for line in map_text(name).splitlines():
                if line[:1].isdigit():
                    number, _, _, *ways = line.rstrip(";").split(";")
                    rows[int(number)] = [(way.split(",")[0], int(way.split(",")[1])) for way in ways]
            places: dict[int, Point] = {}
            for id in sorted(rows):
                known = [(way, other) for way, other in rows[id] if other in places]
                places[id] = step(places[known[0][1]], Direction(known[0][0])) if known else (0, 0)
                if places and id != min(rows):
                    self.assertTrue(known, (name, id))
            self.assertEqual(len(set(places.values())), len(rows))
            for id, around in rows.items():
                for way, other in around:
                    self.assertIn((str(opposite(Direction(way))), id), rows[other], (name, id))

    def test_the_classic_island(self) -> None:
        kinds: dict[str, int] = {}
        for field in read_map(map_text("map_balanced")).fields:
            kinds[str(field.terrain)] = kinds.get(str(field.terrain), 0) + 1
        self.assertEqual(
            {kind: kinds[kind] for kind in ("FOREST", "PASTURE", "FIELD", "HILL", "MOUNTAIN", "DESERT")},
            {"FOREST": 4, "PASTURE": 4, "FIELD": 4, "HILL": 3, "MOUNTAIN": 3, "DESERT": 1},
        )
        harbors = {str(kind): kinds.get(str(kind), 0) for kind in HARBORS}
        self.assertEqual(
            harbors,
            {
                "PORT_3TO1": 4,
                **dict.fromkeys(("PORT_WOOL", "PORT_ORE", "PORT_BRICK", "PORT_GRAIN", "PORT_LUMBER"), 1),
            },
        )

    def test_no_two_maps_are_alike(self) -> None:
        shapes = {
            frozenset((f.point, f.terrain) for f in read_map(map_text(n)).fields if f.terrain in LAND) for n in MAPS
        }
        self.assertEqual(len(shapes), len(MAPS))


class TestGeometry(SynchronousTestCase):
    def test_directions(self) -> None:
        self.assertEqual(step((0, 0), Direction.N), (0, -1))
        self.assertEqual(step((2, 3), Direction.SW), (1, 4))
        for direction in Direction:
            self.assertEqual(step(step((5, 5), direction), opposite(direction)), (5, 5))

    def test_harbour_edges_by_rotation(self) -> None:
        edges = [turned(Direction.S, degrees) for degrees in (0, 60, 120, 180, 240, 300, 360)]
        self.assertEqual([str(way) for way in edges], ["S", "SW", "NW", "N", "NE", "SE", "S"])

    def test_corners_and_edges_have_one_name_from_every_side(self) -> None:
        here = (3, -2)
        self.assertEqual(len(set(corners(here))), 6)
        for direction in Direction:
            there = step(here, direction)
            self.assertEqual(edge(here, direction), edge(there, opposite(direction)))
            self.assertEqual(set(ends(here, direction)), set(ends(there, opposite(direction))))
            self.assertEqual(len(set(corners(here)) & set(corners(there))), 2)
