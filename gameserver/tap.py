"""From the command line of ``twistd gameserver`` to the running service."""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path
from typing import Any

from twisted.application.service import IService
from twisted.python import usage

from gameserver.config import Config, ConfigError, load
from gameserver.open_files import raise_open_files
from gameserver.service.build import build
from gameserver.service.house import StartError


class Options(usage.Options):
    """The options of ``twistd gameserver``."""

    synopsis = "[options]"
    longdesc = (
        "Starts every door of the game server. Without options everything runs on safe defaults, listens on "
        "127.0.0.1 and keeps its data in ~/.local/share/gameserver. The doors and how to try them are listed in "
        "the log when they are open."
    )
    optParameters = (
        ("config", "c", None, "TOML file with the configuration; see 'gameserver check-config'"),
        ("data-dir", "d", None, "directory for database, secrets and certificate"),
        ("listen", "l", None, "address for the default endpoints: 127.0.0.1, or 0.0.0.0 or :: to open them all"),
    )

    def __init__(self) -> None:
        super().__init__()
        self["set"] = []

    def opt_set(self, setting: str) -> None:
        """Set one key, for example --set chat.pace_ms=0; may be given many times and wins over the file."""
        self["set"].append(setting)

    opt_s = opt_set


def read_config(options: Any) -> Config:
    """Return the checked configuration that options, environment and file make together.

    Raises ``ConfigError``.
    """
    return load(
        file=Path(options["config"]) if options["config"] else None,
        environment=os.environ,
        settings=options["set"],
        data_dir=Path(options["data-dir"]) if options["data-dir"] else None,
        listen=options["listen"],
    )


def makeService(options: Any) -> IService:
    """Return the whole server. Ends the process with one line and status 1 if it cannot be made."""
    from twisted.internet import reactor

    _stop_while_starting()
    parent = getattr(options, "parent", None) or {}
    log_file = parent.get("logfile") or (None if parent.get("nodaemon", True) else "twistd.log")
    try:
        server = build(read_config(options), reactor, log_file)
    except (ConfigError, StartError) as error:
        sys.exit(f"gameserver: {error}")
    raise_open_files()
    server.handle_signals()
    return server


def _stop_while_starting() -> None:
    """Let SIGTERM end the start with status 0; the server has handlers of its own as soon as it runs."""
    if threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGTERM) == signal.SIG_DFL:
        signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(0))
