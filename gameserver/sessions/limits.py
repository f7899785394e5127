"""How much one person or address may do: messages, logins, connections, failed logins."""

from __future__ import annotations

from collections import OrderedDict

import attrs
from twisted.internet.interfaces import IReactorTime

from gameserver.sessions.addresses import network_of


class Meter:
    """A leaky bucket that costs nothing while nobody pours: it is brought up to date when asked.

    ``rate`` units a second run out of it, ``burst`` units fit in.
    """

    __slots__ = ("_burst", "_level", "_rate", "_seen")

    def __init__(self, rate: float, burst: float, now: float) -> None:
        self._rate = rate
        self._burst = burst
        self._level = 0.0
        self._seen = now

    def pour(self, now: float, amount: float = 1.0) -> bool:
        """Count ``amount`` units at time ``now`` (seconds) and say whether they fit; what overflows is not kept."""
        level, passed = self._level, now - self._seen
        self._seen = now
        # A clock that is set back must not count as having poured.
        if passed > 0.0:
            level -= passed * self._rate
            if level < 0.0:
                level = 0.0
        if level + amount > self._burst:
            self._level = level
            return False
        self._level = level + amount
        return True

    def level(self, now: float) -> float:
        """Return how many units are in it at time ``now``."""
        self.pour(now, 0.0)
        return self._level

    def has_room(self, now: float, amount: float = 1.0) -> bool:
        """Say whether ``amount`` units would fit, without counting them."""
        return self.level(now) + amount <= self._burst

    def is_dry(self, now: float) -> bool:
        """Say whether everything has run out: then this meter is as good as a new one."""
        return self._level <= (now - self._seen) * self._rate


#: Meters that are remembered of one kind: more than there may be connections, by default.
REMEMBERED = 30_000


class Meters:
    """Meters by whose they are: one for all connections and reconnections of a person, or of an address.

    ``rate`` and ``burst`` are those of each ``Meter``. One that has run dry is forgotten sooner or later; of the
    others at most ``remembered`` are kept, the last used.
    """

    def __init__(self, rate: float, burst: float, remembered: int = REMEMBERED) -> None:
        self._rate = rate
        self._burst = burst
        self._remembered = remembered
        self._meters: OrderedDict[str, Meter] = OrderedDict()

    def __len__(self) -> int:
        return len(self._meters)

    def pour(self, key: str, now: float, amount: float = 1.0) -> bool:
        """Count ``amount`` at time ``now`` (seconds) and say whether it fits. An empty key has no limit."""
        if not key:
            return True
        meter = self._meters.get(key)
        if meter is None:
            self._forget(now)
            meter = self._meters[key] = Meter(self._rate, self._burst, now)
        else:
            self._meters.move_to_end(key)
        return meter.pour(now, amount)

    def has_room(self, key: str, now: float) -> bool:
        """Say whether one more would fit at time ``now`` (seconds), without counting it."""
        meter = self._meters.get(key)
        return meter is None or meter.has_room(now)

    def level(self, key: str, now: float) -> float:
        """Return how many units are in somebody's meter at time ``now`` (seconds)."""
        meter = self._meters.get(key)
        return 0.0 if meter is None else meter.level(now)

    def _forget(self, now: float) -> None:
        # Two for each that comes: the table shrinks, and nobody ever waits for all of it.
        for _ in range(2):
            if not self._meters:
                return
            oldest, meter = next(iter(self._meters.items()))
            if len(self._meters) >= self._remembered or meter.is_dry(now):
                del self._meters[oldest]


class RateLimit:
    """What a person may do over all their connections, and what all the people behind one address may do together.

    Behind an address there may be a classroom, so it has more of everything; what a person may not do is not counted
    to their address, so that one of a class cannot use up what the others have.
    While no more than ``calm`` units are in a person's meter, what all of their address have used up does not hold
    them up either: behind it there may be somebody who makes a hundred guests speak.
    """

    def __init__(self, person: Meters, address: Meters, calm: float = 0.0) -> None:
        self.person = person
        self.address = address
        self._calm = calm

    @classmethod
    def by_factor(cls, rate: float, burst: float, factor: float, burst_of_all: float = 0.0) -> RateLimit:
        """Return a limit with ``rate`` a second and ``burst`` at once for a person, ``factor`` times that for all.

        ``burst_of_all`` is what may come at once from an address where that is not so.
        """
        return cls(Meters(rate, burst), Meters(rate * factor, burst_of_all or burst * factor))

    def fits(self, person: str, address: str, now: float) -> bool:
        """Count one thing that is done at time ``now`` (seconds), and say whether it may be."""
        if not self.person.pour(person, now):
            return False
        return self.address.pour(address, now) or self.person.level(person, now) <= self._calm


class MessageLimit:
    """Messages: which are let through, and after how many of the others somebody is put out.

    ``rate``, ``burst`` and ``factor`` are those of ``RateLimit.by_factor``. As many messages again may come above the
    limit, over all connections, before it is one too many.
    """

    #: Seconds of a person's rate, of what may come at once at most, that somebody calm has sent: who keeps within
    #: their rate has sent less, who sends as fast as that is taken has filled their meter.
    CALM = 0.5

    def __init__(self, rate: float, burst: float, factor: float) -> None:
        self._passed = RateLimit(
            Meters(rate, burst), Meters(rate * factor, burst * factor), min(rate * self.CALM, burst / 2)
        )
        self._refused = RateLimit.by_factor(rate, burst, factor)

    def __len__(self) -> int:
        """How many people and addresses are remembered."""
        return sum(len(meters) for limit in (self._passed, self._refused) for meters in (limit.person, limit.address))

    def fits(self, person: str, address: str, now: float) -> bool:
        """Count a message, and say whether it is let through."""
        return self._passed.fits(person, address, now)

    def is_abused(self, person: str, address: str, now: float) -> bool:
        """Count a message above the limit, and say whether it was one too many.

        An ``address`` is given for who has not logged in; the others answer for themselves alone.
        """
        return not self._refused.fits(person, address, now)


class ConnectionCount:
    """Open connections by address, in IPv6 by network. Unknown addresses (Unix sockets, tests) are not counted."""

    def __init__(self, per_address: int, total: int) -> None:
        self._per_address = per_address
        self._total = total
        self._open: dict[str, int] = {}
        self.all = 0

    def take(self, address: str) -> bool:
        """Count a connection in; return False (and count nothing) when there is no room for it."""
        if self.all >= self._total:
            return False
        if address:
            place = network_of(address)
            count = self._open.get(place, 0)
            if count >= self._per_address:
                return False
            self._open[place] = count + 1
        self.all += 1
        return True

    def release(self, address: str) -> None:
        """Count a connection out that ``take`` has counted in."""
        self.all -= 1
        if address:
            place = network_of(address)
            left = self._open.get(place, 1) - 1
            if left > 0:
                self._open[place] = left
            else:
                self._open.pop(place, None)


@attrs.define
class _Failures:
    count: int = 0
    #: When the last of them began.
    last: float = 0.0


class LoginDelay:
    """Failed logins put the next attempts off, up to a limit; nobody is shut out.

    What is counted is a name from one address (in IPv6 from one network), so that nobody is held up by what others do
    to their name elsewhere.
    The first ``free`` failures cost nothing, then an attempt begins half a second after the one before it, and twice
    as long after each further one, up to ``longest``; an hour without failures forgives everything. An attempt counts
    as a failure from its beginning: a thousand guesses at once take as long as one after the other. Behind one
    address there may be a classroom: it has ``CLASSROOM`` times as many failures of all its names together, and one
    is forgiven every ``FORGIVES`` seconds. At most ``remembered`` of each kind are kept. All times are in seconds.
    """

    FORGIVEN_AFTER = 3600.0
    CLASSROOM = 20
    FORGIVES = 5.0

    def __init__(self, clock: IReactorTime, free: int = 3, longest: float = 10.0, remembered: int = 10000) -> None:
        self._clock = clock
        self._free = free
        self.longest = longest
        self._remembered = remembered
        self._names: OrderedDict[tuple[str, str], _Failures] = OrderedDict()
        self._addresses: OrderedDict[str, _Failures] = OrderedDict()

    def reserve(self, name: str, address: str, timeout: float) -> float | None:
        """Note an attempt and return the seconds until it may begin.

        ``timeout`` are the seconds that the asker waits: no pause is longer, so that nobody is shut out, but of
        guesses at once those get ``None`` that would have to wait longer, and are not noted.
        """
        now = self._clock.seconds()
        attempted = (name, network_of(address))
        found = self._names.get(attempted)
        if found is None or now - found.last > self.FORGIVEN_AFTER:
            found = _Failures(0, now)
        begins = max(now, found.last + min(timeout, self._delay(found.count - self._free)))
        if begins - now > timeout:
            return None
        self._names[attempted] = _Failures(found.count + 1, begins)
        self._names.move_to_end(attempted)
        while len(self._names) > self._remembered:
            self._names.popitem(last=False)
        return begins - now

    def give_back(self, name: str, address: str) -> None:
        """Forget an attempt that could not be looked at."""
        found = self._names.get((name, network_of(address)))
        if found is not None and found.count:
            found.count -= 1

    def of_address(self, address: str) -> float:
        """Return the seconds that an address has to wait for all that its people have failed."""
        return self._delay(self._address(network_of(address)).count - self._free * self.CLASSROOM) if address else 0.0

    def failed(self, address: str) -> None:
        """Note that an attempt from an address was wrong."""
        if not address:
            return
        place = network_of(address)
        found = self._address(place)
        found.count, found.last = found.count + 1, self._clock.seconds()
        self._addresses[place] = found
        self._addresses.move_to_end(place)
        while len(self._addresses) > self._remembered:
            self._addresses.popitem(last=False)

    def succeeded(self, name: str, address: str) -> None:
        """Forgive a name after a right password. The address stays remembered: it may be trying many names."""
        self._names.pop((name, network_of(address)), None)

    def _address(self, place: str) -> _Failures:
        found = self._addresses.get(place) or _Failures()
        forgiven = int((self._clock.seconds() - found.last) / self.FORGIVES)
        return _Failures(max(0, found.count - forgiven), found.last)

    def _delay(self, over: int) -> float:
        return 0.0 if over < 0 else min(self.longest, 0.5 * 2.0 ** min(over, 20))
