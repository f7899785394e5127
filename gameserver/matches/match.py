"""One hosted game: who sits where, what they may see, and what is written down before it is told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

from twisted.internet.interfaces import IReactorTime

from gameserver.errors import Code, GameError
from gameserver.games.api import Command, Illegal, Participant
from gameserver.games.entity import Message, dump
from gameserver.games.hosted import Game
from gameserver.games.kind import Kind
from gameserver.matches.batch import Batch, Chat, Item, changes
from gameserver.matches.command_log import Commanded, Entry, Header, Joined, Left, Passed, perform
from gameserver.matches.gate import Gate
from gameserver.matches.journal import Journal
from gameserver.matches.seat import Receiver, Seat
from gameserver.matches.talk import Talk
from gameserver.sessions.players import name_key


class Host(Protocol):
    """The registry, as a match sees it."""

    def lost(self, match: Match, seat: Seat) -> None:
        """A player's connection has ended; their seat is kept for a while."""

    def back(self, match: Match, seat: Seat) -> None:
        """They are back."""

    def moved(self, match: Match) -> None:
        """Something has changed in the match."""

    def over(self, match: Match) -> None:
        """The game has ended; told once."""

    def empty(self, match: Match) -> None:
        """The last person has left."""


class Match:
    """Hosts a ``Game`` without knowing its rules.

    Everything that changes the game is written to the command log; what follows from it, and every later word to
    anybody, is told only after that line is on disk. While nothing waits for the disk, news go out at once.
    """

    def __init__(
        self, header: Header, kind: Kind[Any], game: Game, clock: IReactorTime, journal: Journal, host: Host
    ) -> None:
        self.header = header
        self.kind = kind
        self.game = game
        self._host = host
        self._gate = Gate(header, clock, journal)
        self._next_seat = 0
        self._seats: dict[int, Seat] = {}
        #: Events so far, as LIST GAMES shows it: the size of the first dump and every change since.
        self.events = 0
        self.ended = False
        #: What was said to all.
        self.talk = Talk()
        #: Names of all players, leavers too, in the order of joining.
        self.players: dict[str, None] = {}

    @property
    def name(self) -> str:
        """The name of the game."""
        return self.header.options.name

    @property
    def capacity(self) -> int:
        """How many players there is room for, as the game has it."""
        return self.game.root.num_players

    @property
    def winner(self) -> str:
        """The nickname of the winner, "" while there is none."""
        winner = self.game.root.winner
        return winner.nickname if winner is not None else ""

    def seats(self) -> list[Seat]:
        """Return all seats that are taken."""
        return list(self._seats.values())

    def playing(self) -> list[Seat]:
        """Return the seats of players, computers too, without visitors."""
        return [seat for seat in self._seats.values() if not seat.participant.visitor]

    def seat_of(self, nickname: str) -> Seat | None:
        """Return the seat of a person by name, without case."""
        key = name_key(nickname)
        return next((seat for seat in self._seats.values() if name_key(seat.participant.nickname) == key), None)

    @property
    def attended(self) -> bool:
        """Whether any person who plays is connected."""
        return any(seat.receiver is not None and not seat.participant.visitor for seat in self._seats.values())

    def restored(self, entries: Iterator[Entry], count: int) -> Iterator[None]:
        """Note what the log has already brought about; the game has been and is being replayed by ``entries``."""
        for entry in entries:
            items = self._news()
            self._count(items)
            if isinstance(entry, Joined):
                self._note_join(Seat(entry.seat, entry.participant))
            elif isinstance(entry, Left):
                self._note_leave(self._seats.pop(entry.seat))
            yield
        self._gate.resume(count)

    def enter(self, participant: Participant, receiver: Receiver) -> Seat:
        """Give a person his seat: the one he had, or a new one. His first word is the dump.

        Raises ``GameError`` ``not_joined`` with the rules' reason, or ``visiting`` when a player wants to watch.
        """
        old = self.seat_of(participant.nickname)
        if old is not None and old.human:
            if old.participant.visitor == participant.visitor:
                return self._return(old, receiver)
            if not old.participant.visitor:
                raise GameError(Code.VISITING, "You play in this game: join it without -visitor true.")
        if self.ended or self.game.over:
            raise GameError(Code.NOT_JOINED, "The game is over.")
        seat = self._take_seat(participant, receiver)
        if old is not None and old.human:
            # Who watched and now plays does not watch as well.
            if old.receiver is not None:
                old.receiver.replaced()
            self.leave(old)
        return seat

    def seat_computer(self, participant: Participant) -> Seat:
        """Give a computer player a seat. Raises ``GameError`` ``not_joined``."""
        return self._take_seat(participant, None)

    def _take_seat(self, participant: Participant, receiver: Receiver | None) -> Seat:
        seat = Seat(self._next_seat, participant, receiver, receiver is not None and receiver.timed)
        entry = Joined(seat.number, participant)
        try:
            perform(self.game, entry)
        except Illegal as error:
            raise GameError(Code.NOT_JOINED, error.sentence) from None
        self._gate.write(entry)
        items = self._news()
        self._tell(items)
        self._note_join(seat)
        if receiver is not None:
            self._welcome(seat, receiver, [item for item in items if _for_seat(item, seat.number)])
        self._host.moved(self)
        return seat

    def _note_join(self, seat: Seat) -> None:
        self._seats[seat.number] = seat
        self._next_seat = max(self._next_seat, seat.number + 1)
        if not seat.participant.visitor:
            self.players[seat.participant.nickname] = None

    def _note_leave(self, seat: Seat) -> None:
        if not self.game.running and not self.game.over:
            self.players.pop(seat.participant.nickname, None)

    def _return(self, seat: Seat, receiver: Receiver) -> Seat:
        older, seat.receiver = seat.receiver, receiver
        seat.timed = receiver.timed
        if older is not None:
            older.replaced()
        self._host.back(self, seat)
        self._welcome(seat, receiver, [Message(seat.number, text) for text in self.game.prompts(seat.number)])
        return seat

    def _welcome(self, seat: Seat, receiver: Receiver, news: list[Item]) -> None:
        whole = Batch(self._gate.now_ms, dump(self.game.root, self._eyes(seat)))
        self._gate.send(lambda batch: receiver.welcome(seat, batch), whole)
        if news:
            self._gate.send(receiver.deliver, Batch(self._gate.now_ms, news))

    @staticmethod
    def _eyes(seat: Seat) -> int | None:
        return None if seat.participant.visitor else seat.number

    def command(self, seat: Seat, command: Command) -> bool:
        """Carry out a command of a seat; what the rules refuse is told to its person alone.

        Return whether they accepted it.
        """
        entry = Commanded(seat.number, command)
        try:
            perform(self.game, entry)
        except Illegal as error:
            self.tell(seat, f"ERROR: {error.action} - {error.sentence}")
            return False
        self._gate.write(entry)
        items = self._news()
        if not any(_for_seat(item, seat.number) or _public(item) for item in items):
            # An accepted command always has an answer.
            items.append(Message(seat.number, f"OK - {command.action} received!"))
        self._tell(items)
        self._changed()
        return True

    def try_command(self, seat: Seat, command: Command) -> str | None:
        """Carry out a command of a computer player; return the rules' reason if they refuse it."""
        entry = Commanded(seat.number, command)
        try:
            perform(self.game, entry)
        except Illegal as error:
            return error.sentence
        self._gate.write(entry)
        self._tell(self._news())
        self._changed()
        return None

    def advance(self, milliseconds: int) -> None:
        """Let time pass; everything that changes is one batch."""
        perform(self.game, Passed(milliseconds))
        self._gate.pass_time(milliseconds)
        self._tell(self._news())
        self._changed()

    def remember(self) -> None:
        """Write down the time that has passed, before the process ends."""
        self._gate.remember()

    def leave(self, seat: Seat) -> None:
        """Take somebody out for good. He still hears of it himself."""
        if self._seats.get(seat.number) is not seat:
            return
        entry = Left(seat.number)
        perform(self.game, entry)
        self._gate.write(entry)
        self._tell(self._news())
        del self._seats[seat.number]
        self._note_leave(seat)
        self._host.back(self, seat)
        self._changed()
        self._check_people()

    def lost(self, seat: Seat, receiver: Receiver) -> None:
        """Note that a connection has ended. A player's seat is kept for the grace time, a visitor's is not."""
        if seat.receiver is not receiver:
            return
        seat.receiver = None
        if seat.participant.visitor or self.ended:
            self.leave(seat)
        elif self._seats.get(seat.number) is seat:
            self._host.lost(self, seat)

    def abandon(self) -> None:
        """Let go of a match that another node has taken over: its people have to come back, and find it there."""
        self.ended = True
        for receiver in self._put_out():
            receiver.abandoned()

    def dismiss(self) -> None:
        """Close the match, whoever is in it and however it stands: an operator's doing."""
        self._host.empty(self)
        for receiver in self._put_out():
            receiver.dismissed()

    def _put_out(self) -> list[Receiver]:
        found = [seat.receiver for seat in self._seats.values() if seat.receiver is not None]
        for seat in self._seats.values():
            seat.receiver = None
        return found

    def tell(self, seat: Seat, text: str) -> None:
        """Say a sentence of the server to one seat, in its place among the events."""
        if seat.receiver is not None:
            self._gate.send(seat.receiver.deliver, Batch(self._gate.now_ms, [Message(seat.number, text)]))

    def chat_to_all(self, chat: Chat) -> None:
        """Let everybody hear what somebody said, and remember it for who comes later."""
        self.talk.add(self._gate.now_ms, chat)
        self.chat(self.seats(), chat)

    def chat(self, receivers: list[Seat], chat: Chat) -> None:
        """Let some hear what somebody said."""
        batch = Batch(self._gate.now_ms, [chat])
        for seat in receivers:
            if seat.receiver is not None:
                self._gate.send(seat.receiver.deliver, batch)

    def _news(self) -> list[Item]:
        return [*self.game.model.take()]

    def _tell(self, items: list[Item]) -> None:
        if not items:
            return
        self._count(items)
        batch = Batch(self._gate.now_ms, items)
        for seat in self._seats.values():
            if seat.receiver is not None:
                self._gate.send(seat.receiver.deliver, batch)

    def _count(self, items: list[Item]) -> None:
        # The first join counts with everything that is there.
        self.events += changes(items) if self.events else len(dump(self.game.root, None))

    def _changed(self) -> None:
        if self.game.over and not self.ended:
            self.ended = True
            self._gate.remember()
            self._host.over(self)
            # Whoever is away will not come back to a game that is over.
            for seat in self.seats():
                if seat.human and seat.receiver is None:
                    self.leave(seat)
        self._host.moved(self)

    def _check_people(self) -> None:
        if not any(seat.human for seat in self._seats.values()):
            self._host.empty(self)


def _for_seat(item: Item, seat: int) -> bool:
    return isinstance(item, Message) and item.seat == seat


def _public(item: Item) -> bool:
    return not isinstance(item, Message)
