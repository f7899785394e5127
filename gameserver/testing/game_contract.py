"""What every kind of game owes those who host it: a suite that plays it through with nothing but its ``Kind``.

The tests of a game derive a class from ``KindContract`` and name the kind. Import this module, not the class: both
runners take a class in a test module for tests. Games are played by the kind's computer players, and by its readers,
who know only what events tell.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from gameserver.games.api import Command, Illegal, Options, Participant
from gameserver.games.entity import Change, Message, ToMany, dump
from gameserver.games.hosted import GameRoot
from gameserver.games.kind import Kind
from gameserver.games.reader import Strategy
from gameserver.games.replica import Replica
from gameserver.games.rng import Chance
from gameserver.matches.command_log import Commanded, Left, Passed
from gameserver.matches.map_files import built_in
from gameserver.matches.wire import change_line
from gameserver.testing.game_events import dumped, feed, knowledge, lines, said
from gameserver.testing.game_table import ENDLESS, LOOK_MS, START, Table


class KindContract(SynchronousTestCase):
    """``kind`` is what is tested, on the map ``map_name`` or its default one.

    ``seeds`` are the games that are played to their end.
    """

    kind: Kind[Any]
    map_name = ""
    seeds: Sequence[int] = (1, 2)

    def options(self, players: int, *, test_game: bool = False) -> Options:
        form = self.kind.season.maps
        if form is None:
            return Options("table", players, test_game)
        name = self.map_name or form.default
        return Options("table", players, test_game, name, built_in(form.package)[name][0])

    def table(self, players: int, seed: int = 1, **options: bool) -> Table:
        return Table(self.kind, self.options(players, **options), seed)

    def started(self, players: int, seed: int = 1) -> Table:
        table = self.table(players, seed)
        table.fill()
        table.do(Commanded(0, START))
        return table

    # What it says about itself.

    def test_its_words(self) -> None:
        least, most = self.kind.players
        self.assertTrue(1 <= least <= most)
        self.assertTrue(self.kind.title)
        self.assertTrue(self.kind.strategies)
        self.assertLessEqual({"START_GAME", "CHANGE_USER_COLOR"}, set(self.kind.actions))
        self.assertRegex(self.kind.season.greeting, r"^\S.* 1\.0, Timeout set to [0-9]+ms$")

    def test_its_classes(self) -> None:
        table = self.started(self.kind.players[1])
        seen = {change.source for change in dump(table.game.root, 0)}
        for entity in seen:
            self.assertIs(self.kind.entities[type(entity).__name__], type(entity))
        self.assertIsInstance(table.game.root, GameRoot)
        self.assertEqual(type(table.game.root).__name__, self.kind.root)
        for kind in self.kind.entities.values():
            for prop in kind.properties:
                # Who does not know the classes goes by the names alone.
                self.assertEqual(prop.wire in self.kind.collections, isinstance(prop, ToMany), prop.wire)

    def test_its_maps(self) -> None:
        form = self.kind.season.maps
        if form is None:
            self.assertIsNone(self.options(2).map_text)
            return
        maps = built_in(form.package)
        self.assertIn(form.default, maps)
        for text, _ in maps.values():
            form.facts(text)
            facts = form.facts(form.stamp(text, "Red", 7))
            self.assertEqual((facts.owner, facts.version), ("Red", 7))

    # Seats.

    def test_coming(self) -> None:
        most = self.kind.players[1]
        table = self.table(most)
        self.assertEqual((table.game.open_seats, table.game.root.num_players), (most, most))
        for _ in range(most):
            table.join()
        self.assertEqual(table.game.open_seats, 0)
        colors = [table.game.assets(seat).color for seat in range(most)]
        self.assertEqual(len(set(colors)), most)
        with self.assertRaises(Illegal):
            table.game.join(most, Participant("late", "SE"))
        with self.assertRaises(Illegal):
            table.game.join(0, Participant("again", "SE"))
        visitor = table.join(visitor=True)
        self.assertEqual(list(table.game.legal(visitor)), [])
        with self.assertRaises(Illegal):
            table.game.apply(visitor, START)
        self.check_watcher(table)

    def test_starting(self) -> None:
        table = self.table(self.kind.players[1])
        table.join()
        if self.kind.players[0] > 1:
            self.assertNotIn(START, table.game.legal(0))
            with self.assertRaises(Illegal):
                table.game.apply(0, START)
        table.fill()
        self.assertIn(START, table.game.legal(0))
        self.assertEqual((table.game.running, table.game.over), (False, False))
        table.do(Commanded(0, START))
        self.assertEqual((table.game.running, table.game.over), (True, False))
        self.assertNotIn(START, table.game.legal(0))
        with self.assertRaises(Illegal):
            table.game.apply(0, START)
        with self.assertRaises(Illegal):
            table.game.join(99, Participant("late", "SE"))
        self.check_watcher(table)

    def test_a_test_game_may_be_played_alone(self) -> None:
        table = self.table(self.kind.players[1], test_game=True)
        table.join()
        while START not in table.game.legal(0):
            table.prepare(0)
        table.do(Commanded(0, START))
        self.assertTrue(table.game.running)

    def test_a_game_that_can_never_start_is_not_made(self) -> None:
        least = self.kind.players[0]
        if least > 1:
            with self.assertRaises(Illegal):
                self.table(least - 1)

    def test_colours(self) -> None:
        table = self.table(self.kind.players[1])
        table.join()
        table.do(Commanded(0, Command("CHANGE_USER_COLOR", {"color": "ABCDEF"})))
        self.assertEqual(table.game.assets(0).color, "ABCDEF")
        self.check_refused(table, [(0, Command("CHANGE_USER_COLOR", {"color": "red"}))])

    def test_leaving_before_the_start(self) -> None:
        table = self.table(self.kind.players[1])
        table.join()
        visitor = table.join(visitor=True)
        gone = table.game.assets(0).id
        table.do(Left(0))
        self.assertEqual(table.game.open_seats, self.kind.players[1])
        self.assertNotIn(gone, [new for *_, new in dumped(table.game.root)])
        table.do(Left(visitor))
        table.do(Left(visitor + 1))
        self.check_watcher(table)

    def test_leaving_a_running_game(self) -> None:
        """Somebody goes at any moment: the rest play on by the rules, and who is the last one has won."""
        for moment in range(1, 40, 7):
            table = self.started(self.kind.players[1], moment)
            for number, _ in enumerate(table.moves(list(range(table.next_seat)))):
                if number == moment:
                    break
            while table.game.running:
                seat = table.seats[-1]
                gone = table.game.assets(seat).id
                table.do(Left(seat))
                self.assertNotIn(gone, [new for *_, new in dumped(table.game.root)])
                self.check_watcher(table)
            self.check_end(table)
            if len(table.seats) == 1:
                winner = table.game.root.winner
                self.assertEqual(winner.nickname if winner else None, f"player{table.seats[0]}")
            self.check_replay(table)

    def test_leaving_a_game_that_is_over(self) -> None:
        """What the others look at stays as it ended: nothing of a leaver's goes with them."""
        table = self.started(self.kind.players[1], 2)
        for _ in table.moves(list(range(table.next_seat))):
            pass
        for seat in list(table.seats):
            assets = table.game.assets(seat)
            changes = [item for item in table.do(Left(seat)) if isinstance(item, Change)]
            told = {(change.source, change.prop) for change in changes}
            self.assertEqual(told, {(assets, "game"), (table.game.root, "users")})

    # Whole games.

    def test_whole_games_by_computer_players(self) -> None:
        for seed in self.seeds:
            table = self.started(self.kind.players[seed % 2], seed)
            seats = list(range(table.next_seat))
            for number, (seat, command) in enumerate(table.moves(seats)):
                self.assertEqual(tuple(command.arguments), self.kind.actions[command.action])
                self.assertTrue(table.game.legal(seat))
                if number % 40 == 0:
                    self.check_watcher(table)
            self.check_watcher(table)
            self.check_end(table)
            self.check_replay(table)

    def test_games_by_readers(self) -> None:
        """Bots that know what clients know play a whole game as well as they can, and a while in any other way."""
        best, *others = self.kind.strategies.values()
        table = self.read(best, ENDLESS)
        self.check_end(table)
        for strategy in others:
            self.read(strategy, 300)

    def read(self, strategy: Strategy, looks: int) -> Table:
        """Play on what clients are told: dump, events, prompts, refusals."""
        table = self.table(self.kind.players[0], 5)
        while table.game.open_seats:
            table.join()
        seats = list(table.seats)
        readers = [self.kind.reader(f"player{seat}") for seat in seats]
        chances = [Chance(f"reader {seat}") for seat in seats]
        for seat in seats:
            for line in dumped(table.game.root, seat):
                readers[seat].hear(*line)

        def tell(news: list[Change | Message]) -> None:
            for seat in seats:
                for line in lines(news, seat):
                    readers[seat].hear(*line)
                for to, text in said(news):
                    if to in (None, seat):
                        readers[seat].hear("SERVER", "USER_MESSAGE", None, text)

        refused = 0
        for _ in range(looks):
            if not table.game.running and all(reader.ready for reader in readers):
                tell(table.do(Commanded(0, START)))
            for seat in seats:
                command = readers[seat].decide(strategy, chances[seat])
                if command is not None:
                    try:
                        tell(table.do(Commanded(seat, command)))
                    except Illegal as error:
                        refused += 1
                        readers[seat].hear("SERVER", "USER_MESSAGE", None, f"ERROR: {error}")
                if table.game.over:
                    break
            else:
                if self.kind.real_time:
                    tell(table.do(Passed(LOOK_MS)))
            if table.game.over:
                break
        # What is hidden cannot be known; everything else is.
        self.assertLess(refused, len(table.log) / 10 + 1)
        return table

    # Commands.

    def test_everything_legal_is_accepted(self) -> None:
        table = self.started(self.kind.players[0], 3)
        chance = Chance("legal")
        for number, _ in enumerate(table.moves(list(range(table.next_seat)))):
            if number % 25 == 0:
                for seat in range(table.next_seat):
                    legal = list(table.game.legal(seat))
                    for command in [chance.choice(legal) for _ in range(3)] if legal else ():
                        self.assertEqual(set(command.arguments), set(self.kind.actions[command.action]))
                        table.again().apply(seat, command)
            if number == 100:
                break

    def test_an_unknown_action_is_called_so(self) -> None:
        """At any moment and from anybody: who has mistyped a name is not sent to look for another fault."""
        table = self.table(self.kind.players[0])
        table.fill()
        visitor = table.join(visitor=True)
        for _ in range(2):
            for seat in range(visitor + 1):
                with self.assertRaises(Illegal) as caught:
                    table.game.apply(seat, Command("FLY_AWAY", {"id": "x"}))
                self.assertEqual(caught.exception.action, "flyAway")
                self.assertTrue(caught.exception.sentence.startswith("There is no such action: "))
                self.assertIn("START_GAME", caught.exception.sentence)
            if not table.game.running:
                table.do(Commanded(0, START))

    def test_what_is_refused_changes_nothing(self) -> None:
        table = self.table(self.kind.players[0], 4)
        table.fill()
        self.check_nonsense(table)
        table.do(Commanded(0, START))
        visitor = table.join(visitor=True)
        seats = list(range(visitor))
        for number, (_, command) in enumerate(table.moves(seats)):
            if number % 25 == 0:
                self.check_nonsense(table)
                self.check_refused(table, [(visitor, command), (77, command)])
            if number == 100:
                break

    def check_nonsense(self, table: Table) -> None:
        nonsense = [(0, Command("NO_SUCH_ACTION"))]
        for action, names in self.kind.actions.items():
            for arguments in ({}, dict.fromkeys(names, ""), dict.fromkeys(names, "nonsense")):
                if names:
                    nonsense.append((0, Command(action, arguments)))
        for seat in table.seats:
            # One argument wrong, the others right.
            legal = {command.action: command for command in table.game.legal(seat)}
            for command in legal.values():
                for name in command.arguments:
                    left_out = {key: value for key, value in command.arguments.items() if key != name}
                    for arguments in (left_out, {**left_out, name: "nonsense"}):
                        nonsense.append((seat, Command(command.action, arguments)))
        self.check_refused(table, nonsense)

    def check_refused(self, table: Table, refused: Iterable[tuple[int, Command]]) -> None:
        before = table.picture(), [list(table.game.prompts(taken)) for taken in table.seats]
        for seat, command in refused:
            with self.assertRaises(Illegal, msg=str(command)) as caught:
                table.game.apply(seat, command)
            self.assertTrue(caught.exception.action)
            self.assertTrue(caught.exception.sentence)
            self.assertEqual(table.game.model.take(), [])
            after = table.picture(), [list(table.game.prompts(taken)) for taken in table.seats]
            self.assertEqual(after, before, str(command))

    # What holds at any time.

    def check_watcher(self, table: Table) -> None:
        """Who had the dump and then the changes knows what a fresh dump would tell."""
        now = feed(Replica(self.kind.collections), dumped(table.game.root))
        ids, names = list(now.objects), self.kind.collections
        self.assertEqual(knowledge(table.watcher, ids, names), knowledge(now, ids, names))

    def check_replay(self, table: Table) -> None:
        game = table.again()
        self.assertEqual([change_line(0, c) for c in dump(game.root, None)], table.picture())
        self.assertEqual((game.running, game.over), (table.game.running, table.game.over))

    def check_end(self, table: Table) -> None:
        """It is over, nobody can do anything, and the winner was told before the end."""
        self.assertEqual((table.game.running, table.game.over), (False, True))
        winner = table.game.root.winner
        assert winner is not None, "nobody has won"
        root = table.game.root.id
        told = [(prop, new) for source, prop, _, new in lines(table.told) if source == root]
        self.assertLess(told.index(("winner", winner.id)), told.index(("running", "false")))
        for seat in table.seats:
            self.assertEqual((list(table.game.legal(seat)), list(table.game.prompts(seat))), ([], []))
        with self.assertRaises(Illegal):
            table.game.join(table.next_seat, Participant("late", "SE", visitor=True))
