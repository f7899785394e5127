"""Blackjack: a round over many requests, kept as its seed and the list of actions.

Every answer is the whole state (``BLACKJACK_GAME_STATE``). The dealer's second card is not in it before the end,
and neither is the server seed, which is revealed and replaced then.
"""

from __future__ import annotations

from typing import Any

import msgspec

from gameserver.errors import Code, GameError
from gameserver.games.fair import blackjack
from gameserver.games.fair.blackjack import Action, BlackjackRound, Move
from gameserver.games.fair.blackjack_hand import Hand
from gameserver.games.fair.cards import Card
from gameserver.games.fair.seeds import checked_client_seed
from gameserver.protocols.invoker.parameters import BetParams, BlackjackParams, HandParams, InsuranceParams, Params
from gameserver.protocols.invoker.play.table import (
    BET,
    Bet,
    Played,
    Seat,
    begin_round,
    bet_id,
    finish_round,
    no_second_round,
    own_round,
    provably_fair,
    ratio,
    seeds_of,
)
from gameserver.wallet.books import Books
from gameserver.wallet.offer import BLACKJACK, Currency
from gameserver.wallet.rows import RoundRow, SeedRow

STATE = "BLACKJACK_GAME_STATE"

#: Rounds are named by their number alone.
PREFIX = ""


class BlackjackState(msgspec.Struct, frozen=True):
    """What is kept of a round: the first stake, and the actions as texts (``hit:0``)."""

    stake: int
    actions: list[str]


def place(books: Books, seat: Seat, asked: BetParams) -> Played:
    """Deal.

    Raises ``GameError`` ``round_open``, or what the rules of the game or the books refuse.
    """
    given = asked.game_params
    if given.blackjack_params is None and given.blackjack is None:
        text = "gameParams.blackjackParams is missing."
        raise GameError(Code.NO_BET_PARAMETERS, text)
    client_seed = checked_client_seed(asked.client_seed)
    stake = seat.currency.stake(asked.amount)
    no_second_round(books, seat, PREFIX)
    row, seed = begin_round(books, seat, stake, client_seed, blackjack.BEST)
    return _kept(books, seat.currency, row, blackjack.start(stake, seeds_of(row, seed)))


def hit(books: Books, seat: Seat, asked: HandParams) -> Played:
    """Take a card."""
    return _act(books, seat, asked.round_id, Action(Move.HIT, asked.hand_index))


def stand(books: Books, seat: Seat, asked: HandParams) -> Played:
    """Take no more cards."""
    return _act(books, seat, asked.round_id, Action(Move.STAND, asked.hand_index))


def double(books: Books, seat: Seat, asked: HandParams) -> Played:
    """Bet as much again and take one card."""
    return _act(books, seat, asked.round_id, Action(Move.DOUBLE, asked.hand_index))


def split(books: Books, seat: Seat, asked: HandParams) -> Played:
    """Make two hands of a pair."""
    return _act(books, seat, asked.round_id, Action(Move.SPLIT, asked.hand_index))


def insure(books: Books, seat: Seat, asked: InsuranceParams) -> Played:
    """Insure against a blackjack of the dealer, or say no to it."""
    return _act(books, seat, asked.round_id, Action(Move.INSURE if asked.accept_insurance else Move.DECLINE))


def get_state(books: Books, seat: Seat, asked: BlackjackParams) -> Played:
    """Look at a round, an ended one too; at the open one when none is named."""
    row = _named(books, seat, asked)
    return Played(STATE, _shown(books, row, *_game(books, row)))


def check_active(books: Books, seat: Seat, _asked: Params) -> Played:
    """Say whether a round is open."""
    row = books.open_round(seat.player, seat.game)
    payload: dict[str, Any] = {"hasActiveGame": row is not None}
    if row is not None:
        state = _shown(books, row, *_game(books, row))
        payload |= {"roundId": str(row.id), "gameState": state}
    return Played("BLACKJACK_CHECK_ACTIVE_RESPONSE", payload)


def resume(books: Books, seat: Seat, asked: BlackjackParams) -> Played:
    """Go on with the open round."""
    row = _going_on(_named(books, seat, asked))
    state = _shown(books, row, *_game(books, row))
    return Played("BLACKJACK_RESUME_GAME_RESPONSE", {"success": True, "roundId": str(row.id), "gameState": state})


def expire(books: Books, row: RoundRow) -> Bet | None:
    """Stand with everything in a round that has been left alone."""
    currency, game = _game(books, row)
    return _keep(books, currency, row, game.stand_all())[1]


def _named(books: Books, seat: Seat, asked: BlackjackParams) -> RoundRow:
    if asked.round_id is not None:
        return own_round(books, seat, asked.round_id, PREFIX)
    row = books.open_round(seat.player, seat.game)
    if row is None:
        raise GameError(Code.NO_ROUND, "You have no open round.")
    return row


def _going_on(row: RoundRow) -> RoundRow:
    if row.ended_ms is not None:
        raise GameError(Code.ROUND_OVER, "This round is over.")
    return row


def _act(books: Books, seat: Seat, name: str, action: Action) -> Played:
    row = _going_on(own_round(books, seat, name, PREFIX))
    currency, before = _game(books, row)
    after = before.apply(action)
    more = after.total_bet - before.total_bet
    if more:
        books.take(row.player, row.currency, more, BET, str(row.id))
    return _kept(books, currency, row, after)


def _game(books: Books, row: RoundRow) -> tuple[Currency, BlackjackRound]:
    currency = books.currency(row.currency)
    return currency, game_of(currency, row, books.seed_of(row))


def game_of(currency: Currency, row: RoundRow, seed: SeedRow) -> BlackjackRound:
    """Return a kept round."""
    kept = msgspec.json.decode(row.state, type=BlackjackState)
    actions = map(Action.parse, kept.actions)
    return blackjack.rebuild(currency.stake_of(kept.stake), seeds_of(row, seed), actions)


def _kept(books: Books, currency: Currency, row: RoundRow, game: BlackjackRound) -> Played:
    row, told = _keep(books, currency, row, game)
    payload = _shown(books, row, currency, game)
    payload["balance"] = currency.shown(books.balance(row.player, row.currency))
    return Played(STATE, payload, told)


def _keep(books: Books, currency: Currency, row: RoundRow, game: BlackjackRound) -> tuple[RoundRow, Bet | None]:
    """Keep a round; pay it and reveal its seed if it is over."""
    state = msgspec.json.encode(BlackjackState(game.stake.amount, [str(action) for action in game.actions]))
    row = msgspec.structs.replace(row, stake=game.total_bet, state=state, updated_ms=books.now_ms)
    if not game.is_finished:
        books.keep_round(row)
        return row, None
    row = finish_round(books, row, game.total_payout, state)
    books.rotate(row.player, row.game)
    paid = ratio(row.win, row.stake)
    told = Bet(
        row.id,
        row.player,
        BLACKJACK,
        currency.code,
        row.stake,
        row.win,
        row.win,
        paid,
        {"blackjackOutcome": _summary(game)},
        books.now_ms,
    )
    return row, told


def _summary(game: BlackjackRound) -> dict[str, Any]:
    return {
        "dealerValue": game.dealer.show_value,
        "handValues": [hand.best_value for hand in game.hands],
        "results": [hand.result.value for hand in game.hands if hand.result is not None],
    }


def _shown(books: Books, row: RoundRow, currency: Currency, game: BlackjackRound) -> dict[str, Any]:
    insurance = game.insurance
    state: dict[str, Any] = {
        "betId": bet_id(row.id),
        "roundId": str(row.id),
        "status": game.status.value,
        "betAmount": currency.shown(game.stake.amount),
        "totalBet": currency.shown(game.total_bet),
        "playerHands": [_hand(currency, hand, game.is_finished) for hand in game.hands],
        "dealerHand": _dealer(game),
        "canInsure": game.can_insure,
        "insurance": None
        if insurance is None
        else {
            "amount": currency.shown(insurance.amount),
            "status": insurance.status.value,
            "payout": currency.shown(insurance.payout),
        },
        "activeHandIndex": game.active,
        "timestamp": row.updated_ms,
    }
    if game.is_finished:
        paid = currency.shown(game.total_payout)
        fair = provably_fair(row, books.seed_of(row))
        state |= {"totalPayout": paid, "finalPayout": paid, "provablyFair": fair}
    return state


def _card(card: Card) -> dict[str, Any]:
    return {"suit": card.suit, "rank": card.rank, "value": card.value}


def _hand(currency: Currency, hand: Hand, finished: bool) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "cards": [_card(card) for card in hand.cards],
        "status": hand.status.value,
        "betAmount": currency.shown(hand.bet),
        "isDoubled": hand.is_doubled,
        "isSplit": hand.is_split,
        "isFromAces": hand.is_from_aces,
        "softValue": hand.soft_value,
        "hardValue": hand.hard_value,
        "bestValue": hand.best_value,
        "isBlackjack": hand.is_blackjack,
        "canHit": hand.can_hit,
        "canStand": hand.can_stand,
        "canDouble": hand.can_double,
        "canSplit": hand.can_split,
    }
    if finished:
        shown["payout"] = currency.shown(hand.payout or 0)
        shown["result"] = hand.result.value if hand.result is not None else ""
    return shown


def _dealer(game: BlackjackRound) -> dict[str, Any]:
    dealer = game.dealer
    shown: dict[str, Any] = {
        "showCard": _card(dealer.show_card),
        "cardCount": dealer.card_count,
        "showValue": dealer.show_value,
        "isRevealed": dealer.is_revealed,
        "hasBlackjack": dealer.has_blackjack,
    }
    if dealer.hole_card is not None:
        hard, soft, best = dealer.totals()
        shown |= {
            "cards": [_card(card) for card in dealer.public_cards],
            "holeCard": _card(dealer.hole_card),
            "hardValue": hard,
            "softValue": soft,
            "bestValue": best,
        }
    return shown


def outcome_of(currency: Currency, row: RoundRow, seed: SeedRow) -> tuple[int, dict[str, Any]]:
    """Return what a round has paid, in ten-thousandths, and its outcome, for the history."""
    game = game_of(currency, row, seed)
    outcome = _summary(game) | {
        "actions": [str(action) for action in game.actions],
        "playerHands": [_hand(currency, hand, True) for hand in game.hands],
        "dealerHand": _dealer(game),
        "totalBet": currency.shown(game.total_bet),
        "totalPayout": currency.shown(game.total_payout),
    }
    return ratio(row.win, row.stake), {"blackjackOutcome": outcome}
