"""How much one client may do: message rates, connections an address, failed logins."""

from __future__ import annotations

from collections import OrderedDict

from twisted.internet.interfaces import IReactorTime


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
        level = self._level - (now - self._seen) * self._rate
        self._seen = now
        if level < 0.0:
            level = 0.0
        fits = level + amount <= self._burst
        self._level = level + amount if fits else level
        return fits


class ConnectionCount:
    """Open connections by address. Unknown addresses (Unix sockets, tests) are not counted."""

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
            count = self._open.get(address, 0)
            if count >= self._per_address:
                return False
            self._open[address] = count + 1
        self.all += 1
        return True

    def release(self, address: str) -> None:
        """Count a connection out that ``take`` has counted in."""
        self.all -= 1
        if address:
            left = self._open.get(address, 1) - 1
            if left > 0:
                self._open[address] = left
            else:
                self._open.pop(address, None)


class LoginDelay:
    """Failed logins make the next answers for that name or that address later, up to a limit; nobody is shut out.

    Keys are ``name:…`` and ``address:…``. The first ``free`` failures of a name cost nothing, then the delay doubles
    from half a second; an hour without failures forgives everything. Behind one address there may be a classroom:
    it has ``CLASSROOM`` times as many, and one of them is forgiven every ``FORGIVES`` seconds. At most ``remembered``
    names and addresses are kept.
    """

    FORGIVEN_AFTER = 3600.0
    CLASSROOM = 20
    FORGIVES = 5.0

    def __init__(self, clock: IReactorTime, free: int = 3, longest: float = 10.0, remembered: int = 10000) -> None:
        self._clock = clock
        self._free = free
        self._longest = longest
        self._remembered = remembered
        self._failures: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def delay(self, *keys: str) -> float:
        """Return the seconds to wait before an attempt for these keys is looked at."""
        return max((self._delay(key) for key in keys if key), default=0.0)

    def _delay(self, key: str) -> float:
        free = self._free * self.CLASSROOM if _is_address(key) else self._free
        over = self._count(key) - free
        return 0.0 if over < 0 else min(self._longest, 0.5 * 2.0 ** min(over, 20))

    def failed(self, *keys: str) -> None:
        """Note a failed attempt."""
        for key in filter(None, keys):
            self._failures[key] = (self._count(key) + 1, self._clock.seconds())
            self._failures.move_to_end(key)
        while len(self._failures) > self._remembered:
            self._failures.popitem(last=False)

    def succeeded(self, key: str) -> None:
        """Forgive a name after a right password. The address stays remembered: it may be trying many names."""
        self._failures.pop(key, None)

    def _count(self, key: str) -> int:
        count, last = self._failures.get(key, (0, 0.0))
        silent = self._clock.seconds() - last
        if _is_address(key):
            return max(0, count - int(silent / self.FORGIVES))
        return 0 if silent > self.FORGIVEN_AFTER else count


def _is_address(key: str) -> bool:
    return key.startswith("address:")
