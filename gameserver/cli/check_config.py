"""Check the configuration and print the effective tree, secrets hidden."""

from __future__ import annotations

import argparse
import json
from typing import Any

import attrs

from gameserver.app.checking import check
from gameserver.config.reference import reference
from gameserver.edge.part import Installation

NAME = "check-config"
ABOUT = "check the configuration and print it, every key with its meaning"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command line."""
    parser.add_argument("--brief", action="store_true", help="leave the meanings out")
    parser.add_argument(
        "--reference", action="store_true", help="print the reference of all keys as Markdown instead"
    )


def run(parsed: argparse.Namespace, installation: Installation) -> int:
    """Print the tree as TOML. Raises ``StartError`` for one with which the server would not start.

    What is wrong with a single key has been refused before.
    """
    config = installation.config
    if parsed.reference:
        print(reference(type(config)), end="")
        return 0
    check(config)
    for line in lines(config, (), not parsed.brief):
        print(line)
    return 0


def lines(section: Any, path: tuple[str, ...], meanings: bool) -> list[str]:
    """Return a section as lines of TOML: its plain keys first, then its tables."""
    plain: list[str] = []
    tables: list[str] = []
    for field in attrs.fields(type(section)):
        value = getattr(section, field.name)
        where = (*path, field.name)
        if attrs.has(type(value)):
            tables += ["", f"[{'.'.join(where)}]", *lines(value, where, meanings)]
        elif isinstance(value, dict) and any(attrs.has(type(item)) for item in value.values()):
            for name, item in value.items():
                named = (*where, json.dumps(name) if not name.isidentifier() else name)
                tables += ["", f"[{'.'.join(named)}]", *lines(item, named, meanings)]
        elif value is not None:
            if meanings and field.metadata.get("about"):
                plain.append(f"# {field.metadata['about']}")
            secret = field.metadata.get("secret") and value
            plain.append(f"{field.name} = {json.dumps('(hidden)') if secret else _toml(value)}")
    return plain + tables


def _toml(value: Any) -> str:
    if attrs.has(type(value)):
        value = attrs.asdict(value)
    if isinstance(value, (tuple, list)):
        return "[" + ", ".join(_toml(item) for item in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {_toml(item)}" for key, item in value.items()) + "}"
    return json.dumps(value, ensure_ascii=False)
