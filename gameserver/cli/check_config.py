"""Check the configuration and print the effective tree, secrets hidden."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from gameserver.app.checking import check
from gameserver.config import load
from gameserver.config.reference import reference
from gameserver.config.schema import schema
from gameserver.config.writing import difference, lines
from gameserver.edge.part import Installation

NAME = "check-config"
ABOUT = "check the configuration and print it, every key with its meaning"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command line."""
    parser.add_argument("--brief", action="store_true", help="leave the meanings out")
    others = parser.add_mutually_exclusive_group()
    others.add_argument(
        "--reference", action="store_true", help="print the reference of all keys as Markdown instead"
    )
    others.add_argument(
        "--schema", action="store_true", help="print a JSON Schema of the file instead, for editors that know TOML"
    )
    others.add_argument(
        "--diff",
        nargs="?",
        const="",
        metavar="FILE",
        help="print only what differs from the defaults, or from another file; that other value stands behind #",
    )


def run(parsed: argparse.Namespace, installation: Installation) -> int:
    """Print the tree as TOML. Raises ``StartError`` for one with which the server would not start.

    What is wrong with a single key has been refused before.
    """
    config = installation.config
    if parsed.reference:
        print(reference(type(config)), end="")
        return 0
    if parsed.schema:
        print(json.dumps(schema(type(config)), indent=2, ensure_ascii=False))
        return 0
    check(config)
    if parsed.diff is not None:
        # The defaults are written with an address to listen on, too: only what was set differs.
        other = (
            load(type(config), file=Path(parsed.diff)) if parsed.diff else load(type(config), listen=config.listen)
        )
        for line in difference(config, other):
            print(line)
        if not parsed.diff and config.listen != type(config)().listen:
            print(f'listen = "{config.listen}"  # "{type(config)().listen}"')
        return 0
    for line in lines(config, (), not parsed.brief):
        print(line)
    return 0
