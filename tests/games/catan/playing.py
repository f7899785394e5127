"""Games for the tests: seated, founded, or bare tables on which a position is laid by hand; and dice that obey."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from itertools import pairwise

from gameserver.games.api import Command, Illegal, Options, Participant
from gameserver.games.catan import building, points
from gameserver.games.catan.decks import COUNTS
from gameserver.games.catan.game import Catan
from gameserver.games.catan.goods import EVENT_DIE, Good, Terrain, Track
from gameserver.games.catan.model import (
    Border,
    Card,
    City,
    Field,
    Intersection,
    Knight,
    Phase,
    ProgressCard,
    Road,
    Settlement,
)
from gameserver.games.catan.progress_cards import take
from gameserver.games.catan.strategy import Strategy
from gameserver.games.entity import Entity
from gameserver.games.hosted import Game
from gameserver.games.rng import Chance
from gameserver.testing.game_events import dumped, said
from tests.typed import the

START = Command("START_GAME")
ROLL = Command("ROLL_DIES")
END = Command("END_TURN")
END_PLAY = Command("END_PLAY")


def map_text(name: str) -> str:
    """One of the maps that come with the server."""
    return (files("gameserver.games.catan") / "maps" / f"{name}.map").read_text("utf-8")


def created(
    players: int, *, seed: int = 1, board: str = "map_balanced", test_game: bool = False, rules: int = 0
) -> Catan:
    """A game nobody has joined."""
    text = map_text(board)
    return Catan(Options("match", players, test_game=test_game, map_name=board, map_text=text, rules=rules), seed)


def seated(players: int, *, seed: int = 1, board: str = "map_balanced", test_game: bool = False) -> Catan:
    """A game with players on the seats 0, 1, …"""
    game = created(players, seed=seed, board=board, test_game=test_game)
    for seat in range(players):
        game.join(seat, Participant(f"player{seat}", "SE", ("player0", "player1", "absent")))
    game.model.take()
    return game


def founded(players: int, *, seed: int = 1, board: str = "map_balanced") -> Catan:
    """The same after the founding, for which always the first legal place was taken."""
    game = seated(players, seed=seed, board=board)
    game.apply(0, START)
    while game.root.phase is Phase.FOUNDING:
        seat = game.waiting()[0]
        game.apply(seat, game.legal(seat)[0])
    game.model.take()
    return game


def bare(players: int = 3, *, board: str = "map_balanced") -> Catan:
    """A running game with an empty board and empty hands, in which seat 0 has rolled and may act."""
    game = seated(players, board=board)
    state = game.state
    state.order = [game.assets(seat) for seat in range(players)]
    game._began = players
    state.root.running = True
    state.root.round = 1
    state.start_turn(state.order[0])
    state.root.phase = Phase.ACTING
    game.model.take()
    return game


class Loaded(Chance):
    """Chance that gives the stacked numbers first."""

    def __init__(self, numbers: Sequence[int], after: Chance) -> None:
        self._numbers = list(numbers)
        self._after = after

    def below(self, limit: int) -> int:
        """Return the next stacked number; ``AssertionError`` if it is none of the range."""
        if not self._numbers:
            return self._after.below(limit)
        number = self._numbers.pop(0)
        assert 0 <= number < limit, (number, limit)
        return number


def load(game: Catan, *numbers: int) -> None:
    """Make the next draws of chance these numbers."""
    game.state.chance = Loaded(numbers, game.state.chance)


def roll(game: Catan, yellow: int, red: int, event: str = "TRADE") -> None:
    """Let the player on turn roll these dice."""
    if game.root.phase is Phase.ACTING:
        game.root.phase = Phase.ROLLING
        game.root.yellow_die = game.root.red_die = 0
    load(game, yellow - 1, red - 1, EVENT_DIE.index(event))
    game.apply(the(game.turn), ROLL)


def attacked(game: Catan) -> None:
    """Let the barbarians come; the roll of the player on turn brings nothing else."""
    game.state.barbarian.position = 6
    for land in game.state.board.land:
        if land.number == 8:
            land.number = None
    roll(game, 4, 4, "SHIP")


def turn_of(game: Catan, seat: int) -> None:
    """Give the turn to a seat, rolled and free to act."""
    game.state.start_turn(game.assets(seat))
    game.root.phase = Phase.ACTING
    game.model.take()


def give(game: Catan, seat: int, **goods: int) -> None:
    """Give a player cards from the bank: ``give(game, 0, ore=3)``."""
    for name, count in goods.items():
        got = game.state.bank.pay_out(game.assets(seat), Good(name.upper()), count)
        assert got == count, (name, got)


def hand(game: Catan, seat: int) -> dict[str, int]:
    """A player's cards: ``{"ore": 3}``."""
    found: dict[str, int] = {}
    for card in game.assets(seat).cards:
        found[card.type.lower()] = found.get(card.type.lower(), 0) + 1
    return dict(sorted(found.items()))


def card(game: Catan, seat: int, good: str) -> Card:
    """A card of that type in a player's hand."""
    return next(held for held in game.assets(seat).cards if held.type == good.upper())


def deal(game: Catan, seat: int, name: str) -> ProgressCard:
    """Give a player a progress card out of its deck."""
    track = next(track for track, names in COUNTS.items() if name in names)
    game.state.decks[track].remove(name)
    return take(game.assets(seat), name, track)


def stack(game: Catan, track: Track, name: str) -> None:
    """Put a card on top of its deck."""
    game.state.decks[track].remove(name)
    game.state.decks[track].appendleft(name)


def play(game: Catan, seat: int, name: str) -> None:
    """Deal a progress card and play it."""
    dealt = deal(game, seat, name)
    game.apply(seat, Command("PLAY", {"id": dealt.id}))


def field(game: Catan, terrain: Terrain, number: int | None = None) -> Field:
    """The first field of a terrain; with ``number`` it gets that token."""
    found = next(field for field in game.state.board.land if field.type is terrain)
    if number is not None:
        for other in game.state.board.land:
            if other.number == number:
                other.number = None
        found.number = number
    return found


def ring(game: Catan, place: Field) -> list[Intersection]:
    """The six corners around a field, each next to the one before."""
    return list(game.state.board.corners[place])


def desert(game: Catan) -> Field:
    """The desert, the middle of ``map_balanced``."""
    return field(game, Terrain.DESERT)


def border(game: Catan, one: Intersection, two: Intersection) -> Border:
    """The border between two neighbouring intersections."""
    return next(border for border, other in game.state.board.steps[one] if other is two)


def outside(game: Catan, place: Field, corner: Intersection) -> Intersection:
    """The neighbour of a field's corner that is no corner of that field."""
    around = ring(game, place)
    return next(other for _, other in game.state.board.steps[corner] if other not in around)


def apart(game: Catan, count: int) -> list[Intersection]:
    """So many free intersections, none of them next to a building or to each other."""
    found: list[Intersection] = []
    for spot in game.state.board.intersections:
        around = [other for _, other in game.state.board.steps[spot]]
        if building.distance_objection(game.state, spot) is None and not any(other in found for other in around):
            found.append(spot)
    return found[:count]


def settle(game: Catan, seat: int, spot: Intersection) -> Settlement:
    """Put a settlement down."""
    building.build(game.state, game.assets(seat), "Settlement", spot)
    points.update(game.state)
    assert isinstance(spot.building, Settlement)
    return spot.building


def found_city(game: Catan, seat: int, spot: Intersection, *, wall: bool = False) -> City:
    """Put a city down."""
    building.build(game.state, game.assets(seat), "City", spot)
    if wall:
        building.build(game.state, game.assets(seat), "CityWall", spot)
    points.update(game.state)
    assert isinstance(spot.building, City)
    return spot.building


def pave(game: Catan, seat: int, *spots: Intersection) -> list[Road]:
    """Put roads down along a way of intersections."""
    laid = []
    for one, two in pairwise(spots):
        place = border(game, one, two)
        building.build(game.state, game.assets(seat), "Road", place)
        assert place.road is not None
        laid.append(place.road)
    points.update(game.state)
    return laid


def knight(game: Catan, seat: int, spot: Intersection, level: int = 1, *, active: bool = True) -> Knight:
    """Put a knight down; an active one has been active since an earlier turn."""
    placed = Knight(game.model, user_assets=game.assets(seat), intersection=spot, level=level, active=active)
    game.state.roads_changed = True
    points.update(game.state)
    return placed


def build(piece: str, place: Intersection | Border) -> Command:
    """The BUILD command."""
    return Command("BUILD", {"type": piece, "destination": place.id})


def choose(value: Entity | str) -> Command:
    """The CHOOSE command, by object or word."""
    return Command("CHOOSE", {"id": value.id if isinstance(value, Entity) else value})


def use(piece: Knight, target: Entity) -> Command:
    """The USE_KNIGHT command."""
    return Command("USE_KNIGHT", {"id": piece.id, "target": target.id})


def options(game: Catan, seat: int) -> list[str]:
    """The values the last prompt of a seat lists."""
    prompts = game.prompts(seat)
    assert prompts, f"nothing is asked of {seat}"
    assert "choose(" in prompts[-1], prompts
    return prompts[-1].partition(":")[2].removesuffix(")").split(",")


def refusal(game: Game, seat: int, command: Command) -> str:
    """The error a command gets as ``action - sentence``; ``AssertionError`` if it changed anything or is accepted."""
    everybody = [None, *range(4)]
    before = [dumped(game.root, viewer) for viewer in everybody], [list(game.prompts(s)) for s in range(8)]
    game.model.take()
    try:
        game.apply(seat, command)
    except Illegal as error:
        after = [dumped(game.root, viewer) for viewer in everybody], [list(game.prompts(s)) for s in range(8)]
        assert before == after, "a refused command changed something"
        assert game.model.take() == []
        return str(error)
    raise AssertionError(f"{command} was accepted")


def heard(game: Catan, seat: int) -> list[str]:
    """What a seat was told since the last look, its own lines and those to everybody."""
    return [text for to, text in said(game.model.take()) if to in (seat, None)]


def play_out(game: Catan, strategies: Sequence[Strategy], chance: Chance) -> list[tuple[int, Command]]:
    """Play a started game to its end and return the commands."""
    log = []
    while not game.over:
        seat = chance.choice(game.waiting())
        command = strategies[seat](game.view(seat), chance)
        game.apply(seat, command)
        log.append((seat, command))
    return log
