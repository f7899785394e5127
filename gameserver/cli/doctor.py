"""Look over an installation, running or not, and say what to do about what is found.

Ends with status 0 if all is well, 1 with warnings, 2 if something is wrong. Makes nothing and changes nothing. What a
firewall between here and elsewhere does cannot be seen from here.
"""

from __future__ import annotations

import argparse
import json

import attrs

from gameserver.app.doctor import OK, WARNING, WRONG, look_over
from gameserver.edge.part import Installation

NAME = "doctor"
ABOUT = "look over the installation and say what to do: ports, certificate, database, Redis, clock, disk, backups"

#: What stands before a line, and with which status such a line ends the command.
MARKS = {OK: ("ok", 0), WARNING: ("warning", 1), WRONG: ("WRONG", 2)}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command line."""
    parser.add_argument("--json", action="store_true", help="one JSON object a line, for programs")


def run(parsed: argparse.Namespace, installation: Installation) -> int:
    """Print a line for each thing that was looked at, as it is found."""
    status = 0
    for finding in look_over(installation.config):
        mark, bad = MARKS[finding.level]
        status = max(status, bad)
        if parsed.json:
            print(json.dumps(attrs.asdict(finding), ensure_ascii=False), flush=True)
        else:
            print(f"{mark:8} {finding.subject:15} {finding.text}", flush=True)
            if finding.remedy:
                print(f"{'':24} -> {finding.remedy}", flush=True)
    return status
