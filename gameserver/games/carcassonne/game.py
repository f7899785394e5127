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

from collections.abc import Sequence
from typing import Literal

from gameserver.games.api import Command, Illegal, Options, Participant
from gameserver.games.carcassonne.arguments import follower_to_place, spot_to_lay
from gameserver.games.carcassonne.model import FOLLOWERS, CarcassonneGame, Meeple, UserAssets
from gameserver.games.carcassonne.moves import DRAW_CARD, END_TURN, View, claims, layings
from gameserver.games.carcassonne.table import Award, Table
from gameserver.games.carcassonne.tiles import Tile
from gameserver.games.entity import Model
from gameserver.games.hosted import HostedGame
from gameserver.games.rng import Chance

Step = Literal["drawCard", "placeCard", "placeMeeple"]

_EXPECTED: dict[Step, str] = {
    "drawCard": "First draw a card: send DRAW_CARD.",
    "placeCard": "First lay the card you have drawn: send PLACE_CARD with neighbor, orientation and rotation.",
    "placeMeeple": "Your card is laid: send PLACE_MEEPLE with meeple and position, or END_TURN.",
}


class Carcassonne(HostedGame[CarcassonneGame, UserAssets]):
    """One game. ``tiles`` stacks the pile, first tile first, for a position that is to be shown or tested."""

    #: As in the base game.
    MOST = 5

    def __init__(self, options: Options, seed: int, tiles: Sequence[Tile] | None = None) -> None:
        # Names are public and their mix can be undone, so they get a seed that says nothing about the pile.
        root = CarcassonneGame(
            Model(Chance(f"carcassonne names {seed}").below(1 << 32)),
            name=options.name,
            num_players=max(1, min(options.max_players, self.MOST)),
            test_game=options.test_game,
        )
        super().__init__(root)
        #: Seats whose last command was PLACE_MEEPLE: their END_TURN may still be on its way.
        self._ended_by_meeple: set[int] = set()
        self._table = Table(self._root, Chance(f"carcassonne pile {seed}"), tiles)
        self._root.announce()
        self.model.take()
        self._handlers = {
            "START_GAME": self._start,
            "DRAW_CARD": self._draw_card,
            "PLACE_CARD": self._place_card,
            "PLACE_MEEPLE": self._place_meeple,
            "END_TURN": self._end_turn,
        }

    @property
    def awards(self) -> Sequence[Award]:
        """Everything scored so far, in order."""
        return self._table.awards

    @property
    def turn(self) -> int | None:
        """The seat whose turn it is."""
        current = self._root.current_player
        return next((seat for seat, assets in self._seats.items() if assets is current), None)

    @property
    def step(self) -> Step | None:
        """What the player whose turn it is has to do; ``None`` when the game is not running."""
        if not self.running:
            return None
        if self._root.current_field is None:
            return "drawCard"
        return "placeCard" if self._table.drawn is not None else "placeMeeple"

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
                place = int(position.name) - 1
                terrain = laid.tile.places[place].terrain.value
                found.append((terrain, self._table.board.regions.root(laid.piece(place))))
        return found

    def prompts(self, seat: int) -> Sequence[str]:
        """Return the prompt that waits for an answer of this seat, if there is one."""
        return [f"OK - {self.step}"] if self.running and self.turn == seat else []

    def _moves(self, seat: int) -> Sequence[Command]:
        """Return every command that would be accepted now.

        The followers of a supply are alike: PLACE_MEEPLE is listed with the first of them only.
        """
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

    def _assets_for(self, seat: int, participant: Participant) -> UserAssets:
        assets = UserAssets(self.model)
        for _ in range(0 if participant.visitor else FOLLOWERS):
            Meeple(self.model, user_assets=assets)
        return assets

    def _depart(self, seat: int) -> None:
        """Go on without a leaver; see the module for the rules."""
        assets = self._seats[seat]
        follower = self._after(seat) if self.turn == seat else None
        if not assets.visitor:
            self._table.withdraw(assets)
        super()._depart(seat)
        self._ended_by_meeple.discard(seat)
        if follower is not None and not self._deserted:
            self._table.put_back()
            self._table.finish_turn()
            self._begin_turn(follower)
        for meeple in assets.meeples:
            self.model.forget(meeple)

    def _abandon(self, last: UserAssets | None) -> None:
        self._table.put_back()
        self._finish(last)

    def _start(self, seat: int, command: Command) -> None:
        self._begin(seat)
        self._begin_turn(next(iter(self._players())))

    def _draw_card(self, seat: int, command: Command) -> None:
        self._expect("drawCard", seat, "drawCard")
        self._ended_by_meeple.discard(seat)
        if self._table.draw():
            self.model.say(seat, "OK - placeCard")
        else:
            self._finish_scored()

    def _place_card(self, seat: int, command: Command) -> None:
        self._expect("placeCard", seat, "placeCard")
        tile = self._table.drawn
        if tile is None:
            raise ValueError("nothing is drawn in the step of laying")
        self._table.lay(spot_to_lay(self._table, tile, command))
        self.model.say(seat, "OK - placeMeeple")

    def _place_meeple(self, seat: int, command: Command) -> None:
        self._expect("placeMeeple", seat, "placeMeeple")
        meeple, index = follower_to_place(self._table, self._seats[seat], command)
        self._table.place(meeple, index)
        self._ended_by_meeple.add(seat)
        self._next_turn(seat)

    def _end_turn(self, seat: int, command: Command) -> None:
        if seat in self._ended_by_meeple:
            self._ended_by_meeple.discard(seat)
            return
        self._expect("placeMeeple", seat, "endTurn")
        self._next_turn(seat)

    def _expect(self, step: Step, seat: int, action: str) -> None:
        assets = self._seats[seat]
        if self.over:
            raise Illegal(action, self.OVER)
        if assets.visitor:
            raise Illegal(action, self.WATCHING)
        current = self._root.current_player
        if self.step is None or current is None:
            raise Illegal(action, self.NOT_STARTED)
        if current is not assets:
            name = current.user.nickname if current.user is not None else "another player"
            raise Illegal(action, self.TURN.format(name=name))
        if self.step != step:
            raise Illegal(action, _EXPECTED[self.step])

    def _after(self, seat: int) -> int:
        order = list(self._players())
        return order[(order.index(seat) + 1) % len(order)]

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
        players = list(self._players().values())
        best = max(player.score for player in players)
        self._finish([player for player in players if player.score == best][-1])

    def _finish(self, winner: UserAssets | None) -> None:
        self._root.current_field = None
        self._root.current_player = None
        self._end(winner)
