"""Where values come from: a TOML file, then the environment, then ``--set``; later ones win."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import attrs

from gameserver.config.option import ConfigError, FreeText, build
from gameserver.config.tree import Config, default_data_dir, open_endpoints

#: ``GAMESERVER__CHAT__PACE_MS=20`` sets ``chat.pace_ms``.
ENVIRONMENT_PREFIX = "GAMESERVER__"

__all__ = ["ConfigError", "load"]


def load(
    kind: type[Config] = Config,
    *,
    file: Path | None = None,
    environment: Mapping[str, str] | None = None,
    settings: Iterable[str] = (),
    data_dir: Path | None = None,
    listen: str | None = None,
) -> Config:
    """Return the checked tree of a ``kind`` that ``tree.whole`` has made.

    ``settings`` are ``key=value`` texts; ``data_dir`` and ``listen`` win over every other source. Raises
    ``ConfigError`` with one line for a file that cannot be read, a key that does not exist, a value that does
    not fit.
    """
    values = _read(file) if file else {}
    for name, text in sorted((environment or {}).items()):
        if name.startswith(ENVIRONMENT_PREFIX):
            _put(values, name[len(ENVIRONMENT_PREFIX) :].lower().replace("__", "."), text)
    for setting in settings:
        key, equals, text = setting.partition("=")
        if not equals or not key.strip():
            raise ConfigError(f"--set {setting}: expected key=value, for example --set chat.pace_ms=0")
        _put(values, key.strip(), text)
    if listen is not None:
        values["listen"] = listen
    if data_dir is not None:
        values["data_dir"] = str(data_dir)
    config = build(kind, values)
    where = Path(config.data_dir or default_data_dir()).expanduser().absolute()
    return open_endpoints(attrs.evolve(config, data_dir=str(where)))


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except OSError as error:
        raise ConfigError(f"{file}: {error.strerror or error}") from None
    except (ValueError, RecursionError) as error:
        # Not only wrong TOML and wrong UTF-8: numbers of thousands of digits and lists within lists end so, too.
        raise ConfigError(f"{file}: not a TOML file: {error}") from None


def _put(values: dict[str, Any], key: str, text: str) -> None:
    *tables, last = key.split(".")
    for name in tables:
        inner = values.setdefault(name, {})
        if not isinstance(inner, dict):
            raise ConfigError(f"{key} = {text!r}: {name} is a value, not a table")
        values = inner
    values[last] = _value(text)


def _value(text: str) -> Any:
    """Read a value as TOML would; what is no TOML value is a text, so that quotes can be left out."""
    if re.fullmatch(r"\s*", text):
        return FreeText("")
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except (ValueError, RecursionError):
        return FreeText(text)
