"""Nothing a test started or made outlives the process of the tests, however that ends.

Cleanups and ``atexit`` serve an end in order only. A run that is killed would leave servers, browsers and
directories behind. So a second process waits for the end of a pipe that only the first one holds, which the system
closes in any case, and then does what is left to do. It has a session of its own: a Ctrl-C does not reach it.
"""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterable

#: Seconds a process may take to end when it has nothing more to do.
LONGEST = 120

_lock = threading.Lock()
_watcher: subprocess.Popen[str] | None = None


def kill_at_the_end(group: int) -> None:
    """Let a process group be killed if it is still there when we are not."""
    _tell(f"kill {group}")


def has_ended(group: int) -> None:
    """Take back ``kill_at_the_end``: the number may soon be somebody else's."""
    _tell(f"spare {group}")


def remove_at_the_end(directory: str) -> None:
    """Let a directory be removed with everything in it."""
    _tell(f"remove {directory}")


def _end_in_time() -> None:
    """Let the system end us if we do not.

    A test that was interrupted has not stopped its threads, and the interpreter waits for those before anything else:
    ``atexit`` would be too late.
    """
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(LONGEST)


# The threads of concurrent.futures are ended by the same hook; there is no public one.
threading._register_atexit(_end_in_time)  # type: ignore[attr-defined]


def _tell(line: str) -> None:
    global _watcher
    with _lock:
        if _watcher is None:
            command = [sys.executable, "-I", "-S", __file__]
            _watcher = subprocess.Popen(command, stdin=subprocess.PIPE, text=True, bufsize=1, start_new_session=True)
            atexit.register(_finish, _watcher)
        assert _watcher.stdin is not None
        _watcher.stdin.write(line + "\n")


def _finish(watcher: subprocess.Popen[str]) -> None:
    """Wait until everything has gone, so that whoever waits for us finds nothing."""
    assert watcher.stdin is not None
    watcher.stdin.close()
    watcher.wait()


def _born(pid: int) -> str:
    """Return when a process began, in the kernel's ticks; empty if it is not there, or the system has no /proc."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            return file.read().rpartition(")")[2].split()[19]
    except OSError:
        return ""


def watch(lines: Iterable[str]) -> None:
    """Read until there is nobody who could write any more, then kill and remove what is left.

    On a busy machine the numbers of processes come round within minutes. So a group is killed only while its leader
    is the process that was named, not when another one has the number by now.
    """
    groups: dict[int, str] = {}
    directories: list[str] = []
    for line in lines:
        word, _, what = line.rstrip("\n").partition(" ")
        if word == "kill":
            groups[int(what)] = _born(int(what))
        elif word == "spare":
            groups.pop(int(what), None)
        else:
            directories.append(what)
    for group, born in groups.items():
        try:
            if _born(group) == born:
                os.killpg(group, signal.SIGKILL)
        except ProcessLookupError:
            continue
    for directory in directories:
        shutil.rmtree(directory, ignore_errors=True)


if __name__ == "__main__":
    watch(sys.stdin)
