"""Start the server in the foreground: what `twistd -n gameserver` does, where `twistd` is not on the path."""

from __future__ import annotations

import argparse
import sys

from gameserver.edge.part import Installation

NAME = "run"
ABOUT = "start the server in the foreground (what `twistd -n gameserver` does)"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command line."""
    parser.add_argument(
        "--listen", metavar="ADDRESS", help="address for the default endpoints; 0.0.0.0 opens them all"
    )
    parser.add_argument("--workers", metavar="N", help="processes behind the same ports; need PostgreSQL and Redis")


def run(parsed: argparse.Namespace, _installation: Installation) -> int:
    """Hand everything to Twisted's program, which reads the options itself and ends the process."""
    from twisted.scripts import twistd

    names = ("config", "data_dir", "listen", "workers")
    given = [f"--{name.replace('_', '-')}={value}" for name in names if (value := getattr(parsed, name))]
    given += [f"--set={setting}" for setting in parsed.set]
    sys.argv = [sys.argv[0], "--pidfile=", "--nodaemon", "gameserver", *given]
    twistd.run()
    return 0
