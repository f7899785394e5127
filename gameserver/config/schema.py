"""The configuration as a JSON Schema (draft 2020-12), so that an editor can complete and check a file."""

from __future__ import annotations

import types
import typing
from typing import Any

import attrs

from gameserver.config.tree import Config

_TYPES = {bool: "boolean", int: "integer", float: "number", str: "string"}


def schema(kind: type[Config]) -> dict[str, Any]:
    """Return the schema of a tree that ``tree.whole`` has made.

    What only the program can say of a text (whether it is an endpoint, a network, a file) is not in it.
    """
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "gameserver"}
    return head | _section(kind)


def _section(kind: type[Any]) -> dict[str, Any]:
    hints = typing.get_type_hints(kind)
    properties = {}
    for field in attrs.fields(kind):
        shape = _shape(hints[field.name], field.metadata)
        if about := str(field.metadata.get("about", "")):
            shape["description"] = about
        if isinstance(field.default, (bool, int, float, str)):
            shape["default"] = field.default
        elif isinstance(field.default, tuple) and all(isinstance(item, str) for item in field.default):
            shape["default"] = list(field.default)
        properties[field.name] = shape
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _shape(hint: Any, metadata: Any) -> dict[str, Any]:
    if attrs.has(hint):
        return _section(hint)
    origin = typing.get_origin(hint)
    if origin in (types.UnionType, typing.Union):
        return _shape(next(part for part in typing.get_args(hint) if part is not type(None)), metadata)
    if origin is tuple:
        return {"type": "array", "items": _shape(typing.get_args(hint)[0], {})}
    if origin is dict:
        return {"type": "object", "additionalProperties": _shape(typing.get_args(hint)[1], {})}
    shape: dict[str, Any] = {"type": _TYPES[hint]}
    for name, word in (("minimum", "minimum"), ("maximum", "maximum")):
        if metadata.get(name) is not None:
            shape[word] = metadata[name]
    if metadata.get("choices"):
        shape["enum"] = list(metadata["choices"])
    return shape
