"""Games for the tests: seated, stacked, and played by strategies."""

from __future__ import annotations

from collections.abc import Sequence

from gameserver.games.api import Command, Options, Participant
from gameserver.games.carcassonne.game import Carcassonne
from gameserver.games.carcassonne.strategy import Strategy
from gameserver.games.carcassonne.tiles import TILES
from gameserver.games.rng import Chance

START = Command("START_GAME")
DRAW = Command("DRAW_CARD")
END = Command("END_TURN")


def seated(players: int, *, seed: int = 1, letters: str | None = None, test_game: bool = False) -> Carcassonne:
    """A game with players on the seats 0, 1, …; ``letters`` stacks the pile."""
    tiles = None if letters is None else [TILES[letter] for letter in letters]
    game = Carcassonne(Options("match", players, test_game=test_game), seed, tiles)
    for seat in range(players):
        game.join(seat, Participant(f"player{seat}", "SE", ("player0", "player1", "absent")))
    game.model.take()
    return game


def started(players: int, *, seed: int = 1, letters: str | None = None) -> Carcassonne:
    """The same, and the first player may draw."""
    game = seated(players, seed=seed, letters=letters)
    game.apply(0, START)
    game.model.take()
    return game


def place(game: Carcassonne, neighbor: int, orientation: str, rotation: str = "R0") -> Command:
    """PLACE_CARD beside the laid tile of that number."""
    field = game.root.fields[neighbor]
    return Command("PLACE_CARD", {"neighbor": field.id, "orientation": orientation, "rotation": rotation})


def follow(game: Carcassonne, seat: int, position: str) -> Command:
    """PLACE_MEEPLE with the first follower in the supply of a seat."""
    return Command("PLACE_MEEPLE", {"meeple": game.assets(seat).supply()[0].id, "position": position})


def play_out(game: Carcassonne, strategies: Sequence[Strategy], chance: Chance) -> list[tuple[int, Command]]:
    """Play a started game to its end and return the commands."""
    log = []
    while (seat := game.turn) is not None:
        command = strategies[seat](game.view(seat), chance)
        game.apply(seat, command)
        log.append((seat, command))
    return log
