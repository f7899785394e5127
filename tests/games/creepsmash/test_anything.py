"""Whatever anybody sends at whatever moment: it is carried out, or refused in a sentence and nothing has changed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from gameserver.games.api import Command, Illegal, Participant
from gameserver.games.creepsmash import CreepSmash
from gameserver.games.creepsmash.tables import CREEPS, STRATEGIES, TOWERS
from gameserver.games.entity import Entity
from tests.games.creepsmash.stage import (
    LONG,
    NAMES,
    creeps,
    examples,
    map_text,
    new_game,
    root,
    state,
    ticks,
    tile_under,
)

ACTIONS = (
    *("CHOOSE_TILE", "START_GAME", "CREATE_TOWER", "SELL_TOWER", "UPGRADE_TOWER", "CHANGE_TOWER_STRATEGY"),
    *("CREATE_CREEP", "CHANGE_USER_COLOR", "ROLL_DIES"),
)
KEYS = ("tile", "towertype", "cell", "tower", "level", "strategy", "creeptype", "color")
WORDS = (*TOWERS, *CREEPS, *STRATEGIES, "1", "2", "3", "-1", "FFFF00", "", "Tower@0", "Creep@zz")


#: An argument: a text, or an object of some kind by a number.
Value = str | tuple[str, int]

#: A command: its action and arguments.
Order = tuple[str, dict[str, Value]]

#: An order of a seat, a seat that is left (``None``), somebody who takes one (a visitor or not), ticks that pass.
Step = tuple[str, int, Order | bool | None]


def steps() -> st.SearchStrategy[list[Step]]:
    """Commands of every degree of sense, people coming and going, time passing."""
    value = st.one_of(
        st.tuples(st.sampled_from(["Cell", "Tower", "Tile", "Creep", "UserAssets"]), st.integers(0, 5_000)),
        st.sampled_from(WORDS),
        st.text(max_size=8),
    )
    command = st.tuples(
        st.one_of(st.sampled_from(ACTIONS), st.text(max_size=20)),
        st.dictionaries(st.sampled_from(KEYS), value, max_size=3),
    )
    # Commands that could well be meant, so that there is something to break.
    meant = st.one_of(
        st.tuples(st.just("CREATE_CREEP"), st.fixed_dictionaries({"creeptype": st.sampled_from(list(CREEPS)[:8])})),
        st.tuples(
            st.just("CREATE_TOWER"),
            st.fixed_dictionaries(
                {
                    "towertype": st.sampled_from(list(TOWERS)),
                    "cell": st.tuples(st.just("Cell"), st.integers(0, 600)),
                }
            ),
        ),
        st.tuples(
            st.sampled_from(["SELL_TOWER", "UPGRADE_TOWER", "CHANGE_TOWER_STRATEGY"]),
            st.fixed_dictionaries(
                {
                    "tower": st.tuples(st.just("Tower"), st.integers(0, 20)),
                    "level": st.sampled_from(["2", "3"]),
                    "strategy": st.sampled_from(STRATEGIES),
                }
            ),
        ),
    )
    seat = st.integers(0, 5)
    return st.lists(
        st.one_of(
            st.tuples(st.just("command"), seat, st.one_of(meant, meant, command)),
            st.tuples(st.just("ticks"), st.sampled_from([1, 7, 50, 160]), st.none()),
            st.tuples(st.just("leave"), seat, st.none()),
            st.tuples(st.just("join"), seat, st.booleans()),
        ),
        min_size=5,
        max_size=60,
    )


class TestAnything(SynchronousTestCase):
    @examples(200 if LONG else 12)
    @given(steps(), st.booleans(), st.booleans())
    def test_refusals_change_nothing(self, todo: list[Step], test_game: bool, at_once: bool) -> None:
        game = new_game(players=3, test_game=test_game, text=map_text("map_sprint"))
        if at_once:
            for seat, tile in enumerate(list(root(game).tiles)[:3]):
                game.apply(seat, Command("CHOOSE_TILE", {"tile": tile.id}))
            game.apply(0, Command("START_GAME"))
        objects = self.objects(game)
        for what, number, subject in todo:
            if what == "ticks":
                ticks(game, number)
            elif subject is None:
                game.leave(number)
            else:
                self.attempt(game, number, subject, objects)
            self.check(game)

    def attempt(self, game: CreepSmash, seat: int, subject: Order | bool, objects: dict[str, list[str]]) -> None:
        game.model.take()
        before = state(game)
        try:
            if isinstance(subject, bool):
                game.join(seat, Participant(f"late{seat}", "SE", visitor=subject))
            else:
                game.apply(seat, self.command(game, subject, objects))
        except Illegal as refusal:
            # The sentence about colours is that of all seasons, in their older style.
            if refusal.action != "changeUserColor":
                self.assertTrue(refusal.sentence.endswith(".") and refusal.sentence[0].isupper(), refusal)
            self.assertEqual((state(game), game.model.take()), (before, []))

    def objects(self, game: CreepSmash) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for source in dict.fromkeys(source for source, _, _ in state(game)):
            found.setdefault(source.split("@")[0], []).append(source)
        return found

    def command(self, game: CreepSmash, subject: Order, objects: dict[str, list[str]]) -> Command:
        action, arguments = subject
        objects["Tower"] = [tower.id for user in root(game).users for tower in user.towers]
        objects["Creep"] = [creep.id for creep in creeps(game)]
        return Command(action, {key: self.value(value, objects) for key, value in arguments.items()})

    def value(self, value: Value, objects: dict[str, list[str]]) -> str:
        if isinstance(value, tuple):
            kind, number = value
            names = objects.get(kind) or ["Nothing@1"]
            return names[number % len(names)]
        return value

    def check(self, game: CreepSmash) -> None:
        shown = root(game)
        for user in shown.users:
            self.assertGreaterEqual(min(user.balance, user.lives, user.income), 0)
            self.assertTrue(all(tower.user_assets is user for tower in user.towers))
        for creep in creeps(game):
            self.assertGreater(creep.health, 0)
            owner = tile_under(creep).user_assets
            self.assertTrue(owner is None or owner is not creep.user_assets or not game.running)
        if game.over and len(shown.users):
            self.assertFalse(shown.running)
        self.assertIn(type(shown).__name__, repr(shown))
        self.assertIsInstance(shown, Entity)
        self.assertLessEqual(len(shown.users), len(NAMES) + 2)
