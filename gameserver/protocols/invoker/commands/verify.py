"""Verify an outcome: seeds and nonce in, the outcome out with every step on the way to it. Asks no server."""

from __future__ import annotations

import argparse
import hmac
from collections.abc import Callable, Iterable

import msgspec

from gameserver.edge.part import Installation
from gameserver.errors import Code, GameError
from gameserver.games.fair.steps import Draw, Float
from gameserver.games.fair.verify import (
    DiceVerification,
    KenoVerification,
    MinesVerification,
    Verification,
    verify_dice,
    verify_keno,
    verify_mines,
)
from gameserver.games.fair.verify_blackjack import BlackjackVerification, CardShown, verify_blackjack

NAME = "verify"
ABOUT = "verify an outcome of dice, mines, keno or blackjack from its seeds"

#: Steps of a draw that are printed blackjack draws a whole shoe of 312 cards.
_SHOWN_DRAWS = 50


def arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command line."""
    games = parser.add_subparsers(dest="game", metavar="GAME", required=True)
    dice = _game(games, "dice", "a roll, and whether a bet on it won")
    dice.add_argument("--target", type=int, help="4 to 96")
    dice.add_argument("--condition", choices=("OVER", "UNDER"))
    mines = _game(games, "mines", "where the mines are, tiles counted from 0")
    mines.add_argument("--mines", type=int, required=True, metavar="COUNT", help="how many mines")
    mines.add_argument("--grid", choices=("3x3", "5x5", "7x7"), default="5x5")
    keno = _game(games, "keno", "the numbers drawn and what the picked ones pay")
    keno.add_argument("--numbers", type=_numbers, required=True, help="the picked numbers, such as 3,7,15")
    keno.add_argument(
        "--difficulty", choices=("classic", "low", "medium", "high"), help="as in the bet, if it named one"
    )
    blackjack = _game(games, "blackjack", "the shoe, the cards dealt, and the round played again")
    blackjack.add_argument("--actions", default="", help="what was played, such as hit:0,stand:0")


def _game(
    games: argparse._SubParsersAction[argparse.ArgumentParser], name: str, about: str
) -> argparse.ArgumentParser:
    game = games.add_parser(name, help=about, description=about)
    game.add_argument("--server-seed", required=True, metavar="TEXT", help="the revealed server seed")
    game.add_argument("--client-seed", required=True, metavar="TEXT", help="the client seed of the bet")
    game.add_argument("--nonce", type=int, required=True, help="the nonce of the bet")
    game.add_argument("--commitment", metavar="HASH", help="hash shown before the bet; status 1 if it is another")
    game.add_argument("--json", action="store_true", help="print what the HTTP interface answers")
    return game


def _numbers(text: str) -> list[int]:
    return [int(number) for number in text.split(",")]


def run(parsed: argparse.Namespace, _installation: Installation) -> int:
    """Verify and print. Raises ``GameError`` for seeds or parameters that cannot be, and for a wrong commitment."""
    found = _verified(parsed)
    if parsed.json:
        print(msgspec.json.format(msgspec.json.encode(found), indent=2).decode())
    else:
        for label, text in (*_seeds(found), *_outcome(found)):
            print(f"{label:<12}{text}")
    if parsed.commitment and not hmac.compare_digest(
        parsed.commitment.lower().encode(), found.hashed_server_seed.encode()
    ):
        raise GameError(Code.BAD_SERVER_SEED, "This server seed does not belong to that commitment.")
    return 0


def _verified(parsed: argparse.Namespace) -> Verification:
    seeds = (parsed.server_seed, parsed.client_seed, parsed.nonce)
    known: dict[str, Callable[[], Verification]] = {
        "dice": lambda: verify_dice(*seeds, parsed.target, parsed.condition),
        "mines": lambda: verify_mines(*seeds, parsed.mines, parsed.grid),
        "keno": lambda: verify_keno(*seeds, parsed.numbers, parsed.difficulty),
        "blackjack": lambda: verify_blackjack(*seeds, parsed.actions.split(",") if parsed.actions else []),
    }
    return known[parsed.game]()


Line = tuple[str, str]


def _seeds(found: Verification) -> Iterable[Line]:
    yield "algorithm", found.algorithm
    yield "commitment", f"{found.hashed_server_seed} = SHA-256 of the server seed"
    for step in found.rounds:
        yield f"round {step.round}", f"{step.hmac} = HMAC of {step.message}"


def _outcome(found: Verification) -> Iterable[Line]:
    if isinstance(found, DiceVerification):
        yield from _dice(found)
    elif isinstance(found, MinesVerification):
        yield from _draws(found.draws)
        yield "mines", _joined(found.mine_positions)
    elif isinstance(found, KenoVerification):
        yield from _draws(found.draws)
        yield "drawn", _joined(found.drawn_numbers)
        yield (
            "matched",
            f"{_joined(found.matched_numbers) or 'none'} ({found.match_count} of {len(found.selected_numbers)})",
        )
        yield "multiplier", found.multiplier
    elif isinstance(found, BlackjackVerification):
        yield from _blackjack(found)


def _dice(found: DiceVerification) -> Iterable[Line]:
    for step in found.floats:
        yield "float", _scaled(step)
    yield "roll", f"{found.roll:.2f}"
    if found.target is not None:
        yield "bet", f"{found.condition} {found.target}, {found.multiplier}: {'won' if found.is_win else 'lost'}"


def _blackjack(found: BlackjackVerification) -> Iterable[Line]:
    yield from _draws(found.draws)
    for index, hand in enumerate(found.player_hands):
        yield f"hand {index}", f"{_cards(hand.cards)} ({hand.best_value}) {hand.result or hand.status}"
    yield "dealer", f"{_cards(found.dealer_hand.cards)} ({found.dealer_hand.best_value})"


def _draws(draws: list[Draw]) -> Iterable[Line]:
    for number, step in enumerate(draws[:_SHOWN_DRAWS], 1):
        yield f"draw {number}", f"{_scaled(step)} -> {step.taken}"
    if len(draws) > _SHOWN_DRAWS:
        yield "", f"and {len(draws) - _SHOWN_DRAWS} more; --json shows all"


def _scaled(step: Float | Draw) -> str:
    return f"{_joined(step.bytes)} -> {step.float!r} x {step.of} -> {step.index}"


def _joined(values: Iterable[object]) -> str:
    return " ".join(map(str, values))


def _cards(cards: list[CardShown]) -> str:
    return " ".join(card.rank + card.suit[0].upper() for card in cards)
