"""Finds the command and runs it."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from gameserver.app.installation import LocalInstallation
from gameserver.app.parts import config_class, installed_parts
from gameserver.cli import (
    backup,
    ban,
    bot,
    cert,
    check_config,
    completion,
    db,
    doctor,
    drain,
    init,
    nodes,
    restore,
    run,
    user,
)
from gameserver.config import Config, ConfigError, load
from gameserver.edge.part import Command
from gameserver.errors import GameError, StartError, Unavailable, in_one_line
from gameserver.tap import version


def commands() -> list[Command]:
    """Return our own commands and those of the installed protocols. Raises ``StartError``."""
    found: list[Command] = [
        init,
        run,
        user,
        ban,
        cert,
        check_config,
        doctor,
        backup,
        restore,
        db,
        nodes,
        drain,
        bot,
        completion,
    ]
    return found + [command for part in installed_parts().values() for command in part.commands]


def parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    top = argparse.ArgumentParser(
        prog="gameserver",
        description="Looks after a game server, and starts it: `gameserver run`, or `twistd -n gameserver`.",
    )
    top.add_argument("--version", action="version", version=version(), help="print what runs here, and exit")
    top.add_argument("--config", metavar="FILE", help="TOML file with the configuration")
    top.add_argument("--data-dir", metavar="DIR", help="directory of database, secrets and certificate")
    top.add_argument(
        "--set", metavar="KEY=VALUE", action="append", default=[], help="set one key; may be given many times"
    )
    parsers = top.add_subparsers(metavar="COMMAND", required=True)
    for command in commands():
        one = parsers.add_parser(command.NAME, help=command.ABOUT, description=command.__doc__)
        command.arguments(one)
        one.set_defaults(run=command.run, makes=False, whole=top)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit status: 0 done, 1 refused, 2 a wrong command line."""
    try:
        parsed = parser().parse_args(arguments)
        return int(parsed.run(parsed, LocalInstallation(configuration(parsed), parsed.makes)))
    except Unavailable as error:
        print(f"gameserver: the database cannot be used: {error.reason}", file=sys.stderr)
        return 1
    except (ConfigError, StartError, GameError) as error:
        text = error.text if isinstance(error, GameError) else str(error)
        print(f"gameserver: {text}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read our output (head, less) has seen enough.
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115
        return 0
    except OSError as error:
        print(f"gameserver: {in_one_line(error)}", file=sys.stderr)
        return 1


def configuration(parsed: argparse.Namespace) -> Config:
    """Return the configuration that the command line, the environment and the file make together."""
    return load(
        config_class(),
        file=Path(parsed.config) if parsed.config else None,
        environment=os.environ,
        settings=parsed.set,
        data_dir=Path(parsed.data_dir) if parsed.data_dir else None,
    )
