"""The wire form of everything a match tells, for all who tell it: the Kassel protocol and the site's replays.

It belongs to neither of them, and so it lies with the matches, where chat and the game's events come together. What
reads it back is ``gameserver.games.mirror`` and ``replica``.

Events are JSON objects: one compact line each, ``@ts @src @prop @ov @nv``, every value a text.

A value that is null leaves its key out. A change from one attribute value to another carries both; references and
collections say the old and the new one in two events (see ``gameserver.games.entity``).
"""

from __future__ import annotations

import json
import re

from gameserver.games.entity import Change, Entity, Message
from gameserver.matches.batch import Chat, Item

#: Who speaks when the server itself has something to say.
SERVER = "SERVER"

#: Texts that need no escaping in JSON.
_PLAIN = re.compile(r"[ !#-\[\]-~]*")

#: What JSON would let pass and a terminal, or a client that cuts at every line end there is, would not.
_UNSAFE = re.compile("[\x7f-\x9f\u2028\u2029]")


def quoted(text: str) -> str:
    """Return a text as a JSON string."""
    if _PLAIN.fullmatch(text):
        return f'"{text}"'
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(text, ensure_ascii=False))


def value_text(value: object) -> str:
    """Return a value in its JSON form: the id of an object, ``true`` and ``false``, everything else as a text."""
    if isinstance(value, Entity):
        return f'"{value.id}"'
    if isinstance(value, bool):
        return '"true"' if value else '"false"'
    if isinstance(value, (int, float)):
        return f'"{value}"'
    return quoted(str(value))


def event(at_ms: int, source: str, prop: str, new: str) -> bytes:
    """Return an event whose source is no object: chat, and what the server says."""
    line = f'{{"@ts":"{at_ms}","@src":{quoted(source)},"@prop":"{prop}","@nv":{quoted(new)}}}'
    # Half a surrogate pair, which UTF-8 cannot carry, becomes a question mark.
    return line.encode("utf-8", "replace")


def change_line(at_ms: int, change: Change) -> bytes:
    """Return a change of the model as an event."""
    line = f'{{"@ts":"{at_ms}","@src":"{change.source.id}","@prop":"{change.prop}"'
    if change.old is not None:
        line += f',"@ov":{value_text(change.old)}'
    if change.new is not None:
        line += f',"@nv":{value_text(change.new)}'
    return (line + "}").encode("utf-8", "replace")


def item_line(at_ms: int, item: Item) -> bytes:
    """Return anything a match tells as an event."""
    if isinstance(item, Change):
        return change_line(at_ms, item)
    if isinstance(item, Message):
        return event(at_ms, SERVER, "USER_MESSAGE", item.text)
    return _chat_line(at_ms, item)


def _chat_line(at_ms: int, chat: Chat) -> bytes:
    return event(at_ms, chat.speaker, chat.kind, chat.text)
