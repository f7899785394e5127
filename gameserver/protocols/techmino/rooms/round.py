"""One round: who is on its stream, the seed, deaths, the end. A round always ends.

It waits for its players until all are there or its time to connect is over, begins with one seed for all, and ends
when at most one of several players or teams, or none of one, is left. Those who join the room later watch.
"""

from __future__ import annotations

import enum
from collections.abc import Awaitable, Callable, Iterable, Mapping

import attrs
import msgspec
from twisted.internet.defer import Deferred, ensureDeferred
from twisted.internet.interfaces import IDelayedCall, IReactorTime
from twisted.logger import Logger

from gameserver.errors import Code, GameError, Unavailable
from gameserver.matches.techmino_rounds import RoundRecord
from gameserver.protocols.techmino.config import Techmino
from gameserver.protocols.techmino.rooms.fanout import Fanout
from gameserver.protocols.techmino.rooms.seat import Seat, rank, recorded
from gameserver.protocols.techmino.rooms.settings import Timing
from gameserver.protocols.techmino.rooms.stream_encoders import StreamEncoders
from gameserver.reactor import wall
from gameserver.sessions.session import Sink

#: Seconds a stream stays open after the result, or after its player has left, for clients that close it themselves.
LINGER = 3.0

#: Seconds that keeping a round may take before the result is told anyway.
KEEPING = 5.0

#: Bytes of earlier pieces that a late watcher is sent at most.
HISTORIES = 2 << 20

_text = msgspec.json.Encoder()


class Stage(enum.Enum):
    """How far a round is."""

    GATHERING = "gathering"
    STARTING = "starting"
    PLAYING = "playing"
    OVER = "over"


@attrs.frozen
class Player:
    """Somebody a round waits for; ``group`` is their team, 0 for nobody's."""

    username: str
    group: int = 0


class Round:
    """The stream room of one round.

    ``head`` is what is known of its record already; ``players`` are those who were in the room and do not watch, by
    uid; ``keep`` makes the record durable; ``finished`` is called once with the result, which is empty when nobody
    ever came.
    """

    _log = Logger()

    def __init__(
        self,
        clock: IReactorTime,
        config: Techmino,
        encoders: StreamEncoders,
        timing: Timing,
        head: RoundRecord,
        players: Mapping[int, Player],
        keep: Callable[[RoundRecord], Awaitable[object]],
        finished: Callable[[list[Seat]], None],
    ) -> None:
        self._clock = clock
        self._config = config
        self._encoders = encoders
        self._timing = timing
        self._head = head
        self.rid = head.rid
        self.seed = head.seed
        self._expected = dict(players)
        self._keep = keep
        self._finished = finished
        self._fanout = Fanout(clock)
        self._seats: dict[int, Seat] = {}
        self._left: list[Seat] = []
        #: The connections of those who have left the room, until they are closed.
        self._leaving: dict[Sink, IDelayedCall] = {}
        self._comings = self._outs = 0
        self._started = 0.0
        self.stage = Stage.GATHERING
        #: Bytes of replay data that are kept, of all players together.
        self._kept = 0
        #: Fires when the result has been told.
        self.ended: Deferred[None] = Deferred()
        self._timer: IDelayedCall | None = clock.callLater(timing.connect_timeout, self._begin)

    @property
    def players(self) -> list[Seat]:
        """Those who play or have played."""
        return self._left + [seat for seat in self._seats.values() if not seat.watch]

    def connect(self, uid: int, username: str, line: Sink) -> Seat:
        """Put a connection on the stream and tell it and the others. Raises ``GameError`` ``no_room``.

        A player who was cut off, or whose old connection is half dead, gets their seat back.
        """
        if self.stage is Stage.OVER:
            raise GameError(Code.NO_ROOM, "Room not found")
        seat = self._seats.get(uid)
        if seat is None:
            player = self._expected.get(uid) if self.stage in (Stage.GATHERING, Stage.STARTING) else None
            head = self._encoders.piece_head(uid)
            group = player.group if player is not None else 0
            seat = self._seats[uid] = Seat(uid, username, watch=player is None, group=group, head=head)
        elif seat.line is not None:
            self._fanout.remove(seat.line)
        seat.line = line
        self._comings += 1
        first = not seat.first
        seat.came, seat.first = self._comings, seat.first or self._comings
        if seat.out is not None and not seat.final:
            seat.out = None
        self._welcome(seat, line)
        if first or self.stage is Stage.PLAYING:
            # Before the start, who is told of a player twice makes two boards for them.
            self._tell(self._encoders.came(seat))
        self._fanout.add(line)
        if self.stage is Stage.PLAYING:
            if not seat.watch and seat.out is None:
                _deliver(line, self._encoders.started(self.seed))
            self._check_end()
        elif self.stage is Stage.GATHERING:
            self._check_all_there()
        return seat

    def seat(self, uid: int) -> Seat | None:
        """Return the seat of somebody who is on the stream, or has been cut off."""
        return self._seats.get(uid)

    def _others(self, own: Seat) -> list[Seat]:
        """Return those who had been there before somebody's connection, which is told of all others as they come."""
        there = [seat for seat in self._seats.values() if seat.line is not None and seat is not own]
        return [seat for seat in there if seat.first < own.came]

    def _welcome(self, own: Seat, line: Sink) -> None:
        seed, played = None, None
        if self.stage is Stage.PLAYING:
            seed, players = self.seed, self.players
            played = players if sum(len(seat.record) for seat in players) <= HISTORIES else None
        _deliver(line, self._encoders.connected(own, self._others(own), seed, played))

    def _tell(self, frame: bytes | None, but: Sink | None = None) -> None:
        if frame is not None:
            self._fanout.tell(frame, but)

    def send_waiting(self) -> None:
        """Send the pieces that wait for others to leave with them."""
        self._fanout.flush()

    def disconnect(self, seat: Seat, line: Sink) -> None:
        """Note that a connection has ended; one that has been replaced changes nothing."""
        closing = self._leaving.pop(line, None)
        if closing is not None:
            closing.cancel()
        if seat.line is not line:
            return
        seat.line = None
        self._fanout.remove(line)
        if self.stage is Stage.OVER:
            if not len(self._fanout):
                self._cancel_timer()
            return
        self._tell(self._encoders.cut_off(seat))
        if seat.watch:
            del self._seats[seat.uid]
        elif self.stage is Stage.PLAYING:
            self._put_out(seat)

    def give_up(self, uid: int) -> None:
        """Note that somebody has left the room: they are out for good, and nobody waits for them.

        A connection of the round's own is closed a little later: the client does it itself when it hears that it is
        out of the room, and may stumble over an end that comes before.
        """
        self._expected.pop(uid, None)
        seat = self._seats.get(uid)
        if seat is not None:
            line = seat.line
            if line is not None:
                self.disconnect(seat, line)
                if self._encoders.apart:
                    self._leaving[line] = self._clock.callLater(LINGER, self._close_left, line)
            # A watcher's seat is gone by now. A player who comes back to the room watches.
            if self._seats.pop(uid, None) is not None and self.stage is Stage.PLAYING:
                self._left.append(seat)
        if not self._expected and self.stage in (Stage.GATHERING, Stage.STARTING):
            self._end()
        elif self.stage is Stage.GATHERING:
            self._check_all_there()

    def _close_left(self, line: Sink) -> None:
        del self._leaving[line]
        line.close("left", "You have left the room.")

    def die(self, seat: Seat, score: int, survival_time: int, why: str = "") -> None:
        """Note a death; after the end it is nothing. ``survival_time`` 0: measured here, as real clients say nothing.

        ``why`` is the client's word for it. Raises ``GameError`` for watchers, the dead, and before the start.
        """
        if not self._plays(seat):
            return
        if seat.final:
            raise GameError(Code.DEAD, "You are dead already")
        seat.final, seat.why = True, why
        seat.score, seat.survival_time = score, survival_time or self._seconds()
        self._tell(self._encoders.died(seat), None if self._encoders.echo else seat.line)
        self._put_out(seat, told=True)

    def chunk(self, seat: Seat, stream: str) -> None:
        """Pass on what a player does; the dead may still send the rest, after the end it is nothing.

        Raises ``GameError`` for watchers and before the start.
        """
        if not self._plays(seat):
            return
        text = _text.encode(stream)
        if len(text) > self._config.stream_bytes:
            raise GameError(Code.TOO_LONG, "The stream data is too long")
        assert seat.line is not None
        self._fanout.gather(self._encoders.piece(seat.head, text), seat.line)
        before = len(seat.record)
        # A room for everybody has no number of players that would bound the sum.
        seat.keep(text, min(self._config.replay_bytes, before + self._config.round_bytes - self._kept))
        self._kept += len(seat.record) - before

    def _plays(self, seat: Seat) -> bool:
        """Say whether the round goes on for somebody. Raises ``GameError`` for watchers and before the start.

        The client of a survivor plays until it hears of the end, and that of a leaver until its stream is closed.
        What they send until then is no mistake of their players, and not answered with a Warn.
        """
        if seat.line is None:
            return False
        if seat.watch:
            raise GameError(Code.WATCHING, "You are watching")
        if self.stage in (Stage.GATHERING, Stage.STARTING):
            raise GameError(Code.NOT_PLAYING, "Not started yet")
        return self.stage is Stage.PLAYING

    def _check_all_there(self) -> None:
        there = {seat.uid for seat in self.players if seat.line is not None}
        if self._expected.keys() <= there:
            self.stage = Stage.STARTING
            self._cancel_timer()
            if self._timing.start_delay:
                self._after(self._timing.start_delay, self._begin)
            else:
                self._begin()

    def _begin(self) -> None:
        """Start with those who are there; nobody waits for the others any more."""
        self._timer = None
        self._seats = {uid: seat for uid, seat in self._seats.items() if seat.line is not None}
        if not self.players:
            self._end()
            return
        self.stage = Stage.PLAYING
        self._started = self._clock.seconds()
        for seat in self._seats.values():
            if seat.line is not None:
                _deliver(seat.line, self._encoders.prepared(seat, self._others(seat), self.seed))
        self._tell(self._encoders.started(self.seed))

    def _seconds(self) -> int:
        return int(self._clock.seconds() - self._started)

    def _put_out(self, seat: Seat, *, told: bool = False) -> None:
        if seat.out is None:
            self._outs += 1
            seat.out = self._outs
            if not told:
                seat.survival_time = self._seconds()
        self._check_end()

    def _check_end(self) -> None:
        players = self.players
        left = _sides(seat for seat in players if seat.out is None)
        over = left == 0 or (left == 1 and _sides(players) > 1)
        if over and self._timer is None:
            self._after(self._timing.end_delay, self._end)
        elif not over:
            self._cancel_timer()

    def _cancel_timer(self) -> None:
        if self._timer is not None and self._timer.active():
            self._timer.cancel()
        self._timer = None

    def _after(self, seconds: float, action: Callable[[], None]) -> None:
        self._cancel_timer()
        self._timer = self._clock.callLater(seconds, action)

    def _end(self) -> None:
        if self.stage is not Stage.OVER:
            self._cancel_timer()
            played = self.stage is Stage.PLAYING
            self.stage = Stage.OVER
            ensureDeferred(self._finish(played=played)).addErrback(
                lambda failure: self._log.failure("round {rid} did not end cleanly", failure, rid=self.rid)
            )

    def end_now(self) -> Deferred[None]:
        """End the round now, because the server stops; fires when the result has been told."""
        self._end()
        return self.ended

    async def _finish(self, *, played: bool) -> None:
        """Tell the end, keep the round, and only then tell the result."""
        self._tell(self._encoders.over())
        result = rank(self.players, self._seconds()) if played else []
        try:
            if played:
                await ensureDeferred(self._put_by(result)).addTimeout(KEEPING, self._clock)
        except Unavailable as error:
            self._log.error("round {rid} could not be kept: {reason}", rid=self.rid, reason=error.reason)
        except Exception:
            self._log.failure("round {rid} could not be kept", rid=self.rid)
        try:
            self._finished(result)
        finally:
            if self._encoders.apart and len(self._fanout):
                self._timer = self._clock.callLater(LINGER, self._close)
            self.ended.callback(None)

    async def _put_by(self, result: list[Seat]) -> None:
        ended = wall(self._clock)
        times = [int(at * 1000) for at in (ended - (self._clock.seconds() - self._started), ended)]
        head = attrs.evolve(self._head, started_ms=times[0], ended_ms=times[1])
        await self._keep(await recorded(self._clock, head, result))

    def _close(self) -> None:
        self._timer = None
        for line in self._fanout.lines():
            line.close("over", "The round is over.")


def _deliver(line: Sink, frame: bytes | None) -> None:
    if frame is not None:
        line.deliver(frame)


def _sides(seats: Iterable[Seat]) -> int:
    """Return how many play against each other: a team is one side, as is everybody without."""
    teams: set[tuple[int, int]] = {(seat.group, 0) if seat.group else (0, seat.uid) for seat in seats}
    return len(teams)
