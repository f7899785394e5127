"""Print what lets a shell complete our command line, made from its parser."""

from __future__ import annotations

import argparse

from gameserver.edge.part import Installation

NAME = "completion"
ABOUT = "print the completion for a shell"

SHELLS = ("bash", "zsh", "tcsh")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command line."""
    parser.add_argument("shell", choices=SHELLS, help="whose completion")


def run(parsed: argparse.Namespace, _installation: Installation) -> int:
    """Print it, made from the parser of the whole command line."""
    import shtab

    print(shtab.complete(parsed.whole, parsed.shell))
    return 0
