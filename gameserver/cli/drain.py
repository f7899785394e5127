"""Let a server of a cluster end without a loss: nobody new comes in, and the others go on with its matches."""

from __future__ import annotations

import argparse
from pathlib import Path

from gameserver.app.data_directory import DataDirectory
from gameserver.app.databases import drain, nodes_of
from gameserver.cli.nodes import short
from gameserver.edge.part import Installation
from gameserver.errors import StartError

NAME = "drain"
ABOUT = "let a server of a cluster end, and the others go on with its matches"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command line."""
    parser.add_argument(
        "node", nargs="?", metavar="NODE", help="the beginning of its name, as `nodes` shows it; this directory's own"
    )


def run(parsed: argparse.Namespace, installation: Installation) -> int:
    """Ask it. Raises ``StartError`` if no such server is heard of, or a name begins that of several."""
    config = installation.config
    wanted = parsed.node or DataDirectory.existing(Path(config.data_dir)).node()
    living = [node.name for node in nodes_of(config) if node.silent < config.cluster.silence]
    found = [name for name in living if name.startswith(wanted) or short(name) == wanted]
    if not found:
        raise StartError(f"no server {wanted} is heard of: `gameserver nodes` shows those that are")
    if parsed.node and len(found) > 1:
        raise StartError(f"{wanted} is the beginning of {len(found)} names: write more of it")
    drain(config, found)
    for name in found:
        print(f"{name} lets nobody in any more, and ends when nobody is there, after its drain.seconds at the latest")
    return 0
