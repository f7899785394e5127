"""How one family of console programs writes and wants to be spoken to."""

from __future__ import annotations

from collections.abc import Callable, Collection

import attrs

from gameserver.consoles.cleaning import clean, one_line, pieces
from gameserver.consoles.events import Joined, Left, Printed, Said
from gameserver.consoles.patterns import Pattern, pattern

#: What a rule of the configuration can make of a line. ``ready`` is the program's word that it can be typed to,
#: ``noise`` is an event for nobody: both are only no part of a command's output.
RULES = ("join", "left", "chat", "plantext", "ready", "noise")


@attrs.frozen
class Rule:
    """What a whole line, after the dialect's prefix, must look like to be an event.

    ``kind`` is one of ``RULES``, or what only the known families have: ``spoken``, with a name and a text in the
    group ``line`` and ": " between them, or ``rename``, with groups ``sender`` (the old name, of somebody who is
    there) and ``text`` (the new one).
    """

    kind: str
    expression: Pattern

    @classmethod
    def of(cls, kind: str, source: str) -> Rule:
        """Return the rule of an expression. Raises ``PatternError``."""
        return cls(kind, pattern(source))

    def read(self, body: str, players: Collection[str]) -> Reading | None:
        """Return what the line is by this rule, ``None`` if it is something else."""
        match = self.expression.fullmatch(body)
        if match is None:
            return None
        if self.kind in ("noise", "ready"):
            return Reading(body, is_event=True, ready=self.kind == "ready")
        if self.kind == "plantext":
            return Reading(body, is_event=True, event=Printed(_group(match, "text", 1) or body))
        if self.kind == "spoken":
            sender, text = split_speaker(_group(match, "line", 1), players)
            return Reading(body, is_event=True, event=Said(sender, text))
        sender = _group(match, "sender", 1).strip()
        if not sender:
            return None
        if self.kind == "chat":
            return Reading(body, is_event=True, event=Said(sender, _group(match, "text", 2)))
        if self.kind == "rename":
            if sender not in players:
                return None
            return Reading(body, is_event=True, renamed=(sender, _group(match, "text", 2)))
        return Reading(body, is_event=True, event=Joined(sender) if self.kind == "join" else Left(sender))


@attrs.frozen
class Reading:
    """A line as the dialect understands it: ``body`` without prefix, and the event that it is, if it is one.

    ``ready``: the program says that it can be typed to.
    """

    body: str
    is_event: bool = False
    event: Joined | Left | Said | Printed | None = None
    renamed: tuple[str, str] | None = None
    ready: bool = False


def _group(match: Pattern, name: str, number: int) -> str:
    names = match.re.groupindex
    if name in names:
        return match.group(name) or ""
    if names or number > match.re.groups:
        return ""
    return match.group(number) or ""


def split_speaker(line: str, players: Collection[str]) -> tuple[str, str]:
    """Split ``name: text``; a name that has a colon itself is known from the players who are there."""
    known = [name for name in players if line.startswith(f"{name}: ")]
    sender = max(known, key=len) if known else line.partition(": ")[0]
    return sender, line[len(sender) + 2 :]


def quoted_units(text: str) -> str:
    """Return a text as JSON with every UTF-16 unit escaped: no character of it is left that could mean anything."""
    units = text.encode("utf-16-be", "replace")
    escaped = "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))
    return f'"{escaped}"'


@attrs.frozen
class Dialect:
    """One family.

    ``prefix`` is what every log line begins with; a line without it is no event. ``prompts`` may be glued to the
    front of a line. ``say`` makes the console lines that show a text to the players, if it has a command for that;
    ``echoed`` says that the program prints such a text as a line that is no event. ``line_bytes`` is the longest line
    that the program reads as one, ``pace`` the seconds it needs between two lines. ``stop`` is the command that ends
    it, ``stop_signal`` the signal for one that has no such command; ``reads`` is false for a program that takes no
    commands at all. ``paired`` says that the program tells each coming and going more than once, ``merge`` that its
    log is on standard error. ``hint`` tells people what its output cannot tell.
    """

    name: str
    rules: tuple[Rule, ...] = ()
    prefix: Pattern = None
    prompts: tuple[str, ...] = ()
    stop: str = "stop"
    say: Callable[[str, str], list[str]] | None = None
    echoed: bool = False
    line_bytes: int = 65536
    pace: float = 0.0
    section_codes: bool = False
    paired: bool = False
    stop_signal: str = ""
    reads: bool = True
    merge: bool = False
    hint: str = ""

    @property
    def tells_ready(self) -> bool:
        """Whether the program says when it can be typed to."""
        return any(rule.kind == "ready" for rule in self.rules)

    def clean(self, text: str) -> str:
        """Return a line without colours and prompts."""
        return clean(text, section_codes=self.section_codes, prompts=self.prompts)

    def body(self, text: str) -> str:
        """Return a cleaned line without its prefix."""
        match = self.prefix.match(text) if self.prefix is not None else None
        return text[match.end() :] if match is not None else text

    def read(self, text: str, players: Collection[str] = ()) -> Reading:
        """Say what a cleaned, complete line is; ``players`` are those who are known to be there."""
        body = text
        if self.prefix is not None:
            match = self.prefix.match(text)
            if match is None:
                return Reading(text)
            body = text[match.end() :]
        for rule in self.rules:
            reading = rule.read(body, players)
            if reading is not None:
                return reading
        return Reading(body)


def say_with(template: str, limit: int = 4000) -> Callable[[str, str], list[str]]:
    """Return a way to say something with a command that takes the text as it is, like ``say {text}``.

    A text that is too long for one line is cut into several commands, never left to the program to cut.
    """
    room = limit - len(template.encode())

    def say(text: str, encoding: str) -> list[str]:
        return [template.replace("{text}", piece) for piece in pieces(one_line(text), room, encoding)]

    return say
