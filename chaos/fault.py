"""What a fault is, and what a run of it is found to have done."""

from __future__ import annotations

import random
from collections.abc import Callable

import attrs

#: Seconds that 99 of 100 of a bystander's messages may take at most, on a machine that does nothing else.
BOUND = 0.050


@attrs.frozen
class Outcome:
    """How a fault ended that was made ``times`` times.

    ``confirmed`` acts were told to somebody as done. ``lost`` is how many of them are not there afterwards, ``wrong``
    how much is there but different, done twice, told in a way that no document has, or in the log as a failure of the
    server's own. ``p99`` is a bystander's, in seconds, or None where the fault leaves no server to ask. ``before``
    and ``after`` are the server's resident memory in bytes. ``notes`` say what else is worth knowing, and name each
    thing lost or wrong.
    """

    times: int
    confirmed: int
    lost: int
    wrong: int
    p99: float | None
    before: int | None
    after: int | None
    notes: tuple[str, ...] = ()

    @property
    def fine(self) -> bool:
        """Whether nothing is lost, nothing wrong, and no bystander had to wait."""
        return not self.lost and not self.wrong and (self.p99 is None or self.p99 < BOUND)


def not_made(reason: object) -> Outcome:
    """Return the outcome of a fault that cannot be made here."""
    return Outcome(0, 0, 0, 0, None, None, None, (f"not made: {reason}",))


@attrs.frozen
class Fault:
    """One kind of fault.

    ``run`` makes it: it gets a generator of chance, how many times, and a function that takes one line of progress.
    It is synchronous, and ends every process it starts. ``times`` is how often the long form makes it, ``short`` how
    often the suite does.
    """

    name: str
    what: str
    run: Callable[[random.Random, int, Callable[[str], None]], Outcome]
    times: int
    short: int
