"""Terraria, OpenTTD, and programs whose rules stand in the configuration."""

from __future__ import annotations

from gameserver.consoles.cleaning import one_line, pieces
from gameserver.consoles.dialects.dialect import Dialect, Rule, say_with

#: Terraria's lines have no prefix; a chat line always begins with ``<name> ``, an emote with ``*``. A name has
#: at most 20 characters: what is longer is a death message that ends in words a player chose for their name.
TERRARIA = Dialect(
    "terraria",
    (
        Rule.of("chat", r"<(?P<sender>[^<>]{1,40})> (?P<text>.*)"),
        Rule.of("join", r"(?P<sender>[^<>*].{0,19}?) has joined\."),
        Rule.of("left", r"(?P<sender>[^<>*].{0,19}?) has left\."),
        Rule.of("noise", r"[0-9A-Fa-f.:]+ is connecting\.\.\."),
    ),
    prompts=(": ",),
    stop="exit",
    say=say_with("say {text}"),
)

#: OpenTTD reads its console with a buffer of 1024 bytes and takes the rest of a longer line for another command;
#: a chat message has at most 900 bytes.
OPENTTD_LINE = 1000
_OPENTTD_CHAT = 800

#: It looks at its console once in a tick of about 30 ms, and reads one line then.
_OPENTTD_PACE = 0.08


def openttd_say(text: str, encoding: str) -> list[str]:
    """Say something in OpenTTD: within quotes, where only a quote needs a backslash."""
    lines = []
    for piece in pieces(one_line(text), _OPENTTD_CHAT // 2, encoding):
        quoted = piece.replace('"', '\\"')
        # A backslash in front of the closing quote would take its meaning away.
        lines.append(f'say "{quoted} "' if quoted.endswith("\\") else f'say "{quoted}"')
    return lines


#: A name has at most 24 bytes; what is longer is another sentence, with words a player chose for their name.
_OPENTTD_NAME = r"(?P<sender>.{1,24})"

OPENTTD = Dialect(
    "openttd",
    (
        Rule.of("spoken", r"\[All\] (?P<line>.+?: .*)"),
        Rule.of("rename", rf"\*\*\* {_OPENTTD_NAME} has changed (?:his/her|their) name to (?P<text>.+)"),
        Rule.of("join", rf"\*\*\* {_OPENTTD_NAME} has joined the game(?: \(Client #\d+\))?"),
        Rule.of("left", rf"\*\*\* {_OPENTTD_NAME} has left the game(?: \(.*\))?"),
        Rule.of("noise", r"\*\*\* .*"),
        Rule.of("noise", r"\[(?:Private|Team)\] .*"),
    ),
    stop="exit",
    say=openttd_say,
    line_bytes=OPENTTD_LINE,
    pace=_OPENTTD_PACE,
)


def own_dialect(say: str, prompt: str) -> Dialect:
    """Return a dialect without rules: the configuration has them. ``say`` is a command with ``{text}`` in it."""
    return Dialect("own", prompts=(prompt,) if prompt else (), say=say_with(say))
