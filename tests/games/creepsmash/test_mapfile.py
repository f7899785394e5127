"""Reading maps: what is met halfway, and every breach of the format with its line."""

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from gameserver.games.creepsmash.mapfile import (
    ALPHA_COLORS,
    MAX_TEXT,
    MAX_WAY,
    read_map,
    stamp,
)
from gameserver.games.maps import BadMap
from tests.games.creepsmash.stage import examples

SUMMER = """\
###
### SUMMER
###
# set the Background:
map_summer.jpg
# VERSION
VERSION: 1
# OWNER
OWNER: SE
SET_ALPHA_BACKGROUND_COLOR:OFF
8;0
9;0
5,15
5,14
6,14
"""


class TestReading(SynchronousTestCase):
    def test_the_published_sample(self) -> None:
        drawing = read_map(SUMMER)
        self.assertEqual((drawing.title, drawing.background), ("SUMMER", "map_summer.jpg"))
        self.assertEqual((drawing.version, drawing.owner, drawing.alpha_color), (1, "SE", "OFF"))
        self.assertEqual(drawing.holy, {(8, 0), (9, 0)})
        self.assertEqual(drawing.way, ((5, 15), (5, 14), (6, 14)))
        self.assertEqual((drawing.cells, drawing.stops), (drawing.way, (0, 1, 2)))

    def test_points_need_not_be_neighbours(self) -> None:
        drawing = read_map("4,1\n6,3\n6,6\n3,6\n")
        self.assertEqual(drawing.cells, ((4, 1), (5, 2), (6, 3), (6, 4), (6, 5), (6, 6), (5, 6), (4, 6), (3, 6)))
        self.assertEqual(drawing.stops, (0, 2, 5, 8))

    def test_every_direction_of_a_diagonal(self) -> None:
        for x, y in ((2, 2), (12, 2), (2, 12), (12, 12)):
            drawing = read_map(f"7,7\n{x},{y}\n")
            self.assertEqual((drawing.cells[0], drawing.cells[-1], len(drawing.cells)), ((7, 7), (x, y), 6))

    def test_everything_but_a_way_may_be_missing(self) -> None:
        drawing = read_map("0,0\n0,1")
        self.assertEqual((drawing.title, drawing.background, drawing.version, drawing.owner), ("", "", 1, "SE"))
        self.assertEqual(drawing.alpha_color, "OFF")

    def test_line_ends_blanks_and_a_byte_order_mark(self) -> None:
        plain = read_map(SUMMER)
        for text in (
            SUMMER.replace("\n", "\r\n"),
            SUMMER.replace("\n", "\r"),
            "\ufeff" + SUMMER,
            SUMMER.replace("\n", " \t\n\n"),
            SUMMER.replace("5,15", " 5 , 15 ").replace("8;0", "8 ;0"),
        ):
            self.assertEqual(read_map(text), plain)

    def test_small_letters_in_the_head(self) -> None:
        drawing = read_map("version:7\nowner : The Team\nset_alpha_background_color: off\n0,0\n0,1\n")
        self.assertEqual((drawing.version, drawing.owner, drawing.alpha_color), (7, "The Team", "OFF"))

    def test_every_colour(self) -> None:
        for color in ALPHA_COLORS:
            drawing = read_map(f"SET_ALPHA_BACKGROUND_COLOR:{color}\n0,0\n0,1\n")
            self.assertEqual(drawing.alpha_color, color)

    def test_an_empty_colour_or_owner_is_the_usual_one(self) -> None:
        drawing = read_map("SET_ALPHA_BACKGROUND_COLOR:\nOWNER:\n0,0\n0,1\n")
        self.assertEqual((drawing.alpha_color, drawing.owner), ("OFF", "SE"))

    def test_comments_may_say_anything(self) -> None:
        drawing = read_map("# 1,2 or 3;4\n#VERSION: x\n0,0\n# map.png\n0,1\n### later, on\n")
        self.assertEqual((drawing.way, drawing.holy, drawing.title), (((0, 0), (0, 1)), frozenset(), ""))

    def test_ways_may_cross_touch_and_stand_still(self) -> None:
        drawing = read_map("0,5\n10,5\n10,5\n5,0\n5,10\n0,5\n")
        self.assertEqual(drawing.cells.count((5, 5)), 2)
        self.assertEqual(drawing.cells[0], drawing.cells[-1])
        self.assertEqual(drawing.stops[1], drawing.stops[2])

    def test_what_is_way_is_not_holy(self) -> None:
        drawing = read_map("0;0\n3;3\n3;3\n0,0\n0,1\n")
        self.assertEqual(drawing.holy, {(3, 3)})

    def test_the_corners(self) -> None:
        drawing = read_map("0;0\n15;0\n0;15\n15;15\n1,1\n1,2\n")
        self.assertEqual(drawing.holy, {(0, 0), (15, 0), (0, 15), (15, 15)})

    def test_the_longest_way(self) -> None:
        steps = "".join(f"{n % 2},0\n" for n in range(MAX_WAY))
        self.assertEqual(len(read_map(steps).cells), MAX_WAY)


class TestBreaches(SynchronousTestCase):
    def refused(self, text: str, line: int, sentence: str) -> None:
        refusal = self.assertRaises(BadMap, read_map, text)
        self.assertEqual((refusal.line, str(refusal)), (line, f"line {line}: {sentence}"))

    def test_a_point_off_the_lines(self) -> None:
        self.refused("0,0\n2,3\n4,4\n", 2, "2,3 lies neither in the column nor in the row nor on a diagonal of 0,0")
        self.refused("# x\n\n2,3\n4,4\n", 4, "4,4 lies neither in the column nor in the row nor on a diagonal of 2,3")

    def test_cells_outside(self) -> None:
        self.refused("0,0\n16,0\n", 2, "cell 16,0 is outside 0..15")
        self.refused("0,0\n0,16\n", 2, "cell 0,16 is outside 0..15")
        self.refused("16;3\n", 1, "cell 16;3 is outside 0..15")

    def test_no_numbers(self) -> None:
        expected = "expected x,y or x;y, a head line, a .jpg name or a comment with #"
        for line in ("a,b", "-1,3", "1.5,2", "1,2,3", "1;", ",", "001,2", "\u0661,2", "1,2;3,4", "hello", "1 2"):
            self.refused(f"0,0\n{line}\n", 2, expected)

    def test_versions(self) -> None:
        for value in ("one", "1.0", "-1", "", "12345678901"):
            self.refused(f"0,0\nVERSION: {value}\n", 2, "VERSION must be a plain number")

    def test_owners(self) -> None:
        self.refused("OWNER: " + "x" * 65 + "\n", 1, "OWNER must be the name of a team")
        self.refused("OWNER: a\x00b\n", 1, "OWNER must be the name of a team")

    def test_colours(self) -> None:
        colors = ", ".join(ALPHA_COLORS)
        self.refused("SET_ALPHA_BACKGROUND_COLOR:PINK\n", 1, f"the colour must be one of {colors}")

    def test_unknown_head_lines(self) -> None:
        self.refused("0,0\n0,1\nCREATOR: tux\n", 3, "CREATOR is not a head line of a map")

    def test_pictures(self) -> None:
        expected = "the background must be the plain name of a .jpg file"
        for name in ("map.png", "map.bmp", "map.gif", "map.jpeg", "../map.jpg", "a/b.jpg", "a\\b.jpg", ".jpg"):
            self.refused(f"{name}\n", 1, expected)

    def test_no_way(self) -> None:
        for text, line in (("", 1), ("### x\n", 2), ("1;1\n", 2), ("0,0", 1), ("0,0\n0,0\n", 3)):
            self.refused(text, line, "the way needs at least two cells")

    def test_too_long(self) -> None:
        self.refused("#" * (MAX_TEXT + 1), 1, f"the map is longer than {MAX_TEXT} characters")
        steps = "".join(f"{n % 2},0\n" for n in range(MAX_WAY + 1))
        self.refused(steps, MAX_WAY + 1, f"the way is longer than {MAX_WAY} cells")
        still = "0,0\n" * (MAX_WAY + 1)
        self.refused(still, MAX_WAY + 1, f"the way is longer than {MAX_WAY} cells")


class TestStamping(SynchronousTestCase):
    def test_owner_and_version_are_replaced_and_nothing_else(self) -> None:
        stamped = stamp(SUMMER, "Team 7", 12)
        drawing, plain = read_map(stamped), read_map(SUMMER)
        self.assertEqual((drawing.owner, drawing.version), ("Team 7", 12))
        self.assertEqual((stamped.count("OWNER:"), stamped.count("VERSION:")), (1, 1))
        for name in ("title", "background", "alpha_color", "holy", "way"):
            self.assertEqual(getattr(drawing, name), getattr(plain, name))

    def test_a_map_without_them_gets_them(self) -> None:
        drawing = read_map(stamp("0,0\r\n0,1\r\n", "SE", 2))
        self.assertEqual((drawing.owner, drawing.version, drawing.way), ("SE", 2, ((0, 0), (0, 1))))

    def test_an_owner_is_one_line(self) -> None:
        for owner in ("", "a\nb", "x" * 65):
            self.assertRaises(BadMap, stamp, SUMMER, owner, 1)


LINES = st.one_of(
    st.sampled_from(SUMMER.splitlines()),
    st.builds("{}{}{}".format, st.integers(-1, 17), st.sampled_from(",;:. "), st.integers(-1, 17)),
    st.text(max_size=12),
)


class TestAnything(SynchronousTestCase):
    @examples(100)
    @given(st.lists(LINES, max_size=12), st.sampled_from(["\n", "\r\n", "\r"]))
    def test_a_text_is_read_or_refused_with_one_of_its_lines(self, texts: list[str], end: str) -> None:
        text = end.join(texts)
        try:
            drawing = read_map(text)
        except BadMap as error:
            self.assertTrue(1 <= error.line <= text.count("\n") + text.count("\r") + 1)
        else:
            self.assertGreaterEqual(len(drawing.cells), 2)
            self.assertEqual([drawing.cells[stop] for stop in drawing.stops], list(drawing.way))
            self.assertTrue(all(0 <= x < 16 and 0 <= y < 16 for x, y in (*drawing.cells, *drawing.holy)))
