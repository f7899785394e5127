"""The frozen figures beside the tests.

``published.json`` has vectors that third parties published, ``vectors.json`` outcomes of the same rule for seeds of
every shape, ``paytables.json`` exact multipliers: dice by target (over, under), mines by grid and mines, keno by
table and picks.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from gameserver.games.fair.seeds import Seeds

_HERE = Path(__file__).parent / "data"


def load(name: str) -> Any:
    return json.loads((_HERE / f"{name}.json").read_text(encoding="utf-8"))


PUBLISHED: list[dict[str, Any]] = load("published")
VECTORS: list[dict[str, Any]] = load("vectors")
PAYTABLES: dict[str, Any] = load("paytables")


def seeds(vector: dict[str, Any]) -> Seeds:
    return Seeds(vector["server"], vector["client"], vector["nonce"])
