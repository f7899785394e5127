"""``twistd`` with a wall clock that can be set: ``python -m chaos.programs.clock FILE [argument of twistd...]``.

The file has 8 bytes, a number of seconds as a double; the wall clock is so many seconds ahead of the machine's. What
is monotonic stays as it is, as it does where somebody sets a machine's clock.
"""

from __future__ import annotations

import mmap
import struct
import sys
import time


def shift(path: str) -> None:
    """Let the wall clock follow a file from now on."""
    with open(path, "rb") as file:
        shifted = mmap.mmap(file.fileno(), 8, access=mmap.ACCESS_READ)
    real, real_ns = time.time, time.time_ns

    def ahead() -> float:
        (seconds,) = struct.unpack_from("d", shifted)
        return float(seconds)

    time.time = lambda: real() + ahead()
    time.time_ns = lambda: real_ns() + int(ahead() * 1e9)


if __name__ == "__main__":
    # Before Twisted, which takes the function as it finds it.
    shift(sys.argv.pop(1))
    from twisted.scripts.twistd import run

    run()
