"""A game of Carcassonne from CREATE GAME to the final scoring.

Rules: the base game in the current edition. Players take turns in the order in which they joined; a turn is
DRAW_CARD, PLACE_CARD, then PLACE_MEEPLE or END_TURN. Where the published rules leave something open:

* Tiles that fit nowhere are set aside within the same DRAW_CARD, which goes on to the next one.
* When no tile is left that fits, the game ends at that moment.
* Of several players with the most points, the one latest in turn order wins.
* A leaver's followers go back into the box. A tile he has drawn goes back into the pile at random; one he has
  laid is scored. Who remains alone wins at once, without a final scoring.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Literal

from gameserver.games.api import Command, Illegal, Options, Participant
from gameserver.games.carcassonne.arguments import follower_to_place, position_terrain, spot_to_lay
from gameserver.games.carcassonne.model import FOLLOWERS, CarcassonneGame, Meeple, UserAssets
from gameserver.games.carcassonne.moves import DRAW_CARD, END_TURN, View, claims, layings
from gameserver.games.carcassonne.table import Award, Table
from gameserver.games.carcassonne.tiles import Tile
from gameserver.games.entity import Model
from gameserver.games.participants import Roster, parse_color
from gameserver.games.rng import Chance

#: The base game's range of players; a test game may be played alone.
MIN_PLAYERS, MAX_PLAYERS = 2, 5

Step = Literal["drawCard", "placeCard", "placeMeeple"]

_EXPECTED: dict[Step, str] = {
    "drawCard": "First draw a card: send DRAW_CARD.",
    "placeCard": "First lay the card you have drawn: send PLACE_CARD with neighbor, orientation and rotation.",
    "placeMeeple": "Your card is laid: send PLACE_MEEPLE with meeple and position, or END_TURN.",
}
_ACTION = re.compile(r"[A-Z]{1,20}(_[A-Z]{1,20}){0,5}")


class Carcassonne:
    """One game. See ``gameserver.games.api.Game`` for what a host calls.

    ``tiles`` stacks the pile, first tile first, for a position that is to be shown or tested.
    """

    def __init__(self, options: Options, seed: int, tiles: Sequence[Tile] | None = None) -> None:
        # Names are public and their mix can be undone, so they get a seed that says nothing about the pile.
        self.model = Model(Chance(f"carcassonne names {seed}").below(1 << 32))
        self._seats: dict[int, UserAssets] = {}
        self._order: list[int] = []
        self._over = False
        #: Seats whose last command was PLACE_MEEPLE: their END_TURN may still be on its way.
        self._ended_by_meeple: set[int] = set()
        self._roster = Roster(self.model)
        self._root = CarcassonneGame(
            self.model,
            name=options.name,
            num_players=max(1, min(options.max_players, MAX_PLAYERS)),
            test_game=options.test_game,
        )
        self._table = Table(self._root, Chance(f"carcassonne pile {seed}"), tiles)
        self._root.announce()
        self.model.take()
        self._handlers: dict[str, Callable[[int, UserAssets, Command], None]] = {
            "START_GAME": self._start,
            "DRAW_CARD": self._draw_card,
            "PLACE_CARD": self._place_card,
            "PLACE_MEEPLE": self._place_meeple,
            "END_TURN": self._end_turn,
            "CHANGE_USER_COLOR": self._change_color,
        }

    @property
    def root(self) -> CarcassonneGame:
        """The object every dump starts at."""
        return self._root

    @property
    def running(self) -> bool:
        """Whether the game has started and not ended."""
        return self._root.running

    @property
    def over(self) -> bool:
        """Whether the game has ended."""
        return self._over

    @property
    def open_seats(self) -> int:
        """How many players could still join before the start; a test game fills them with computer players."""
        return 0 if self.running or self._over else self._root.num_players - len(self._order)

    @property
    def awards(self) -> Sequence[Award]:
        """Everything scored so far, in order."""
        return self._table.awards

    @property
    def turn(self) -> int | None:
        """The seat whose turn it is."""
        return next((seat for seat in self._order if self._seats[seat] is self._root.current_player), None)

    @property
    def step(self) -> Step | None:
        """What the player whose turn it is has to do; ``None`` when the game is not running."""
        if not self.running:
            return None
        if self._root.current_field is None:
            return "drawCard"
        return "placeCard" if self._table.drawn is not None else "placeMeeple"

    def assets(self, seat: int) -> UserAssets:
        """Return the object of a seat. ``KeyError`` if nobody sits there."""
        return self._seats[seat]

    def terrains(self, seat: int) -> list[str]:
        """Return on what each placed follower of a seat stands: ``city``, ``road``, ``abbey`` or ``meadow``."""
        placed = [meeple.position for meeple in self._seats[seat].meeples]
        return [position_terrain(self._table, position) for position in placed if position is not None]

    def standing(self, seat: int) -> list[tuple[str, int]]:
        """Return for each placed follower of a seat the terrain and the number of the feature it stands on.

        Followers with the same number stand on the same city, road, abbey or meadow.
        """
        found: list[tuple[str, int]] = []
        for meeple in self._seats[seat].meeples:
            position = meeple.position
            field = position.field if position is not None else None
            laid = self._table.laid(field.id) if field is not None else None
            if position is not None and laid is not None:
                piece = laid.piece(int(position.name) - 1)
                found.append((position_terrain(self._table, position), self._table.board.regions.root(piece)))
        return found

    def join(self, seat: int, participant: Participant) -> None:
        """Seat a player or a visitor. ``Illegal`` when the seat is taken, or the game full, running or over."""
        if seat in self._seats:
            raise Illegal("joinGame", f"Seat {seat} is taken.")
        if not participant.visitor:
            if self.running or self._over:
                raise Illegal("joinGame", "The game has already started: join it with -visitor true.")
            if not self.open_seats:
                raise Illegal("joinGame", "All seats are taken: join with -visitor true.")
            self._order.append(seat)
        taken = [assets.color for assets in self._root.users]
        assets = self._seats[seat] = UserAssets(
            self.model,
            user=self._roster.user(participant),
            color=self._roster.color(participant.color, taken),
            visitor=participant.visitor,
        )
        for _ in range(0 if participant.visitor else FOLLOWERS):
            Meeple(self.model, user_assets=assets)
        self._root.users.add(assets)

    def leave(self, seat: int) -> None:
        """Take somebody out for good; nothing happens if nobody sits there. See the module for the rules."""
        assets = self._seats.get(seat)
        if assets is None:
            return
        follower = self._after(seat) if self.turn == seat else None
        if not assets.visitor:
            self._table.withdraw(assets)
            self._order.remove(seat)
        self._root.users.remove(assets)
        del self._seats[seat]
        self._ended_by_meeple.discard(seat)
        if self.running and len(self._order) < MIN_PLAYERS and not assets.visitor:
            self._table.put_back()
            self._finish(self._seats[self._order[0]] if self._order else None)
        elif follower is not None:
            self._table.put_back()
            self._table.finish_turn()
            self._begin_turn(follower)
        for meeple in assets.meeples:
            self.model.forget(meeple)
        self.model.forget(assets)
        self._roster.reintroduce(self._root)

    def apply(self, seat: int, command: Command) -> None:
        """Carry out a command. ``Illegal`` when the rules refuse it; then nothing has changed."""
        handler = self._handlers.get(command.action)
        if handler is None:
            known = ", ".join(self._handlers)
            raise Illegal(_lower_camel(command.action), f"Carcassonne knows {known}, and MESSAGE, LEAVE_GAME, NOOP.")
        assets = self._seats.get(seat)
        if assets is None:
            raise Illegal(_lower_camel(command.action), "You have no seat in this game: join it first.")
        handler(seat, assets, command)

    def advance(self, milliseconds: int) -> None:
        """Carcassonne has no clock."""

    def prompts(self, seat: int) -> Sequence[str]:
        """Return the prompt that waits for an answer of this seat, if there is one."""
        return [f"OK - {self.step}"] if self.running and self.turn == seat else []

    def legal(self, seat: int) -> Sequence[Command]:
        """Return every turn command that would be accepted now, and START_GAME before the start.

        The followers of a supply are alike: PLACE_MEEPLE is listed with the first of them only.
        """
        if seat in self._order and self._can_start():
            return [Command("START_GAME")]
        tile = self._table.drawn
        if self.turn == seat and tile is not None:
            return [command for _, command in layings(self._table.board, tile, self._table.name)]
        return self.view(seat).commands()

    def view(self, seat: int) -> View:
        """Return the turn of a seat as strategies see it. ``KeyError`` if nobody sits there."""
        table, me = self._table, self._seats[seat]
        supply, left = me.supply(), self._root.remaining_cards
        tile, laid = table.drawn, table.last
        if not self.running or self.turn != seat:
            return View(table.board, me.id, len(supply), left)
        if tile is not None:
            spots = dict(layings(table.board, tile, table.name))
            return View(table.board, me.id, len(supply), left, tile=tile, spots=spots)
        if laid is None:
            return View(table.board, me.id, len(supply), left, others=[DRAW_CARD])
        claimed = dict(claims(table.board, laid, supply[0].id)) if supply else {}
        return View(table.board, me.id, len(supply), left, laid=laid, claims=claimed, others=[END_TURN])

    def _can_start(self) -> bool:
        least = 1 if self._root.test_game else MIN_PLAYERS
        return not self.running and not self._over and len(self._order) >= least

    def _start(self, seat: int, assets: UserAssets, command: Command) -> None:
        if assets.visitor:
            raise Illegal("startGame", "Visitors cannot start a game: ask one of the players.")
        if self._over:
            raise Illegal("startGame", "The game is over: create a new one.")
        if self.running:
            raise Illegal("startGame", "The game is running already.")
        if not self._can_start():
            raise Illegal("startGame", "There must at least 2 players participate to start the game.")
        self._root.running = True
        self._begin_turn(self._order[0])

    def _draw_card(self, seat: int, assets: UserAssets, command: Command) -> None:
        self._expect("drawCard", assets, "drawCard")
        self._ended_by_meeple.discard(seat)
        if self._table.draw():
            self.model.say(seat, "OK - placeCard")
        else:
            self._finish_scored()

    def _place_card(self, seat: int, assets: UserAssets, command: Command) -> None:
        self._expect("placeCard", assets, "placeCard")
        tile = self._table.drawn
        if tile is None:
            raise ValueError("nothing is drawn in the step of laying")
        self._table.lay(spot_to_lay(self._table, tile, command))
        self.model.say(seat, "OK - placeMeeple")

    def _place_meeple(self, seat: int, assets: UserAssets, command: Command) -> None:
        self._expect("placeMeeple", assets, "placeMeeple")
        meeple, index = follower_to_place(self._table, assets, command)
        self._table.place(meeple, index)
        self._ended_by_meeple.add(seat)
        self._next_turn(seat)

    def _end_turn(self, seat: int, assets: UserAssets, command: Command) -> None:
        if seat in self._ended_by_meeple:
            self._ended_by_meeple.discard(seat)
            return
        self._expect("placeMeeple", assets, "endTurn")
        self._next_turn(seat)

    def _change_color(self, seat: int, assets: UserAssets, command: Command) -> None:
        assets.color = parse_color(command)

    def _expect(self, step: Step, assets: UserAssets, action: str) -> None:
        if self._over:
            raise Illegal(action, "The game is over.")
        if assets.visitor:
            raise Illegal(action, "Visitors only watch.")
        current = self._root.current_player
        if self.step is None or current is None:
            raise Illegal(action, "The game has not started: send START_GAME.")
        if current is not assets:
            name = current.user.nickname if current.user is not None else "another player"
            raise Illegal(action, f"It is the turn of {name}: wait for OK - drawCard.")
        if self.step != step:
            raise Illegal(action, _EXPECTED[self.step])

    def _after(self, seat: int) -> int:
        return self._order[(self._order.index(seat) + 1) % len(self._order)]

    def _begin_turn(self, seat: int) -> None:
        if self._table.exhausted:
            self._finish_scored()
            return
        self._root.current_player = self._seats[seat]
        self.model.say(seat, "OK - drawCard")

    def _next_turn(self, seat: int) -> None:
        self._table.finish_turn()
        self._begin_turn(self._after(seat))

    def _finish_scored(self) -> None:
        self._table.finish_game()
        players = [self._seats[seat] for seat in self._order]
        best = max(player.score for player in players)
        self._finish([player for player in players if player.score == best][-1])

    def _finish(self, winner: UserAssets | None) -> None:
        self._root.current_field = None
        self._root.current_player = None
        self._over = True
        # The winner is known before running ends: clients take that for the end of the game.
        self._root.winner = winner.user if winner is not None else None
        self._root.running = False


def _lower_camel(action: str) -> str:
    if not _ACTION.fullmatch(action):
        return "command"
    head, *tail = action.lower().split("_")
    return head + "".join(part.capitalize() for part in tail)
