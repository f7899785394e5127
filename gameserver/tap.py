"""From the command line of ``twistd gameserver`` to the running service.

The server itself is imported by ``makeService``, not here: that takes a second or more, in which a stop must
already be an orderly end.
"""

from __future__ import annotations

import os
import platform
import signal
import sys
import threading
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, cast

from twisted.application.service import IService
from twisted.python import usage

#: How many processes one may start.
MOST_WORKERS = 64

if TYPE_CHECKING:
    from gameserver.app.lifecycle import GameServer
    from gameserver.app.workers import Workers
    from gameserver.config import Config
    from gameserver.reactor import IGameReactor


#: Seconds for which a thread that works keeps the reactor waiting; Python's own 5 ms are long beside a message.
SWITCH_INTERVAL = 0.001


def version() -> str:
    """Return the version that runs, and on what, as somebody who reports a fault should name them."""
    python, twisted = platform.python_version(), metadata.version("twisted")
    return f"gameserver {metadata.version('gameserver')}, Python {python}, Twisted {twisted}"


def _count(text: str) -> int:
    """Return a number of processes. Raises ``ValueError``, which Twisted reports."""
    number = int(text)
    if not 0 <= number <= MOST_WORKERS:
        raise ValueError(f"expected 1 to {MOST_WORKERS}")
    return number


class Options(usage.Options):
    """The options of ``twistd gameserver``."""

    synopsis = "[options]"
    longdesc = (
        "Starts the game server with every protocol. Without options everything runs on safe defaults, listens on "
        "127.0.0.1 and keeps its data in ~/.local/share/gameserver. The log lists the ports and how to try "
        "each when they are open."
    )
    optParameters = (
        ("config", "c", None, "TOML file with the configuration; see 'gameserver check-config'"),
        ("data-dir", "d", None, "directory for database, secrets and certificate"),
        ("listen", "l", None, "address for the default endpoints: 127.0.0.1, or 0.0.0.0 or :: to open them all"),
        ("workers", "w", 1, "processes behind the same ports; more than one need PostgreSQL and Redis", _count),
        ("worker", None, 0, "set by --workers for the processes it starts: the number of each", _count),
    )

    def __init__(self) -> None:
        super().__init__()
        self["set"] = []

    def opt_set(self, setting: str) -> None:
        """Set one key, for example --set chat.pace_ms=0; may be given many times and wins over the file."""
        self["set"].append(setting)

    opt_s = opt_set

    def opt_version(self) -> NoReturn:
        """Print the versions of gameserver, Python and Twisted, and exit."""
        sys.stdout.write(f"{version()}\n")
        sys.exit(0)


def read_config(options: Any) -> Config:
    """Return the checked configuration that options, environment and file make together.

    Raises ``ConfigError``, and ``StartError`` for an installed protocol that cannot be loaded.
    """
    from gameserver.app.parts import config_class
    from gameserver.config import load

    return load(
        config_class(),
        file=Path(options["config"]) if options["config"] else None,
        environment=os.environ,
        settings=options["set"],
        data_dir=Path(options["data-dir"]) if options["data-dir"] else None,
        listen=options["listen"],
    )


def makeService(options: Any) -> IService:
    """Return the whole server. Ends the process with one line and status 1 if it cannot be made."""
    _stop_while_starting()

    from twisted.internet import reactor

    from gameserver.app.listening import raise_open_files
    from gameserver.app.memory import Lasting
    from gameserver.config import ConfigError
    from gameserver.errors import StartError, in_one_line
    from gameserver.reactor import steady

    # Each time the reactor writes to a socket another thread may take the interpreter, and keeps it for so long.
    sys.setswitchinterval(SWITCH_INTERVAL)
    steady(cast("IGameReactor", reactor))
    parent = getattr(options, "parent", None) or {}
    log_file = parent.get("logfile") or (None if parent.get("nodaemon", True) else "twistd.log")
    try:
        server = _made(options, cast("IGameReactor", reactor), log_file)
    except (ConfigError, StartError) as error:
        sys.exit(f"gameserver: {error}")
    except OSError as error:
        sys.exit(f"gameserver: {in_one_line(error)}")
    raise_open_files()
    server.handle_signals()
    # For a process that is all ours.
    Lasting(cast("IGameReactor", reactor).callFromThread).start()
    return server


def _made(options: Any, reactor: IGameReactor, log_file: str | None) -> GameServer | Workers:
    """Return the server, or what starts several of them. Raises ``ConfigError``, ``StartError``, ``OSError``."""
    config = read_config(options)
    if options["workers"] <= 1:
        from gameserver.app.build import build

        return build(config, reactor, log_file, options["worker"], partial(read_config, options))
    from gameserver.app.checking import check
    from gameserver.app.logs import RecentLines, Written
    from gameserver.app.workers import Workers

    check(config)
    log = Written(log_file, RecentLines(), config.log)
    # What is said to us is said to them, who never go into the background: they are not ours any more there.
    arguments = [f"--logfile={log_file}"] if log_file and log_file != "-" else []
    arguments.append("gameserver")
    arguments += [f"--{name}={options[name]}" for name in ("config", "data-dir", "listen") if options[name]]
    arguments += [f"--set={setting}" for setting in options["set"]]
    return Workers(config, reactor, log, arguments, options["workers"], partial(read_config, options))


def _stop_while_starting() -> None:
    """Let SIGTERM and SIGINT end the start with status 0; the server has handlers of its own as soon as it runs.

    The process ends on the spot, as safe as a power cut: an exception could come up in any import, and be swallowed
    or turned into another one there.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    for number, usual in ((signal.SIGTERM, signal.SIG_DFL), (signal.SIGINT, signal.default_int_handler)):
        if signal.getsignal(number) == usual:
            signal.signal(number, lambda _number, _frame: os._exit(0))
    if signal.getsignal(signal.SIGHUP) == signal.SIG_DFL:
        # It asks for the certificates to be loaded, which is about to be done.
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
