"""The examples as installed packages, without an installer: their entry points where Python looks for them."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

from tests.directories import temporary_directory
from tests.examples import EXAMPLES


def registered(example: str) -> str:
    """Return a ``PYTHONPATH`` with which another Python finds an example as if it were installed."""
    project = EXAMPLES / example
    said = tomllib.loads((project / "pyproject.toml").read_text("utf-8"))["project"]
    directory = temporary_directory()
    info = directory / f"{said['name'].replace('-', '_')}-{said['version']}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {said['name']}\nVersion: {said['version']}\n")
    groups = said["entry-points"].items()
    points = [
        f"[{group}]\n" + "".join(f"{name} = {value}\n" for name, value in named.items()) for group, named in groups
    ]
    (info / "entry_points.txt").write_text("\n".join(points))
    return os.pathsep.join([str(directory), str(project), str(Path(__file__).resolve().parents[2])])
