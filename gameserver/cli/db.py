"""Move a server to another database: everything is copied and compared row by row, and the books are audited."""

from __future__ import annotations

import argparse
import sys
import time

from gameserver.app.databases import copy
from gameserver.edge.part import Installation

NAME = "db"
ABOUT = "copy everything from SQLite to PostgreSQL or back"

#: Seconds between two lines about a table that takes long.
EVERY = 2.0


def arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command line."""
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    one = actions.add_parser(
        "copy",
        help="copy all rows to an empty database",
        description="Copies all rows to an empty database, compares each, and audits the books there. Stop the "
        "server before, for what it writes after the beginning is not copied, and set storage.url after.",
    )
    form = "a URL such as postgresql+psycopg://user@host/name, or the path of a SQLite file"
    one.add_argument("source", metavar="FROM", help=form)
    one.add_argument("target", metavar="TO", help="the same; a file is made if it is not there")


def run(parsed: argparse.Namespace, _installation: Installation) -> int:
    """Copy, with a line for each table on standard error. Raises ``StartError``."""
    said = 0.0

    def progress(table: str, copied: int, count: int, compared: int) -> None:
        nonlocal said
        now, done = time.monotonic(), copied == count and compared in (0, count)
        if done or now - said >= EVERY:
            said = now
            what = f"{compared} compared" if compared else f"{copied} of {count} copied"
            print(f"{table:24} {what}", file=sys.stderr, flush=True)

    count = copy(parsed.source, parsed.target, progress)
    print(f"{count} rows copied and compared; the books balance. Set storage.url to the new database.")
    return 0
