from __future__ import annotations

from gameserver.testing import game_contract
from gameserver_nim.kind import KIND


class Contract(game_contract.KindContract):
    kind = KIND
