"""A configuration as TOML: what is in force, what differs from another, a file to begin with."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from gameserver.config.tree import Config

#: The width of a comment.
WIDTH = 110

#: What stands for a value that is shown to nobody.
HIDDEN = "(hidden)"


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
            plain.append(f"{field.name} = {toml(HIDDEN if secret else value)}")
    return plain + tables


def toml(value: Any) -> str:
    """Return a value as TOML has it."""
    if attrs.has(type(value)):
        value = attrs.asdict(value)
    if isinstance(value, (tuple, list)):
        return "[" + ", ".join(toml(item) for item in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {toml(item)}" for key, item in value.items()) + "}"
    return json.dumps(value, ensure_ascii=False)


def difference(config: Config, other: Config) -> list[str]:
    """Return a line for each key that has another value in the two, with both; secrets are hidden.

    Where the data is kept is no setting that one would compare.
    """
    ours, theirs = dict(_plain(config, "")), dict(_plain(other, ""))
    keys = [key for key in {**theirs, **ours} if key != "data_dir" and ours.get(key) != theirs.get(key)]
    return [f"{key} = {_told(ours.get(key))}  # {_told(theirs.get(key))}" for key in keys]


@attrs.frozen
class _Value:
    """A value, whether it is a secret, and whether another one needs no restart."""

    value: Any
    secret: bool
    reloadable: bool


def _told(found: _Value | None) -> str:
    if found is None:
        return "(not there)"
    return toml(HIDDEN if found.secret and found.value else found.value)


def _plain(section: Any, path: str) -> Iterator[tuple[str, _Value]]:
    for field in attrs.fields(type(section)):
        value, where = getattr(section, field.name), f"{path}{field.name}"
        if attrs.has(type(value)):
            yield from _plain(value, f"{where}.")
        elif isinstance(value, dict) and any(attrs.has(type(item)) for item in value.values()):
            for name, item in value.items():
                yield from _plain(item, f"{where}.{name}.")
        elif value is not None:
            yield where, _Value(value, bool(field.metadata.get("secret")), bool(field.metadata.get("reloadable")))


class InForce:
    """What a running process has been told, key by key."""

    def __init__(self, config: Config) -> None:
        self._values = dict(_plain(config, ""))

    def changes(self, config: Config) -> tuple[list[str], list[str]]:
        """Return the keys that have another value in a configuration: those that can be reloaded, and the others."""
        theirs = dict(_plain(config, ""))
        keys = [key for key in {**self._values, **theirs} if self._values.get(key) != theirs.get(key)]
        described = {**self._values, **theirs}
        return [key for key in keys if described[key].reloadable], [
            key for key in keys if not described[key].reloadable
        ]

    def take(self, config: Config) -> None:
        """Note that what can be reloaded is as a configuration has it."""
        theirs = dict(_plain(config, ""))
        self._values |= {key: value for key, value in theirs.items() if value.reloadable}


def commented(config: Config, values: Mapping[str, Any]) -> str:
    """Return a file that sets some keys, each under what it means; ``values`` are by their whole keys."""
    sections: dict[str, list[str]] = {}
    for key, value in values.items():
        table, _, name = key.rpartition(".")
        section: Any = config
        for part in table.split(".") if table else ():
            section = getattr(section, part)
        about = attrs.fields_dict(type(section))[name].metadata["about"]
        written = sections.setdefault(table, [])
        written += textwrap.wrap(about, WIDTH, initial_indent="# ", subsequent_indent="# ")
        written.append(f"{name} = {toml(value)}")
    return "\n".join(
        line for table, written in sections.items() for line in (*(("", f"[{table}]") if table else ()), *written)
    )
