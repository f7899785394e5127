"""The packages of ``examples`` as if they were installed, for processes that a test starts."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

from tests.directories import temporary_directory

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"


def package_path(*examples: str) -> str:
    """Return a ``PYTHONPATH`` on which a process finds these examples, with their entry points."""
    metadata = temporary_directory()
    for example in examples:
        project = tomllib.loads((EXAMPLES / example / "pyproject.toml").read_text("utf-8"))["project"]
        name, version = project["name"], project["version"]
        info = metadata / f"{name.replace('-', '_')}-{version}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n", "utf-8")
        lines = []
        for group, points in project["entry-points"].items():
            lines += [f"[{group}]", *(f"{point} = {value}" for point, value in points.items())]
        (info / "entry_points.txt").write_text("\n".join(lines) + "\n", "utf-8")
    return os.pathsep.join([str(metadata), *(str(EXAMPLES / example) for example in examples)])
