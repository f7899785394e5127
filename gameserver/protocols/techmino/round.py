"""One round: who is on its stream, the seed, deaths, the end. A round always ends.

It waits for its players until all are there or ``techmino.connect_timeout`` is over, begins with one seed for all,
and ends when at most one of several players, or none of one, is left. Those who join the room later watch.
"""

from __future__ import annotations

import enum
from collections.abc import Awaitable, Callable, Mapping

import msgspec
from twisted.internet.defer import Deferred, ensureDeferred
from twisted.internet.interfaces import IDelayedCall, IReactorTime
from twisted.logger import Logger

from gameserver.errors import Code, GameError, Unavailable
from gameserver.matches.techmino_rounds import RoundRecord
from gameserver.protocols.techmino import encoders
from gameserver.protocols.techmino.config import Techmino
from gameserver.protocols.techmino.fanout import Fanout
from gameserver.protocols.techmino.seat import Seat, rank, recorded
from gameserver.reactor import wall
from gameserver.sessions.session import Sink

#: Seconds the stream stays open after the result, for clients that close it themselves.
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


class Round:
    """The stream room of one round.

    ``players`` are those who were in the room, by uid; ``keep`` makes the record durable; ``finished`` is called
    once with the result, which is empty when nobody ever came.
    """

    _log = Logger()

    def __init__(
        self,
        clock: IReactorTime,
        config: Techmino,
        rid: str,
        room: str,
        kind: str,
        seed: int,
        players: Mapping[int, str],
        keep: Callable[[RoundRecord], Awaitable[object]],
        finished: Callable[[list[Seat]], None],
    ) -> None:
        self._clock = clock
        self._config = config
        self.rid = rid
        self._room = room
        self._kind = kind
        self._seed = seed
        self._expected = dict(players)
        self._keep = keep
        self._finished = finished
        self._fanout = Fanout(clock)
        self._seats: dict[int, Seat] = {}
        self._left: list[Seat] = []
        self._outs = 0
        self._started = 0.0
        self.stage = Stage.GATHERING
        #: Bytes of replay data that are kept, of all players together.
        self._kept = 0
        #: Fires when the result has been told.
        self.ended: Deferred[None] = Deferred()
        self._timer: IDelayedCall | None = clock.callLater(config.connect_timeout, self._begin)

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
            waits = self.stage in (Stage.GATHERING, Stage.STARTING) and uid in self._expected
            seat = self._seats[uid] = Seat(uid, username, watch=not waits)
        elif seat.line is not None:
            self._fanout.remove(seat.line)
        seat.line = line
        if seat.out is not None and not seat.final:
            seat.out = None
        line.deliver(encoders.message("Connect", data=self._welcome(seat)))
        self._fanout.tell(encoders.broadcast(2, {"uid": uid, "watch": seat.watch}))
        self._fanout.add(line)
        if self.stage is Stage.PLAYING:
            if not seat.watch and seat.out is None:
                line.deliver(self._go())
            self._check_end()
        elif self.stage is Stage.GATHERING:
            self._check_all_there()
        return seat

    def _welcome(self, own: Seat) -> dict[str, object]:
        connected = [seat.uid for seat in self._seats.values() if seat.line is not None and seat is not own]
        welcome: dict[str, object] = {"connected": connected, "watch": own.watch}
        if self.stage is Stage.PLAYING:
            welcome["seed"] = self._seed
            players = self.players
            if sum(len(seat.record) for seat in players) > HISTORIES:
                return welcome | {"histories": [], "truncated": True}
            # Put together from texts: a round of many has a hundred thousand pieces, and everybody else waits.
            entries = b",".join(filter(None, (seat.histories() for seat in players)))
            welcome["histories"] = msgspec.Raw(b"[%b]" % entries)
        return welcome

    def _go(self) -> bytes:
        return encoders.server(0, {"seed": self._seed})

    def disconnect(self, seat: Seat, line: Sink) -> None:
        """Note that a connection has ended; one that has been replaced changes nothing."""
        if seat.line is not line:
            return
        seat.line = None
        self._fanout.remove(line)
        if self.stage is Stage.OVER:
            if not len(self._fanout) and self._timer is not None:
                self._timer.cancel()
                self._timer = None
            return
        self._fanout.tell(encoders.server(3, {"uid": seat.uid}))
        if seat.watch:
            del self._seats[seat.uid]
        elif self.stage is Stage.PLAYING:
            self._put_out(seat)

    def give_up(self, uid: int) -> None:
        """Note that somebody has left the room: they are out for good, and nobody waits for them."""
        self._expected.pop(uid, None)
        seat = self._seats.get(uid)
        if seat is not None:
            line = seat.line
            if line is not None:
                self.disconnect(seat, line)
                line.close("left", "You have left the room.")
            # A watcher's seat is gone by now. A player who comes back to the room watches.
            if self._seats.pop(uid, None) is not None and self.stage is Stage.PLAYING:
                self._left.append(seat)
        if not self._expected and self.stage in (Stage.GATHERING, Stage.STARTING):
            self._end()
        elif self.stage is Stage.GATHERING:
            self._check_all_there()

    def die(self, seat: Seat, score: int, survival_time: int) -> None:
        """/stream 4; nothing after the end. Raises ``GameError`` for watchers, the dead, and before the start."""
        if not self._plays(seat):
            return
        if seat.final:
            raise GameError(Code.DEAD, "You are dead already")
        seat.final = True
        seat.score, seat.survival_time = score, survival_time
        data = {"uid": seat.uid, "score": score, "survivalTime": survival_time}
        self._fanout.tell(encoders.broadcast(4, data), seat.line)
        self._put_out(seat, told=True)

    def chunk(self, seat: Seat, stream: str) -> None:
        """/stream 5; the dead may still send the rest, after the end it is nothing.

        Raises ``GameError`` for watchers and before the start.
        """
        if not self._plays(seat):
            return
        text = _text.encode(stream)
        if len(text) > self._config.stream_bytes:
            raise GameError(Code.TOO_LONG, "The stream data is too long")
        line = seat.line
        assert line is not None
        self._fanout.gather(encoders.chunk(seat.head, text), line)
        before = len(seat.record)
        # A room for everybody has no number of players that would bound the sum.
        seat.keep(text, min(self._config.replay_bytes, before + self._config.round_bytes - self._kept))
        self._kept += len(seat.record) - before

    def _plays(self, seat: Seat) -> bool:
        """Say whether the round goes on. Raises ``GameError`` for watchers and before the start.

        The client of a survivor plays until it hears of the end. What it sends until then is no mistake of its
        player, and not answered with a Warn.
        """
        if seat.watch:
            raise GameError(Code.WATCHING, "You are watching")
        if self.stage in (Stage.GATHERING, Stage.STARTING):
            raise GameError(Code.NOT_PLAYING, "Not started yet")
        return self.stage is Stage.PLAYING

    def _check_all_there(self) -> None:
        there = {seat.uid for seat in self.players if seat.line is not None}
        if self._expected.keys() <= there:
            self.stage = Stage.STARTING
            self._after(self._config.start_delay, self._begin)

    def _begin(self) -> None:
        """Start with those who are there; nobody waits for the others any more."""
        self._timer = None
        self._seats = {uid: seat for uid, seat in self._seats.items() if seat.line is not None}
        if not self.players:
            self._end()
            return
        self.stage = Stage.PLAYING
        self._started = self._clock.seconds()
        self._fanout.tell(self._go())

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
        left = sum(seat.out is None for seat in players)
        over = left == 0 or (left == 1 and len(players) > 1)
        if over and self._timer is None:
            self._after(self._config.end_delay, self._end)
        elif not over and self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _after(self, seconds: float, action: Callable[[], None]) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._clock.callLater(seconds, action)

    def _end(self) -> None:
        if self.stage is not Stage.OVER:
            if self._timer is not None and self._timer.active():
                self._timer.cancel()
            self._timer = None
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
        self._fanout.tell(encoders.server(1))
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
            if len(self._fanout):
                self._timer = self._clock.callLater(LINGER, self._close)
            self.ended.callback(None)

    async def _put_by(self, result: list[Seat]) -> None:
        ended = wall(self._clock)
        times = [int(at * 1000) for at in (ended - (self._clock.seconds() - self._started), ended)]
        head = RoundRecord(0, self.rid, self._room, self._kind, self._seed, times[0], times[1], ())
        await self._keep(await recorded(self._clock, head, result))

    def _close(self) -> None:
        self._timer = None
        for line in self._fanout.lines():
            line.close("over", "The round is over.")
