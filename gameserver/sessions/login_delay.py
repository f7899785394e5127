"""Failed logins put the next attempts off."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping

import attrs
from twisted.internet.interfaces import IReactorTime

from gameserver.sessions.addresses import network_of
from gameserver.sessions.limits import Shared


@attrs.define
class _Failures:
    count: int = 0
    #: When the last of them began.
    last: float = 0.0


class _Counts:
    """Failures by whose they are; at most ``remembered``, the last ones."""

    def __init__(self, remembered: int) -> None:
        self._remembered = remembered
        self._failures: OrderedDict[str, _Failures] = OrderedDict()
        self.used: dict[str, float] | None = None

    def __len__(self) -> int:
        return len(self._failures)

    def get(self, key: str) -> _Failures | None:
        return self._failures.get(key)

    def keep(self, key: str, failures: _Failures) -> None:
        self._failures[key] = failures
        self._failures.move_to_end(key)
        while len(self._failures) > self._remembered:
            self._failures.popitem(last=False)

    def forget(self, key: str) -> None:
        self._failures.pop(key, None)

    def tell(self, key: str, count: int) -> None:
        if self.used is not None:
            self.used[key] = self.used.get(key, 0.0) + count


class _Names(_Counts):
    """Attempts by address and name. What is told is how many, or 0: they are forgiven."""

    FORGIVEN_AFTER = 3600.0

    def __init__(self, remembered: int, free: int, longest: float) -> None:
        super().__init__(remembered)
        self._free = free
        self._longest = longest

    def change(self, free: int, longest: float) -> None:
        """See ``LoginDelay``."""
        self._free, self._longest = free, longest

    def begins(self, key: str, now: float, timeout: float) -> float:
        """Return when the next attempt may begin."""
        found = self._known(key, now)
        return max(now, found.last + min(timeout, _delay(found.count - self._free, self._longest)))

    def _known(self, key: str, now: float) -> _Failures:
        found = self.get(key)
        return _Failures(0, now) if found is None or now - found.last > self.FORGIVEN_AFTER else found

    def attempt(self, key: str, now: float, begins: float) -> None:
        """Note an attempt."""
        self.keep(key, _Failures(self._known(key, now).count + 1, begins))
        self.tell(key, 1)

    def give_back(self, key: str) -> None:
        """Forget an attempt."""
        found = self.get(key)
        if found is not None and found.count:
            found.count -= 1
            self.tell(key, -1)
            if self.used is not None and not self.used[key]:
                del self.used[key]

    def forgive(self, key: str) -> None:
        """Forget all attempts."""
        self.forget(key)
        if self.used is not None:
            self.used[key] = 0.0

    def learn(self, used: Mapping[str, float], now: float) -> None:
        """See ``Shared``. Attempts elsewhere take their turns: those at the same moment put off what follows."""
        for key, count in used.items():
            if not count:
                self.forget(key)
                continue
            for _ in range(int(count)):
                begins = min(self.begins(key, now, self._longest), now + self._longest)
                self.keep(key, _Failures(self._known(key, now).count + 1, begins))
            found = self.get(key)
            if count < 0 and found is not None:
                found.count = max(0, found.count + int(count))


class _Addresses(_Counts):
    """Wrong passwords by address; one is forgiven every ``forgives`` seconds."""

    def __init__(self, remembered: int, forgives: float) -> None:
        super().__init__(remembered)
        self._forgives = forgives

    def count(self, place: str, now: float) -> int:
        """Return how many are not forgiven."""
        found = self.get(place)
        return 0 if found is None else max(0, found.count - int((now - found.last) / self._forgives))

    def failed(self, place: str, now: float) -> None:
        """Note one."""
        self.keep(place, _Failures(self.count(place, now) + 1, now))
        self.tell(place, 1)

    def learn(self, used: Mapping[str, float], now: float) -> None:
        """See ``Shared``."""
        for place, count in used.items():
            self.keep(place, _Failures(self.count(place, now) + int(count), now))


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

    CLASSROOM = 20
    FORGIVES = 5.0

    def __init__(self, clock: IReactorTime, free: int = 3, longest: float = 10.0, remembered: int = 10000) -> None:
        self._clock = clock
        self._free = free
        self.longest = longest
        self._names = _Names(remembered, free, longest)
        self._addresses = _Addresses(remembered, self.FORGIVES)

    def change(self, free: int, longest: float) -> None:
        """Have other bounds from now on."""
        self._free, self.longest = free, longest
        self._names.change(free, longest)

    def parts(self) -> Mapping[str, Shared]:
        """Return what can be shared, by its name."""
        return {"name": self._names, "address": self._addresses}

    def reserve(self, name: str, address: str, timeout: float) -> float | None:
        """Note an attempt and return the seconds until it may begin.

        ``timeout`` are the seconds that the asker waits: no pause is longer, so that nobody is shut out, but of
        guesses at once those get ``None`` that would have to wait longer, and are not noted.
        """
        now, key = self._clock.seconds(), _key(name, address)
        begins = self._names.begins(key, now, timeout)
        if begins - now > timeout:
            return None
        self._names.attempt(key, now, begins)
        return begins - now

    def give_back(self, name: str, address: str) -> None:
        """Forget an attempt that could not be looked at."""
        self._names.give_back(_key(name, address))

    def of_address(self, address: str) -> float:
        """Return the seconds that an address has to wait for all that its people have failed."""
        if not address:
            return 0.0
        count = self._addresses.count(network_of(address), self._clock.seconds())
        return _delay(count - self._free * self.CLASSROOM, self.longest)

    def failed(self, address: str) -> None:
        """Note that an attempt from an address was wrong."""
        if address:
            self._addresses.failed(network_of(address), self._clock.seconds())

    def succeeded(self, name: str, address: str) -> None:
        """Forgive a name after a right password. The address stays remembered: it may be trying many names."""
        self._names.forgive(_key(name, address))


def _key(name: str, address: str) -> str:
    # A network has no blanks.
    return f"{network_of(address)} {name}"


def _delay(over: int, longest: float) -> float:
    return 0.0 if over < 0 else min(longest, 0.5 * 2.0 ** min(over, 20))
