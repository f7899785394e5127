"""What is left of a program whose supervisor was killed: found by a mark in its environment, and ended.

The supervisor finds its program's children by being their parent. When it dies they are anybody's children; but what
they have been started with still says whose they are. A process may take the mark out of its environment; then only
its process group gives it away. Linux only: elsewhere the group has to do.
"""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

#: The variable; its value is another one for each run of a program.
MARK = "GAMESERVER_CONSOLE"

#: Rounds of looking, and the seconds between two: a process may start another one while it is being ended.
ROUNDS, PAUSE = 50, 0.02


def marked(value: str, proc: Path = Path("/proc")) -> list[int]:
    """Return the processes that live and were started with this value of the mark."""
    wanted = f"{MARK}={value}".encode()
    found = []
    for entry in proc.glob("[0-9]*"):
        try:
            if wanted in (entry / "environ").read_bytes().split(b"\0"):
                found.append(int(entry.name))
        except OSError:
            continue  # it has ended, or is somebody else's
    return found


def end_marked(value: str) -> bool:
    """Kill every process with this value of the mark; return whether none is left. Blocks: for a thread."""
    for _ in range(ROUNDS):
        left = marked(value)
        if not left:
            return True
        for pid in left:
            kill(pid)
        time.sleep(PAUSE)
    return False


def kill(pid: int) -> None:
    """Kill a process, if it is there and ours."""
    try:
        os.kill(pid, signal.SIGKILL)
    except OSError:
        return


def kill_group(group: int) -> None:
    """Kill every process of a group, if there is one."""
    try:
        os.killpg(group, signal.SIGKILL)
    except OSError:
        return
