"""The picture of the rooms: drawn from the contract that the linter holds."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

DOCS = Path(__file__).resolve().parents[2] / "docs"


class LayersTests(SynchronousTestCase):
    def test_the_picture_shows_the_contract(self) -> None:
        found = importlib.util.spec_from_file_location("layers", DOCS / "layers.py")
        assert found is not None and found.loader is not None
        module = importlib.util.module_from_spec(found)
        found.loader.exec_module(module)
        picture = (DOCS / "development" / "layers.svg").read_text("utf-8")
        self.assertEqual(picture, module.drawn(), "run: python docs/layers.py")

    def test_the_page_names_every_room(self) -> None:
        page = (DOCS / "development" / "architecture.md").read_text("utf-8")
        package = DOCS.parent / "gameserver"
        rooms = [entry.name for entry in package.iterdir() if (entry / "__init__.py").exists()]
        self.assertEqual([room for room in rooms if f"| `{room}/` |" not in page], [])
