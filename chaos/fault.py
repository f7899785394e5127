"""One thing that goes wrong, and what came of it."""

from __future__ import annotations

import random
from collections.abc import Callable

import attrs


@attrs.frozen
class Outcome:
    """What a fault has done, over all the times it happened."""

    #: How often it happened.
    times: int
    #: What the server has confirmed meanwhile, and how much of that is not there, or is something else.
    confirmed: int
    lost: int
    wrong: int
    #: The round trip of a bystander in seconds: 99 of 100 were faster.
    p99: float | None
    #: Resident bytes of the server, before and after.
    before: int | None
    after: int | None
    notes: tuple[str, ...] = ()


@attrs.frozen
class Fault:
    """One kind of fault; ``run`` gets its chance, how often it is to happen, and where to say how it goes."""

    name: str
    #: What it is, in one line.
    what: str
    run: Callable[[random.Random, int, Callable[[str], None]], Outcome]
    #: How often it happens in a whole run, and in a short one.
    times: int
    short: int
