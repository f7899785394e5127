"""The maps that come with the package."""

from twisted.trial.unittest import SynchronousTestCase

from gameserver.games.creepsmash.mapfile import SIZE, read_map
from tests.games.creepsmash.stage import MAPS, map_text, started, ticks

NAMES = sorted(path.stem for path in MAPS.glob("*.map"))


class TestMaps(SynchronousTestCase):
    def test_at_least_five_of_them(self) -> None:
        self.assertGreaterEqual(len(NAMES), 5)
        self.assertTrue(all(name.startswith("map_") for name in NAMES))

    def test_each_can_be_read_and_names_its_picture(self) -> None:
        for name in NAMES:
            drawing = read_map(map_text(name))
            self.assertEqual((drawing.background, drawing.owner), (f"{name}.jpg", "SE"))
            self.assertEqual(f"map_{drawing.title.lower()}", name)
            picture = (MAPS / drawing.background).read_bytes()
            self.assertEqual((picture[:3], picture[-2:]), (b"\xff\xd8\xff", b"\xff\xd9"))

    def test_each_leaves_room_for_towers_and_a_way_worth_walking(self) -> None:
        for name in NAMES:
            drawing = read_map(map_text(name))
            taken = drawing.holy | set(drawing.cells)
            self.assertGreaterEqual(SIZE * SIZE - len(taken), 100)
            self.assertGreaterEqual(len(drawing.cells), SIZE)

    def test_each_can_be_played_on(self) -> None:
        for name in NAMES:
            game = started(players=4, text=map_text(name))
            ticks(game, 400)
            self.assertTrue(game.running)
