"""The reference of all keys as Markdown, made from the tree itself so that it cannot be wrong."""

from __future__ import annotations

import typing
from typing import Any

import attrs

from gameserver.config.option import expected
from gameserver.config.tree import Config

_HEAD = """\
# Configuration

Every key is optional; without a file everything runs on the defaults below. Values come from, later ones winning:

1. the TOML file given with `--config FILE`,
2. the environment: `GAMESERVER__CHAT__PACE_MS=20` sets `chat.pace_ms`,
3. `--set chat.pace_ms=20` on the command line, as often as you like.

Lists of endpoints are [Twisted endpoint texts](https://docs.twisted.org/en/stable/core/howto/endpoints.html);
`{listen}` in one stands for the `listen` key, and an empty list opens no port. An unknown key or a value that does
not fit is refused before any port opens. `gameserver check-config` checks everything and prints the tree in force,
secrets hidden.

Keys that say *reloadable* take effect when a running server gets `SIGHUP` (`systemctl reload gameserver`); the others
with its next start. [Watching it](how-to/watching.md) says what the log answers.

This page is made from the program: `gameserver check-config --reference`.
"""


def reference(kind: type[Config]) -> str:
    """Return the page of a tree that ``tree.whole`` has made."""
    return _HEAD + "".join(f"\n{part}" for part in _sections(kind, ""))


def keys(kind: type[Any], path: str = "") -> list[str]:
    """Return every key with its whole path; ``<name>`` stands for a free name."""
    found: list[str] = []
    for field, hint, where in _fields(kind, path):
        inner = _inner(field, hint)
        if inner is None:
            found.append(where)
        else:
            found += keys(inner, where if attrs.has(hint) else f"{where}.<name>")
    return found


def _fields(kind: type[Any], path: str) -> list[tuple[Any, Any, str]]:
    hints = typing.get_type_hints(kind)
    return [
        (field, hints[field.name], f"{path}.{field.name}" if path else field.name) for field in attrs.fields(kind)
    ]


def _inner(field: Any, hint: Any) -> type[Any] | None:
    """Return the kind of a table, ``None`` for a plain key."""
    if attrs.has(hint):
        return typing.cast("type[Any]", hint)
    kind = field.metadata.get("kind")
    return kind if kind is not None and attrs.has(kind) else None


def _sections(kind: type[Any], path: str) -> list[str]:
    rows: list[str] = []
    later: list[str] = []
    for field, hint, where in _fields(kind, path):
        inner = _inner(field, hint)
        if inner is None:
            rows.append(f"| `{where}` | {_default(field)} | {_about(field, hint)} |\n")
        else:
            later += _sections(inner, where if attrs.has(hint) else f"{where}.<name>")
    about = (kind.__doc__ or "").strip().partition("\n")[0]
    title = f"## {path}\n\n{about}\n" if path else "## At the top\n"
    table = "| key | default | meaning |\n|---|---|---|\n" + "".join(rows)
    return [f"{title}\n{table}", *later]


def _default(field: Any) -> str:
    value = field.default
    if hasattr(value, "factory"):
        value = value.factory()
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return "`[" + ", ".join(f'"{item}"' for item in value) + "]`"
    if isinstance(value, dict):
        return "`{" + ", ".join(f"{name} = {item}" for name, item in value.items()) + "}`"
    if value is None or value == "":
        return "(none)"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _about(field: Any, hint: Any) -> str:
    about = str(field.metadata.get("about", "")).replace("|", "\\|")
    limits = expected(hint, field.metadata)
    secret = "; a secret" if field.metadata.get("secret") else ""
    reloadable = "; *reloadable*" if field.metadata.get("reloadable") else ""
    return f"{about} ({limits}{secret}{reloadable})"
