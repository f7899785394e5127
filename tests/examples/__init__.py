"""Tests of the examples, which are packages of their own and not installed with the project."""

from __future__ import annotations

import sys
from pathlib import Path

#: Where the examples are.
EXAMPLES = Path(__file__).resolve().parents[2] / "examples"

sys.path += [str(project.parent) for project in sorted(EXAMPLES.glob("*/pyproject.toml"))]
