"""The disk is full, and has room again."""

from __future__ import annotations

import random
import resource
from collections.abc import Callable

from chaos.acts import DOORS, SETTINGS
from chaos.fault import Fault, Outcome
from chaos.process import everybody
from chaos.running import Run, lasting
from tests.integration.server import Server

#: Bytes that a file may have on the full disk: less than the database has already, so that every write fails.
ROOM = 1024


def full(chance: random.Random, times: int, say: Callable[[str], None]) -> Outcome:
    """Let the process write no file beyond ``ROOM`` bytes, for a while each time."""
    server = Server(DOORS, SETTINGS)
    try:
        server.start()
        assert server.process is not None
        pid = server.process.pid
        _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)

        def fault(_number: int) -> None:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (ROOM, hard))
            try:
                lasting(chance, 0.02, 0.4)
            finally:
                resource.prlimit(pid, resource.RLIMIT_FSIZE, (hard, hard))

        return Run(server, everybody(chance, 4.0)).make(fault, times, say)
    finally:
        server.kill()


FAULTS = (Fault("disk", "the disk is full, and has room again", full, times=100, short=0),)
