"""What the publisher's FAQ answers, a case each, and matches that began before these answers held."""

from __future__ import annotations

import hashlib
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from gameserver.games.api import Command, Illegal
from gameserver.games.catan.editions import FIRST, LATEST
from gameserver.games.catan.goods import Good, Track
from gameserver.matches.command_log import read, replay
from gameserver.testing.game_events import dumped
from tests.games.catan import recount
from tests.games.catan.playing import (
    END,
    END_PLAY,
    attacked,
    bare,
    border,
    build,
    choose,
    created,
    deal,
    desert,
    found_city,
    give,
    hand,
    knight,
    options,
    outside,
    pave,
    play,
    refusal,
    ring,
    roll,
    settle,
    turn_of,
)
from tests.typed import the

#: A match of two players that was recorded in the first edition, and what its last dump came to.
OLD_MATCH = Path(__file__).parent / "journals" / "first_edition.jsonl"
OLD_SEED = 94
OLD_DIGEST = "d6530a4c5349d0be4d8b4f816d943980b5bc76a10b8c25b341e59c2db274b917"


class TestTheFourthLevel(SynchronousTestCase):
    """Player 0's only city carries the metropolis of TRADE; player 1, at level 4, has that of SCIENCE."""

    def setUp(self) -> None:
        self.game = bare(2)
        self.c = ring(self.game, desert(self.game))
        for seat, track in ((0, Track.TRADE), (1, Track.SCIENCE)):
            metropolis = self.game.state.metropolises[track]
            metropolis.city = found_city(self.game, seat, self.c[2 * seat])
            metropolis.user_assets = self.game.assets(seat)
        self.me = self.game.assets(0)
        self.me.trade, self.game.assets(1).science = 4, 4
        give(self.game, 0, paper=9)
        self.up = Command("UPGRADE_PROGRESS", {"type": "SCIENCE"})

    def test_needs_a_city_that_could_carry_one(self) -> None:
        self.me.science = 3
        self.assertIn("without a metropolis, whoever has", refusal(self.game, 0, self.up))
        self.assertNotIn(self.up, self.game.legal(0))
        play(self.game, 0, "CRANE")
        self.assertEqual(options(self.game, 0), ["POLITICS"])
        self.game.apply(0, END_PLAY)
        found_city(self.game, 0, self.c[4])
        self.game.apply(0, self.up)
        self.assertEqual((self.me.science, self.game.waiting()), (4, [0]))
        self.assertIs(self.game.state.metropolises[Track.SCIENCE].user_assets, self.game.assets(1))

    def test_the_third_does_not(self) -> None:
        self.me.science = 2
        self.game.apply(0, self.up)
        self.assertEqual(self.me.science, 3)

    def test_the_fifth_only_if_it_brings_the_metropolis(self) -> None:
        self.me.science = 4
        self.assertIn("brings the metropolis", refusal(self.game, 0, self.up))
        self.game.assets(1).science = 5
        self.game.apply(0, self.up)
        self.assertEqual(self.me.science, 5)

    def test_the_holder_goes_on_without_another_city(self) -> None:
        give(self.game, 0, cloth=5)
        self.game.apply(0, Command("UPGRADE_PROGRESS", {"type": "TRADE"}))
        self.assertEqual(self.me.trade, 5)

    def test_the_first_edition_took_it(self) -> None:
        self.game.state.edition = FIRST
        self.me.science = 3
        self.game.apply(0, self.up)
        self.assertEqual(self.me.science, 4)


class TestTheSeventhDefence(SynchronousTestCase):
    def defended(self, edition: int) -> int:
        game = bare(2)
        game.state.edition = edition
        c = ring(game, desert(game))
        found_city(game, 0, c[0])
        brave = knight(game, 1, c[2], 1)
        for _ in range(7):
            brave.active = True
            attacked(game)
            turn_of(game, 0)
        self.assertEqual(game.assets(1).victory_points, game.assets(1).defender_points)
        return game.assets(1).defender_points

    def test_is_a_point_like_the_six(self) -> None:
        self.assertEqual([self.defended(LATEST), self.defended(FIRST)], [7, 6])


class TestMay(SynchronousTestCase):
    """What one may do can be declined, also where there is one thing only; in the first edition it could not."""

    def setUp(self) -> None:
        self.game = bare(2)
        self.c = ring(self.game, desert(self.game))
        self.out = [outside(self.game, desert(self.game), corner) for corner in self.c]

    def lay(self, name: str) -> None:
        """Give both players what the card is about, one thing of each."""
        game, c = self.game, self.c
        if name == "ENGINEER":
            found_city(game, 0, c[0])
        elif name == "MEDICINE":
            settle(game, 0, c[0])
            give(game, 0, ore=2, grain=1)
        elif name == "INTRIGUE":
            pave(game, 0, c[0], c[1])
            pave(game, 1, c[1], c[2])
            knight(game, 1, c[1])
        elif name == "DIPLOMAT":
            settle(game, 1, c[0])
            pave(game, 1, c[0], c[1])
        else:
            deal(game, 1, "BISHOP")

    def pieces(self) -> list[object]:
        lines = dumped(self.game.root)
        return [line for line in lines if line[0].partition("@")[0] in ("City", "CityWall", "Road", "Knight")]

    def test_cards(self) -> None:
        for name in ("ENGINEER", "MEDICINE", "INTRIGUE", "DIPLOMAT", "SPY"):
            with self.subTest(card=name):
                self.setUp()
                self.lay(name)
                before, cards = self.pieces(), [hand(self.game, 0), hand(self.game, 1)]
                play(self.game, 0, name)
                self.assertEqual(len(options(self.game, 0)), 1)
                self.assertTrue(self.game.prompts(0)[0].endswith(", or END_PLAY"))
                self.assertIn(END_PLAY, self.game.legal(0))
                self.game.apply(0, END_PLAY)
                self.assertEqual(list(self.game.prompts(0)), ["OK - endTurn"])
                self.assertEqual((self.pieces(), [hand(self.game, 0), hand(self.game, 1)]), (before, cards))
                self.assertEqual([self.game.assets(seat).progress_card_count for seat in (0, 1)], [0, name == "SPY"])
                self.assertEqual(len(self.game.assets(0).revealed_progress_cards), 0)
                self.assertEqual(recount.problems(self.game), [])

    def test_cards_in_the_first_edition(self) -> None:
        for name in ("ENGINEER", "MEDICINE", "INTRIGUE", "DIPLOMAT", "SPY"):
            with self.subTest(card=name):
                self.setUp()
                self.game.state.edition = FIRST
                self.lay(name)
                play(self.game, 0, name)
                asked = ["spy - choose the card to take"] if name == "SPY" else ["OK - endTurn"]
                self.assertEqual(list(self.game.prompts(0))[:1], asked)
                self.assertNotIn(END_PLAY, self.game.legal(0))

    def test_the_aqueduct(self) -> None:
        for edition in (LATEST, FIRST):
            self.setUp()
            self.game.state.edition = edition
            self.game.assets(1).science = 3
            roll(self.game, 1, 1)
            self.assertIn("aqueduct", self.game.prompts(1)[0])
            if edition == FIRST:
                self.assertIn("first answer choose(ResourceType:", refusal(self.game, 1, END_PLAY))
            else:
                self.game.apply(1, END_PLAY)
                self.assertEqual((hand(self.game, 1), self.game.waiting()), ({}, [0]))

    def test_the_aqueduct_and_the_last_card_of_the_bank(self) -> None:
        self.game.assets(1).science = 3
        give(self.game, 0, brick=19, grain=19, lumber=19, ore=18, wool=19)
        roll(self.game, 1, 1)
        self.assertEqual(options(self.game, 1), ["ORE"])
        self.game.apply(1, choose("ORE"))
        self.assertEqual(hand(self.game, 1), {"ore": 1})

    def test_ones_own_road_goes_somewhere_else(self) -> None:
        game, c = self.game, self.c
        for edition in (LATEST, FIRST):
            self.setUp()
            game, c = self.game, self.c
            game.state.edition = edition
            settle(game, 0, c[0])
            last = pave(game, 0, c[0], c[1])[0]
            play(game, 0, "DIPLOMAT")
            if edition == LATEST:
                game.apply(0, choose(last))
            self.assertEqual(border(game, c[0], c[1]).id in options(game, 0), edition == FIRST)
            game.apply(0, build("Road", border(game, c[0], c[5])))
            self.assertEqual(len(game.assets(0).roads), 1)


class TestASecondCommercialHarbor(SynchronousTestCase):
    """Player 0 holds both cards and four ore, player 1 two coins, player 2 only a wool."""

    def setUp(self) -> None:
        self.game = bare(3)
        give(self.game, 0, ore=4)
        give(self.game, 1, coin=2)
        give(self.game, 2, wool=1)

    def offer(self, seat: int) -> Command:
        ore = next(card for card in self.game.assets(0).cards if card.type is Good.ORE)
        return Command("OFFER", {"id": ore.id, "user": self.game.assets(seat).id})

    def traded(self) -> None:
        """Play the first card: player 1 trades, player 2 has nothing to trade with."""
        play(self.game, 0, "COMMERCIAL_HARBOR")
        self.game.apply(0, self.offer(1))
        self.game.apply(1, choose(self.game.assets(1).cards[0]))
        self.game.apply(0, self.offer(2))
        self.game.apply(0, END_PLAY)

    def test_makes_nobody_trade_twice_in_a_turn(self) -> None:
        self.traded()
        play(self.game, 0, "COMMERCIAL_HARBOR")
        self.assertIn("nor traded for another in this turn", refusal(self.game, 0, self.offer(1)))
        # An offer that went back was no trade.
        give(self.game, 2, cloth=1)
        self.game.apply(0, self.offer(2))
        self.game.apply(2, choose(next(c for c in self.game.assets(2).cards if c.type is Good.CLOTH)))
        self.game.apply(0, END_PLAY)
        self.assertEqual(hand(self.game, 1), {"coin": 1, "ore": 1})
        self.assertEqual(hand(self.game, 2), {"ore": 1, "wool": 1})

    def test_is_not_wasted_when_everybody_has_traded(self) -> None:
        self.game.state.bank.take_back(self.game.assets(2).cards[0])
        self.traded()
        card = deal(self.game, 0, "COMMERCIAL_HARBOR")
        text = refusal(self.game, 0, Command("PLAY", {"id": card.id}))
        self.assertIn("has traded for a Commercial Harbor in this turn", text)

    def test_the_next_turn_is_another(self) -> None:
        self.traded()
        for _ in range(3):
            self.game.apply(the(self.game.turn), END)
            roll(self.game, 1, 1)
        play(self.game, 0, "COMMERCIAL_HARBOR")
        self.game.apply(0, self.offer(1))
        self.assertEqual(sorted(self.game.waiting()), [0, 1])

    def test_in_the_first_edition_each_card_made_trade(self) -> None:
        self.game.state.edition = FIRST
        self.traded()
        play(self.game, 0, "COMMERCIAL_HARBOR")
        self.game.apply(0, self.offer(1))
        self.assertEqual(sorted(self.game.waiting()), [0, 1])


class TestEditions(SynchronousTestCase):
    def replayed(self, rules: int) -> str:
        """Play the old match by an edition and return a digest of its end, less what was no property then."""
        game = created(2, seed=OLD_SEED, rules=rules)
        for _ in replay(game, map(read, OLD_MATCH.read_text().splitlines())):
            pass
        end = [line for line in dumped(game.root) if line[1] != "onItsSide"]
        return hashlib.sha256(str(end).encode()).hexdigest()

    def test_a_match_of_the_first_edition_gives_the_same_game_again(self) -> None:
        self.assertEqual(self.replayed(FIRST), OLD_DIGEST)

    def test_by_the_latest_one_it_would_be_another(self) -> None:
        with self.assertRaises(ValueError) as caught:
            self.replayed(LATEST)
        self.assertIn("the rules refuse", str(caught.exception))

    def test_without_a_word_it_is_the_latest(self) -> None:
        self.assertEqual([created(2, rules=rules).state.edition for rules in (0, FIRST, LATEST)], [LATEST, 1, LATEST])

    def test_one_that_is_not_known_is_refused(self) -> None:
        with self.assertRaises(Illegal):
            created(2, rules=LATEST + 1)
