"""The small process that stands between the server and one console program, so that the program never outlives it.

Run by path with ``python -I -S supervisor.py DIRECTORY PROGRAM [ARGUMENT ...]``; it imports nothing of the package.
File descriptors 0 to 2 are the program's own, 3 is the line on which the server gives orders (``I``, ``H``, ``Q``,
``t``: send SIGINT, SIGHUP, SIGQUIT, SIGTERM to the program's group, once; ``T``: send SIGTERM to everything, ``K``:
kill everything, end of file: the server is gone), 4 the one on which the supervisor
reports:

    started PID       the program runs
    failed REASON     it could not be started
    exited STATUS     it has ended by itself or on a command
    killed SIGNAL     a signal has ended it

The program leads a session of its own. The kernel kills it when the supervisor dies; whatever it has started falls to
the supervisor when its parent dies (it is a "subreaper"), and is ended before the supervisor ends.
"""

import ctypes
import os
import select
import signal
import sys
import time

ORDERS, REPORTS = 3, 4

#: The signals by which some programs are asked to end: to the program's group, and once, for twice can mean "now".
ASKING = {b"I": signal.SIGINT, b"H": signal.SIGHUP, b"Q": signal.SIGQUIT, b"t": signal.SIGTERM}

#: Seconds between SIGTERM and SIGKILL for what is left when the server is gone or the program has ended.
GRACE = 1.0

#: Seconds the supervisor goes on killing before it gives up on processes that nothing can end.
REAP_TIMEOUT = 5.0

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36


def prctl(option: int, value: int) -> None:
    """Ask the kernel for something only Linux has; elsewhere the process group has to do."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0)


def report(*words: object) -> None:
    """Tell the server, if it is still there."""
    try:
        os.write(REPORTS, (" ".join(map(str, words)) + "\n").encode("utf-8", "replace"))
    except OSError:
        return


def start(directory: str, command: list[str]) -> int:
    """Start the program and return its process id. Raises ``OSError`` when it cannot be run."""
    parent = os.getpid()
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            _become(parent, directory, command)
        except OSError as error:
            where = error.filename or command[0]
            os.write(writing, f"{where}: {error.strerror or error}".encode("utf-8", "replace"))
        except BaseException as error:
            os.write(writing, repr(error).encode("utf-8", "replace"))
        finally:
            os._exit(127)
    os.close(writing)
    with open(reading, "rb") as pipe:
        problem = pipe.read().decode("utf-8", "replace")
    if problem:
        os.waitpid(pid, 0)
        raise OSError(problem)
    return pid


def _become(parent: int, directory: str, command: list[str]) -> None:
    os.setsid()
    prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        raise ProcessLookupError("the supervisor has gone")
    for number in (signal.SIGPIPE, signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    signal.set_wakeup_fd(-1)
    os.closerange(ORDERS, REPORTS + 1)
    if directory:
        os.chdir(directory)
    os.execvp(command[0], command)


def descendants() -> list[int]:
    """Return every living process below this one."""
    parents: dict[int, int] = {}
    for entry in os.listdir("/proc") if os.path.isdir("/proc/self") else ():
        if entry.isdigit():
            try:
                with open(f"/proc/{entry}/stat", "rb") as file:
                    state, parent = file.read().rpartition(b")")[2].split()[:2]
            except (OSError, ValueError):
                continue
            if state != b"Z":
                parents[int(entry)] = int(parent)
    found, own = [], os.getpid()
    for pid in parents:
        above = parents[pid]
        while above not in (own, 0) and above in parents:
            above = parents[above]
        if above == own:
            found.append(pid)
    return found


def send(number: int, group: int) -> None:
    """Send a signal to the program's group and to whatever has left the group."""
    for kill, target in [(os.killpg, group), *((os.kill, pid) for pid in descendants())]:
        try:
            kill(target, number)
        except OSError:
            continue  # it has ended in the meantime


def ask(number: int, group: int) -> None:
    """Send a signal to the program's group, if it is still there."""
    try:
        os.killpg(group, number)
    except OSError:
        return


class Supervisor:
    """Waits for the program, for orders and for the end of the server."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.ended = False

    def reap(self) -> None:
        """Take note of everything that has died."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            if pid == self.pid:
                self.ended = True
                if os.WIFSIGNALED(status):
                    report("killed", os.WTERMSIG(status))
                else:
                    report("exited", os.WEXITSTATUS(status))

    def watch(self, wakeup: int) -> None:
        """Return when the program has ended or everything is to end."""
        while not self.ended:
            ready = select.select([ORDERS, wakeup], [], [])[0]
            if wakeup in ready:
                heard = os.read(wakeup, 512)
                if {signal.SIGTERM, signal.SIGHUP} & set(heard):
                    return
                self.reap()
            if ORDERS in ready and not self.ended:
                orders = os.read(ORDERS, 512)
                if not orders:
                    return
                if b"K" in orders:
                    send(signal.SIGKILL, self.pid)
                elif b"T" in orders:
                    send(signal.SIGTERM, self.pid)
                elif orders[:1] in ASKING:
                    ask(ASKING[orders[:1]], self.pid)

    def end_everything(self) -> None:
        """Leave nothing of the program: SIGTERM, and SIGKILL after the grace."""
        self.reap()
        if not descendants() and self.ended:
            return
        send(signal.SIGTERM, self.pid)
        now = time.monotonic()
        kill_at, give_up_at = now + GRACE, now + GRACE + REAP_TIMEOUT
        while time.monotonic() < give_up_at:
            time.sleep(0.01)
            self.reap()
            if self.ended and not descendants():
                return
            if time.monotonic() >= kill_at:
                send(signal.SIGKILL, self.pid)


def main(arguments: list[str]) -> int:
    """Start the program, watch it, end with it."""
    directory, *command = arguments
    os.setsid()
    prctl(_PR_SET_CHILD_SUBREAPER, 1)
    wakeup, writing = os.pipe()
    os.set_blocking(wakeup, False)
    os.set_blocking(writing, False)
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: None)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        pid = start(directory, command)
    except OSError as error:
        report("failed", str(error).replace("\n", " "))
        return 127
    # The program's ends of its pipes are the program's alone: only so can the server see that it has closed them.
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    report("started", pid)
    supervisor = Supervisor(pid)
    supervisor.reap()
    supervisor.watch(wakeup)
    supervisor.end_everything()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
