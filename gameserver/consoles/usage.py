"""What a program and everything it has started use of the machine; read from Linux's /proc."""

from __future__ import annotations

import os
from pathlib import Path

import attrs

_PAGE = os.sysconf("SC_PAGE_SIZE")
_TICK = os.sysconf("SC_CLK_TCK")

#: Processes of one program that are looked at.
MOST = 1000


@attrs.frozen
class Usage:
    """Resident memory in bytes, processor time in seconds."""

    memory: float = 0.0
    cpu: float = 0.0


def usage(pid: int, proc: Path = Path("/proc")) -> Usage:
    """Return the usage of a process and its descendants; nothing for one that has gone, or without /proc."""
    memory = cpu = 0.0
    waiting, seen = [pid], 0
    while waiting and seen < MOST:
        where = proc / str(waiting.pop())
        seen += 1
        try:
            fields = (where / "stat").read_bytes().rpartition(b")")[2].split()
            pages = int((where / "statm").read_bytes().split()[1])
            children = [(task / "children").read_text() for task in (where / "task").iterdir()]
        except (OSError, IndexError, ValueError):
            continue
        cpu += (int(fields[11]) + int(fields[12])) / _TICK
        memory += pages * _PAGE
        waiting += [int(child) for listed in children for child in listed.split()]
    return Usage(memory, cpu)
