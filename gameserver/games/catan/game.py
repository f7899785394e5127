"""The game as a match hosts it: seats, commands, prompts, the end."""

from __future__ import annotations

from collections.abc import Sequence

from gameserver.games.api import Command, Illegal, Options, Participant
from gameserver.games.catan import legal, points, turn
from gameserver.games.catan.assets import UserAssets
from gameserver.games.catan.flows import Flows
from gameserver.games.catan.founding import found
from gameserver.games.catan.leaving import withdraw
from gameserver.games.catan.map_format import BadMap, read_map
from gameserver.games.catan.questions import Offer, camel
from gameserver.games.catan.root import Phase, SettlersOfCatanGame
from gameserver.games.catan.state import State, set_up
from gameserver.games.catan.view import View
from gameserver.games.entity import Model
from gameserver.games.participants import Roster, parse_color
from gameserver.games.rng import Chance

#: The seed's range of players; a test game may be played alone.
MIN_PLAYERS, MAX_PLAYERS = 2, 6


class Catan:
    """One game of Cities & Knights. See ``gameserver.games.api.Game`` for what a host calls.

    Turns go in the order of joining. Who leaves a running game takes everything with him: his pieces come off the
    board, his cards go back to the bank and under their decks, what was asked of him is passed over. The last of
    several players who remains wins.

    ``options.map_text`` is the map. Raises ``Illegal`` if there is none, if it cannot be played, or if the number of
    players is not 1 to 6.
    """

    def __init__(self, options: Options, seed: int) -> None:
        if options.map_text is None:
            raise Illegal("createGame", "Settlers of Catan is played on a map")
        if not 1 <= options.max_players <= MAX_PLAYERS:
            raise Illegal("createGame", f"Settlers of Catan is for {MIN_PLAYERS} to {MAX_PLAYERS} players")
        try:
            source = read_map(options.map_text)
        except BadMap as error:
            raise Illegal("createGame", f"the map cannot be played, {error}") from error
        # Names are public and their mix can be undone, so they get a seed that says nothing about dice and decks.
        self.model = Model(Chance(f"catan names {seed}").below(1 << 32))
        chance = Chance(f"catan {seed}")
        self._root = SettlersOfCatanGame(
            self.model, name=options.name, max_players=options.max_players, test_game=options.test_game
        )
        set_up(self._root, source, options.map_name or "", chance)
        self.state = State(self._root, chance)
        self._roster = Roster(self.model)
        self._seats: dict[int, UserAssets] = {}
        self._flows = Flows(self.model.say)
        #: How many began: who played alone in a test game does not win by that.
        self._began = 0
        self._root.announce()
        self.model.take()

    @property
    def root(self) -> SettlersOfCatanGame:
        """The object every dump starts at."""
        return self._root

    @property
    def running(self) -> bool:
        """Whether the game has started and not ended."""
        return self._root.running

    @property
    def over(self) -> bool:
        """Whether the game has ended."""
        return self._root.phase is Phase.OVER

    @property
    def open_seats(self) -> int:
        """How many players could still join before the start; a test game fills them with computer players."""
        return self._root.max_players - len(self._players()) if self._root.phase is Phase.JOINING else 0

    @property
    def turn(self) -> int | None:
        """The seat whose turn it is."""
        current = self._root.current_user
        return current.seat if current is not None and self.running else None

    def assets(self, seat: int) -> UserAssets:
        """Return the object of a seat. ``KeyError`` if nobody sits there."""
        return self._seats[seat]

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

    def join(self, seat: int, participant: Participant) -> None:
        """Seat somebody; see ``Game.join``. Raises ``Illegal`` when there is no place, or the game has begun."""
        if seat in self._seats:
            raise Illegal("joinGame", "the seat is taken")
        if not participant.visitor:
            if self._root.phase is not Phase.JOINING:
                raise Illegal("joinGame", "the game has started, it can only be visited")
            if not self.open_seats:
                raise Illegal("joinGame", "the game is full")
        assets = UserAssets(
            self.model,
            seat,
            user=self._roster.user(participant),
            color=self._roster.color(participant.color, [assets.color for assets in self._root.users]),
            visitor=participant.visitor,
        )
        self._seats[seat] = assets
        self._root.users.add(assets)

    def leave(self, seat: int) -> None:
        """Take somebody out for good; see the class for what becomes of what was his."""
        assets = self._seats.pop(seat, None)
        if assets is None:
            return
        self._root.users.remove(assets)
        if assets in self.state.order:
            self.state.order.remove(assets)
            if self._root.current_user is assets:
                self._root.current_user = None
            withdraw(self.state, assets)
            if self.running:
                self._go_on_without(seat)
        self.model.forget(assets)
        self._roster.reintroduce(self._root)

    def apply(self, seat: int, command: Command) -> None:
        """Carry out a command; see ``Game.apply``. Raises ``Illegal`` with the rule it breaks."""
        assets = self._seats.get(seat)
        action = camel(command.action)
        if assets is None:
            raise Illegal(action, "you are not in this game")
        if command.action == "CHANGE_USER_COLOR":
            assets.color = parse_color(command)
            return
        if assets.visitor:
            raise Illegal(action, "visitors only watch")
        if command.action == "START_GAME":
            self._start()
            return
        if self._root.phase is Phase.JOINING:
            raise Illegal(action, "the game has not started, START_GAME starts it")
        if self.over:
            raise Illegal(action, "the game is over")
        question = self._flows.question(seat)
        if question is not None:
            self._flows.answer(seat, question.accept(command))
        elif self._flows.active:
            raise Illegal(action, self._whom_to_wait_for())
        elif assets is not self.state.current:
            raise Illegal(action, f"it is the turn of {self.state.current.nickname}")
        else:
            self._flows.start(turn.begin(self.state, assets, command))
        self._settle(prompt=True)

    def advance(self, milliseconds: int) -> None:
        """Time means nothing in this game."""

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

    def legal(self, seat: int) -> Sequence[Command]:
        """Commands the rules would accept from this seat now; empty when it has to wait.

        Before the start that is START_GAME; changes of colour are always possible and not listed.
        """
        if self._root.phase is Phase.JOINING:
            assets = self._seats.get(seat)
            ready = assets is not None and not assets.visitor and self._hindrance() is None
            return [Command("START_GAME")] if ready else []
        if not self.running:
            return []
        question = self._flows.question(seat)
        if question is not None:
            return question.legal()
        if self._flows.active or self.state.current.seat != seat:
            return []
        return legal.commands(self.state, self.state.current)

    def _players(self) -> list[UserAssets]:
        return sorted((a for a in self._root.users if not a.visitor), key=lambda assets: assets.seat)

    def _whom_to_wait_for(self) -> str:
        names = [self._seats[seat].nickname for seat in self._flows.waiting()]
        return f"wait for {', '.join(names)}"

    def _turn_prompt(self) -> str:
        return "OK - rollDies" if self._root.phase is Phase.ROLLING else "OK - endTurn"

    def _hindrance(self) -> str | None:
        joined, least = len(self._players()), 1 if self._root.test_game else MIN_PLAYERS
        return f"at least {least} players are needed, {joined} joined" if joined < least else None

    def _start(self) -> None:
        if self._root.phase is not Phase.JOINING:
            raise Illegal("startGame", "the game has started already")
        hindrance = self._hindrance()
        if hindrance is not None:
            raise Illegal("startGame", hindrance)
        self.state.order = self._players()
        self._began = len(self.state.order)
        self._root.running = True
        self._flows.start(found(self.state))
        self._settle(prompt=True)

    def _go_on_without(self, seat: int) -> None:
        """Let a running game go on after somebody has left."""
        if len(self.state.order) < min(self._began, MIN_PLAYERS):
            self._flows.drop()
            self._root.played_card = None
            points.update(self.state)
            self._end(self.state.order[0] if self.state.order else None)
            return
        was_asked = self._flows.active
        self._flows.abandon(seat)
        self._settle(prompt=was_asked)

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
            self._end(current)
        elif prompt:
            self.model.say(current.seat, self._turn_prompt())

    def _end(self, winner: UserAssets | None) -> None:
        root = self._root
        root.current_user = None
        # The winner is known before running ends: clients take that for the end of the game.
        root.winner = winner.user if winner is not None else None
        root.phase = Phase.OVER
        root.running = False
