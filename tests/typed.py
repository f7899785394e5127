"""What the type checker cannot see in a test by itself."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING, TypeVar

from twisted.internet.defer import Deferred, ensureDeferred
from twisted.python.failure import Failure
from twisted.trial.unittest import TestCase

from gameserver.errors import GameError

T = TypeVar("T")

if TYPE_CHECKING:
    #: The base of a mixin, which is no test by itself: what it is mixed into is a test case.
    TestMixin = TestCase
else:
    TestMixin = object


def the(value: T | None) -> T:
    """Return what must be there. Raises ``AssertionError`` where it is not."""
    if value is None:
        raise AssertionError("there is none")
    return value


def deferred(work: Awaitable[T]) -> Deferred[T]:
    """Begin what is only known to be awaitable, and return its result to come."""

    async def wait() -> T:
        return await work

    return ensureDeferred(wait())


def refusal(failure: Failure) -> str:
    """Return the code of the ``GameError`` that something failed with."""
    assert isinstance(failure.value, GameError)
    return failure.value.code
