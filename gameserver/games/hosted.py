"""What a match hosts: a game from CREATE GAME to its end, with what is the same in every game of the Kassel family.

People take and leave seats before a game starts, so seats are part of the rules' own command log. Whatever changes a
game goes through ``join``, ``leave``, ``apply`` or ``advance``; replaying those calls with the same options and seed
gives the same final state, object names included.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, ClassVar, Generic, TypeVar

from gameserver.games.api import Command, Illegal, Options, Participant, camel
from gameserver.games.entity import Attribute, Entity, Model, ToMany, ToOne
from gameserver.games.maps import BadMap
from gameserver.games.participants import Roster, User, parse_color


class Assets(Entity):
    """Somebody in a game, player or visitor. A game's own ``UserAssets`` adds what they own there."""

    user = ToOne[User]()
    game = ToOne["GameRoot[Any]"]("users")
    color = Attribute[str]("")
    visitor = Attribute[bool](False)


A = TypeVar("A", bound=Assets)
M = TypeVar("M")


class GameRoot(Entity, Generic[A]):
    """The object every dump starts at. ``num_players`` is how many may play, ``winner`` is known before the end.

    The order of a class's properties is the order of its dumps; a game that has these in another one names them again
    where they stand.
    """

    users = ToMany[A]("game")
    name = Attribute[str]("")
    running = Attribute[bool](False)
    winner = ToOne[User]()
    num_players = Attribute[int](0)
    test_game = Attribute[bool](False)


Root_co = TypeVar("Root_co", bound=GameRoot[Any], covariant=True)
A_co = TypeVar("A_co", bound=Assets, covariant=True)


class HostedGame(ABC, Generic[Root_co, A_co]):
    """One game. A subclass is made with ``Class(options, seed)`` and raises ``Illegal`` for options it cannot have.

    It has ``_handlers``, a function of seat and command for every action but CHANGE_USER_COLOR, or carries commands
    out itself and names the actions. The sentences are what people read who are refused, the same in every game.
    """

    _handlers: Mapping[str, Callable[[int, Command], None]]

    #: Players that a start takes, and that there is room for. A test game may be played alone.
    LEAST: ClassVar[int] = 2
    MOST: ClassVar[int]

    SEAT_TAKEN: ClassVar[str] = "Seat {seat} is taken."
    STARTED: ClassVar[str] = "The game has already started: join it with -visitor true."
    FULL: ClassVar[str] = "All seats are taken: join with -visitor true."
    TOO_SMALL: ClassVar[str] = "A game for {count} can never start: it takes {least} players, or -testgame."
    TOO_LARGE: ClassVar[str] = "{game} is for {most} players at most."
    NO_MAP: ClassVar[str] = "{game} is played on a map."
    BAD_MAP: ClassVar[str] = "The map cannot be played: {error}."
    RUNNING: ClassVar[str] = "The game is running already."
    NOT_STARTED: ClassVar[str] = "The game has not started: send START_GAME."
    OVER: ClassVar[str] = "The game is over."
    WATCHING: ClassVar[str] = "Visitors only watch."
    NO_SEAT: ClassVar[str] = "You have no seat in this game: join it first."
    TURN: ClassVar[str] = "It is the turn of {name}."

    def __init__(self, root: Root_co) -> None:
        if root.num_players < (1 if root.test_game else self.LEAST):
            sentence = self.TOO_SMALL.format(count=root.num_players, least=self.LEAST)
            raise Illegal("createGame", sentence)
        self.model: Model = root.model
        self._root = root
        self._roster = Roster(root.model)
        #: Who is here, in the order of joining.
        self._seats: dict[int, A_co] = {}
        #: How many players began; 0 before the start.
        self._began = 0

    @classmethod
    def _map_of(cls, options: Options, read: Callable[[str], M]) -> M:
        """Return what ``read`` makes of the map, for a game that has a place on it for each player.

        Raises ``Illegal`` for more players than there are places, for no map, and for a ``BadMap``.
        """
        if options.max_players > cls.MOST:
            raise Illegal("createGame", cls.TOO_LARGE.format(game=cls.__name__, most=cls.MOST))
        if options.map_text is None:
            raise Illegal("createGame", cls.NO_MAP.format(game=cls.__name__))
        try:
            return read(options.map_text)
        except BadMap as error:
            raise Illegal("createGame", cls.BAD_MAP.format(error=error)) from error

    @property
    def root(self) -> Root_co:
        """The object every dump starts at."""
        return self._root

    @property
    def running(self) -> bool:
        """Whether the game has started and not ended."""
        return self._root.running

    @property
    def over(self) -> bool:
        """Whether the game has ended."""
        return bool(self._began) and not self._root.running

    @property
    def open_seats(self) -> int:
        """How many players could still join before the start; a test game fills them with computer players."""
        return 0 if self._began else self._root.num_players - len(self._players())

    def assets(self, seat: int) -> A_co:
        """Return the object of a seat. ``KeyError`` if nobody sits there."""
        return self._seats[seat]

    def join(self, seat: int, participant: Participant) -> None:
        """Seat somebody; seats are numbered by the host from 0 and never reused. Raises ``Illegal``.

        Players may join until the start, visitors until the end.
        """
        if seat in self._seats:
            raise Illegal("joinGame", self.SEAT_TAKEN.format(seat=seat))
        if self.over:
            raise Illegal("joinGame", self.OVER)
        if not participant.visitor:
            if self._began:
                raise Illegal("joinGame", self.STARTED)
            if not self.open_seats:
                raise Illegal("joinGame", self.FULL)
        user = self._roster.user(participant)
        assets = self._assets_for(seat, participant)
        assets.user = user
        assets.color = self._roster.color(participant.color, [other.color for other in self._seats.values()])
        assets.visitor = participant.visitor
        self._seats[seat] = assets
        self._root.users.add(assets)

    def leave(self, seat: int) -> None:
        """Take somebody out for good, at any time. A running game goes on by its rules for leavers.

        One that is over stays as it ended: nothing of a leaver's goes with them.
        """
        assets = self._seats.get(seat)
        if assets is None:
            return
        if self.over:
            self._root.users.remove(self._seats.pop(seat))
        else:
            self._depart(seat)
        if self.running and self._deserted and not assets.visitor:
            self._abandon(next(iter(self._players().values()), None))
        self.model.forget(assets)
        self._roster.reintroduce(self._root)

    def apply(self, seat: int, command: Command) -> None:
        """Carry out a command, checked completely before anything changes. Raises ``Illegal``."""
        assets = self._seats.get(seat)
        if assets is None:
            raise Illegal(camel(command.action), self.NO_SEAT)
        if command.action == "CHANGE_USER_COLOR":
            assets.color = parse_color(command)
        else:
            if command.action not in self._actions:
                raise self._unknown(command)
            self._carry_out(seat, command)

    def advance(self, milliseconds: int) -> None:
        """Let time pass in a real-time game; other games do nothing here."""

    @abstractmethod
    def prompts(self, seat: int) -> Sequence[str]:
        """Return the prompts open for a seat now (``OK - drawCard``), for somebody who has just come back."""

    def legal(self, seat: int) -> Sequence[Command]:
        """Return the commands the rules would accept from this seat now; empty when it has to wait.

        Before the start that is START_GAME; changes of colour are always possible and not listed.
        """
        if not self._began:
            return [Command("START_GAME")] if seat in self._players() and self._hindrance() is None else []
        return self._moves(seat) if self.running else []

    @abstractmethod
    def _moves(self, seat: int) -> Sequence[Command]:
        """Return the commands the rules would accept from this seat of the running game now."""

    @abstractmethod
    def _assets_for(self, seat: int, participant: Participant) -> A_co:
        """Return a new object for somebody who joins; user, colour and whether they only watch are set afterwards."""

    def _carry_out(self, seat: int, command: Command) -> None:
        """Do what ``apply`` does, for a seat that is taken and a command of this game alone."""
        self._handler(command)(seat, command)

    @property
    def _actions(self) -> Collection[str]:
        """The actions of this game, but for those that every game has."""
        return self._handlers

    def _unknown(self, command: Command) -> Illegal:
        """Return the complaint about an action that this game does not have."""
        known = f"{type(self).__name__} knows {', '.join(self._actions)}, CHANGE_USER_COLOR"
        return Illegal(camel(command.action), f"There is no such action: {known}, and MESSAGE, LEAVE_GAME, NOOP.")

    def _handler(self, command: Command) -> Callable[[int, Command], None]:
        """Return what carries out a command that this game has."""
        return self._handlers[command.action]

    def _depart(self, seat: int) -> None:
        """Take a seat's object out of the game; a game adds, before or after, what becomes of a leaver's things."""
        self._root.users.remove(self._seats.pop(seat))

    @property
    def _deserted(self) -> bool:
        """Whether too few players are here for a game."""
        return len(self._players()) < self.LEAST

    def _abandon(self, last: A_co | None) -> None:
        """End a running game that a player has deserted: who is the last one here has won."""
        self._end(last)

    def _players(self) -> dict[int, A_co]:
        """Return those who play, by seat, in the order of joining."""
        return {seat: assets for seat, assets in self._seats.items() if not assets.visitor}

    def _hindrance(self) -> str | None:
        """Say why the game, which has not started, cannot start now, or return ``None``."""
        least = 1 if self._root.test_game else self.LEAST
        if len(self._players()) >= least:
            return None
        return f"There must at least {least} players participate to start the game."

    def _begin(self, seat: int) -> None:
        """Start the game for a player. Raises ``Illegal`` for a visitor, and when it cannot start, or has."""
        if self._seats[seat].visitor:
            raise Illegal("startGame", self.WATCHING)
        if self._began:
            raise Illegal("startGame", self.OVER if self.over else self.RUNNING)
        hindrance = self._hindrance()
        if hindrance is not None:
            raise Illegal("startGame", hindrance)
        self._began = len(self._players())
        self._root.running = True

    def _end(self, winner: Assets | None) -> None:
        """End the game. The winner is known before ``running`` ends: clients take that for the end of the game."""
        self._root.winner = winner.user if winner is not None else None
        self._root.running = False


#: Any game, for those who know no rules.
Game = HostedGame[GameRoot[Any], Assets]
