"""JSON commands: ``{"@action":"X","properties":{"entry":...}}``, one entry, a list, or repeated ``entry`` keys."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from gameserver.games.api import Command

#: Longest argument, in characters.
LONGEST = 8000

_SEVERAL = re.compile(r"\}\s*\{")

_ACTION = re.compile(r"[A-Za-z_]{1,64}")

#: Quotes as people write them by hand and printers set them.
_TYPOGRAPHIC = re.compile("[\u2018-\u201f\u2032\u2033\u2039\u203a\u00ab\u00bb\u300c-\u300f\uff02]")


class BadCommand(Exception):
    """Not a command; the text says what is wrong. ``action`` is its lower camel case name, ``command`` if unknown."""

    def __init__(self, sentence: str, action: str = "command") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.action = action


class Truncated(BadCommand):
    """The beginning of a JSON object whose rest may come in the next line."""


class _Pairs(dict[str, Any]):
    """An object that remembers every ``entry``: of a key that comes twice a dictionary keeps the last only."""

    entries: list[Any]


def _pairs(pairs: list[tuple[str, Any]]) -> _Pairs:
    found = _Pairs(pairs)
    found.entries = [value for key, value in pairs if key == "entry"]
    return found


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")


_decoder = json.JSONDecoder(object_pairs_hook=_pairs, parse_constant=_refuse_constant)


def several(line: str) -> bool:
    """Say whether a line may have several JSON objects behind one another."""
    return _SEVERAL.search(line) is not None


def separate(line: str) -> Iterator[str]:
    """Return the JSON objects of a line that has several behind one another; whatever else it is stays whole.

    One by one: there may be thousands, and who sends so many waits before the next is looked at.
    """
    begin, line = 0, line.strip()
    while begin < len(line):
        try:
            _, end = _decoder.raw_decode(line, begin)
        except (ValueError, RecursionError):
            break
        yield line[begin:end]
        while end < len(line) and line[end].isspace():
            end += 1
        begin = end
    # What is no object, or the beginning of one, is the last piece.
    if begin < len(line):
        yield line[begin:]


def decode(line: str) -> Command:
    """Return the command of a line. Raises ``BadCommand``, or ``Truncated`` if the object is not complete."""
    try:
        value = _decoder.decode(line.strip())
    except json.JSONDecodeError as error:
        raise _broken(line.strip(), error) from None
    except (ValueError, RecursionError):
        raise BadCommand("This is not JSON.") from None
    if not isinstance(value, _Pairs):
        raise BadCommand('A command is a JSON object, for example {"@action":"NOOP"}.')
    action = value.get("@action")
    if not isinstance(action, str) or not _ACTION.fullmatch(action):
        raise BadCommand('The key @action is missing, for example {"@action":"NOOP"}.')
    action = action.upper()
    return Command(action, _arguments(value.get("properties"), camel(action)))


def is_command(line: str) -> bool:
    """Say whether a line is a whole command by itself."""
    try:
        decode(line)
    except BadCommand:
        return False
    return True


def _broken(line: str, error: json.JSONDecodeError) -> BadCommand:
    if not line.startswith(("{", "[", '"')):
        # Somebody who speaks as in the lobby.
        action = line.upper() if _ACTION.fullmatch(line) else "NOOP"
        return BadCommand(f'In a game a command is a JSON object: {{"@action":"{action}"}}. LEAVE_GAME leaves it.')
    if line.startswith("{") and (error.pos >= len(line) or error.msg.startswith("Unterminated string")):
        return Truncated("The JSON object is not complete.")
    if (quote := _TYPOGRAPHIC.search(line)) is not None:
        # Copied from a page that was set for print; so are the examples of the protocol's own document.
        return BadCommand(f'JSON has straight quotes ("), not {quote[0]}: write {{"@action":"NOOP"}}.')
    return BadCommand(f"This is not JSON: {error.msg} at character {error.pos + 1}.")


def _arguments(properties: Any, action: str) -> dict[str, str]:
    if properties is None:
        return {}
    if not isinstance(properties, _Pairs):
        raise BadCommand('properties must be an object: {"entry":{"key":"…","value":"…"}}.', action)
    found: dict[str, str] = {}
    for entries in properties.entries:
        for entry in entries if isinstance(entries, list) else [entries]:
            key, value = _entry(entry, action)
            if value is not None:
                found[key] = value
    return found


def _entry(entry: Any, action: str) -> tuple[str, str | None]:
    if not isinstance(entry, _Pairs) or not isinstance(entry.get("key"), str):
        raise BadCommand('An entry must be {"key":"…","value":"…"}.', action)
    value = entry.get("value")
    if isinstance(value, (dict, list)):
        raise BadCommand(f"The value of {entry['key'][:40]} must be a text.", action)
    if value is None:
        return entry["key"], None
    text = value if isinstance(value, str) else json.dumps(value)
    if len(text) > LONGEST:
        raise BadCommand(f"The value of {entry['key'][:40]} is longer than {LONGEST} characters.", action)
    return entry["key"], text


def camel(action: str) -> str:
    """Return an action as errors name it: ``placeCard`` for ``PLACE_CARD``."""
    head, *tail = [part for part in action.lower().split("_") if part] or ["command"]
    return head + "".join(part.capitalize() for part in tail)
