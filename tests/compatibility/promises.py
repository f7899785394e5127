"""What the program offers today, in lines that can be kept. ``python -m tests.compatibility.promises`` keeps them."""

from __future__ import annotations

import hashlib
import importlib
import inspect
import re
import typing
from pathlib import Path
from typing import Any

import attrs

from gameserver.app.parts import config_class
from gameserver.config.option import expected
from gameserver.storage.revisions import MIGRATIONS

ROOT = Path(__file__).resolve().parents[2]
KEPT = Path(__file__).resolve().parent

#: Pages and packages that show how parts and games are written: what these import is the API of plugins.
SHOWN = (
    *sorted((ROOT / "examples").glob("*/gameserver_*/**/*.py")),
    ROOT / "docs" / "development" / "new-protocol.md",
    ROOT / "docs" / "development" / "new-game.md",
)

_IMPORT = re.compile(r"^from (gameserver(?:\.\w+)*) import (?:\(([^)]*)\)|([^\n(]+))", re.MULTILINE)


def plugin_api() -> list[str]:
    """Return a line for every name that a plugin is shown to import: functions with their parameters, classes with
    their public methods and attributes."""
    found: set[tuple[str, str]] = set()
    for file in SHOWN:
        for module, several, one in _IMPORT.findall(file.read_text("utf-8")):
            for name in (several or one).split(","):
                if word := name.split("#")[0].split(" as ")[0].strip():
                    found.add((module, word))
    return sorted(line for module, name in found for line in _lines(module, name))


def _lines(module: str, name: str) -> list[str]:
    try:
        value = getattr(importlib.import_module(module), name)
    except AttributeError:
        value = importlib.import_module(f"{module}.{name}")
    where = f"{module}.{name}"
    if inspect.isclass(value):
        members = [member for member in vars(value) if not member.startswith("_")]
        lines = [f"{where}: class"]
        for member in members:
            held = inspect.getattr_static(value, member)
            function = getattr(held, "__func__", held)
            shape = _parameters(function) if inspect.isfunction(function) else ""
            lines.append(f"{where}.{member}{shape}")
        if attrs.has(value):
            lines += [f"{where}.{field.name}" for field in attrs.fields(value) if not field.name.startswith("_")]
        return sorted(set(lines))
    return [f"{where}{_parameters(value)}" if inspect.isfunction(value) else where]


def _parameters(function: Any) -> str:
    """Return the names of the parameters in order, with a mark for those that need not be given."""
    shown: list[str] = []
    for parameter in inspect.signature(function).parameters.values():
        stars: dict[Any, str] = {parameter.VAR_POSITIONAL: "*", parameter.VAR_KEYWORD: "**"}
        star = stars.get(parameter.kind, "")
        optional = "=" if parameter.default is not parameter.empty else ""
        only = "*, " if parameter.kind is parameter.KEYWORD_ONLY and "*, " not in "".join(shown) else ""
        shown.append(f"{only}{star}{parameter.name}{optional}")
    return f"({', '.join(shown)})"


def configuration() -> list[str]:
    """Return a line for each key: what fits it."""
    return sorted(_keys(config_class(), ""))


def _keys(kind: Any, path: str) -> list[str]:
    hints = typing.get_type_hints(kind)
    lines: list[str] = []
    for field in attrs.fields(kind):
        hint, where = hints[field.name], f"{path}{field.name}"
        inner = field.metadata.get("kind")
        if attrs.has(hint):
            lines += _keys(hint, f"{where}.")
        elif inner is not None and attrs.has(inner):
            lines += _keys(inner, f"{where}.<name>.")
        else:
            lines.append(f"{where}: {expected(hint, field.metadata)}")
    return lines


def migrations() -> list[str]:
    """Return a line for each step of the database's schema, with the sum of its file."""
    files = sorted((MIGRATIONS / "versions").glob("[0-9]*.py"))
    return [f"{file.stem} {hashlib.sha256(file.read_bytes()).hexdigest()}" for file in files]


PROMISES = {"plugin_api.txt": plugin_api, "configuration.txt": configuration, "migrations.txt": migrations}


def kept(name: str) -> list[str]:
    """Return the lines of the last release."""
    return (KEPT / name).read_text("utf-8").splitlines()


if __name__ == "__main__":
    for name, lines in PROMISES.items():
        (KEPT / name).write_text("".join(f"{line}\n" for line in lines()), "utf-8")
