"""Print what the tests reached of the packages that have a floor; exit with status 1 if one is below it.

Branches are what counts: a line that ran says nothing of the case in which it should not have.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from coverage import Coverage

PACKAGES = ("protocols", "edge", "games", "wallet")

#: Percent of the branches in each of them.
FLOOR = 90.0


class Reached(NamedTuple):
    """What was reached of a package; of the packages in it too."""

    name: str
    lines: float
    branches: float
    missing: int


def reached(files: Mapping[str, Any]) -> list[Reached]:
    """Return a row for each package with a floor and for each one directly in it, from coverage's JSON report."""
    sums: dict[str, list[int]] = {}
    for file, report in files.items():
        parts = PurePosixPath(file).parts[1:-1]
        if not parts or parts[0] not in PACKAGES:
            continue
        summary = report["summary"]
        for name in {parts[0], "/".join(parts[:2])}:
            row = sums.setdefault(name, [0, 0, 0, 0])
            for place, key in enumerate(("covered_lines", "num_statements", "covered_branches", "num_branches")):
                row[place] += summary[key]
    return [
        Reached(name, percent(row[0], row[1]), percent(row[2], row[3]), row[3] - row[2])
        for name, row in sorted(sums.items())
    ]


def percent(part: int, whole: int) -> float:
    """Return a share in percent; nothing is all of nothing."""
    return 100 * part / whole if whole else 100.0


def table(rows: list[Reached]) -> str:
    """Return the rows as text, with a mark at those below the floor."""
    lines = [f"{'package':24}{'lines':>8}{'branches':>10}{'missing':>9}"]
    for name, by_line, by_branch, missing in rows:
        mark = f"  below {FLOOR:.0f}" if name in below(rows) else ""
        lines.append(f"{name:24}{by_line:7.1f}%{by_branch:9.1f}%{missing:9}{mark}")
    return "\n".join(lines)


def below(rows: list[Reached]) -> list[str]:
    """Return the packages below the floor. What lies in them is shown only: their sum has to be above it."""
    return [row.name for row in rows if row.name in PACKAGES and row.branches < FLOOR]


def main() -> int:
    """Read what has been measured, print the table and return the exit status."""
    coverage = Coverage()
    coverage.load()
    file = f"{coverage.config.data_file}.json"
    coverage.json_report(outfile=file)
    with open(file, encoding="utf-8") as report:
        rows = reached(json.load(report)["files"])
    os.remove(file)
    sys.stdout.write(table(rows) + "\n")
    return 1 if below(rows) else 0


if __name__ == "__main__":
    sys.exit(main())
