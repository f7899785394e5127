"""The game as a match hosts it: seats, commands, prompts, the end."""

from __future__ import annotations

from collections.abc import Sequence

from gameserver.games.api import Command, Illegal, Options, Participant
from gameserver.games.catan import legal, points, turn
from gameserver.games.catan.assets import UserAssets
from gameserver.games.catan.flows import Flows
from gameserver.games.catan.founding import found
from gameserver.games.catan.map_format import read_map
from gameserver.games.catan.progress.drawing import put_back
from gameserver.games.catan.questions import camel
from gameserver.games.catan.root import Phase, SettlersOfCatanGame
from gameserver.games.catan.state import State
from gameserver.games.entity import Model
from gameserver.games.participants import Roster, parse_color
from gameserver.games.rng import Chance

MIN_PLAYERS, MAX_PLAYERS = 2, 6


class Catan:
    """One game of Cities & Knights.

    Who leaves a running game leaves his pieces standing as obstacles: they earn nothing, draw no barbarians and
    defend nothing. His cards go back, his metropolises and the merchant are free again, what he is asked is
    answered by chance or declined, his turns are skipped. The last who remains wins.
    """

    def __init__(self, options: Options, seed: int) -> None:
        """Set up the board. ``options.map_text`` is needed; raises ``BadMap`` if it cannot be played."""
        if options.map_text is None:
            raise ValueError("Settlers of Catan is played on a map")
        if not MIN_PLAYERS <= options.max_players <= MAX_PLAYERS:
            raise ValueError(f"a game is for {MIN_PLAYERS} to {MAX_PLAYERS} players")
        source = read_map(options.map_text)
        self.model = Model(seed)
        self._root = SettlersOfCatanGame(
            self.model, name=options.name, max_players=options.max_players, test_game=options.test_game
        )
        self.state = State(self._root, source, options.map_name or "", Chance(seed))
        self._roster = Roster(self.model)
        self._seats: dict[int, UserAssets] = {}
        self._flows = Flows(self.state.chance, self.model.say, lambda seat: self.state.player(seat) is None)
        #: What the player on turn was last asked to do, so that it is said once.
        self._prompted: tuple[int, Phase] | None = None
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

    def join(self, seat: int, participant: Participant) -> None:
        """Seat somebody; see ``Game.join``."""
        if seat in self._seats:
            raise Illegal("joinGame", "the seat is taken")
        if not participant.visitor:
            if self._root.phase is not Phase.JOINING:
                raise Illegal("joinGame", "the game has started, it can only be visited")
            if sum(not assets.visitor for assets in self._root.users) >= self._root.max_players:
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
        if assets not in self.state.order:
            return
        self.state.order.remove(assets)
        if not self.running:
            return
        self.state.gone.append(assets)
        assets.longest_road = False
        if len(self.state.order) == 1:
            self._flows.drop()
            self._root.played_card = None
            self._release()
            points.update(self.state)
            self._end(self.state.order[0])
            return
        self.state.roads_changed = True
        asked = self._flows.active
        self._flows.abandon(seat)
        self._settle(asked)

    def apply(self, seat: int, command: Command) -> None:
        """Carry out a command; see ``Game.apply``."""
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
            self._settle(asked=True)
        elif self._flows.active:
            raise Illegal(action, self._whom_to_wait_for())
        elif assets is not self.state.current:
            raise Illegal(action, f"it is the turn of {self.state.current.nickname}")
        else:
            self._flows.start(turn.begin(self.state, assets, command))
            self._settle(asked=self._flows.active)

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
        """Commands the rules would accept from this seat now; empty when it has to wait."""
        if not self.running:
            return []
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

    def _start(self) -> None:
        if self._root.phase is not Phase.JOINING:
            raise Illegal("startGame", "the game has started already")
        players = [assets for assets in self._root.users if not assets.visitor]
        if len(players) < MIN_PLAYERS:
            raise Illegal("startGame", f"at least {MIN_PLAYERS} players are needed, {len(players)} joined")
        self.state.order = sorted(players, key=lambda assets: assets.seat)
        self._root.running = True
        self._flows.start(found(self.state))
        self._settle(asked=True)

    def _settle(self, asked: bool) -> None:
        """After a command: points, leavers, the end, and the prompt of the turn when it is due.

        ``asked`` says that something else was asked meanwhile, so that the prompt has to come again.
        """
        points.update(self.state)
        if asked:
            self._prompted = None
        if self._flows.active:
            return
        self._release()
        if self.state.current not in self.state.order:
            self._root.played_card = None
            self.state.start_turn(self.state.next_player())
        current = self.state.current
        points.update(self.state)
        if current.victory_points >= points.GOAL:
            self._end(current)
            return
        now = (self.state.turn, self._root.phase)
        if now != self._prompted:
            self._prompted = now
            self.model.say(current.seat, self._turn_prompt())

    def _release(self) -> None:
        """Take back what leavers held. It waits until nothing is asked any more: an answer may still need it."""
        for assets in self.state.gone:
            for card in assets.cards:
                self.state.bank.take_back(card)
            for progress_card in assets.progress_cards:
                put_back(self.state, assets, progress_card)
            for metropolis in assets.metropolises:
                metropolis.city = None
                metropolis.user_assets = None
            if assets.merchant is not None:
                assets.merchant.field = None
                self.state.merchant.user_assets = None
        self.state.gone.clear()

    def _end(self, winner: UserAssets) -> None:
        self._root.winner = winner
        self._root.running = False
        self._root.phase = Phase.OVER
