"""The yellow cards, one scenario or more each."""

from twisted.trial.unittest import SynchronousTestCase

from gameserver.games.api import Command
from gameserver.games.catan.game import Catan
from gameserver.games.catan.goods import Good, Terrain
from gameserver.games.catan.model import Phase
from gameserver.testing.game_events import said
from tests.games.catan.playing import (
    END_PLAY,
    bare,
    card,
    choose,
    deal,
    field,
    found_city,
    give,
    hand,
    heard,
    options,
    play,
    refusal,
    ring,
    settle,
)
from tests.typed import the


def offer(game: Catan, good: str, user: int) -> Command:
    return Command("OFFER", {"id": card(game, 0, good).id, "user": game.assets(user).id})


class TestCommercialHarbor(SynchronousTestCase):
    """The walk-through: A holds two grain, B a coin and a cloth, C two lumber and a paper."""

    def setUp(self) -> None:
        self.game = bare(3)
        give(self.game, 0, grain=2)
        give(self.game, 1, coin=1, cloth=1)
        give(self.game, 2, lumber=2, paper=1)
        self.card = deal(self.game, 0, "COMMERCIAL_HARBOR")
        self.game.model.take()

    def messages(self) -> dict[int, list[str]]:
        return {seat: texts for seat in range(3) if (texts := self.told(seat))}

    def told(self, seat: int) -> list[str]:
        return [text for to, text in said(self.happened) if to == seat]

    def do(self, seat: int, command: Command) -> dict[int, list[str]]:
        self.game.apply(seat, command)
        self.happened = self.game.model.take()
        return self.messages()

    def test_line_by_line(self) -> None:
        game = self.game
        self.assertEqual(self.do(0, Command("PLAY", {"id": self.card.id})), {0: ["OK - offer(card,user)"]})
        paper = card(game, 2, "paper")
        self.assertEqual(
            self.do(0, offer(game, "grain", 2)),
            {
                0: ["OK - offer(card,user)"],
                2: [
                    "offered - player0 offers you a card of type GRAIN for a commodity of your choice",
                    f"OK - choose(Card:{paper.id})",
                ],
            },
        )
        coin, cloth = card(game, 1, "coin"), card(game, 1, "cloth")
        # C has not answered, so his card is still on offer; the other grain goes to B.
        other = [held for held in game.assets(0).cards if held.type == "GRAIN"][1]
        told = self.do(0, Command("OFFER", {"user": game.assets(1).id, "id": other.id}))
        self.assertEqual(told[1][-1], f"OK - choose(Card:{coin.id},{cloth.id})")
        # The prompt comes after every offer, also when nobody is left to offer anything to.
        self.assertEqual(told[0], ["OK - offer(card,user)"])
        self.assertEqual(list(game.legal(0)), [END_PLAY])
        self.assertEqual(self.do(1, choose(coin)), {})
        self.assertEqual(self.do(2, choose(paper)), {})
        self.assertEqual(self.do(0, END_PLAY), {0: ["OK - endTurn"]})
        self.assertEqual(hand(game, 0), {"coin": 1, "paper": 1})
        self.assertEqual(hand(game, 1), {"cloth": 1, "grain": 1})
        self.assertEqual(hand(game, 2), {"grain": 1, "lumber": 2})
        self.assertIsNone(game.root.played_card)

    def test_each_opponent_once_and_only_resources(self) -> None:
        game = self.game
        give(game, 0, ore=1, cloth=1)
        self.do(0, Command("PLAY", {"id": self.card.id}))
        self.assertIn("resource card of your own", refusal(game, 0, offer(game, "cloth", 1)))
        foreign = Command("OFFER", {"id": card(game, 2, "lumber").id, "user": game.assets(1).id})
        self.assertIn("resource card of your own", refusal(game, 0, foreign))
        mine = Command("OFFER", {"id": card(game, 0, "ore").id, "user": game.assets(0).id})
        self.assertIn("user must be an opponent", refusal(game, 0, mine))
        self.assertIn("key user is missing", refusal(game, 0, Command("OFFER", {"id": card(game, 0, "ore").id})))
        self.do(0, offer(game, "ore", 1))
        self.assertIn("no offer from this card yet", refusal(game, 0, offer(game, "grain", 1)))
        again = Command("OFFER", {"id": card(game, 0, "ore").id, "user": game.assets(2).id})
        self.assertIn("not offered yet", refusal(game, 0, again))

    def test_without_a_commodity_the_card_goes_back(self) -> None:
        game = self.game
        game.state.bank.take_back(card(game, 2, "paper"))
        self.do(0, Command("PLAY", {"id": self.card.id}))
        told = self.do(0, offer(game, "grain", 2))
        self.assertEqual(told[0], ["OK - offer(card,user)"])
        self.assertIn("you have none, so the card goes back", told[2][0])
        self.assertEqual(hand(game, 0), {"grain": 2})
        self.do(0, END_PLAY)
        self.assertEqual(list(game.prompts(0)), ["OK - endTurn"])

    def test_a_card_that_went_back_can_be_offered_to_the_next_opponent(self) -> None:
        game = self.game
        game.state.bank.take_back(card(game, 2, "paper"))
        game.state.bank.take_back(card(game, 0, "grain"))
        self.do(0, Command("PLAY", {"id": self.card.id}))
        grain = card(game, 0, "grain")
        self.do(0, offer(game, "grain", 2))
        self.assertIs(card(game, 0, "grain"), grain)
        told = self.do(0, offer(game, "grain", 1))
        coin = card(game, 1, "coin")
        self.assertEqual(told[1][-1], f"OK - choose(Card:{coin.id},{card(game, 1, 'cloth').id})")
        self.do(1, choose(coin))
        self.do(0, END_PLAY)
        self.assertEqual((hand(game, 0), hand(game, 1)), ({"coin": 1}, {"cloth": 1, "grain": 1}))
        self.assertEqual(list(game.prompts(0)), ["OK - endTurn"])

    def test_end_play_waits_for_open_answers(self) -> None:
        game = self.game
        self.do(0, Command("PLAY", {"id": self.card.id}))
        self.do(0, offer(game, "grain", 1))
        self.assertEqual(self.do(0, END_PLAY), {})
        self.assertIn("wait for player1", refusal(game, 0, Command("END_TURN")))
        told = self.do(1, choose(card(game, 1, "cloth")))
        self.assertEqual(told, {0: ["OK - endTurn"]})

    def test_needs_a_resource(self) -> None:
        game = self.game
        for held in game.assets(0).cards:
            game.state.bank.take_back(held)
        self.assertIn("no resource card", refusal(game, 0, Command("PLAY", {"id": self.card.id})))

    def test_offers_belong_to_this_card_only(self) -> None:
        text = refusal(self.game, 0, offer(self.game, "grain", 1))
        self.assertEqual(text, "offer - cards are offered only while COMMERCIAL_HARBOR is being played")


class TestMasterMerchant(SynchronousTestCase):
    def setUp(self) -> None:
        self.game = bare(3)
        c = ring(self.game, field(self.game, Terrain.DESERT))
        found_city(self.game, 1, c[0])
        found_city(self.game, 2, c[2])
        give(self.game, 1, ore=1, coin=2)
        give(self.game, 2, wool=1)

    def test_two_cards_of_a_richer_player_by_sight(self) -> None:
        game = self.game
        play(game, 0, "MASTER_MERCHANT")
        self.assertEqual(options(game, 0), [game.assets(1).id, game.assets(2).id])
        game.apply(0, choose(game.assets(1)))
        shown = {copy.type: copy for copy in game.assets(0).revealed_cards}
        self.assertEqual(sorted(options(game, 0)), sorted(copy.id for copy in game.assets(0).revealed_cards))
        self.assertEqual(len(game.assets(0).revealed_cards), 3)
        game.apply(0, choose(shown[Good.COIN]))
        self.assertEqual(len(game.assets(0).revealed_cards), 2)
        game.apply(0, choose(shown[Good.ORE]))
        self.assertEqual(hand(game, 0), {"coin": 1, "ore": 1})
        self.assertEqual(hand(game, 1), {"coin": 1})
        self.assertEqual(len(game.assets(0).revealed_cards), 0)

    def test_who_has_one_card_loses_one(self) -> None:
        game = self.game
        play(game, 0, "MASTER_MERCHANT")
        game.apply(0, choose(game.assets(2)))
        game.apply(0, choose(options(game, 0)[0]))
        self.assertEqual((hand(game, 0), hand(game, 2)), ({"wool": 1}, {}))
        self.assertEqual(list(game.prompts(0)), ["OK - endTurn"])

    def test_nobody_has_more_points(self) -> None:
        game = self.game
        c = ring(game, field(game, Terrain.DESERT))
        found_city(game, 0, c[4])
        text = refusal(game, 0, Command("PLAY", {"id": deal(game, 0, "MASTER_MERCHANT").id}))
        self.assertIn("more victory points", text)

    def test_the_richer_player_leaves_while_his_hand_is_seen(self) -> None:
        game = self.game
        play(game, 0, "MASTER_MERCHANT")
        game.apply(0, choose(game.assets(1)))
        game.leave(1)
        self.assertEqual(list(game.prompts(0)), ["OK - endTurn"])
        self.assertEqual((hand(game, 0), len(game.assets(0).revealed_cards)), ({}, 0))


class TestMerchant(SynchronousTestCase):
    def setUp(self) -> None:
        self.game = bare(2)
        self.land = field(self.game, Terrain.FOREST)
        self.spot = ring(self.game, self.land)[0]
        settle(self.game, 0, self.spot)

    def test_a_point_and_two_to_one(self) -> None:
        game = self.game
        play(game, 0, "MERCHANT")
        self.assertEqual(set(options(game, 0)), {place.id for place in game.state.board.lands_at[self.spot]})
        game.apply(0, choose(self.land))
        self.assertIs(the(game.root.merchant).field, self.land)
        self.assertEqual(game.assets(0).victory_points, 2)
        give(game, 0, lumber=2)
        game.apply(0, Command("TRADE", {"give": "LUMBER", "take": "ORE"}))
        self.assertEqual(hand(game, 0), {"ore": 1})

    def test_the_next_merchant_takes_it_even_from_the_same_field(self) -> None:
        game = self.game
        settle(game, 1, ring(game, self.land)[2])
        play(game, 0, "MERCHANT")
        game.apply(0, choose(self.land))
        game.apply(0, Command("END_TURN"))
        game.root.phase = Phase.ACTING
        play(game, 1, "MERCHANT")
        self.assertIn(self.land.id, options(game, 1))
        game.apply(1, choose(self.land))
        self.assertIs(the(game.root.merchant).user_assets, game.assets(1))
        self.assertEqual([game.assets(s).victory_points for s in (0, 1)], [1, 2])

    def test_ones_own_merchant_goes_elsewhere(self) -> None:
        game = self.game
        play(game, 0, "MERCHANT")
        game.apply(0, choose(self.land))
        play(game, 0, "MERCHANT")
        self.assertNotIn(self.land.id, options(game, 0))
        game.apply(0, choose(options(game, 0)[0]))
        self.assertEqual(game.assets(0).victory_points, 2)

    def test_needs_a_building(self) -> None:
        self.assertIn("no other field", refusal_of(bare(2), "MERCHANT"))


def refusal_of(game: Catan, name: str) -> str:
    return refusal(game, 0, Command("PLAY", {"id": deal(game, 0, name).id}))


class TestMerchantFleet(SynchronousTestCase):
    def test_two_to_one_for_one_type_until_the_end_of_the_turn(self) -> None:
        game = bare(2)
        play(game, 0, "MERCHANT_FLEET")
        self.assertEqual(len(options(game, 0)), 8)
        game.apply(0, choose("CLOTH"))
        self.assertEqual(game.root.merchant_fleet, "CLOTH")
        give(game, 0, cloth=4, coin=2)
        game.apply(0, Command("TRADE", {"give": "CLOTH", "take": "ORE"}))
        self.assertEqual(hand(game, 0), {"cloth": 2, "coin": 2, "ore": 1})
        text = refusal(game, 0, Command("TRADE", {"give": "COIN", "take": "ORE"}))
        self.assertEqual(text, "trade - your rate for COIN is 4 to 1, and you do not have 4")
        play(game, 0, "MERCHANT_FLEET")
        self.assertNotIn("CLOTH", options(game, 0))
        game.apply(0, choose("COIN"))
        self.assertEqual(game.root.merchant_fleet, "CLOTH,COIN")
        game.apply(0, Command("TRADE", {"give": "COIN", "take": "ORE"}))
        game.apply(0, Command("END_TURN"))
        self.assertIsNone(game.root.merchant_fleet)


class TestMonopolies(SynchronousTestCase):
    def setUp(self) -> None:
        self.game = bare(3)
        give(self.game, 1, ore=3, cloth=2)
        give(self.game, 2, ore=1, wool=1)

    def test_resource(self) -> None:
        game = self.game
        play(game, 0, "RESOURCE_MONOPOLY")
        self.assertEqual(options(game, 0), ["BRICK", "GRAIN", "LUMBER", "ORE", "WOOL"])
        self.assertIn("id must be one of BRICK", refusal(game, 0, choose("CLOTH")))
        game.apply(0, choose("ORE"))
        self.assertEqual(hand(game, 0), {"ore": 3})
        self.assertEqual((hand(game, 1), hand(game, 2)), ({"cloth": 2, "ore": 1}, {"wool": 1}))

    def test_trade(self) -> None:
        game = self.game
        play(game, 0, "TRADE_MONOPOLY")
        self.assertEqual(options(game, 0), ["CLOTH", "COIN", "PAPER"])
        game.apply(0, choose("CLOTH"))
        self.assertEqual((hand(game, 0), hand(game, 1)["cloth"]), ({"cloth": 1}, 1))

    def test_nobody_has_any(self) -> None:
        game = self.game
        play(game, 0, "TRADE_MONOPOLY")
        game.apply(0, choose("PAPER"))
        self.assertEqual(hand(game, 0), {})
        self.assertIn("OK - endTurn", heard(game, 0))

    def test_not_while_everybody_can_see_that_there_is_nothing_to_get(self) -> None:
        game = bare(3)
        give(game, 0, ore=1)
        for name in ("RESOURCE_MONOPOLY", "TRADE_MONOPOLY", "COMMERCIAL_HARBOR"):
            text = refusal(game, 0, Command("PLAY", {"id": deal(game, 0, name).id}))
            self.assertEqual(text, "play - no opponent holds a card")
