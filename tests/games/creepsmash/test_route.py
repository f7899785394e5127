"""Geometry: rotations, the way in steps, and what towers reach, all counted again the slow way."""

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from gameserver.games.creepsmash.mapfile import SIZE, read_map
from gameserver.games.creepsmash.model import Waypoint
from gameserver.games.creepsmash.route import POSITIONS, STEPS, Route, cell_index, rotate, route_of, steps
from gameserver.games.creepsmash.tables import TOWERS
from tests.games.creepsmash.stage import STRAIGHT, examples, map_of, map_text, new_game, root, started
from tests.typed import the


class TestRotation(SynchronousTestCase):
    def test_of_a_cell(self) -> None:
        self.assertEqual(rotate("TOPLEFT", 3, 1), (3, 1))
        self.assertEqual(rotate("TOPRIGHT", 3, 1), (14, 3))
        self.assertEqual(rotate("BOTTOMRIGHT", 3, 1), (12, 14))
        self.assertEqual(rotate("BOTTOMLEFT", 3, 1), (1, 12))

    def test_each_place_is_a_quarter_turn_from_the_one_before(self) -> None:
        for x in range(SIZE):
            for y in range(SIZE):
                for place, following in zip(POSITIONS, POSITIONS[1:] + POSITIONS[:1], strict=True):
                    self.assertEqual(rotate("TOPRIGHT", *rotate(place, x, y)), rotate(following, x, y))

    def test_the_four_maps_of_a_game(self) -> None:
        game = new_game(text=map_text("map_crossing"))
        drawing = read_map(map_text("map_crossing"))
        tiles = list(root(game).tiles)
        self.assertEqual([tile.position for tile in tiles], list(POSITIONS))
        for tile in tiles:
            board = the(tile.map)
            self.assertEqual(len(board.cells), SIZE * SIZE)
            kinds = {(cell.x, cell.y): cell.type for cell in board.cells}
            self.assertEqual(len(kinds), SIZE * SIZE)
            for x in range(SIZE):
                for y in range(SIZE):
                    kind = "PATH" if (x, y) in drawing.cells else "HOLY" if (x, y) in drawing.holy else "FREE"
                    self.assertEqual(kinds[rotate(tile.position, x, y)], kind)
            way = [(the(waypoint.cell).x, the(waypoint.cell).y) for waypoint in self.chain(board.enter_waypoint)]
            self.assertEqual(way, [rotate(tile.position, x, y) for x, y in drawing.way])
            self.assertIs(self.chain(board.enter_waypoint)[-1], board.exit_waypoint)
            self.assertEqual(list(board.waypoints), self.chain(board.enter_waypoint))

    def chain(self, waypoint: Waypoint | None) -> list[Waypoint]:
        found: list[Waypoint] = []
        while waypoint is not None:
            self.assertIs(waypoint.previous, found[-1] if found else None)
            found.append(waypoint)
            waypoint = waypoint.next
        return found

    def test_a_map_tells_its_name_owner_version_and_picture(self) -> None:
        board = the(root(new_game(text="pic.jpg\nVERSION: 3\nOWNER: Team 7\n" + STRAIGHT)).tiles[0].map)
        self.assertEqual(
            (board.name, board.create_by, board.version, board.background),
            ("map_test", "Team 7", "3", "pic.jpg"),
        )
        self.assertEqual(the(root(new_game()).tiles[0].map).background, "map_test.jpg")


class TestWay(SynchronousTestCase):
    def test_places_on_it(self) -> None:
        route = Route(read_map("2,2\n4,4\n4,6\n"))
        self.assertEqual(route.length, 4 * STEPS)
        self.assertEqual([route.place(at) for at in (0, 999, 1000)], [(2000, 2000), (2999, 2999), (3000, 3000)])
        self.assertEqual([route.place(at) for at in (2001, 3999)], [(4000, 4001), (4000, 5999)])

    def test_a_cell_is_left_half_way(self) -> None:
        self.assertEqual([cell_index(at) for at in (0, 499, 500, 1499, 1500)], [0, 0, 1, 1, 2])

    def test_pixels(self) -> None:
        self.assertEqual((steps(20), steps(35)), (1000, 1750))

    def test_one_route_for_all_matches_on_a_map(self) -> None:
        self.assertIs(route_of(STRAIGHT), route_of(STRAIGHT))


REACHES = sorted({steps(level.range) for levels in TOWERS.values() for level in levels})
CELLS = st.integers(0, SIZE - 1)


@st.composite
def ways(draw: st.DrawFn) -> str:
    """A way of up to eight straight pieces, drawn from any point to any other that the format allows."""
    points = [(draw(CELLS), draw(CELLS))]
    for _ in range(draw(st.integers(1, 8))):
        x, y = points[-1]
        across, down = draw(st.sampled_from([(0, 1), (1, 0), (1, 1), (1, -1), (0, -1), (-1, 0), (-1, -1), (-1, 1)]))
        room = [n for n in range(1, SIZE) if 0 <= x + n * across < SIZE and 0 <= y + n * down < SIZE]
        if room:
            length = draw(st.sampled_from(room))
            points.append((x + length * across, y + length * down))
    if len(points) == 1:
        points.append((points[0][0], (points[0][1] + 1) % SIZE))
        if abs(points[1][1] - points[0][1]) != 1:
            points[1] = (points[0][0], points[0][1] - 1)
    return "".join(f"{x},{y}\n" for x, y in points)


class TestReach(SynchronousTestCase):
    @examples(25)
    @given(ways(), CELLS, CELLS, st.sampled_from(REACHES))
    def test_cover_is_what_is_nearer_than_the_range(self, text: str, x: int, y: int, reach: int) -> None:
        route = Route(read_map(text))
        covered = {(cell_index(first), at) for _, first, last in route.cover(x, y, reach) for at in (first, last)}
        self.assertTrue(all(cell == cell_index(at) for cell, at in covered))
        inside = [range(first, last + 1) for _, first, last in route.cover(x, y, reach)]
        for at in range(0, route.length, 13):
            at_x, at_y = route.place(at)
            near = (at_x - x * STEPS) ** 2 + (at_y - y * STEPS) ** 2 < reach * reach
            self.assertEqual(near, any(at in span for span in inside))
        for cell, first, last in route.cover(x, y, reach):
            self.assertEqual((cell_index(first), cell_index(last)), (cell, cell))
            for at, expected in ((first - 1, False), (first, True), (last, True), (last + 1, False)):
                if 0 <= at < route.length and cell_index(at) == cell:
                    at_x, at_y = route.place(at)
                    near = (at_x - x * STEPS) ** 2 + (at_y - y * STEPS) ** 2 < reach * reach
                    self.assertEqual(near, expected)

    @examples(25)
    @given(ways(), st.integers(0, 15_000), st.integers(0, 15_000), st.sampled_from([steps(25), steps(35)]))
    def test_nearby_misses_nobody(self, text: str, x: int, y: int, radius: int) -> None:
        route = Route(read_map(text))
        cells = set(route.nearby(x, y, radius))
        for at in range(0, route.length, 13):
            at_x, at_y = route.place(at)
            if (at_x - x) ** 2 + (at_y - y) ** 2 < radius * radius:
                self.assertIn(cell_index(at), cells)

    def test_strictly_nearer(self) -> None:
        # 1000 steps are 20 pixels: the centre of the neighbouring cell is not nearer than that.
        route = Route(read_map("0,5\n3,5\n"))
        self.assertEqual(route.cover(1, 4, 1000), ())
        self.assertEqual(route.cover(1, 4, 1001), ((1, 956, 1044),))


class TestBoards(SynchronousTestCase):
    def test_rotation_changes_no_distance(self) -> None:
        """A tower at the same place of the drawing reaches the same part of the way on all four boards."""
        game = started(players=4, text=map_text("map_zigzag"))
        drawing = read_map(map_text("map_zigzag"))
        for seat, place in enumerate(POSITIONS):
            board = map_of(game, seat)
            at = {(cell.x, cell.y) for cell in board.cells if cell.type == "PATH"}
            self.assertEqual(at, {rotate(place, x, y) for x, y in drawing.cells})
