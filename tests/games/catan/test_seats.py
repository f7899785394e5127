"""Joining, starting, leaving, visitors, colours: everything around the seats."""

import attrs
from twisted.trial.unittest import SynchronousTestCase

from gameserver.games.api import Command, Illegal, Options, Participant
from gameserver.games.catan.game import Catan
from gameserver.games.catan.goods import Good, Track
from gameserver.games.catan.model import Knight, Phase
from gameserver.games.catan.progress_cards import reveal
from gameserver.testing.game_events import dumped, lines
from tests.games.catan import recount
from tests.games.catan.playing import (
    END,
    START,
    bare,
    card,
    choose,
    created,
    deal,
    desert,
    found_city,
    founded,
    give,
    heard,
    knight,
    map_text,
    options,
    outside,
    pave,
    play,
    refusal,
    ring,
    roll,
    seated,
    settle,
)
from tests.typed import the

OPTIONS = Options("match", 4, map_name="m", map_text=map_text("map_balanced"))


class TestCreating(SynchronousTestCase):
    def test_what_is_fixed(self) -> None:
        root = Catan(attrs.evolve(OPTIONS, test_game=True), 1).root
        self.assertEqual((root.name, root.num_players, root.test_game, the(root.map).name), ("match", 4, True, "m"))
        self.assertEqual((root.running, root.round, root.speed, root.phase), (False, 0, 1.4, "JOINING"))

    def test_what_is_refused(self) -> None:
        for given, part in (
            (attrs.evolve(OPTIONS, max_players=7), "Catan is for 6 players at most."),
            (attrs.evolve(OPTIONS, max_players=1), "A game for 1 can never start"),
            (attrs.evolve(OPTIONS, max_players=0, test_game=True), "A game for 0 can never start"),
            (attrs.evolve(OPTIONS, map_text=None), "played on a map"),
            (attrs.evolve(OPTIONS, map_text="VERSION: 1\n1;DESERT;0;N,2;\n"), "line 2: neighbour 2"),
        ):
            with self.assertRaises(Illegal) as caught:
                Catan(given, 1)
            self.assertEqual(caught.exception.action, "createGame")
            self.assertIn(part, caught.exception.sentence)


class TestJoining(SynchronousTestCase):
    def test_seats_colours_and_limits(self) -> None:
        game = seated(2)
        users = [game.assets(seat) for seat in range(2)]
        self.assertEqual([user.nickname for user in users], ["player0", "player1"])
        self.assertEqual(len({user.color for user in users}), 2)
        self.assertEqual(game.open_seats, 0)
        self.refused(game, 2, Participant("late", "SE"), "joinGame - All seats are taken: join with -visitor true.")
        self.refused(game, 1, Participant("late", "SE"), "joinGame - Seat 1 is taken.")
        game.join(2, Participant("guest", "SE", visitor=True))
        self.assertTrue(game.assets(2).visitor)

    def refused(self, game: Catan, seat: int, who: Participant, sentence: str) -> None:
        with self.assertRaises(Illegal) as caught:
            game.join(seat, who)
        self.assertEqual(str(caught.exception), sentence)

    def test_after_the_start_only_visitors(self) -> None:
        game = founded(2)
        self.refused(
            game, 5, Participant("late", "SE"), "joinGame - The game has already started: join it with -visitor true."
        )
        game.join(5, Participant("guest", "SE", visitor=True))
        self.assertEqual(list(game.prompts(5)), [])
        self.assertEqual(list(game.legal(5)), [])

    def test_a_place_left_before_the_start_is_free_again(self) -> None:
        game = seated(2)
        gone = game.assets(1)
        game.leave(1)
        happened = lines(game.model.take())
        self.assertIn((gone.id, "game", game.root.id, None), happened)
        self.assertIn((game.root.id, "users", gone.id, None), happened)
        self.assertEqual(len(happened), 2)
        game.join(2, Participant("other", "SE"))
        game.apply(2, START)
        self.assertEqual([user.seat for user in game.state.order], [0, 2])

    def test_colours(self) -> None:
        game = founded(2)
        game.join(5, Participant("guest", "SE", visitor=True))
        for seat in (0, 1, 5):
            game.apply(seat, Command("CHANGE_USER_COLOR", {"color": "FFFF00"}))
            self.assertEqual(game.assets(seat).color, "FFFF00")
        for bad in ("yellow", "#FFFF00", ""):
            self.assertIn("six hex digits", refusal(game, 0, Command("CHANGE_USER_COLOR", {"color": bad})))
        self.assertIn("six hex digits", refusal(game, 0, Command("CHANGE_USER_COLOR")))
        chosen = created(2)
        chosen.join(0, Participant("x", "SE", color="ABCDEF"))
        self.assertEqual(chosen.assets(0).color, "ABCDEF")


class TestStarting(SynchronousTestCase):
    def test_two_are_needed_anybody_starts(self) -> None:
        game = created(3)
        game.join(0, Participant("a", "SE"))
        self.assertEqual(
            refusal(game, 0, START), "startGame - There must at least 2 players participate to start the game."
        )
        self.assertEqual(list(game.legal(0)), [])
        game.join(1, Participant("b", "SE"))
        game.join(2, Participant("guest", "SE", visitor=True))
        self.assertEqual(refusal(game, 2, START), "startGame - Visitors only watch.")
        self.assertEqual(list(game.legal(1)), [START])
        self.assertEqual(list(game.legal(2)), [])
        game.model.take()
        game.apply(1, START)
        self.assertEqual(lines(game.model.take())[0], (game.root.id, "running", "false", "true"))
        self.assertEqual(refusal(game, 0, START), "startGame - The game is running already.")

    def test_before_the_start_nothing_else(self) -> None:
        game = seated(2)
        text = refusal(game, 0, Command("ROLL_DIES"))
        self.assertEqual(text, "rollDies - The game has not started: send START_GAME.")

    def test_a_test_game_may_be_played_alone(self) -> None:
        game = created(4, test_game=True)
        game.join(0, Participant("a", "SE"))
        self.assertEqual(game.open_seats, 3)
        game.apply(0, START)
        while game.root.phase is Phase.FOUNDING:
            game.apply(0, game.legal(0)[0])
        self.assertEqual((game.running, list(game.prompts(0))), (True, ["OK - rollDies"]))
        game.leave(0)
        self.assertEqual((game.over, game.root.winner), (True, None))

    def test_strangers(self) -> None:
        self.assertEqual(refusal(seated(2), 7, START), "startGame - You have no seat in this game: join it first.")

    def test_unknown_commands(self) -> None:
        game = bare(2)
        for action, shown in (("DRAW_CARD", "drawCard"), ("", "command"), ("ä", "command"), ("A" * 40, "command")):
            text = refusal(game, 0, Command(action))
            self.assertTrue(text.startswith(f"{shown} - There is no such action: Catan knows START_GAME, "), text)


class TestLeaving(SynchronousTestCase):
    """Who leaves takes everything with him; three players so that the game goes on."""

    def setUp(self) -> None:
        self.game = bare(3)
        self.c = ring(self.game, desert(self.game))

    def test_everything_goes_back(self) -> None:
        game, c = self.game, self.c
        city = found_city(game, 1, c[0], wall=True)
        settle(game, 1, c[2])
        pave(game, 1, c[0], c[1])
        knight(game, 1, c[1], 2)
        give(game, 1, ore=3, coin=2)
        deal(game, 1, "SPY")
        user = game.assets(1)
        game.state.decks[Track.SCIENCE].remove("PRINTER")
        reveal(user, "PRINTER", Track.SCIENCE)
        user.trade = 4
        game.state.metropolises[Track.TRADE].city = city
        game.state.metropolises[Track.TRADE].user_assets = user
        game.state.merchant.field = desert(game)
        game.state.merchant.user_assets = user
        user.defender_points = 2
        game.state.defender_cards = 4
        game.leave(1)
        self.assertEqual([spot for spot in game.state.board.intersections if spot.building or spot.knight], [])
        self.assertEqual([border for border in game.state.board.borders if border.road], [])
        self.assertEqual((game.state.bank.stock[Good.ORE], game.state.bank.stock[Good.COIN]), (19, 12))
        self.assertEqual(recount.problems(game), [])
        self.assertEqual((the(game.root.merchant).field, game.state.defender_cards), (None, 6))
        self.assertEqual(game.state.decks[Track.SCIENCE][-1], "PRINTER")
        self.assertIsNone(game.model.find(user.id, type(user)))

    def test_later_dumps_lack_the_leaver(self) -> None:
        for seat in (0, 1):
            game = founded(3)
            gone = game.assets(seat).id
            game.leave(seat)
            self.assertNotIn(gone, str(dumped(game.root)))
            self.assertEqual(game.turn, 1 if seat == 0 else 0)

    def test_also_while_others_are_still_asked(self) -> None:
        game = self.game
        for seat in range(3):
            give(game, seat, ore=5, coin=3) if seat else give(game, 0, wool=8)
        game.state.barbarian.attacks = 1
        roll(game, 3, 4)
        gone = game.assets(0).id
        game.leave(0)
        self.assertNotIn(gone, str(dumped(game.root)))
        self.assertEqual((sorted(game.waiting()), game.turn), ([1, 2], None))
        for _ in range(4):
            for seat in (1, 2):
                game.apply(seat, choose(options(game, seat)[0]))
        # The robber was his to move: it stays, and the next turn begins.
        self.assertIs(the(game.root.robber).field, desert(game))
        self.assertEqual((game.turn, list(game.prompts(1))), (1, ["OK - rollDies"]))

    def test_nobody_is_asked_anything_after_the_end(self) -> None:
        game = bare(2)
        give(game, 1, ore=5, coin=3)
        game.state.barbarian.attacks = 1
        roll(game, 3, 4)
        # Who is on turn waits meanwhile, and is asked nothing either.
        self.assertEqual((list(game.waiting()), list(game.prompts(0)), list(game.legal(0))), ([1], [], []))
        game.leave(0)
        self.assertEqual((game.over, list(game.waiting()), list(game.prompts(1))), (True, [], []))

    def test_on_turn_the_next_one_is_prompted(self) -> None:
        game = self.game
        game.leave(0)
        self.assertEqual(heard(game, 1), ["OK - rollDies"])
        game = bare(3)
        game.leave(2)
        self.assertEqual(heard(game, 0), [])

    def test_a_new_round_begins_although_the_last_left(self) -> None:
        game = self.game
        game.apply(0, END)
        game.root.phase = Phase.ACTING
        game.apply(1, END)
        game.leave(2)
        self.assertEqual((game.root.round, game.turn), (2, 0))

    def test_the_last_one_wins(self) -> None:
        game = founded(3)
        game.leave(0)
        self.assertFalse(game.over)
        game.leave(2)
        self.assertEqual((game.over, game.running, the(game.root.winner).nickname), (True, False, "player1"))
        self.assertEqual(lines(game.model.take())[-1], (game.root.id, "running", "true", "false"))

    def test_a_visitor_or_a_stranger_changes_nothing(self) -> None:
        game = founded(2)
        before = dumped(game.root)
        game.join(5, Participant("guest", "club", visitor=True))
        game.leave(5)
        game.leave(77)
        self.assertEqual(dumped(game.root), before)

    def test_after_the_end(self) -> None:
        game = founded(3)
        game.leave(0)
        game.leave(2)
        game.leave(1)
        self.assertTrue(game.over)
        # Those who left the running game took their pieces with them; who left it when it was over, none.
        owners = {spot.building.user_assets for spot in game.state.board.intersections if spot.building}
        self.assertEqual([owner.user.nickname for owner in owners if owner and owner.user], ["player1"])

    def test_open_questions_to_others_lose_what_was_his(self) -> None:
        game, c = self.game, self.c
        pave(game, 0, c[0], c[1], c[2])
        knight(game, 1, c[0])
        theirs = knight(game, 2, c[2])
        more = knight(game, 2, c[1])
        play(game, 0, "INTRIGUE")
        game.model.take()
        game.leave(1)
        told = heard(game, 0)
        self.assertEqual(told[1], f"OK - choose(Knight:{theirs.id},{more.id})")
        self.assertEqual(told, list(game.prompts(0)))

    def test_an_offer_to_or_by_a_leaver_is_void(self) -> None:
        game = self.game
        give(game, 0, ore=2)
        give(game, 1, coin=1)
        give(game, 2, coin=1)
        play(game, 0, "COMMERCIAL_HARBOR")
        game.apply(0, Command("OFFER", {"id": card(game, 0, "ore").id, "user": game.assets(1).id}))
        game.leave(1)
        self.assertEqual(list(game.prompts(0)), ["OK - offer(card,user)"])
        game.leave(2)
        self.assertTrue(game.over)
        game = bare(3)
        give(game, 0, ore=1)
        give(game, 1, coin=1)
        play(game, 0, "COMMERCIAL_HARBOR")
        game.apply(0, Command("OFFER", {"id": card(game, 0, "ore").id, "user": game.assets(1).id}))
        game.leave(0)
        self.assertEqual((game.turn, list(game.prompts(1))), (1, ["OK - rollDies"]))
        self.assertEqual((game.assets(1).card_count, recount.problems(game)), (1, []))

    def test_a_driven_knight_of_a_leaver_is_gone(self) -> None:
        game, c = self.game, self.c
        pave(game, 0, c[0], c[1])
        pave(game, 1, c[1], c[2], c[3])
        driven = knight(game, 1, c[1])
        play(game, 0, "INTRIGUE")
        game.apply(0, choose(driven))
        self.assertEqual(game.waiting(), [1])
        game.leave(1)
        knights = [entity for entity in game.model._objects.values() if isinstance(entity, Knight)]
        self.assertEqual((knights, list(game.prompts(0))), ([], ["OK - endTurn"]))

    def test_a_road_that_somebody_left_behind_bars_nobody(self) -> None:
        game, c = self.game, self.c
        settle(game, 1, c[0])
        pave(game, 1, c[0], c[1])
        game.leave(1)
        pave(game, 0, c[0], outside(game, desert(game), c[0]))
        give(game, 0, brick=1, lumber=1, wool=1, grain=1)
        game.apply(0, Command("BUILD", {"type": "Settlement", "destination": c[0].id}))
