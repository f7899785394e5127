"""A console program as the tests need one: commands on standard input, lines on standard output.

Run with ``python -I -S program.py [OPTION ...]``; options: ``deaf`` (ignores SIGTERM and the stop command),
``stubborn`` (ignores the stop command), ``crash`` (ends with status 3 at once), ``noisy`` (writes without end),
``forks FILE`` (starts a child that leaves the process group; its process id goes to the file),
``late SECONDS`` (is silent, prints a banner and ``Done``, and reads only then), ``signalled`` (ends on SIGINT).

What a command prints goes out in one write, so that a busy machine puts no pause into the middle of it.
"""

import os
import signal
import subprocess
import sys
import time


def out(text: str, end: str = "\n") -> None:
    sys.stdout.write(text + end)


def raw(data: bytes) -> None:
    sys.stdout.buffer.write(data)


def answer(word: str, rest: str) -> None:
    if word == "echo":
        out(rest)
    elif word == "lines":
        for number in range(int(rest)):
            out(f"line {number}")
    elif word == "slow":
        out("begun")
        sys.stdout.flush()
        time.sleep(float(rest))
        out("done")
    elif word == "partial":
        out(rest, end="")
    elif word == "event":
        out("before")
        out(rest)
        out("after")
    elif word == "long":
        raw(b"x" * int(rest) + b"\n")
    elif word == "junk":
        raw(bytes(range(256)) * 40 + b"\nafter the junk\n")
    elif word == "error":
        sys.stderr.write(rest + "\n")
        sys.stderr.flush()
    elif word == "env":
        out(os.environ.get(rest, "(not set)"))
    elif word == "cwd":
        out(os.getcwd())
    elif word == "pid":
        out(f"pid {os.getpid()} group {os.getpgrp()}")
    elif word == "die":
        out("dying")
        sys.stdout.flush()
        os.kill(os.getpid(), signal.SIGKILL)
    elif word == "exit":
        sys.exit(int(rest))
    elif word == "say":
        out(f"[Server] {rest}")
    elif word != "silent":
        out(f"Unknown command: {word}")


def interrupted(_number: int, _frame: object) -> None:
    out("interrupted")
    sys.exit(0)


def main(options: list[str]) -> None:
    if "crash" in options:
        sys.exit(3)
    if "deaf" in options:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if "forks" in options:
        child = subprocess.Popen(["sleep", "600"], start_new_session=True, stdin=subprocess.DEVNULL)
        with open(options[options.index("forks") + 1], "w") as file:
            file.write(str(child.pid))
    if "late" in options:
        time.sleep(float(options[options.index("late") + 1]))
        out("banner")
        out("Done (1.2s)!")
    if "signalled" in options:
        signal.signal(signal.SIGINT, interrupted)
    out("ready")
    sys.stdout.flush()
    if "noisy" in options:
        while True:
            raw(b"noise\n" * 1000)
    for line in sys.stdin:
        word, _, rest = line.rstrip("\n").partition(" ")
        if word == "stop":
            if "deaf" in options or "stubborn" in options:
                continue
            out("Stopping")
            return
        answer(word, rest)
        sys.stdout.flush()
    while "deaf" in options:
        time.sleep(1)


if __name__ == "__main__":
    main(sys.argv[1:])
