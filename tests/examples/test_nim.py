from __future__ import annotations

from gameserver_nim.kind import KIND
from twisted.trial.unittest import SynchronousTestCase

from tests.games.contract import KindContract


class Contract(KindContract, SynchronousTestCase):
    kind = KIND
