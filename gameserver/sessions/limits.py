"""How much one person or address may do: messages, logins, connections."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from typing import Protocol

from gameserver.sessions.addresses import network_of

#: What the key of somebody begins with whom only this process knows by it.
STRANGER = "session "


class Shared(Protocol):
    """Counts by whose they are that can hold at several processes together.

    ``used`` is what has been counted here since the others were told, ``None`` while nobody is to be told.
    """

    used: dict[str, float] | None

    def learn(self, used: Mapping[str, float], now: float) -> None:
        """Count at time ``now`` (seconds) what has been counted somewhere else, even above the limit."""


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

    def change(self, rate: float, burst: float, now: float) -> None:
        """Be a meter of another ``rate`` and ``burst`` from now on."""
        self.pour(now, 0.0)
        self._rate, self._burst = rate, burst

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

    def add(self, now: float, amount: float) -> None:
        """Count ``amount`` units at time ``now`` (seconds), even if they do not fit."""
        self._level = self.level(now) + amount

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


#: Meters that are kept though they have run dry.
FEW = 100


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
        self.used: dict[str, float] | None = None

    def __len__(self) -> int:
        return len(self._meters)

    def change(self, rate: float, burst: float, now: float) -> None:
        """Have another ``rate`` and ``burst`` from time ``now`` (seconds) on, for those who are known, too."""
        self._rate, self._burst = rate, burst
        for meter in self._meters.values():
            meter.change(rate, burst, now)

    def pour(self, key: str, now: float, amount: float = 1.0) -> bool:
        """Count ``amount`` at time ``now`` (seconds) and say whether it fits. An empty key has no limit."""
        if not key:
            return True
        if not self._of(key, now).pour(now, amount):
            return False
        used = self.used
        if used is not None:
            used[key] = used.get(key, 0.0) + amount
        return True

    def learn(self, used: Mapping[str, float], now: float) -> None:
        """See ``Shared``. What was above the limit there has to run out like the rest."""
        for key, amount in used.items():
            self._of(key, now).add(now, amount)

    def parts(self) -> Mapping[str, Shared]:
        """Return what can be shared, by its name."""
        return {"": self}

    def _of(self, key: str, now: float) -> Meter:
        meter = self._meters.get(key)
        if meter is None:
            self._forget(now)
            meter = self._meters[key] = Meter(self._rate, self._burst, now)
        else:
            self._meters.move_to_end(key)
        return meter

    def has_room(self, key: str, now: float) -> bool:
        """Say whether one more would fit at time ``now`` (seconds), without counting it."""
        meter = self._meters.get(key)
        return meter is None or meter.has_room(now)

    def level(self, key: str, now: float) -> float:
        """Return how many units are in somebody's meter at time ``now`` (seconds)."""
        meter = self._meters.get(key)
        return 0.0 if meter is None else meter.level(now)

    def _forget(self, now: float) -> None:
        # Who comes again soon, as most do, finds theirs.
        if len(self._meters) < min(FEW, self._remembered):
            return
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

    def change(
        self, rate: float, burst: float, factor: float, now: float, burst_of_all: float = 0.0, calm: float = 0.0
    ) -> None:
        """Be another limit from time ``now`` (seconds) on; see ``by_factor``."""
        self.person.change(rate, burst, now)
        self.address.change(rate * factor, burst_of_all or burst * factor, now)
        self._calm = calm

    def fits(self, person: str, address: str, now: float) -> bool:
        """Count one thing that is done at time ``now`` (seconds), and say whether it may be."""
        if not self.person.pour(person, now):
            return False
        return self.address.pour(address, now) or self.person.level(person, now) <= self._calm

    def parts(self) -> Mapping[str, Shared]:
        """Return what can be shared, by its name."""
        return {"person": self.person, "address": self.address}


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
            Meters(rate, burst), Meters(rate * factor, burst * factor), self._calm_of(rate, burst)
        )
        self._refused = RateLimit.by_factor(rate, burst, factor)

    def _calm_of(self, rate: float, burst: float) -> float:
        return min(rate * self.CALM, burst / 2)

    def change(self, rate: float, burst: float, factor: float, now: float) -> None:
        """Be another limit from time ``now`` (seconds) on."""
        self._passed.change(rate, burst, factor, now, calm=self._calm_of(rate, burst))
        self._refused.change(rate, burst, factor, now)

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

    def parts(self) -> Mapping[str, Shared]:
        """Return what can be shared, by its name."""
        both = {"passed": self._passed, "refused": self._refused}
        return {f"{name} {part}": shared for name, limit in both.items() for part, shared in limit.parts().items()}


class ConnectionCount:
    """Open connections by address, in IPv6 by network. Unknown addresses (Unix sockets, tests) are not counted."""

    def __init__(self, per_address: int, total: int) -> None:
        self._per_address = per_address
        self._total = total
        self._open: dict[str, int] = {}
        self.all = 0

    def change(self, per_address: int, total: int) -> None:
        """Have other bounds for those who come from now on."""
        self._per_address, self._total = per_address, total

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
