"""How one key of the configuration is described, and how a value is held against its description."""

from __future__ import annotations

import math
import types
import typing
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import attrs

T = TypeVar("T")

_NAMES = {bool: "true or false", int: "a whole number", float: "a number", str: "a text"}


class ConfigError(Exception):
    """A key that does not exist or a value that does not fit; the text names key, value and what would fit."""


class FreeText(str):
    """A value that came without quotes, from the environment or the command line: for a list it is its only item."""


def option(
    default: T,
    about: str,
    *,
    minimum: float | None = None,
    maximum: float | None = None,
    choices: tuple[str, ...] = (),
    secret: bool = False,
    reloadable: bool = False,
    check: Callable[[str], str] | None = None,
) -> T:
    """Describe a key: its safe default, what it means (with its unit), its bounds, whether it is shown to nobody.

    ``reloadable`` says that a running server takes another value on SIGHUP; ``app.reload`` has to know the key.
    ``check`` returns what is wrong with a text (of a list: with an item), or an empty text.
    """
    metadata = {
        "about": about,
        "minimum": minimum,
        "maximum": maximum,
        "choices": choices,
        "secret": secret,
        "reloadable": reloadable,
        "check": check,
    }
    field: T = attrs.field(default=default, metadata=metadata)
    return field


def section(kind: type[T]) -> T:
    """Describe a sub-table that is there even when nobody writes it."""
    field: T = attrs.field(factory=kind, metadata={"about": (kind.__doc__ or "").strip()})
    return field


def tables(kind: type[T], about: str) -> dict[str, T]:
    """Describe a table of sub-tables with free names, each of one kind."""
    field: dict[str, T] = attrs.field(factory=dict, metadata={"about": about, "kind": kind})
    return field


def build(kind: type[T], values: Mapping[str, Any], path: str = "") -> T:
    """Make a section from plain values. Raises ``ConfigError`` for unknown keys and ill-typed values."""
    hints = typing.get_type_hints(kind)
    fields = attrs.fields_dict(typing.cast("Any", kind))
    made: dict[str, Any] = {}
    for key, value in values.items():
        where = f"{path}.{key}" if path else key
        if key not in fields:
            raise ConfigError(f"{where} = {_shown(value)}: there is no such key; {_nearest(where, key, fields)}")
        made[key] = _fit(hints[key], value, where, fields[key].metadata)
    return kind(**made)


def _nearest(where: str, key: str, fields: Mapping[str, Any]) -> str:
    import difflib

    close = difflib.get_close_matches(key, fields, 1)
    if close:
        return f"did you mean {where[: -len(key)]}{close[0]}?"
    return f"known here: {', '.join(fields)}"


def _shown(value: Any) -> str:
    try:
        text = repr(value) if not isinstance(value, bool) else str(value).lower()
    except (ValueError, RecursionError):
        # A number of thousands of digits, or tables within tables.
        text = "(too long to show)"
    return text if len(text) <= 80 else text[:77] + "..."


def _fit(hint: Any, value: Any, where: str, metadata: Mapping[str, Any]) -> Any:
    if attrs.has(hint):
        if not isinstance(value, Mapping):
            raise ConfigError(f"{where} = {_shown(value)}: expected a table")
        return build(hint, value, where)
    origin = typing.get_origin(hint)
    if origin in (types.UnionType, typing.Union):
        inner = next(part for part in typing.get_args(hint) if part is not type(None))
        return _fit(inner, value, where, metadata)
    if origin is dict:
        return _fit_table(hint, value, where, metadata)
    if origin is tuple:
        if isinstance(value, FreeText):
            value = [value] if value else []
        if not isinstance(value, (list, tuple)):
            raise ConfigError(f"{where} = {_shown(value)}: expected a list")
        inner = typing.get_args(hint)[0]
        return tuple(_fit(inner, item, f"{where}[{index}]", metadata) for index, item in enumerate(value))
    return _fit_plain(hint, value, where, metadata)


def _fit_table(hint: Any, value: Any, where: str, metadata: Mapping[str, Any]) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise ConfigError(f"{where} = {_shown(value)}: expected a table")
    inner = typing.get_args(hint)[1]
    return {str(name): _fit(inner, item, f"{where}.{name}", metadata) for name, item in value.items()}


def _fit_plain(hint: Any, value: Any, where: str, metadata: Mapping[str, Any]) -> Any:
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        try:
            value = float(value)
        except OverflowError:
            value = math.inf
    fits = expected(hint, metadata)
    shown = "(hidden)" if metadata.get("secret") else _shown(value)
    if not isinstance(value, hint) or (isinstance(value, bool) and hint is not bool):
        raise ConfigError(f"{where} = {shown}: expected {fits}")
    minimum, maximum, choices = metadata.get("minimum"), metadata.get("maximum"), metadata.get("choices")
    outside = (minimum is not None and value < minimum) or (maximum is not None and value > maximum)
    endless = isinstance(value, float) and not math.isfinite(value)
    if outside or endless or (choices and value not in choices):
        raise ConfigError(f"{where} = {shown}: expected {fits}")
    check = metadata.get("check")
    if check is not None and (wrong := check(value)):
        raise ConfigError(f"{where} = {shown}: {wrong}")
    return str(value) if isinstance(value, FreeText) else value


def expected(hint: Any, metadata: Mapping[str, Any]) -> str:
    """Say in words what fits a key: its type and its bounds."""
    if typing.get_origin(hint) is tuple:
        return "a list"
    if typing.get_origin(hint) is dict:
        return "a table"
    if typing.get_origin(hint) in (types.UnionType, typing.Union):
        hint = next(part for part in typing.get_args(hint) if part is not type(None))
    if metadata.get("choices"):
        return "one of " + ", ".join(choice or "(empty)" for choice in metadata["choices"])
    text = _NAMES[hint]
    minimum, maximum = metadata.get("minimum"), metadata.get("maximum")
    if minimum is not None and maximum is not None:
        return f"{text} from {minimum:g} to {maximum:g}"
    if minimum is not None:
        return f"{text} of at least {minimum:g}"
    if maximum is not None:
        return f"{text} of at most {maximum:g}"
    return text
