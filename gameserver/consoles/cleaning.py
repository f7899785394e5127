"""What a console adds for the eye and a reader takes away: colours, cursor movements, prompts, direction marks."""

from __future__ import annotations

import re

#: Escape sequences: CSI, OSC and the other strings, character sets, the short ones.
_ESCAPES = re.compile(
    "(?:\x1b\\[|\x9b)[0-?]*[ -/]*[@-~]|\x1b[\\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\\\)?|\x1b[ -/]+[0-~]|\x1b[0-~]?"
)

#: Characters that nobody sees: controls, the direction marks that OpenTTD begins its lines with, the byte order mark.
_INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")

#: Colours as Minecraft's own texts carry them.
_SECTION_CODES = re.compile("§[0-9A-Za-z]")

#: What a console could take for more than a character to show.
_STEERING = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def clean(text: str, *, section_codes: bool = False, prompts: tuple[str, ...] = ()) -> str:
    """Return what a person would read in a line, without the prompts a console has printed in front of it.

    Behind a prompt some consoles go back with a carriage return and write over it. One within a line becomes a
    blank: what stands behind it must not look like the start of a line.
    """
    if "\x1b" in text or "\x9b" in text:
        text = _ESCAPES.sub("", text)
    if not text.isprintable():
        text = without_prompts(_INVISIBLE.sub("", text), (*prompts, "\r")).replace("\r", " ")
    else:
        text = without_prompts(text, prompts)
    if section_codes and "§" in text:
        text = _SECTION_CODES.sub("", text)
    return text


def without_prompts(text: str, prompts: tuple[str, ...]) -> str:
    """Return a line without the prompts a console has printed in front of it."""
    at = 0
    while True:
        for prompt in prompts:
            if text.startswith(prompt, at):
                at += len(prompt)
                break
        else:
            rest = text[at:]
            return "" if any(rest == prompt.rstrip() for prompt in prompts) else rest


def one_line(text: str) -> str:
    """Return a text in which everything that could end a line, or steer a console, is a blank."""
    return _STEERING.sub(" ", text)


def pieces(text: str, limit: int, encoding: str) -> list[str]:
    """Cut a text into pieces of at most ``limit`` bytes."""
    if len(text) * 4 <= limit:
        return [text]
    found: list[str] = []
    piece: list[str] = []
    size = 0
    for char in text:
        width = len(char.encode(encoding, "replace"))
        if size + width > limit and piece:
            found.append("".join(piece))
            piece, size = [], 0
        piece.append(char)
        size += width
    return [*found, "".join(piece)]
