"""The five strategies."""

from collections.abc import Iterable

from twisted.trial.unittest import SynchronousTestCase

from gameserver.games.creepsmash.model import Creep
from gameserver.games.creepsmash.tables import DEFAULT_STRATEGY
from tests.games.creepsmash.stage import aim, assets, build, creeps, rich, send, started, targets, ticks
from tests.typed import the


def field(
    kinds: Iterable[str],
    tower_at: tuple[int, int],
    *,
    strategy: str | None = None,
    family: str = "ULTIMATE",
    at_tick: int = 120,
) -> Creep | None:
    """Creeps sent one after another to a tower that is ready at that tick; return what it fires on then."""
    game = started()
    rich(game, 0, 1)
    for kind in kinds:
        send(game, 0, kind)
    ticks(game, at_tick - 50)
    tower = build(game, 1, family, *tower_at)
    if strategy is not None:
        aim(game, 1, tower, strategy)
    ticks(game, 49)
    assert targets(game) == []
    ticks(game, 1)
    return next(iter(targets(game)), None)


# Where they are at tick 120, in thousandths of a cell: 5600, 4355, 4480, 3660, 5220. The tower stands at 3000.
CROWD = ("FAST_NOVA", "HUGE_TITAN", "MERCURY", "DEMETER", "SPEEDY_RAIDER")


class TestStrategies(SynchronousTestCase):
    def test_each_in_its_meaning(self) -> None:
        for strategy, kind in (
            ("CLOSEST", "DEMETER"),
            ("FASTEST", "SPEEDY_RAIDER"),
            ("STRONGEST", "HUGE_TITAN"),
            ("WEAKEST", "MERCURY"),
            ("FARTHEST", "FAST_NOVA"),
        ):
            self.assertEqual(the(field(CROWD, (3, 7), strategy=strategy)).type, kind, strategy)

    def test_farthest_is_along_the_way_not_from_the_tower(self) -> None:
        # The tower stands at the far end of the crowd: the first on the way is the nearest to it.
        self.assertEqual(the(field(CROWD, (6, 7), strategy="FARTHEST")).type, "FAST_NOVA")
        self.assertEqual(the(field(CROWD, (6, 7), strategy="CLOSEST")).type, "FAST_NOVA")

    def test_the_default_is_that_of_the_family(self) -> None:
        self.assertEqual(DEFAULT_STRATEGY["ULTIMATE"], "STRONGEST")
        self.assertEqual(the(field(CROWD, (3, 7))).type, "HUGE_TITAN")

    def test_fastest_takes_the_immune_only_when_there_is_no_other(self) -> None:
        self.assertEqual(the(field(("PHOENIX", "LARGE_MANTA"), (3, 7), strategy="FASTEST")).type, "LARGE_MANTA")
        self.assertEqual(the(field(("RAY", "PHOENIX"), (3, 7), strategy="FASTEST")).type, "PHOENIX")

    def test_fastest_looks_at_the_speed_of_the_moment(self) -> None:
        game = started()
        rich(game, 0, 1)
        for _ in range(2):
            send(game, 0, "DEMETER")
        tower = build(game, 1, "SLOW", 3, 7)
        ticks(game, 50)
        hit: list[Creep] = []
        while len(hit) < 2 and game.running:
            ticks(game, 1)
            if tower.fire_on is not None and tower.fire_on not in hit:
                hit.append(tower.fire_on)
        self.assertEqual([creep.slowed for creep in hit], [True, True])

    def test_equals_are_decided_for_the_one_that_has_walked_farther(self) -> None:
        for strategy in ("STRONGEST", "WEAKEST", "FASTEST"):
            game = started()
            rich(game, 0, 1)
            for _ in range(3):
                send(game, 0, "DEMETER")
            ticks(game, 50)
            (oldest,) = creeps(game, 1)
            ticks(game, 20)
            tower = build(game, 1, "ULTIMATE", 3, 7)
            aim(game, 1, tower, strategy)
            ticks(game, 50)
            self.assertEqual(targets(game), [oldest])

    def test_who_has_walked_as_far_is_decided_by_age(self) -> None:
        """Two creeps of one kind that appear in the same tick on the same board: the first sent is the older."""
        for order in ((0, 1), (1, 0)):
            game = started(players=3)
            rich(game, 0, 1, 2)
            for seat in order:
                send(game, seat, "DEMETER")
            # Now both go to the third player's tile, hers as nobody's.
            game.leave(1)
            ticks(game, 70)
            build(game, 2, "ULTIMATE", 3, 7)
            self.assertEqual(len(creeps(game, 2)), 2)
            ticks(game, 50)
            self.assertEqual(
                [creep.user_assets for creep in targets(game)], [assets(game, 0) if order[0] == 0 else None]
            )

    def test_nobody_out_of_reach(self) -> None:
        self.assertIsNone(field(("FAST_NOVA",), (12, 2), strategy="FARTHEST"))
