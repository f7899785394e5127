"""Show the servers that share a database, what each has, and which are not heard of any more."""

from __future__ import annotations

import argparse

from gameserver.app.databases import nodes_of
from gameserver.edge.part import Installation

NAME = "nodes"
ABOUT = "show the servers of a cluster"

#: A node's name is long; so much of it tells one from the others.
SHOWN = 8

#: Columns for it, with the number of a worker.
WIDTH = 11


def short(name: str) -> str:
    """Return a node's name as it is shown: one of several workers of a directory ends with its number."""
    directory, dash, worker = name.partition("-")
    return directory[:SHOWN] + dash + worker


def arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command line."""
    parser.add_argument("--all", action="store_true", help="also those that have no match and are not heard of")


def run(parsed: argparse.Namespace, installation: Installation) -> int:
    """Print a line for each. Raises ``StartError``."""
    silence = installation.config.cluster.silence
    found = [node for node in nodes_of(installation.config) if parsed.all or node.silent < silence or node.matches]
    if not found:
        print("no server with cluster.redis uses this database")
        return 0
    print(
        f"{'node':{WIDTH}}  {'state':8}  {'heard':>7}  {'up':>9}  {'sessions':>8}  {'matches':>7}  version  process"
    )
    for node in found:
        there = node.silent < silence
        state = ("draining" if node.draining else "alive") if there else "gone"
        up, sessions = (f"{node.age:.0f} s", str(node.sessions)) if there else ("-", "-")
        print(
            f"{short(node.name):{WIDTH}}  {state:8}  {node.silent:5.0f} s  {up:>9}  "
            f"{sessions:>8}  {node.matches:>7}  {node.version:7}  {node.process}"
        )
    return 0
