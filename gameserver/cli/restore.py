"""Bring back what a backup has, to the configured data directory and database. No server may run there."""

from __future__ import annotations

import argparse
from pathlib import Path

from gameserver.app.backups import restore
from gameserver.cli.progress import Lines
from gameserver.edge.part import Installation

NAME = "restore"
ABOUT = "bring back what a backup has; no server may run meanwhile"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command line."""
    parser.add_argument("file", metavar="FILE", type=Path, help="what `gameserver backup` has made")
    parser.add_argument("--force", action="store_true", help="replace what is there")


def run(parsed: argparse.Namespace, installation: Installation) -> int:
    """Bring it back. Raises ``StartError``."""
    manifest = restore(installation.config, parsed.file, Lines(), force=parsed.force)
    print(f"{installation.config.data_dir}: everything of {manifest.made} is back; the server can start")
    return 0
