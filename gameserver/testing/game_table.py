"""A game that is played in memory, without a match around it, and its log."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gameserver.games.api import Command, Options, Participant
from gameserver.games.entity import Change, Message, dump
from gameserver.games.hosted import Game
from gameserver.games.kind import Kind
from gameserver.games.replica import Replica
from gameserver.games.rng import Chance
from gameserver.matches.command_log import Commanded, Entry, Joined, Left, Passed, perform, read, replay, write
from gameserver.matches.wire import change_line
from gameserver.testing.game_events import dumped, feed, lines

START = Command("START_GAME")

#: Milliseconds between two looks of a computer player at a real-time game.
LOOK_MS = 500

#: Looks after which a game must have ended.
ENDLESS = 20_000


class Table:
    """A game with its log, and somebody who watches it from the beginning."""

    def __init__(self, kind: Kind[Any], options: Options, seed: int) -> None:
        self.kind = kind
        self.options, self.seed = options, seed
        self.game: Game = kind.make(options, seed)
        self.log: list[Entry] = []
        self.told: list[Change | Message] = []
        self.watcher = feed(Replica(kind.collections), dumped(self.game.root))
        self.next_seat = 0
        #: The seats that are taken.
        self.seats: list[int] = []

    def do(self, entry: Entry) -> list[Change | Message]:
        """Make an entry and return what it changed. ``Illegal`` comes through."""
        perform(self.game, entry)
        self.log.append(entry)
        if isinstance(entry, Joined):
            self.seats.append(entry.seat)
        elif isinstance(entry, Left) and entry.seat in self.seats:
            self.seats.remove(entry.seat)
        news = self.game.model.take()
        self.told += news
        feed(self.watcher, lines(news))
        return news

    def join(self, *, visitor: bool = False) -> int:
        """Let somebody come and return their seat. ``Illegal`` comes through."""
        seat, self.next_seat = self.next_seat, self.next_seat + 1
        self.do(Joined(seat, Participant(f"player{seat}", "SE", ("player0", "absent"), visitor=visitor)))
        return seat

    def fill(self) -> None:
        """Let players come until the game is full, and do what they have to do before the start."""
        while self.game.open_seats:
            self.join()
        for seat in self.seats:
            self.prepare(seat)

    def prepare(self, seat: int) -> None:
        """Let a computer player do what has to be done at a seat before the start."""
        while START not in self.game.legal(seat) and (command := self.decide(seat)) is not None:
            self.do(Commanded(seat, command))

    def decide(self, seat: int) -> Command | None:
        """Return what the server's computer player does at a seat."""
        command: Command | None = self.kind.decide(self.game, seat, Chance(f"{self.seed} {seat} {len(self.log)}"))
        return command

    def moves(self, seats: list[int]) -> Iterator[tuple[int, Command]]:
        """Let computer players move until the game is over; yields each move before it is made."""
        for _ in range(ENDLESS):
            moved = False
            for seat in seats:
                command = self.decide(seat) if self.game.running else None
                if command is not None:
                    yield seat, command
                    self.do(Commanded(seat, command))
                    moved = True
            if self.game.over:
                return
            if self.kind.real_time:
                self.do(Passed(LOOK_MS))
            elif not moved:
                raise AssertionError("nobody moves, and the game is not over")
        raise AssertionError("the game does not end")

    def picture(self) -> list[bytes]:
        """Return the game as a visitor sees it, in the wire's bytes."""
        return [change_line(0, change) for change in dump(self.game.root, None)]

    def again(self) -> Game:
        """Return the game that the log gives, as it is written and read."""
        game: Game = self.kind.make(self.options, self.seed)
        for _ in replay(game, (read(write(entry)) for entry in self.log)):
            game.model.take()
        return game
