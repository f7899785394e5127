"""How a test expects a refusal."""

from __future__ import annotations

from collections.abc import Callable

from twisted.trial.unittest import SynchronousTestCase

from gameserver.errors import Code, GameError


def refused(test: SynchronousTestCase, code: Code, call: Callable[..., object], *values: object) -> None:
    error = test.assertRaises(GameError, call, *values)
    test.assertEqual((error.code, error.details), (code, {}), values)
