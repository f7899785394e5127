"""Sphinx configuration: pages are Markdown (MyST); ``{sequence}`` blocks are shown as they are and run as tests.

The reference of the API is written into docs/api from the docstrings, which are reStructuredText.
"""

from __future__ import annotations

from importlib.metadata import version as installed
from typing import Any

from docutils import nodes
from docutils.parsers.rst import Directive

project = "gameserver"
author = "The gameserver authors"
version = release = installed("gameserver")
extensions = ["myst_parser", "sphinx.ext.apidoc", "sphinx.ext.autodoc"]
exclude_patterns = ["_build"]
apidoc_modules = [
    {
        "path": "../gameserver",
        "destination": "api",
        "max_depth": 2,
        # Code that a program has written, steps of the database that nobody calls, and what starts a program.
        "exclude_patterns": ["**/generated*", "**/migrations*", "**/__main__.py"],
        # A package that passes on names of its modules does not document them a second time.
        "automodule_options": {"members", "show-inheritance", "ignore-module-all"},
    }
]
# Annotations name classes as the module does that imports them; two packages may have one of that name.
suppress_warnings = ["ref.python"]
html_theme = "alabaster"
html_theme_options = {
    "description": "one process, five public game protocols, one community",
    "page_width": "1100px",
    "sidebar_width": "240px",
    "body_max_width": "860px",
}
myst_heading_anchors = 3
myst_enable_extensions = ["deflist"]


class Sequence(Directive):
    """A message sequence: its name as a caption, its lines as they are (see tests/docs/sequences.py)."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return the caption and the lines."""
        caption = nodes.paragraph("", "", nodes.emphasis("", self.arguments[0]))
        text = "\n".join(self.content)
        lines = nodes.literal_block(text, text, language="text")
        return [caption, lines]


def setup(app: Any) -> dict[str, bool]:
    """Make the directive known."""
    app.add_directive("sequence", Sequence)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
