"""The game as a match hosts it: seats, commands, prompts, the end."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from gameserver.games.api import Command, Illegal, Options, Participant, camel
from gameserver.games.catan import legal, points, turn
from gameserver.games.catan.editions import LATEST
from gameserver.games.catan.flows import Flows
from gameserver.games.catan.founding import found
from gameserver.games.catan.leaving import withdraw
from gameserver.games.catan.map_format import read_map
from gameserver.games.catan.model import Phase, SettlersOfCatanGame, UserAssets
from gameserver.games.catan.questions import Offer
from gameserver.games.catan.state import State, set_up
from gameserver.games.catan.view import View
from gameserver.games.entity import Model
from gameserver.games.hosted import HostedGame
from gameserver.games.rng import Chance


class Catan(HostedGame[SettlersOfCatanGame, UserAssets]):
    """One game of Cities & Knights.

    Turns go in the order of joining. Who leaves a running game takes everything with him: his pieces come off the
    board, his cards go back to the bank and under their decks, what was asked of him is passed over. The last of
    several players who remains wins.

    ``options.map_text`` is the map. Raises ``Illegal`` if there is none, if it cannot be played, if the number of
    players is not 1 to 6, or if the edition of the rules is a later one than this.
    """

    MOST = 6

    def __init__(self, options: Options, seed: int) -> None:
        if options.rules > LATEST:
            raise Illegal("createGame", f"the rules are known up to edition {LATEST}, not {options.rules}")
        source = self._map_of(options, read_map)
        # Names are public and their mix can be undone, so they get a seed that says nothing about dice and decks.
        model = Model(Chance(f"catan names {seed}").below(1 << 32))
        chance = Chance(f"catan {seed}")
        super().__init__(
            SettlersOfCatanGame(
                model, name=options.name, num_players=options.max_players, test_game=options.test_game
            )
        )
        set_up(self._root, source, options.map_name or "", chance)
        self.state = State(self._root, chance, options.rules or LATEST)
        self._flows = Flows(self.model.say)
        self._root.announce()
        self.model.take()

    @property
    def turn(self) -> int | None:
        """The seat whose turn it is."""
        current = self._root.current_user
        return current.seat if current is not None and self.running else None

    def waiting(self) -> list[int]:
        """Return the seats the game waits for: those that are asked something, or else the one on turn."""
        if not self.running:
            return []
        return self._flows.waiting() if self._flows.active else [self.state.current.seat]

    def view(self, seat: int) -> View:
        """Return what a strategy of that seat sees. ``KeyError`` if nobody sits there."""
        question = self._flows.question(seat)
        offers = question.answers() if isinstance(question, Offer) else []
        return View(self.state, self._seats[seat], self.prompts(seat), offers)

    def _assets_for(self, seat: int, participant: Participant) -> UserAssets:
        return UserAssets(self.model, seat)

    def _depart(self, seat: int) -> None:
        """Take away what was a leaver's; see the class for what becomes of it."""
        assets = self._seats[seat]
        super()._depart(seat)
        if assets in self.state.order:
            self.state.order.remove(assets)
            if self._root.current_user is assets:
                self._root.current_user = None
            withdraw(self.state, assets)
            if self.running and not self._deserted:
                was_asked = self._flows.active
                self._flows.abandon(seat)
                self._settle(prompt=was_asked)

    @property
    def _actions(self) -> Collection[str]:
        """See the base class."""
        return turn.ACTIONS

    def _carry_out(self, seat: int, command: Command) -> None:
        """Carry out a command. Raises ``Illegal`` with the rule it breaks."""
        assets = self._seats[seat]
        action = camel(command.action)
        if assets.visitor:
            raise Illegal(action, self.WATCHING)
        if command.action == "START_GAME":
            self._start(seat)
            return
        if self._root.phase is Phase.JOINING:
            raise Illegal(action, self.NOT_STARTED)
        if self.over:
            raise Illegal(action, self.OVER)
        question = self._flows.question(seat)
        if question is not None:
            self._flows.answer(seat, question.accept(command))
        elif self._flows.active:
            raise Illegal(action, self._whom_to_wait_for())
        elif assets is not self.state.current:
            raise Illegal(action, self.TURN.format(name=self.state.current.nickname))
        else:
            self._flows.start(turn.begin(self.state, assets, command))
        self._settle(prompt=True)

    def prompts(self, seat: int) -> Sequence[str]:
        """The prompts open for a seat now."""
        if not self.running:
            return []
        question = self._flows.question(seat)
        if question is not None:
            return question.lines
        if self._flows.active or self.state.current.seat != seat:
            return []
        return [self._turn_prompt()]

    def _moves(self, seat: int) -> Sequence[Command]:
        """Return the commands the rules would accept from this seat now."""
        question = self._flows.question(seat)
        if question is not None:
            return question.legal()
        if self._flows.active or self.state.current.seat != seat:
            return []
        return legal.commands(self.state, self.state.current)

    def _whom_to_wait_for(self) -> str:
        names = [self._seats[seat].nickname for seat in self._flows.waiting()]
        return f"wait for {', '.join(names)}"

    def _turn_prompt(self) -> str:
        return "OK - rollDies" if self._root.phase is Phase.ROLLING else "OK - endTurn"

    def _start(self, seat: int) -> None:
        self._begin(seat)
        self.state.order = sorted(self._players().values(), key=lambda assets: assets.seat)
        self._flows.start(found(self.state))
        self._settle(prompt=True)

    def _abandon(self, last: UserAssets | None) -> None:
        self._flows.drop()
        self._root.played_card = None
        points.update(self.state)
        self._finish(last)

    def _settle(self, *, prompt: bool) -> None:
        """Afterwards: points, the turn of somebody who has left, the end, and the prompt of the turn.

        ``prompt`` says that the player on turn is to be prompted again, if nothing else is asked.
        """
        points.update(self.state)
        if self._flows.active:
            return
        if self.state.current.gone:
            self.state.start_turn(self.state.next_player())
            prompt = True
        current = self.state.current
        if current.victory_points >= points.GOAL:
            self._finish(current)
        elif prompt:
            self.model.say(current.seat, self._turn_prompt())

    def _finish(self, winner: UserAssets | None) -> None:
        self._root.current_user = None
        # Whose points they were is known before the phase says that it is over.
        self._root.winner = winner.user if winner is not None else None
        self._root.phase = Phase.OVER
        self._end(winner)
