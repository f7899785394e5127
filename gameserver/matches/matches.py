"""All matches of the process: made, found, resumed after a restart, ended."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any

import attrs
from twisted.internet.defer import Deferred, DeferredLock, ensureDeferred
from twisted.internet.interfaces import IReactorTime
from twisted.internet.task import Cooperator, deferLater
from twisted.logger import Logger
from twisted.python.failure import Failure

from gameserver.errors import Code, GameError, Unavailable
from gameserver.games.api import Command, Illegal, Options
from gameserver.games.kind import Kind
from gameserver.matches.clock import TickClock
from gameserver.matches.command_log import Header, read, replay
from gameserver.matches.computers import Computers
from gameserver.matches.journal import RETRY, Journal
from gameserver.matches.match import Match
from gameserver.matches.seat import Grace, Seat
from gameserver.matches.store import LogLine, MatchStore, check_open_games
from gameserver.matches.turn_clock import TurnClocks
from gameserver.reactor import wall

#: Seconds the start of the server waits for matches to be resumed; the rest is done while people come in.
RESUMING = 10.0


class Matches:
    """The registry. ``kinds`` are the games there are, by name.

    ``grace`` and ``pause`` are seconds: see ``kassel.grace`` and ``kassel.computer_pause``. ``most`` open matches of
    one creator, ``unused`` seconds until a game that nobody has joined is closed. ``seeds`` gives each match the
    number its chance comes from, of at most 62 bits. ``watchers`` are called with every match that is new, in which
    something has moved, or that is open no more.
    """

    _log = Logger()

    def __init__(
        self,
        clock: IReactorTime,
        store: MatchStore,
        kinds: Mapping[str, Kind[Any]],
        grace: float = 120.0,
        pause: float = 0.3,
        most: int = 50,
        unused: float = 3600.0,
        seeds: Callable[[], int] = lambda: secrets.randbits(62),
        watchers: Iterable[Callable[[Match], None]] = (),
    ) -> None:
        self._clock = clock
        self._seeds = seeds
        self._store = store
        self._kinds = kinds
        self._most = most
        self._unused = unused
        self._open: dict[tuple[str, str], Match] = {}
        #: Names being made and their creators.
        self._making: dict[tuple[str, str], str] = {}
        self._resuming: dict[tuple[str, str], list[Deferred[None]]] = {}
        #: Matches that are over but still open on disk, with those who wait for that.
        self._ending: dict[tuple[str, str], list[Deferred[None]]] = {}
        self._ended: dict[int, Match] = {}
        #: How many have been made and played to their end here, by kind.
        self.created = dict.fromkeys(kinds, 0)
        self.finished = dict.fromkeys(kinds, 0)
        self.watchers = list(watchers)
        self.journal = Journal(store, clock, self._taken)
        self.ticks = TickClock(clock)
        self._computers = Computers(clock, pause)
        self.turn_clocks = TurnClocks(clock, pause, self._computers.move)
        self.grace = Grace(clock, grace)
        self._stopping = False
        #: What is taken over is taken one after the other: nothing twice.
        self._taking = DeferredLock()
        self._cooperator = Cooperator(scheduler=lambda turn: clock.callLater(0, turn))

    def __len__(self) -> int:
        return len(self._open)

    def kind(self, name: str) -> Kind[Any]:
        """Return a kind of game by its name."""
        return self._kinds[name]

    def open(self, kind: str) -> list[Match]:
        """Return the matches of a kind that are not over, oldest first."""
        return [match for (of, _), match in self._open.items() if of == kind]

    def has(self, match: Match) -> bool:
        """Say whether a match is one that is not over."""
        return self._open.get((match.header.kind, match.name)) is match

    def every(self) -> list[Match]:
        """Return all matches that are not over."""
        return list(self._open.values())

    async def create(self, kind: str, options: Options, creator: str) -> Match:
        """Make a match; it is on disk when this returns.

        Raises ``GameError`` ``game_exists`` while there is one of this kind and name at any node, ``too_many_games``
        or ``bad_options``.
        """
        slot = (kind, options.name)
        await _wait(self._ending.get(slot))
        if slot in self._open or slot in self._making or slot in self._resuming:
            raise GameError(Code.GAME_EXISTS, f"GAME {options.name} already exists.")
        # Before anything that costs more; the store counts those of the other nodes too.
        mine = sum(match.header.creator == creator for match in self._open.values())
        check_open_games(mine + sum(other == creator for other in self._making.values()), self._most)
        options = attrs.evolve(options, rules=self._kinds[kind].rules)
        header = Header(0, kind, options, self._seeds(), creator, int(wall(self._clock) * 1000))
        try:
            game = self._kinds[kind].make(options, header.seed)
        except (Illegal, ValueError) as error:
            raise GameError(Code.BAD_OPTIONS, error.sentence if isinstance(error, Illegal) else str(error)) from None
        self._making[slot] = creator
        try:
            header = attrs.evolve(header, id=await self._store.create(header, self._most))
        finally:
            del self._making[slot]
        match = Match(header, self._kinds[kind], game, self._clock, self.journal, self)
        self._open[slot] = match
        self.created[kind] += 1
        self._watched(match)
        return match

    async def find(self, kind: str, name: str) -> Match:
        """Return an open match; one whose node is gone is taken over.

        Raises ``GameError`` ``no_game``, or ``Elsewhere`` if it is at another node.
        """
        slot = (kind, name)
        await _wait(self._resuming.get(slot))
        if slot not in self._open:
            await self._take_over(slot)
        match = self._open.get(slot)
        if match is None:
            raise GameError(Code.NO_GAME, f"There is no game {name}: LIST GAMES shows the open ones.")
        return match

    def command(self, match: Match, seat: Seat, command: Command) -> bool:
        """Carry out a command of a person; return whether the rules accepted it.

        START_GAME of a test game fills the free seats first.
        """
        starts = command.action == "START_GAME" and not seat.participant.visitor
        if starts and match.header.options.test_game and not match.game.running and not match.game.over:
            return self._computers.start_game(match, seat)
        return match.command(seat, command)

    async def _take_over(self, slot: tuple[str, str]) -> None:
        if self._stopping or slot in self._making or slot in self._ending or slot in self._resuming:
            return
        waiting: list[Deferred[None]] = []
        self._resuming[slot] = waiting
        header = None
        try:
            async with self._taking:
                header = await self._store.take_over(*slot)
        finally:
            if header is None and self._resuming.get(slot) is waiting:
                self._resumed(slot)
        if header is not None:
            self._log.info("match {id} is taken over: its node is gone", id=header.id)
            await self._resume_all([header])
        else:
            # It may have been adopted while we asked.
            await _wait(self._resuming.get(slot))

    async def adopt(self) -> int:
        """Resume this node's share of the matches that no living node has; return how many those are."""
        if self._stopping:
            return 0
        async with self._taking:
            headers = await self._store.take_orphans()
            for header in headers:
                slot = (header.kind, header.options.name)
                # Who waits for it by name waits for us now.
                self._resuming[slot] = list(self._resuming.get(slot, ()))
        if headers:
            self._log.info("matches taken over that no node has: {count}", count=len(headers))
            await self._resume_all(headers)
        return len(headers)

    async def give_up(self) -> int:
        """Leave all matches to the other nodes, after ``stop``; return how many those are. A lone node keeps them.

        They are on disk as they stand. What a player does from now on is kept only until another node goes on with
        the match, and confirmed only if it has been kept.
        """
        return await self._store.give_up()

    def _resumed(self, slot: tuple[str, str]) -> None:
        for waiting in self._resuming.pop(slot, ()):
            waiting.callback(None)

    async def check_owners(self) -> None:
        """Let go of what another node has taken over while this one stood still."""
        for match in await self._store.lost([match.header for match in self.every()]):
            self._taken(match)

    def _taken(self, match: int) -> None:
        """Let go of a match that another node has taken over."""
        for mine in [*self.every(), *self._ended.values()]:
            if mine.header.id == match:
                self._log.warn("match {id} is another node's now; its players are sent away", id=match)
                self._close(mine)
                for seat in mine.seats():
                    self.grace.end(seat)
                mine.abandon()

    async def resume(self) -> None:
        """Play the logs of all matches of this node that were open when the process ended.

        Every player's seat gets the grace time anew. Returns after ``RESUMING`` seconds at the latest; ``find`` waits
        for a match that is not ready.
        """
        headers = await self._store.take_own()
        for header in headers:
            self._resuming[header.kind, header.options.name] = []
        work = ensureDeferred(self._resume_all(headers)).addCallback(lambda _: ensureDeferred(self.adopt()))
        done: Deferred[None] = Deferred()

        def finished(result: object) -> None:
            if isinstance(result, Failure):
                self._log.failure("matches were not resumed", result)
            if not done.called:
                done.callback(None)

        work.addBoth(finished)
        timer: Any = self._clock.callLater(RESUMING, finished, None)
        await done
        if timer.active():
            timer.cancel()

    async def _resume_all(self, headers: list[Header]) -> None:
        for header in headers:
            slot = (header.kind, header.options.name)
            try:
                await self._resume_one(header, await self._lines(header.id))
            except Unavailable:
                # The server stops; who comes after it resumes the match.
                continue
            except Exception:
                self._log.failure("match {id} could not be resumed; it is closed", id=header.id)
                with suppress(Unavailable):
                    await self._store.finish(header, int(wall(self._clock) * 1000), "", ())
            finally:
                self._resumed(slot)

    async def _lines(self, match: int) -> list[LogLine]:
        """Return a log as soon as it can be read. Raises ``Unavailable`` if the server is to stop before that."""
        while True:
            try:
                return await self._store.lines(match)
            except Unavailable:
                # Why is in the log already.
                if self._stopping:
                    raise
            await deferLater(self._clock, RETRY)

    async def _resume_one(self, header: Header, lines: list[LogLine]) -> None:
        kind = self._kinds[header.kind]
        game = kind.make(header.options, header.seed)
        match = Match(header, kind, game, self._clock, self.journal, self)
        entries = replay(game, (read(line.text) for line in lines))
        await self._cooperator.coiterate(match.restored(entries, len(lines)))
        if self._stopping:
            return
        if game.over:
            self.over(match)
            return
        self._open[header.kind, header.options.name] = match
        for seat in match.seats():
            if seat.participant.visitor:
                match.leave(seat)
            elif seat.human:
                self.lost(match, seat)
        self.moved(match)

    async def stop(self) -> None:
        """Let everything stand still and write what waits; the matches are resumed by the next process."""
        self._stopping = True
        self.ticks.stop()
        self._computers.stop()
        self.turn_clocks.stop()
        self.grace.stop()
        for match in self.every():
            match.remember()
        await self.journal.flushed()

    def lost(self, match: Match, seat: Seat) -> None:
        """See ``Host``."""
        if not self._stopping:
            self.grace.start(seat, match.leave)
            self.turn_clocks.look(match)

    def back(self, match: Match, seat: Seat) -> None:
        """See ``Host``."""
        self.grace.end(seat)
        self._computers.look(match)
        self.turn_clocks.look(match)

    def moved(self, match: Match) -> None:
        """See ``Host``."""
        if self._stopping:
            return
        if match.kind.real_time and match.game.running:
            self.ticks.add(match)
        self._computers.look(match)
        self.turn_clocks.look(match)
        self._watched(match)

    def _watched(self, match: Match) -> None:
        for watcher in self.watchers:
            watcher(match)

    def over(self, match: Match) -> None:
        """See ``Host``."""
        self._close(match)
        ensureDeferred(self._end(match, self._finish))

    def empty(self, match: Match) -> None:
        """See ``Host``. A game that has not begun leaves no trace."""
        if match.ended:
            return
        match.ended = True
        begun = match.game.running or match.game.over
        self._close(match)
        ensureDeferred(self._end(match, self._finish if begun else self._discard))

    def _close(self, match: Match) -> None:
        self.ticks.discard(match)
        self._computers.forget(match)
        self.turn_clocks.forget(match)
        slot = (match.header.kind, match.name)
        if self._open.get(slot) is match:
            del self._open[slot]
            self._watched(match)

    async def sweep(self) -> None:
        """Close games that nobody has joined for a long time."""
        before_ms = (wall(self._clock) - self._unused) * 1000
        for match in self.every():
            if not match.seats() and match.header.created_ms < before_ms:
                self.empty(match)

    async def _finish(self, match: Match) -> None:
        # The last lines of its log come first: a match that is over has a whole log.
        await self.journal.flushed()
        players = [*match.players]
        await self._store.finish(match.header, int(wall(self._clock) * 1000), match.winner, players)
        self.finished[match.header.kind] += 1

    async def _discard(self, match: Match) -> None:
        await self.journal.flushed()
        await self._store.discard(match.header)

    async def _end(self, match: Match, write: Callable[[Match], Awaitable[None]]) -> None:
        """Write the end of a match; while that cannot be done its name is not free."""
        slot = (match.header.kind, match.name)
        self._ending[slot], self._ended[match.header.id] = [], match
        again = True
        while again:
            again = False
            try:
                await write(match)
            except Unavailable:
                # It is in the log already. If this process ends before, the next one closes the match.
                again = not self._stopping
            except Exception:
                self._log.failure("the end of match {id} was not written", id=match.header.id)
            waiting, self._ending[slot] = self._ending[slot], []
            if not again:
                del self._ending[slot], self._ended[match.header.id]
            for ready in waiting:
                ready.callback(None)
            if again:
                await deferLater(self._clock, RETRY)


async def _wait(waiting: list[Deferred[None]] | None) -> None:
    """Wait for what others wait for as well; not at all if there is nothing to wait for."""
    if waiting is not None:
        ready: Deferred[None] = Deferred()
        waiting.append(ready)
        await ready
