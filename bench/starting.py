"""How long it takes until every listener of the default configuration is open."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Any

from bench.measuring import US
from bench.servers import CORES, Ours


def measure(rounds: int, _seconds: float) -> dict[str, Any]:
    """Return the seconds from the start of the process to the line ``gameserver ready``, which comes after them all.

    The data directory has been used before: the first start of all makes the database as well, and is no restart.
    """
    seconds: list[float] = []
    with tempfile.TemporaryDirectory(prefix="gameserver-bench-") as directory:
        for number in range(rounds + 1):
            began = time.monotonic()
            server = Ours(data=Path(directory), account=False, cores=CORES)
            if number:
                seconds.append(round(time.monotonic() - began, 3))
            server.end()
    return {US: {"seconds": seconds}}
