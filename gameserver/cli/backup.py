"""Save everything the server needs to be what it is (database, secrets, certificate) into one file, while it runs."""

from __future__ import annotations

import argparse
from pathlib import Path

from gameserver.app.archive import check
from gameserver.app.backups import back_up, forget_old, named_by_time
from gameserver.cli.progress import Lines
from gameserver.edge.part import Installation
from gameserver.errors import StartError

NAME = "backup"
ABOUT = "save database, secrets and certificate into one file; works beside a running server"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command line."""
    parser.add_argument(
        "file", metavar="FILE", type=Path, help="the file; in a directory one is made that is named by the time"
    )
    parser.add_argument(
        "--keep",
        metavar="N",
        type=_number,
        help="in a directory: delete all but the last N that are named by the time",
    )
    parser.add_argument("--check", action="store_true", help="read a backup instead, and say whether it is whole")


def run(parsed: argparse.Namespace, installation: Installation) -> int:
    """Save, or check. Raises ``StartError``."""
    file: Path = parsed.file
    if parsed.check:
        manifest = check(file, Lines())
        print(f"{file}: whole; of {manifest.made}, version {manifest.version}, {manifest.bytes} bytes")
        return 0
    if parsed.keep and not file.is_dir():
        raise StartError("--keep is for backups in a directory")
    if not file.absolute().parent.is_dir():
        raise StartError(f"{file.absolute().parent}: there is no such directory")
    target = named_by_time(file) if file.is_dir() else file
    manifest = back_up(installation.config, target, Lines())
    print(f"{target}: {len(manifest.files)} files, {target.stat().st_size} bytes; the books in it balance")
    for gone in forget_old(file, parsed.keep) if parsed.keep else ():
        print(f"{gone}: deleted")
    return 0


def _number(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("expected 1 or more")
    return number
