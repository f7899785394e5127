"""Where the CPU of the real server goes under a scenario's load, by py-spy: python -m bench.profile app,chat-16

Samples of the reactor's thread while it works, by the innermost part that is ours, Twisted's, or the kernel's: what a
call into the kernel takes is the kernel's, whoever calls. Shares of one run; they say where a message's cost lies.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from pathlib import Path

from bench.measuring import US, Side
from bench.peers import environment
from bench.scenarios import SCENARIOS
from bench.servers import ROOT, Missing

#: Samples a second.
RATE = 500

#: Functions of the C library that are a call into the kernel.
KERNEL = {
    "send",
    "__send",
    "__libc_send",
    "recv",
    "__recv",
    "__libc_recv",
    "writev",
    "__writev",
    "epoll_ctl",
    "sendto",
}

#: The part of the server that a frame belongs to, by where its file lies; the first that fits.
AREAS = (
    ("reactor", r"twisted/internet/(base|posixbase|epollreactor|main)|gameserver/net/batches"),
    ("transport", r"twisted/internet/(tcp|abstract)|gameserver/net/(eager|fair_transport|turns|outbox|tls)"),
    ("TLS", r"twisted/protocols/tls|OpenSSL/|cryptography/"),
    ("WebSocket", r"autobahn/|gameserver/net/websocket"),
    ("lines", r"gameserver/net/(lines|json_objects)|gameserver/protocols/.*(decoder|lines)"),
    ("inbox and guard", r"gameserver/net/(inbox|guard|deadlines)"),
    ("limits", r"gameserver/sessions/(limits|shared_limits|addresses)"),
    ("metrics", r"gameserver/metrics"),
    ("connection", r"gameserver/edge/"),
    ("sessions and topics", r"gameserver/sessions/"),
    ("protocol", r"gameserver/protocols/"),
    ("books and database", r"gameserver/(wallet|storage)|sqlalchemy/|psycopg/"),
    (
        "threads and Deferreds",
        r"twisted/(python/threadpool|_threads|internet/(defer|threads))|threading\.py|queue\.py",
    ),
    ("context and logging", r"twisted/(python/(context|log)|logger)"),
)


def area(stack: list[str]) -> tuple[str, str]:
    """Return the part that the innermost frame with a place belongs to, and that frame."""
    leaf = stack[-1].partition(" (")[0]
    kernel = leaf in KERNEL or leaf.startswith("epoll_")
    for frame in reversed(stack):
        for name, pattern in AREAS:
            if re.search(pattern, frame):
                return "kernel" if kernel else name, frame.rpartition(":")[0]
    return "kernel" if kernel else "other", leaf


def profile(name: str, seconds: float) -> Counter[tuple[str, str]]:
    """Return the samples of each part and function. Raises ``Missing``."""
    program = environment("profiler", ("py-spy",)) / "py-spy"
    side = Side(US, SCENARIOS[name], ROOT)
    try:
        with tempfile.TemporaryDirectory() as directory:
            file = Path(directory) / "stacks"
            load = threading.Thread(target=side.round, args=(seconds + 2,))
            load.start()
            command = [str(program), "record", "--native", "--rate", str(RATE), "--duration", str(int(seconds))]
            command += ["--format", "raw", "--output", str(file), "--pid", str(side.server.pids[0])]
            ran = subprocess.run(command, capture_output=True, text=True, check=False)
            load.join()
            if ran.returncode:
                raise Missing(f"py-spy: {ran.stderr.strip()[-200:]}")
            found: Counter[tuple[str, str]] = Counter()
            for line in file.read_text("utf-8").splitlines():
                frames, _, count = line.rpartition(" ")
                stack = frames.split(";")
                # Other threads wait, or work for the database, which is told apart.
                if any("mainLoop" in frame or "runUntilCurrent" in frame for frame in stack):
                    found[area(stack)] += int(count)
                elif not any("wait" in frame or "Queue.get" in frame for frame in stack):
                    found["other threads", stack[-1]] += int(count)
            return found
    finally:
        side.end()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.profile", description=__doc__)
    parser.add_argument("scenarios", help=",".join(SCENARIOS))
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--functions", type=int, default=0, help="also so many functions, those that take most")
    arguments = parser.parse_args()
    for name in arguments.scenarios.split(","):
        if name not in SCENARIOS:
            print(f"not known: {name}; there are {', '.join(SCENARIOS)}", file=sys.stderr)
            return 2
        try:
            found = profile(name, arguments.seconds)
        except Missing as why:
            print(f"{name}: {why}")
            continue
        whole = sum(found.values())
        print(f"{name}: {whole} samples", flush=True)
        parts: Counter[str] = Counter()
        for (part, _), count in found.items():
            parts[part] += count
        for part, count in parts.most_common():
            print(f"  {count / whole:6.1%}  {part}", flush=True)
        for (part, function), count in found.most_common(arguments.functions):
            print(f"    {count / whole:6.1%}  {part}: {function}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
